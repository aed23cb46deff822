"""The rows of 组织生活会 and the table of 民主评议."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from meetings.forms.fields import DateField, LongSelect
from meetings.models import Grade
from meetings.record import Assessed, Remark, Seat, Shortcoming
from meetings.reports.life import Life
from meetings.reports.sheet import Sheet
from meetings.rules import most_excellent

from .rows import RowForm, rows_of

MEMBER: dict = {"coerce": int, "empty_value": None, "required": False, "widget": LongSelect}


class MemberRow(RowForm):
    """A row that names members: `people` are all of that day."""

    # What choosing nobody means, by field.
    nobody: dict = {}

    def __init__(self, *args, people: list[tuple[int, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.TypedChoiceField):
                field.choices = [("", self.nobody.get(name, "—")), *people]


class RemarkForm(MemberRow):
    """批评与自我批评: who said what, of himself or of another."""

    essential = ("text", "speaker")
    nobody = {"target": _lazy("本人（自我批评）")}

    speaker = forms.TypedChoiceField(label=_lazy("发言人"), **MEMBER)
    target = forms.TypedChoiceField(label=_lazy("批评对象"), **MEMBER)
    text = forms.CharField(
        label=_lazy("内容"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict:
        data = super().clean()
        if data.get("text") and not data.get("speaker"):
            self.add_error("speaker", _("请选择发言人。"))
        if data.get("speaker") and not data.get("text") and not data.get("DELETE"):
            self.add_error("text", _("请写明批评或自我批评的内容。"))
        if data.get("target") == data.get("speaker"):
            data["target"] = None
        return data

    def value(self) -> Remark:
        data = self.cleaned_data
        return Remark(data["speaker"], data["text"], data["target"], pk=data["pk"])


class ProblemForm(MemberRow):
    """查摆问题: a problem of the branch or of one member, with its remedy."""

    essential = ("text",)
    nobody = {"member": _lazy("支部")}

    member = forms.TypedChoiceField(label=_lazy("谁的问题"), **MEMBER)
    text = forms.CharField(
        label=_lazy("问题"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    remedy = forms.CharField(
        label=_lazy("整改措施"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    responsible = forms.TypedChoiceField(label=_lazy("责任人"), **MEMBER)
    due_on = DateField(label=_lazy("整改时限"), required=False)

    def clean(self) -> dict:
        data = super().clean()
        others = ("member", "remedy", "responsible", "due_on")
        if any(data.get(name) for name in others) and not data.get("text"):
            self.add_error("text", _("请写明问题。"))
        return data

    def value(self) -> Shortcoming:
        data = self.cleaned_data
        return Shortcoming(
            data["text"],
            data["member"],
            data["remedy"],
            data["responsible"],
            data["due_on"],
            pk=data["pk"],
        )


class AdjustmentForm(MemberRow):
    """One member who is not expected this one time, and why; printed with the record."""

    essential = ("member", "reason")

    member = forms.TypedChoiceField(label=_lazy("不计入应到的党员"), **MEMBER)
    reason = forms.CharField(label=_lazy("理由"), max_length=100, required=False)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("member") and not data.get("reason"):
            self.add_error("reason", _("请写明不计入应到的理由。"))
        if data.get("reason") and not data.get("member"):
            self.add_error("member", _("请选择党员。"))
        return data


RemarkRows = rows_of(RemarkForm)
ProblemRows = rows_of(ProblemForm)
AdjustmentRows = rows_of(AdjustmentForm)


def remark_initial(life: Life) -> list[dict]:
    return [
        {"pk": row.pk, "speaker": row.speaker_id, "target": row.target_id, "text": row.text}
        for row in life.remarks
    ]


def problem_initial(life: Life) -> list[dict]:
    return [
        {
            "pk": row.pk,
            "member": row.member_id,
            "text": row.text,
            "remedy": row.remedy,
            "responsible": row.responsible_id,
            "due_on": row.due_on,
        }
        for row in life.shortcomings
    ]


def adjustment_initial(sheet: Sheet) -> list[dict]:
    return [
        {"member": seat.member_id, "reason": seat.adjustment}
        for seat in sheet.seats
        if seat.adjustment
    ]


# --- 民主评议 -----------------------------------------------------------------------------------

BALLOTS = ("excellent", "qualified", "basic", "unqualified")
FIELDS = ("grade", *BALLOTS, "note")


@dataclass(frozen=True)
class AppraisalRow:
    """One member of the table: the ballots and the grade; probationary members get none."""

    seat: Seat
    is_graded: bool
    value: Assessed

    @property
    def ballots(self) -> list[tuple[str, str, int]]:
        """Field, label and number of the four counts."""
        return [(name, Grade(name).label, getattr(self.value, name)) for name in BALLOTS]


class Appraisals:
    """The table of all members at a 民主评议; 合格 unless something else is chosen."""

    def __init__(self, seats: tuple[Seat, ...], sheet: Sheet, data=None) -> None:
        self.grades = [("", _("未评定")), *Grade.choices]
        known = {row.member_id: row for row in sheet.life.assessed}
        probationary = sheet.roster.probationary
        self.rows = []
        for seat in seats:
            is_graded = seat.member_id not in probationary
            value = _known(seat, known, is_graded)
            if data is not None and f"grade-{seat.member_id}" in data:
                value = _posted(seat, data, is_graded)
            self.rows.append(AppraisalRow(seat, is_graded, value))

    @property
    def values(self) -> tuple[Assessed, ...]:
        return tuple(row.value for row in self.rows)

    @property
    def given(self) -> int:
        return sum(row.value.grade == Grade.EXCELLENT for row in self.rows)

    @property
    def allowed(self) -> int:
        """How many may be 优秀: a third at most of those who are graded."""
        return most_excellent(sum(bool(row.value.grade) for row in self.rows))

    @property
    def ungraded(self) -> int:
        return sum(not row.is_graded for row in self.rows)


def _known(seat: Seat, known: dict, is_graded: bool) -> Assessed:
    row = known.get(seat.member_id)
    if row is not None:
        return Assessed(
            seat.member_id,
            *(getattr(row, name) for name in BALLOTS),
            row.grade if is_graded else "",
            row.note,
        )
    grade = Grade.QUALIFIED.value if is_graded and not known else ""
    return Assessed(seat.member_id, grade=grade)


def _posted(seat: Seat, data, is_graded: bool) -> Assessed:
    said = {name: data.get(f"{name}-{seat.member_id}", "").strip() for name in FIELDS}
    counts = {n: min(int(said[n]), 9999) if said[n].isdecimal() else 0 for n in BALLOTS}
    grade = said["grade"] if is_graded and said["grade"] in Grade.values else ""
    return Assessed(seat.member_id, **counts, grade=grade, note=said["note"][:200])
