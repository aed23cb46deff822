"""The lines of a plan or a template as one table, and what approving and returning asks."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from branches.models import Organization, PartyGroup
from meetings.models import MeetingKind, PlanState
from meetings.reports.plan_proposals import Line, in_order
from meetings.services.plans import line_text

from .fields import LongSelect

MOST_LINES = 150
MONTH_CHOICES = [("", "—"), *((month, f"{month}月") for month in range(1, 13))]
KIND_CHOICES = [("", "—"), *MeetingKind.choices]


def _compact(widget: forms.Widget, css_class: str) -> forms.Widget:
    widget.attrs["class"] = css_class
    return widget


class LineForm(forms.Form):
    """One meeting: a row left empty is none."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    month = forms.TypedChoiceField(
        label=_lazy("月份"),
        choices=MONTH_CHOICES,
        coerce=int,
        empty_value=None,
        required=False,
        widget=_compact(LongSelect(), "form-select"),
    )
    kind = forms.ChoiceField(
        label=_lazy("类型"),
        choices=KIND_CHOICES,
        required=False,
        widget=_compact(LongSelect(), "form-select"),
    )
    group = forms.TypedChoiceField(
        label=_lazy("党小组"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=_compact(LongSelect(), "form-select"),
    )
    theme = forms.CharField(
        label=_lazy("主题"),
        max_length=100,
        required=False,
        widget=_compact(forms.TextInput(), "form-control"),
    )
    note = forms.CharField(
        label=_lazy("安排"),
        max_length=200,
        required=False,
        widget=_compact(forms.TextInput(), "form-control"),
    )

    def __init__(self, *args, groups: list[tuple[int, str]] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if groups:
            self.fields["group"].choices = [("", _("各党小组")), *groups]
        else:
            del self.fields["group"]

    def clean(self) -> dict:
        data = super().clean()
        if any(data.get(name) for name in ("month", "kind", "theme", "note")):
            if "month" not in self.errors and not data.get("month"):
                self.add_error("month", _("请选择月份。"))
            if "kind" not in self.errors and not data.get("kind"):
                self.add_error("kind", _("请选择类型。"))
        return data

    def line(self) -> Line | None:
        """Return the line, or None for a row left empty or taken out."""
        data = self.cleaned_data
        if not data.get("month") or not data.get("kind") or data.get("DELETE"):
            return None
        group_id = data.get("group") if data["kind"] == MeetingKind.GROUP else None
        return Line(
            data["month"], data["kind"], data["theme"], data["note"], group_id, data.get("pk")
        )


class BaseLineFormSet(BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("去掉")

    def lines(self) -> list[Line]:
        """Return what was sent, sorted by month."""
        found = (form.line() for form in self.forms if form.is_valid())
        return in_order(line for line in found if line is not None)


# One empty row is sent; scripts add more, and without them saving does.
LineFormSet = formset_factory(
    LineForm,
    formset=BaseLineFormSet,
    extra=1,
    can_delete=True,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES + 50,
    validate_max=True,
)


def initial_lines(lines: Iterable[Line]) -> list[dict]:
    """Return lines as the rows of the table."""
    return [
        {
            "pk": line.pk,
            "month": line.month,
            "kind": line.kind,
            "group": line.group_id,
            "theme": line.theme,
            "note": line.note,
        }
        for line in in_order(lines)
    ]


class TableForm(forms.Form):
    """What is sent beside the lines; `seen` names the state that the form was made from."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, lines: Iterable[Line], seen: str, groups=(), **kwargs) -> None:
        initial = {"seen": seen, **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)
        self.groups = list(groups)
        self.table = LineFormSet(
            data,
            initial=initial_lines(lines),
            prefix="line",
            form_kwargs={"groups": self.groups},
        )

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.table.is_valid()])

    @property
    def sent(self) -> list[Line]:
        return self.table.lines()

    def take(self, seen: str) -> None:
        """Let the next save of what stands in this form go over the state `seen`."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = seen

    def differing(self, stored: Iterable[Line]) -> tuple[list[str], list[str]]:
        """Return in words the lines that only this form has, and those only the stored plan has."""
        names = dict(self.groups)
        mine, theirs = (
            Counter(line_text(line, names.get(line.group_id, "")) for line in in_order(lines))
            for lines in (self.sent, stored)
        )
        return list((mine - theirs).elements()), list((theirs - mine).elements())


class PlanForm(TableForm):
    """A branch's plan; one that was approved asks why it is changed."""

    reason = forms.CharField(
        label=_lazy("修改原因"),
        max_length=200,
        required=False,
        widget=_compact(forms.TextInput(), "form-control"),
        help_text=_lazy("计划已批准；修改前的内容保留在修改历史里"),
    )

    def __init__(self, data=None, *, state: str, **kwargs) -> None:
        super().__init__(data, **kwargs)
        if state == PlanState.APPROVED:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("请写明修改原因。")
        else:
            del self.fields["reason"]

    @cached_property
    def version(self) -> int:
        """The version that the form was made from."""
        seen = self.cleaned_data["seen"]
        return int(seen) if seen.isascii() and seen.isdigit() else 0


class TemplateForm(TableForm):
    note = forms.CharField(
        label=_lazy("给支部的说明"),
        max_length=500,
        required=False,
        widget=_compact(forms.Textarea(attrs={"rows": 2}), "form-control"),
    )


def groups_of(branch: Organization) -> list[tuple[int, str]]:
    """Return the groups that a line may name."""
    rows = PartyGroup.objects.filter(branch=branch, dissolved_on=None)
    return list(rows.order_by("pk").values_list("pk", "name"))


class PlanFilterForm(forms.Form):
    """The filters above the list of plans."""

    year = forms.TypedChoiceField(
        label=_lazy("年度"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=_compact(forms.Select(), "form-select"),
    )
    state = forms.ChoiceField(
        label=_lazy("状态"),
        choices=[("", _lazy("全部")), ("none", _lazy("未起草")), *PlanState.choices],
        required=False,
        widget=_compact(forms.Select(), "form-select"),
    )

    def __init__(self, data, *, this_year: int) -> None:
        # The year shown is the one chosen, also where the link names none.
        data = data.copy()
        data.setdefault("year", str(this_year))
        super().__init__(data)
        self._this_year = this_year
        years = range(this_year + 1, this_year - 4, -1)
        self.fields["year"].choices = [(year, _("%(year)s年") % {"year": year}) for year in years]
        self.fields["year"].initial = this_year

    @property
    def chosen_year(self) -> int:
        return (self.is_valid() and self.cleaned_data["year"]) or self._this_year

    @property
    def chosen_state(self) -> str:
        return self.cleaned_data["state"] if self.is_valid() else ""


class DecisionForm(forms.Form):
    """The version that was read, and what is said of it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    remark = forms.CharField(
        label=_lazy("意见"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReturnForm(DecisionForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].required = True
        self.fields["remark"].error_messages["required"] = _("退回须写明意见。")


def read_ticks(values: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield plan and version from ticks such as '12:3'; nonsense is passed over."""
    for value in values:
        pk, _colon, version = value.partition(":")
        if pk.isascii() and pk.isdigit() and version.isascii() and version.isdigit():
            yield int(pk), int(version)
