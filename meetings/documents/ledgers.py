"""The year's two ledgers as .xlsx: who came to what, and the 5+X day month by month.

For a branch, or for all branches of a township at once. Numbers are counted from the rows of
attendance; cells are text that stays text (`branches.exports`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from branches.exports import sheets
from branches.models import Organization
from meetings.models import (
    AbsenceKind,
    AgendaItem,
    AgendaKind,
    Attendance,
    AttendanceState,
    Explanation,
    Meeting,
    MeetingKind,
    MeetingState,
)
from meetings.record import PRESENT, Seat
from meetings.reports.attendance import seats_of_each
from meetings.rules import Span

from . import Made, Progress
from .pieces import batched

# Of so many branches the rows are in memory at once.
BATCH_BRANCHES = 10


def _silent(percent: int) -> None:
    """Report progress to nobody."""


def _branches(organization: Organization, year: Span) -> list[Organization]:
    below = Organization.objects.within(organization).branches()
    return [
        branch
        for branch in below.order_by("path")
        if (branch.established_on is None or branch.established_on <= year.end)
        and (branch.dissolved_on is None or branch.dissolved_on > year.start)
    ]


def _in_year(branches: Iterable[Organization], year: Span) -> "QuerySet[Meeting]":
    meetings = Meeting.objects.filter(branch__in=[branch.pk for branch in branches])
    return meetings.filter(day__gte=year.start, day__lte=year.end).order_by("day", "pk")


# --- Attendance ---------------------------------------------------------------------------------


def attendance_ledger(
    organization: Organization, year: int, *, with_reasons: bool, tell: Progress = _silent
) -> Made:
    """Return members × meetings, a sheet for each branch; four statements for ten of them."""
    span = Span(date(year, 1, 1), "year")
    branches = _branches(organization, span)

    def parts() -> Iterator[tuple[str, list[str], list]]:
        done = 0
        for batch in batched(branches, BATCH_BRANCHES):
            held = defaultdict(list)
            counted = _in_year(batch, span).counted().prefetch_related("types")
            meetings = list(counted.exclude(types__kind=MeetingKind.TALK))
            for meeting in meetings:
                held[meeting.branch_id].append(meeting)
            seats, made_up = seats_of_each(meetings), _made_up(batch, span)
            for branch in batch:
                of_branch = held[branch.pk]
                lines = _lines(of_branch, seats, made_up, with_reasons=with_reasons)
                yield str(branch), _headers(of_branch), lines
                done += 1
                tell(100 * done // len(branches))
        if not branches:
            yield str(organization), _headers([]), []

    content = sheets(parts()).getvalue()
    name = _("%(organization)s%(year)s年出席台账") % {"organization": organization, "year": year}
    return Made(f"{name}.xlsx", content)


def _made_up(branches: Iterable[Organization], year: Span) -> set[tuple[int, int]]:
    """Return (meeting, member) of everyone who made the learning part up."""
    rows = Attendance.objects.filter(
        meeting__branch__in=[branch.pk for branch in branches],
        meeting__day__gte=year.start,
        meeting__day__lte=year.end,
        made_up_on__isnull=False,
    )
    return set(rows.values_list("meeting", "member"))


def _headers(meetings: list[Meeting]) -> list[str]:
    fixed = [_("序号"), _("姓名"), _("应到次数"), _("实到次数"), _("请假"), _("缺席"), _("已补课")]
    return fixed + [f"{meeting.day:%m-%d} {_kinds(meeting)}" for meeting in meetings]


def _kinds(meeting: Meeting) -> str:
    return "、".join(str(row.get_kind_display()) for row in meeting.types.all())


def _lines(
    meetings: list[Meeting],
    seats: dict[int, tuple[Seat, ...]],
    made_up: set[tuple[int, int]],
    *,
    with_reasons: bool,
) -> list[list]:
    people: dict[int, dict[int, Seat]] = defaultdict(dict)
    for meeting in meetings:
        for seat in seats.get(meeting.pk, ()):
            people[seat.member_id][meeting.pk] = seat
    # By initials, as every roster; a name is the same at all meetings.
    named = sorted(people.items(), key=_by_initials)
    lines = [
        _line(number, member_id, of_member, meetings, made_up, with_reasons=with_reasons)
        for number, (member_id, of_member) in enumerate(named, start=1)
    ]
    for label, counts in (
        (_("应到"), lambda seat: seat.is_expected),
        (_("实到"), lambda seat: seat.is_expected and seat.is_present),
    ):
        numbers = [sum(map(counts, seats.get(meeting.pk, ()))) for meeting in meetings]
        lines.append(["", label, sum(numbers), "", "", "", "", *numbers])
    lines[-1][2:4] = ["", lines[-1][2]]
    lines.append(
        ["", _("√到会　迟到、线上参加计入实到　—不作要求，不计入应到　空白：当日不在本支部名册")]
    )
    return lines


def _by_initials(entry: tuple[int, dict[int, Seat]]) -> tuple[str, int]:
    member_id, seats = entry
    return next(iter(seats.values())).initials, member_id


def _line(
    number: int,
    member_id: int,
    seats: dict[int, Seat],
    meetings: list[Meeting],
    made_up: set[tuple[int, int]],
    *,
    with_reasons: bool,
) -> list:
    expected = [seat for seat in seats.values() if seat.is_expected]
    states = [seat.state for seat in expected]
    return [
        number,
        next(iter(seats.values())).name,
        len(expected),
        sum(state in PRESENT for state in states),
        states.count(AttendanceState.LEAVE),
        states.count(AttendanceState.ABSENT),
        sum((meeting_id, member_id) in made_up for meeting_id in seats),
        *(
            _mark(seats.get(meeting.pk), (meeting.pk, member_id) in made_up, with_reasons)
            for meeting in meetings
        ),
    ]


def _mark(seat: Seat | None, is_made_up: bool, with_reasons: bool) -> str:
    if seat is None:
        return ""
    if not seat.is_expected and not seat.is_present:
        return "—"
    if seat.state == AttendanceState.PRESENT:
        return "√"
    mark = str(AttendanceState(seat.state).label) if seat.state else ""
    if with_reasons and seat.reason:
        mark = str(AbsenceKind(seat.reason).label)
    return _("%(state)s（已补课）") % {"state": mark} if is_made_up else mark


# --- 5+X ----------------------------------------------------------------------------------------


def activity_ledger(
    organization: Organization, year: int, *, on: date, tell: Progress = _silent
) -> Made:
    """Return month × branch up to `on`: the day, place, theme, steps, numbers, or why it was not."""
    span = Span(date(year, 1, 1), "year")
    months = [month for month in span.parts("month") if month.start <= on]
    branches = _branches(organization, span)
    headers = [
        _("月份"),
        _("党支部"),
        _("开展情况"),
        _("日期"),
        _("地点"),
        _("主题"),
        _("固定动作"),
        _("自选动作（X）"),
        _("应到"),
        _("实到"),
        _("请假"),
        _("缺席"),
        _("说明"),
    ]
    lines: dict[Span, list] = {month: [] for month in months}
    done = 0
    for batch in batched(branches, BATCH_BRANCHES):
        days, explained = _theme_days(batch, span), _explained(batch, span)
        for branch in batch:
            for month in months:
                reason = explained.get((branch.pk, month.start), "")
                lines[month] += _month_lines(month, branch, days[branch.pk, month.start], reason)
        done += len(batch)
        tell(100 * done // len(branches))
    rows = (line for month in months for line in lines[month])
    title = _("5+X台账")
    name = _("%(organization)s%(year)s年5+X台账") % {"organization": organization, "year": year}
    return Made(f"{name}.xlsx", sheets([(title, headers, rows)]).getvalue())


def _theme_days(
    branches: tuple[Organization, ...], year: Span
) -> dict[tuple[int, date], list[Meeting]]:
    steps = AgendaItem.objects.filter(kind__in=[AgendaKind.FIXED, AgendaKind.OPTIONAL])
    meetings = (
        _in_year(branches, year)
        .filter(types__kind=MeetingKind.THEME_DAY)
        .exclude(state=MeetingState.CANCELLED)
        .with_attendance()
        .prefetch_related(Prefetch("agenda", steps, to_attr="steps"))
    )
    found = defaultdict(list)
    for meeting in meetings:
        found[meeting.branch_id, meeting.day.replace(day=1)].append(meeting)
    return found


def _explained(branches: tuple[Organization, ...], year: Span) -> dict[tuple[int, date], str]:
    rows = Explanation.objects.filter(
        branch__in=[branch.pk for branch in branches],
        code=MeetingKind.THEME_DAY,
        period_start__gte=year.start,
        period_start__lte=year.end,
    )
    return {
        (row.branch_id, row.period_start): f"{row.get_kind_display()}：{row.reason}" for row in rows
    }


def _month_lines(
    month: Span, branch: Organization, meetings: list[Meeting], reason: str
) -> Iterator[list]:
    label = f"{month.start:%Y-%m}"
    if branch.established_on and branch.established_on > month.end:
        return
    if branch.dissolved_on and branch.dissolved_on <= month.start:
        return
    for meeting in meetings:
        yield [label, str(branch), *_activity(meeting), _note(meeting, reason)]
    if not meetings:
        state = _("已说明") if reason else _("未开展")
        yield [label, str(branch), state, *[""] * 5, *[None] * 4, reason]


def _activity(meeting: Meeting) -> list:
    if not meeting.is_counted:
        return [
            meeting.get_state_display(),
            meeting.day,
            meeting.place,
            meeting.title,
            "",
            "",
            *[None] * 4,
        ]
    fixed = [step for step in meeting.steps if step.kind == AgendaKind.FIXED]
    done = [step.title for step in fixed if step.is_done]
    optional = [step.title for step in meeting.steps if step.kind == AgendaKind.OPTIONAL]
    count = f"{len(done)}/{len(fixed)}" if fixed else ""
    return [
        _("已开展"),
        meeting.day,
        meeting.place,
        meeting.title,
        " ".join(filter(None, [count, "、".join(done)])),
        "、".join(optional),
        meeting.expected,
        meeting.present,
        meeting.leave,
        meeting.absent,
    ]


def _note(meeting: Meeting, reason: str) -> str:
    late = _("迟交%(days)s天") % {"days": meeting.days_late} if meeting.is_late else ""
    return "；".join(filter(None, [late, meeting.late_note, reason]))
