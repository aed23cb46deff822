"""《党支部工作手册》: all of a branch's year in one volume, with contents and page numbers.

The parts follow the paper handbook that offices print. Each is blocks of the official form;
meetings come whole, in the order of their days. The statements are the same for six meetings and
for sixty.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from branches.models import Member, Membership, Organization, PartyGroup, Post, Term
from branches.reports import headcounts
from meetings.models import (
    AttendanceState,
    DuesMonth,
    Meeting,
    MeetingKind,
    VoteRule,
)
from meetings.record import Ballots, Seat, outcome
from meetings.reports.attendance import seats_of_each
from meetings.reports.hours import hours_of
from meetings.reports.plans import plans_of
from meetings.rules import Span, VoteResult

from . import Made, Progress
from .official import OfficialRecord, for_records, official_records
from .pdf import pdf
from .pieces import Block, Grid, Heading, Paragraph, day_text, numeral

# Reading the rows is this much of the work; laying out the pages nearly all the rest.
READ_PERCENT = 10
LAID_OUT_PERCENT = 95
PAGES_A_MEETING = 2.5
PAGES_BESIDE = 12


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the volume; the part of the meetings has records instead of blocks."""

    number: int
    title: str
    blocks: tuple[Block, ...] = ()
    records: tuple[OfficialRecord, ...] = ()

    @property
    def label(self) -> str:
        return f"{numeral(self.number)}、{self.title}"


@dataclass(frozen=True, slots=True)
class Year:
    """What the parts are made of; `on` is the day the lists are true of: the last, or today."""

    branch: Organization
    year: int
    on: date
    span: Span
    meetings: tuple[Meeting, ...]
    records: tuple[OfficialRecord, ...]
    seats: dict[int, tuple[Seat, ...]]

    def of(self, kind: str) -> list[Meeting]:
        return [m for m in self.meetings if kind in {row.kind for row in m.types.all()}]


def handbook(
    branch: Organization, year: int, *, on: date, with_reasons: bool, tell: Progress
) -> Made:
    """Return the volume; drafts and cancelled meetings are not in it."""
    span = Span(date(year, 1, 1), "year")
    held = Meeting.objects.filter(branch=branch, day__gte=span.start, day__lte=span.end).counted()
    meetings = tuple(for_records(held.order_by("day", "pk")))
    told = Year(
        branch=branch,
        year=year,
        on=min(on, span.end),
        span=span,
        meetings=meetings,
        records=tuple(official_records(meetings, with_reasons=with_reasons)),
        seats=seats_of_each(meetings),
    )
    parts = tuple(_parts(told))
    tell(READ_PERCENT)
    context = {"branch": branch, "year": year, "on": told.on, "parts": parts}
    photos = [photo for record in told.records for photo in record.photos]
    pages = PAGES_BESIDE + PAGES_A_MEETING * len(meetings) + len(photos) / 4

    def tell_page(number: int) -> None:
        reached = min(1.0, number / pages) * (LAID_OUT_PERCENT - READ_PERCENT)
        tell(READ_PERCENT + int(reached))

    content = pdf("meetings/print/handbook.html", context, photos=photos, tell=tell_page)
    name = _("%(branch)s%(year)s年党支部工作手册") % {"branch": branch, "year": year}
    return Made(f"{name}.pdf", content)


def _parts(year: Year) -> Iterator[Part]:
    made = (
        (_("支部情况"), _about),
        (_("支部委员会名单"), _committee),
        (_("党小组"), _groups),
        (_("党员名册"), _roster),
        (_("党员组织关系变动"), _moves),
        (_("年度计划"), _plan),
        (_("会议记录"), None),
        (_("出席台账"), _attendance),
        (_("党员学习学时"), _hours),
        (_("民主评议"), _appraisals),
        (_("发展党员"), _admissions),
        (_("谈心谈话"), _talks),
        (_("党费交纳登记"), _dues),
    )
    for number, (title, blocks) in enumerate(made, start=1):
        if blocks is None:
            yield Part(number, title, records=year.records)
            continue
        yield Part(number, title, tuple(blocks(year)) or (Paragraph(_("本年度没有这项记录。")),))


def _table(headers: Iterable[str], widths: tuple[int, ...], rows: Iterable) -> Iterator[Grid]:
    """Yield a table, unless it would be empty."""
    if rows := tuple(tuple(str(cell) for cell in row) for row in rows):
        yield Grid(tuple(headers), rows, widths)


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


# --- The branch and its members -----------------------------------------------------------------


