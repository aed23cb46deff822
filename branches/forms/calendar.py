"""The working calendar of a year as one form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.forms import DayInput
from notifications.models import CalendarDay

SPARE_ROWS = 5


class CalendarDayForm(forms.ModelForm):
    """One day off, or one weekend day that is worked."""

    is_working = forms.TypedChoiceField(
        label=_("安排"),
        choices=[(False, _("放假")), (True, _("上班"))],
        coerce=lambda value: value == "True",
    )

    class Meta:
        model = CalendarDay
        fields = ["day", "is_working", "name"]
        widgets = {"day": DayInput()}


class YearFormSet(forms.BaseModelFormSet):
    """The special days of one year; no day of another year, and none twice."""

    def __init__(self, *args, year: int, **kwargs) -> None:
        super().__init__(*args, queryset=CalendarDay.objects.filter(day__year=year), **kwargs)
        self.year = year

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("删除")

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            day: Any = getattr(form, "cleaned_data", {}).get("day")
            if day and day.year != self.year:
                form.add_error("day", _("这一天不在%(year)s年。") % {"year": self.year})

    def get_date_error_message(self, date_check: Any) -> str:
        return str(_("日期重复。"))

    def get_unique_error_message(self, unique_check: Any) -> str:
        return str(_("有两行是同一天，请删去一行。"))


CalendarFormSet = forms.modelformset_factory(
    CalendarDay,
    form=CalendarDayForm,
    formset=YearFormSet,
    extra=SPARE_ROWS,
    can_delete=True,
    max_num=150,
    validate_max=True,
)
