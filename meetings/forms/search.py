"""What is looked for in the records, and where."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from meetings.models import MeetingKind

from .fields import LongSelect


class SearchForm(forms.Form):
    """One field; a branch, a kind and a year narrow it."""

    q = forms.CharField(
        label=_lazy("查找内容"),
        max_length=50,
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "class": "form-control",
                "placeholder": _lazy("如：党费 茶园"),
            }
        ),
    )
    branch = forms.TypedChoiceField(
        label=_lazy("党支部"), coerce=int, empty_value=None, required=False, widget=LongSelect
    )
    kind = forms.ChoiceField(
        label=_lazy("类型"), choices=[("", _lazy("全部")), *MeetingKind.choices], required=False
    )
    year = forms.IntegerField(
        label=_lazy("年度"),
        min_value=1921,
        max_value=2999,
        required=False,
        widget=forms.NumberInput(attrs={"class": "form-control", "placeholder": _lazy("全部")}),
    )

    def __init__(self, branches: Iterable[tuple[int, str]], data=None) -> None:
        super().__init__(data)
        choices = list(branches)
        if len(choices) > 1:
            self.fields["branch"].choices = [("", _("全部")), *choices]
        else:
            del self.fields["branch"]
        for name in ("branch", "kind"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "form-select"