def _about(year: Year) -> Iterator[Block]:
    branch, on = year.branch, year.on
    term = Term.objects.filter(organization=branch, starts_on__lte=on).order_by("-starts_on")
    counts = headcounts([branch], on).get(branch.pk)
    yield Paragraph(branch.name, label=_("党支部名称"))
    yield Paragraph(str(branch.get_branch_type_display()), label=_("支部类型"))
    if branch.parent:
        yield Paragraph(branch.parent.name, label=_("上级党组织"))
    if branch.established_on:
        yield Paragraph(day_text(branch.established_on), label=_("成立日期"))
    for this in term[:1]:
        told = _("%(start)s至%(end)s")
        days = {"start": day_text(this.starts_on), "end": day_text(this.ends_on)}
        yield Paragraph(told % days, label=_("本届任期"))
    if counts:
        told = _(
            "%(members)s人，其中正式党员%(full)s人、预备党员%(probationary)s人、流动党员%(floating)s人"
        )
        numbers = {
            "members": counts.members,
            "full": counts.full,
            "probationary": counts.probationary,
            "floating": counts.floating,
        }
        yield Paragraph(told % numbers, label=_("党员人数"))
    told = _("%(day)s的情况") % {"day": day_text(on)}
    yield Paragraph(told, label=_("以上为"))


def _committee(year: Year) -> Iterator[Block]:
    posts = (
        Post.objects.filter(organization=year.branch, from_on__lte=year.span.end)
        .exclude(to_on__lte=year.span.start)
        .select_related("member")
    )
    yield from _table(
        (_("职务"), _("姓名"), _("任职"), _("离任")),
        (3, 3, 3, 3),
        ((p.get_role_display(), p.member, _day(p.from_on), _day(p.to_on)) for p in posts),
    )


def _groups(year: Year) -> Iterator[Block]:
    groups = PartyGroup.objects.filter(branch=year.branch).select_related("leader")
    names: dict[int, list[str]] = {}
    for row in _belonging(year):
        names.setdefault(row.group_id, []).append(row.member.name)
    yield from _table(
        (_("党小组"), _("组长"), _("人数"), _("党员")),
        (20, 14, 10, 56),
        (
            (g.name, g.leader or "", len(names.get(g.pk, ())), "、".join(names.get(g.pk, ())))
            for g in groups
            if g.dissolved_on is None or g.dissolved_on > year.on
        ),
    )


def _belonging(year: Year) -> Iterable[Membership]:
    rows = Membership.objects.in_force(year.on).filter(branch=year.branch)
    return rows.select_related("member", "group").order_by("member__initials", "member")


def _roster(year: Year) -> Iterator[Block]:
    """Names and dates as a volume on the shelf needs them: no telephone, no address."""

    def line(number: int, member: Member, group: PartyGroup | None) -> tuple:
        return (
            number,
            member.name,
            member.get_sex_display(),
            f"{member.born_on:%Y-%m}" if member.born_on else "",
            member.education,
            _day(member.joined_on),
            _day(member.full_on),
            group or "",
            _("流动") if member.is_floating else "",
        )

    yield from _table(
        (
            _("序号"),
            _("姓名"),
            _("性别"),
            _("出生年月"),
            _("学历"),
            _("入党日期"),
            _("转正日期"),
            _("党小组"),
            _("备注"),
        ),
        (7, 11, 7, 12, 10, 15, 15, 15, 8),
        (line(n, row.member, row.group) for n, row in enumerate(_belonging(year), start=1)),
    )


def _moves(year: Year) -> Iterator[Block]:
    rows = Membership.objects.filter(branch=year.branch).select_related("member")
    moves = [
        (row.from_on, row.member.name, _("转入"), row.note)
        for row in rows.filter(from_on__gte=year.span.start, from_on__lte=year.span.end)
    ] + [
        (row.to_on, row.member.name, str(row.get_end_reason_display() or _("离开")), row.note)
        for row in rows.filter(to_on__gte=year.span.start, to_on__lte=year.span.end)
    ]
    moves.sort(key=lambda move: move[:2])
    yield from _table(
        (_("日期"), _("姓名"), _("变动"), _("说明")),
        (16, 14, 16, 40),
        ((_day(day), *rest) for day, *rest in moves),
    )


