"""The form for a township's own questions beside the minutes."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

MOST_PROMPTS, LONGEST = 12, 200


class PromptsForm(forms.Form):
    """One question a line."""

    texts = forms.CharField(
        label=_("提示"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("一行一条；全部删去就恢复系统自带的提示"),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_texts(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["texts"].splitlines()]
        lines = list(dict.fromkeys(filter(None, lines)))
        if len(lines) > MOST_PROMPTS:
            raise forms.ValidationError(_("最多 12 条。"))
        if any(len(line) > LONGEST for line in lines):
            raise forms.ValidationError(_("每条不超过 200 字。"))
        return lines
