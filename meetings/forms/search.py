"""What is looked for in the records, and where."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from branches.models import Organization
from meetings import words
from meetings.reports.search import SHORTEST


class SearchForm(forms.Form):
    """One field; a branch and a year narrow it."""

    q = forms.CharField(
        label=_lazy("查找内容"),
        max_length=50,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _lazy("如 党费 茶园")}),
        error_messages={"required": _lazy("请输入要查找的词。")},
    )
    branch = forms.ModelChoiceField(
        label=_lazy("党支部"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_lazy("全部支部"),
    )
    year = forms.IntegerField(
        label=_lazy("年度"),
        min_value=1921,
        max_value=2999,
        required=False,
        widget=forms.NumberInput(attrs={"placeholder": _lazy("全部年度")}),
    )

    def __init__(self, branches: QuerySet, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches.order_by("path")

    def clean_q(self) -> str:
        typed = self.cleaned_data["q"]
        if not any(len(words.folded(word)) >= SHORTEST for word in typed.split()):
            raise forms.ValidationError(_("请至少输入两个字。"))
        return typed