def _plan(year: Year) -> Iterator[Block]:
    plan = plans_of(year.branch, year.year).first()
    if plan is None:
        return
    yield Paragraph(str(plan.get_state_display()), label=_("状态"))
    yield from _table(
        (_("月份"), _("内容"), _("主题"), _("安排")),
        (9, 24, 33, 34),
        (
            (
                _("%(month)s月") % {"month": item.month},
                f"{item.get_kind_display()}{item.group or ''}",
                item.theme,
                item.note,
            )
            for item in plan.items.all()
        ),
    )


# --- What the meetings add up to ----------------------------------------------------------------


def _attendance(year: Year) -> Iterator[Block]:
    """Who was expected how often, and came: counted from the meetings above, talks aside."""
    talks = {meeting.pk for meeting in year.of(MeetingKind.TALK)}
    people: dict[tuple[str, int], list[Seat]] = {}
    for meeting in year.meetings:
        if meeting.pk not in talks:
            for seat in year.seats.get(meeting.pk, ()):
                people.setdefault((seat.initials, seat.member_id), []).append(seat)

    def line(seats: list[Seat]) -> tuple:
        expected = [seat for seat in seats if seat.is_expected]
        states = [seat.state for seat in expected]
        return (
            seats[0].name,
            len(expected),
            sum(seat.is_present for seat in expected),
            states.count(AttendanceState.LEAVE),
            states.count(AttendanceState.ABSENT),
            len(seats) - len(expected) or "",
        )

    yield from _table(
        (_("姓名"), _("应到"), _("实到"), _("请假"), _("缺席"), _("不作要求")),
        (3, 2, 2, 2, 2, 2),
        (line(people[key]) for key in sorted(people)),
    )


def _hours(year: Year) -> Iterator[Block]:
    """Hours of what was held, against what the year asks (党员教育管理工作条例 art. 20)."""
    yield from _table(
        (_("姓名"), _("学时"), _("年度要求")),
        (4, 4, 4),
        (
            (row.name, f"{row.hours:g}", row.needed or _("不作要求"))
            for row in hours_of(year.branch, year.year, on=year.on)
        ),
    )


def _appraisals(year: Year) -> Iterator[Block]:
    for meeting in year.of(MeetingKind.EVALUATION):
        graded = list(meeting.appraisals.all())
        if not graded:
            continue
        yield Heading(_("%(day)s评议") % {"day": day_text(meeting.day)})
        yield from _table(
            (_("姓名"), _("评定等次"), _("说明")),
            (3, 3, 6),
            (
                (row.member.name, row.get_grade_display() if row.grade else _("不定等次"), row.note)
                for row in graded
            ),
        )


def _admissions(year: Year) -> Iterator[Block]:
    results = {
        VoteResult.PASSED: _("通过"),
        VoteResult.FAILED: _("未通过"),
        VoteResult.INVALID: _("表决无效"),
    }

    def lines() -> Iterator[tuple]:
        for meeting in year.meetings:
            for item in meeting.agenda.all():
                vote = getattr(item, "vote", None)
                if vote is None or vote.rule != VoteRule.ADMISSION:
                    continue
                seats = year.seats.get(meeting.pk, ())
                found = outcome(Ballots(rule=vote.rule, in_favour=vote.in_favour), seats)
                what = vote.get_step_display() or item.title
                numbers = f"{vote.in_favour}/{vote.against}/{vote.abstaining}"
                yield (_day(meeting.day), vote.candidate, what, numbers, results[found.result])

    yield from _table(
        (_("日期"), _("姓名"), _("环节"), _("赞成/反对/弃权"), _("结果")),
        (16, 14, 26, 22, 14),
        lines(),
    )


def _talks(year: Year) -> Iterator[Block]:
    yield from _table(
        (_("日期"), _("参加人员"), _("主题")),
        (16, 30, 44),
        (
            (
                _day(meeting.day),
                "、".join(s.name for s in year.seats.get(meeting.pk, ()) if s.is_present),
                meeting.title,
            )
            for meeting in year.of(MeetingKind.TALK)
        ),
    )


def _dues(year: Year) -> Iterator[Block]:
    """A tick a month, with how many are still open: no amounts, no names."""
    months = DuesMonth.objects.filter(
        branch=year.branch, month__gte=year.span.start, month__lte=year.span.end
    )

    def line(month: DuesMonth) -> tuple:
        open_ones = sum(arrear.settled_on is None for arrear in month.arrears.all())
        told = _("尚有%(count)s人未交") % {"count": open_ones} if open_ones else _("已交清")
        return (f"{month.month:%Y-%m}", told)

    yield from _table(
        (_("月份"), _("情况")),
        (3, 9),
        (line(month) for month in months.order_by("month").prefetch_related("arrears")),
    )
