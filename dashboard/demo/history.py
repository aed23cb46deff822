"""Months of meetings with realistic gaps and lateness, in bulk, for any number of branches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from meetings.models import (
    AgendaItem,
    AgendaKind,
    Attendance,
    AttendanceState,
    Meeting,
    MeetingKind,
    MeetingState,
    MeetingType,
    Vote,
    VoteRule,
)
from meetings.rules import Span

from . import phrases
from .loading import advance_sequences, load

BATCH_ROWS = 4000
SHANGHAI = timedelta(hours=8)
KINDS = MeetingKind


@dataclass(slots=True)
class Person:
    """What the history needs of a member."""

    pk: int
    name: str
    joined_on: date
    full_on: date | None
    group_id: int | None
    is_floating: bool
    is_excused: bool
    on_committee: bool = False

    def can_vote(self, day: date) -> bool:
        return self.full_on is not None and self.full_on <= day


@dataclass(slots=True)
class Branch:
    """What the history needs of a branch."""

    pk: int
    township_id: int
    people: list[Person]
    group_ids: list[int]
    reliability: float
    user_id: int | None = None
    place: str = ""
    secretary: Person | None = None
    recorder: Person | None = None
    group_leaders: dict[int, Person] = field(default_factory=dict)
    # What the last 党员大会 decided: told of when the branch next meets.
    decided: AgendaItem | None = None

    @property
    def has_committee(self) -> bool:
        return sum(person.full_on is not None for person in self.people) >= 7


@dataclass(slots=True)
class Plan:
    """One meeting to be written."""

    branch: Branch
    kinds: tuple[str, ...]
    day: date
    title: str
    group_id: int | None = None
    hours: int = 0

    @property
    def officers(self) -> tuple[Person | None, Person | None]:
        """Who chaired (art. 14) and who wrote it down."""
        branch = self.branch
        leader = branch.group_leaders.get(self.group_id or 0, branch.secretary)
        return leader, branch.secretary if leader is branch.recorder else branch.recorder


@dataclass
class Writer:
    """Collects rows and writes them in batches; primary keys are handed out here."""

    rng: Random
    today: date
    fixed_actions: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    details: bool = True
    attendance_since: date = date.min

    def __post_init__(self) -> None:
        last = Meeting.objects.order_by("-pk").values_list("pk", flat=True).first()
        self._next_pk = (last or 0) + 1
        last_item = AgendaItem.objects.order_by("-pk").values_list("pk", flat=True).first()
        self._next_item_pk = (last_item or 0) + 1

    def write(self, plans: Iterable[Plan]) -> int:
        """Write the meetings with types, attendance and, in detail, agenda and votes."""
        count, rows = 0, _Rows()
        for plan in plans:
            self._add(plan, rows)
            count += 1
            if len(rows.meetings) >= BATCH_ROWS:
                rows.flush()
                rows = _Rows()
        rows.flush()
        advance_sequences(Meeting, AgendaItem)
        return count

    def _add(self, plan: Plan, rows: "_Rows") -> None:
        rng, branch, day = self.rng, plan.branch, plan.day
        pk, self._next_pk = self._next_pk, self._next_pk + 1
        written, deadline = self._written(plan)
        evening = rng.random() < 0.7
        starts = time(19, rng.choice((0, 0, 30))) if evening else time(9, rng.choice((0, 30)))
        if plan.hours:
            starts = time(8)
        minutes = plan.hours * 60 or rng.randint(110, 170)
        chair, recorder = plan.officers
        is_old = day < self.today - timedelta(days=330)
        rows.meetings.append(
            Meeting(
                pk=pk,
                branch_id=branch.pk,
                township_id=branch.township_id,
                group_id=plan.group_id,
                title=plan.title,
                state=MeetingState.ARCHIVED if is_old else MeetingState.RECORDED,
                day=day,
                starts_at=starts,
                ends_at=(datetime.combine(day, starts) + timedelta(minutes=minutes)).time(),
                place=branch.place,
                chair_id=chair.pk if chair else None,
                recorder_id=recorder.pk if recorder else None,
                written_at=written,
                submitted_at=written + timedelta(minutes=rng.randint(3, 9)),
                submitted_by_id=branch.user_id,
                submit_by=deadline,
                late_note=phrases.LATE_NOTE if self._says_why(written, deadline) else "",
            )
        )
        rows.types.extend(
            MeetingType(
                meeting_id=pk,
                kind=kind,
                branch_id=branch.pk,
                group_id=plan.group_id if kind == KINDS.GROUP else None,
                counted_on=day,
            )
            for kind in plan.kinds
        )
        seats = self._attendance(plan, pk) if day >= self.attendance_since else []
        rows.attendance.extend(seats)
        if self.details:
            self._add_agenda(plan, pk, seats, rows)

    def _written(self, plan: Plan) -> tuple[datetime, date]:
        """Most records are handed in within the three working days, some late, never in advance."""
        deadline = _after_working_days(plan.day, 3)
        is_late = self.rng.random() > plan.branch.reliability
        days = self.rng.randint(6, 20) if is_late else self.rng.choice((0, 0, 1, 1, 2))
        day = min(plan.day + timedelta(days=days), self.today)
        hour = 21 if day == plan.day else self.rng.randint(8, 20)
        return datetime.combine(day, time(hour, self.rng.randint(0, 59)), UTC) - SHANGHAI, deadline

    def _says_why(self, written: datetime, deadline: date) -> bool:
        """Most of those who are late say why."""
        return (written + SHANGHAI).date() > deadline and self.rng.random() < 0.8

    def _attendance(self, plan: Plan, meeting_pk: int) -> list[Attendance]:
        rng = self.rng
        seats = []
        for person in _expected(plan):
            state, reason = AttendanceState.PRESENT, ""
            chance = rng.random()
            is_presiding = person in (plan.branch.secretary, plan.branch.recorder)
            if KINDS.TALK in plan.kinds:
                # One goes to whom cannot come, and calls who works elsewhere.
                state = AttendanceState.REMOTE if person.is_floating else state
            elif person.is_excused:
                state, reason = AttendanceState.LEAVE, "old_or_ill"
            elif person.is_floating and chance < 0.7 and not is_presiding:
                if chance < 0.35:
                    state = AttendanceState.REMOTE
                else:
                    state, reason = AttendanceState.LEAVE, "away"
            elif chance < 0.07 and not is_presiding:
                state = AttendanceState.LEAVE
                reason = rng.choice(("sick", "personal", "personal", "duty"))
            elif chance < 0.085 and not is_presiding:
                state = AttendanceState.ABSENT
            elif chance < 0.11:
                state = AttendanceState.LATE
            seats.append(
                Attendance(
                    meeting_id=meeting_pk,
                    member_id=person.pk,
                    state=state,
                    reason=reason,
                    excuse="old_or_ill" if person.is_excused else "",
                    can_vote=person.can_vote(plan.day),
                )
            )
        return seats

    def _add_agenda(self, plan: Plan, pk: int, seats: list[Attendance], rows: "_Rows") -> None:
        rng = self.rng
        items: list[AgendaItem] = []

        def add(kind: str, title: str, **fields) -> AgendaItem:
            item = AgendaItem(
                pk=self._next_item_pk,
                meeting_id=pk,
                position=len(items) + 1,
                kind=kind,
                title=title,
                **fields,
            )
            self._next_item_pk += 1
            items.append(item)
            return item

        if KINDS.TALK not in plan.kinds:
            title, source_on = _first_topic(plan.day)
            speaker = plan.branch.secretary.name if plan.branch.secretary else ""
            add(
                AgendaKind.FIRST_TOPIC,
                title,
                source_on=source_on,
                speaker=speaker,
                minutes=self._said(plan, title),
                resolution=rng.choice(phrases.MEASURES),
            )
        if KINDS.THEME_DAY in plan.kinds:
            for action_pk, name in self.fixed_actions.get(plan.branch.township_id, ()):
                done = rng.random() < 0.993
                add(AgendaKind.FIXED, name, fixed_action_id=action_pk, is_done=done)
            add(
                AgendaKind.OPTIONAL,
                phrases.THEMES[plan.day.month],
                minutes=self._said(plan, phrases.THEMES[plan.day.month]),
            )
            self._report(plan, add)
        if KINDS.COMMITTEE in plan.kinds:
            for title in (_decision(plan), rng.choice(phrases.COMMITTEE_TOPICS)):
                add(
                    AgendaKind.TOPIC,
                    title,
                    minutes=self._said(plan, title),
                    resolution=rng.choice(phrases.MEASURES),
                )
        if KINDS.GROUP in plan.kinds:
            title = phrases.THEMES[plan.day.month]
            add(AgendaKind.TOPIC, title, minutes=self._said(plan, title))
        if KINDS.LECTURE in plan.kinds:
            speaker = plan.branch.secretary.name if plan.branch.secretary else ""
            add(AgendaKind.LECTURE, "讲党课：身边人讲身边事", speaker=speaker)
        if KINDS.ASSEMBLY in plan.kinds and seats:
            title = _decision(plan)
            item = add(
                AgendaKind.DECISION,
                title,
                minutes=self._said(plan, title),
                responsible=plan.branch.recorder.name if plan.branch.recorder else "",
                due_on=plan.day + timedelta(days=20),
            )
            self._add_vote(item, seats, rows)
            plan.branch.decided = item
        rows.agenda.extend(items)

    def _said(self, plan: Plan, topic: str) -> str:
        """Compose what was said on a topic by members of the branch, never twice the same."""
        names = [person.name for person in _expected(plan) if not person.is_floating]
        return phrases.minutes(
            self.rng, topic, names or [person.name for person in _expected(plan)]
        )

    def _report(self, plan: Plan, add) -> None:
        """Tell what became of the last decision."""
        if decided := plan.branch.decided:
            text = f"{decided.responsible}报告：{self.rng.choice(phrases.CARRIED_OUT)}"
            add(AgendaKind.TOPIC, f"{decided.title}落实情况", minutes=text, follows_id=decided.pk)
            plan.branch.decided = None

    def _add_vote(self, item: AgendaItem, seats: list[Attendance], rows: "_Rows") -> None:
        present = sum(seat.can_vote and seat.is_present for seat in seats)
        against = self.rng.choice((0, 0, 0, 1)) if present > 5 else 0
        rows.votes.append(
            Vote(
                item_id=item.pk,
                rule=VoteRule.ORDINARY,
                in_favour=present - against,
                against=against,
            )
        )


class _Rows:
    def __init__(self) -> None:
        self.meetings: list[Meeting] = []
        self.types: list[MeetingType] = []
        self.attendance: list[Attendance] = []
        self.agenda: list[AgendaItem] = []
        self.votes: list[Vote] = []

    def flush(self) -> None:
        for rows in (self.meetings, self.types, self.attendance, self.agenda, self.votes):
            load(rows)


def plan_months(
    branches: Iterable[Branch], *, first: Span, today: date, rng: Random
) -> Iterator[Plan]:
    """Yield what the branches held from `first` up to yesterday, with gaps where life got in."""
    months = []
    month = first
    while month.start <= today:
        months.append(month)
        month = month.next
    for branch in branches:
        for month in months:
            for plan in _month(branch, month, rng):
                if plan.day < today:
                    yield plan


def _month(branch: Branch, month: Span, rng: Random) -> Iterator[Plan]:
    def day(n: int) -> date:
        return month.start.replace(day=n)

    label = f"{month.start.month}月"
    held = branch.reliability
    is_quarter_middle = month.start.month % 3 == 2
    if rng.random() < held:
        kinds: tuple[str, ...] = (KINDS.THEME_DAY,)
        if is_quarter_middle and rng.random() < 0.9:
            kinds += (KINDS.ASSEMBLY,)
        tenth = day(10) if rng.random() < 0.85 else day(rng.randint(11, 16))
        yield Plan(branch, kinds, tenth, f"{label}主题党日：{phrases.THEMES[month.start.month]}")
    if branch.has_committee and rng.random() < held - 0.02:
        yield Plan(branch, (KINDS.COMMITTEE,), day(rng.randint(2, 8)), f"{label}支委会")
    for group_id in branch.group_ids:
        if rng.random() < held - 0.08:
            title = f"{label}党小组会"
            yield Plan(branch, (KINDS.GROUP,), day(rng.randint(12, 26)), title, group_id)
    if month.start.month % 3 == 0 and rng.random() < held:
        yield Plan(branch, (KINDS.LECTURE,), day(rng.randint(15, 25)), f"{label}党课")
    if month.start.month == 12 and rng.random() < 0.9:
        yield Plan(branch, (KINDS.ORG_LIFE,), day(rng.randint(18, 28)), "年度组织生活会")
    if month.start.month == 2 and rng.random() < 0.9:
        yield Plan(branch, (KINDS.EVALUATION,), day(rng.randint(20, 27)), "民主评议党员")
    if month.start.month == 4 or (month.start.month == 9 and rng.random() < 0.5):
        yield Plan(
            branch, (KINDS.TALK,), day(27 if month.start.month == 4 else 9), "支委与党员谈心谈话"
        )


def _expected(plan: Plan) -> list[Person]:
    people = [p for p in plan.branch.people if p.joined_on <= plan.day]
    if KINDS.COMMITTEE in plan.kinds:
        return [p for p in people if p.on_committee]
    if KINDS.GROUP in plan.kinds:
        return [p for p in people if p.group_id == plan.group_id]
    return people


def _decision(plan: Plan) -> str:
    """Return the quarter's matter: the 支委会 takes it up before the 党员大会 votes on it."""
    month = plan.day.month
    return phrases.DECISIONS[(plan.branch.pk + (month + 1) // 3) % len(phrases.DECISIONS)]


def training(branches: Iterable[Branch], *, first: Span, today: date) -> Iterator[Plan]:
    """Yield the four days of training that every branch has each May (教育条例 art. 20)."""
    for branch in branches:
        for year in range(first.start.year, today.year + 1):
            for n in range(4):
                day = date(year, 5, 20 + n)
                if first.start <= day < today:
                    yield Plan(branch, (KINDS.LECTURE,), day, f"集中轮训第{n + 1}天", hours=8)


def _first_topic(day: date) -> tuple[str, date]:
    known = [(title, said) for since, title, said in phrases.FIRST_TOPICS if since <= day]
    return known[-1] if known else ("学习党的二十大精神", date(2022, 10, 16))


def _after_working_days(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
