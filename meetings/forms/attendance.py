"""Notes on what was made up, and on whom the month's 党费 still waits for."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from meetings.models import MakeUp

from .fields import DateField, LongSelect


class MakeUpForm(forms.Form):
    """Several rows made up in one way on one day; each button of a row sends that row alone.

    A row's own button is named `one` and says “row:way”, the buttons below them `how`.
    """

    row = forms.TypedMultipleChoiceField(coerce=int, required=False)
    one = forms.RegexField(rf"^\d+:({'|'.join(MakeUp.values)})$", required=False)
    how = forms.ChoiceField(choices=[("", ""), *MakeUp.choices], required=False)
    on = DateField(label=_lazy("补学日期"), required=False)

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].widget.attrs |= {"max": today.isoformat(), "class": "form-control"}
        self.fields["on"].initial = today
        sent = self.data.getlist("row") if self.is_bound else []
        self.fields["row"].choices = [(pk, pk) for pk in sent if pk.isascii() and pk.isdigit()]

    def clean_on(self) -> date:
        on = self.cleaned_data["on"] or self.today
        if on > self.today:
            raise forms.ValidationError(_("补学日期不能晚于今天。"))
        return on

    def clean(self) -> dict:
        data = super().clean()
        if one := data.get("one"):
            pk, _colon, data["how"] = one.partition(":")
            data["row"] = [int(pk)]
        if not data.get("row"):
            raise forms.ValidationError(_("请先勾选补学的党员。"))
        if not data.get("how"):
            raise forms.ValidationError(_("请选择补课或送学上门。"))
        return data


class ArchiveForm(forms.Form):
    """Closing a record: on which day the printed copy was signed, if it was."""

    signed_on = DateField(
        label=_lazy("签字日期"), required=False, help_text=_lazy("没有纸质签字的不填")
    )


class BranchFilterForm(forms.Form):
    """Which branch is looked at; who sees only one is not asked."""

    branch = forms.TypedChoiceField(
        label=_lazy("党支部"), coerce=int, empty_value=None, required=False, widget=LongSelect
    )

    def __init__(self, branches, data=None) -> None:
        super().__init__(data)
        choices = list(branches)
        self.only = choices[0][0] if len(choices) == 1 else None
        self.fields["branch"].choices = [("", _("全部")), *choices]
        self.fields["branch"].widget.attrs["class"] = "form-select"
        if len(choices) < 2:
            del self.fields["branch"]

    @property
    def branch_id(self) -> int | None:
        """Return the branch chosen, or the only one there is."""
        return (self.cleaned_data.get("branch") if self.is_valid() else None) or self.only
