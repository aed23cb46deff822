"""Forms for suggestions and their answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.forms import laid_out
from branches.models import Suggestion


class SuggestionForm(forms.ModelForm):
    """One remark; the page it is about comes along."""

    helper = laid_out()

    class Meta:
        model = Suggestion
        fields = ["text", "page"]
        help_texts = {"text": _("所在乡镇的用户都能看到内容和答复，请勿填写个人隐私和涉密信息。")}
        widgets = {"text": forms.Textarea(attrs={"rows": 6}), "page": forms.HiddenInput()}


class AnswerForm(forms.ModelForm):
    """The answer, open to everyone who can read the suggestion."""

    helper = laid_out()

    class Meta:
        model = Suggestion
        fields = ["answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
