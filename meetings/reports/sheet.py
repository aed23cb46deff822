"""What the logging form is filled in with: all that the system knows before a thumb touches it."""

from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import BooleanField, F, Value

from branches.models import ContactPoint, Organization, PostRole
from curriculum.models import Course
from meetings.models import (
    ActivityPolicy,
    AgendaItem,
    AgendaKind,
    FixedAction,
    Guest,
    Meeting,
    MeetingKind,
    MeetingState,
    MeetingType,
)
from meetings.record import NEEDS_FIRST_TOPIC, Gathering, Seat, gathering
from meetings.rules import Span

from .attendance import Roster, roster, seats_of
from .life import NO_LIFE, Life, life_of

RECENT_TOPICS = 8


class Choice(NamedTuple):
    """A row to tick: its id and what it says."""

    pk: int
    name: str


@dataclass(frozen=True)
class Sheet:
    """A branch's day with who was expected, and everything recorded of the meeting so far."""

    branch: Organization
    meeting: Meeting
    kinds: tuple[str, ...]
    day: date
    group_id: int | None
    roster: Roster
    recorded: tuple[Seat, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    life: Life = NO_LIFE
    guests: tuple[Guest, ...] = ()
    leaders: tuple[Choice, ...] = ()
    fixed: tuple[Choice, ...] = ()
    courses: tuple[Choice, ...] = ()
    user_id: int | None = None

    @cached_property
    def _recent(self) -> list[AgendaItem]:
        """The branch's latest first topics, read when the page is to be shown: saving needs none."""
        return _recent_topics(self.branch, before=self.meeting)

    @property
    def topics(self) -> tuple[str, ...]:
        """Suggestions for the first topic, while it is not known and the kinds ask for one."""
        if self.meeting.submitted_at or not NEEDS_FIRST_TOPIC & set(self.kinds):
            return ()
        if any(item.kind == AgendaKind.FIRST_TOPIC for item in self.agenda):
            return ()
        return tuple(dict.fromkeys(row.title for row in self._recent))

    @property
    def defaults(self) -> dict:
        """The usual chair, recorder, place and hour, for a meeting nobody has written down yet."""
        if self.meeting.pk and self.meeting.state != MeetingState.PLANNED:
            return {}
        return _defaults(self, self._recent)

    @property
    def gathering(self) -> Gathering | None:
        return gathering(self.kinds)

    @property
    def rightful_chair_id(self) -> int | None:
        return self.roster.rightful_chair(self.gathering, self.group_id)

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Who is expected. A record that was handed in keeps the roster it was made with."""
        meeting = self.meeting
        is_unchanged = (meeting.day, meeting.group_id, gathering(meeting.held_as)) == (
            self.day,
            self.group_id,
            self.gathering,
        )
        if meeting.submitted_at and is_unchanged and self.gathering is not Gathering.PAIR:
            return self.recorded
        known = {seat.member_id: seat for seat in self.recorded}
        return tuple(
            _recorded_on(seat, known.get(seat.member_id), self.gathering)
            for seat in self.roster.seats_for(self.gathering, self.group_id)
        )


def _recorded_on(seat: Seat, recorded: Seat | None, among: Gathering | None) -> Seat:
    """Take over what was recorded; otherwise all have come, save those art. 23 excuses."""
    state, reason = seat.state, seat.reason
    if recorded is not None:
        state, reason = recorded.state, recorded.reason
    elif among is Gathering.PAIR:
        state, reason = "", ""
    elif not seat.is_expected:
        state, reason = "leave", "old_or_ill"
    return Seat(
        member_id=seat.member_id,
        can_vote=seat.can_vote,
        excuse=seat.excuse,
        state=state,
        reason=reason,
        name=seat.name,
        initials=seat.initials,
        adjustment=recorded.adjustment if recorded is not None else "",
    )


def new_sheet(
    branch: Organization, *, kinds: tuple[str, ...], day: date, group_id: int | None, user_id: int
) -> Sheet:
    """A meeting that is not planned yet. `branch` brings its township's policy along."""
    meeting = Meeting(branch=branch, day=day)
    meeting.held_as = ()
    return _fill(meeting, kinds=kinds, day=day, group_id=group_id, user_id=user_id)


def sheet_of(
    meeting: Meeting, *, kinds: tuple[str, ...], day: date, group_id: int | None, user_id: int
) -> Sheet:
    """A meeting that is planned or recorded, seen as of these kinds and this day."""
    return _fill(meeting, kinds=kinds, day=day, group_id=group_id, user_id=user_id)


def _fill(
    meeting: Meeting, *, kinds: tuple[str, ...], day: date, group_id: int | None, user_id: int
) -> Sheet:
    branch = meeting.branch
    is_new = meeting.pk is None
    is_planned = is_new or meeting.state == MeetingState.PLANNED
    agenda = () if is_new else tuple(meeting.agenda.select_related("vote"))
    people = roster(branch, day)
    if MeetingKind.GROUP in kinds and group_id not in people.groups:
        group_id = _idle_group(branch, people, day)
    guests, leaders = _visitors(meeting, day)
    return Sheet(
        branch=branch,
        meeting=meeting,
        kinds=kinds,
        day=day,
        group_id=group_id,
        roster=people,
        recorded=() if is_planned else seats_of(meeting),
        agenda=agenda,
        life=life_of(meeting, agenda, kinds),
        guests=guests,
        leaders=leaders,
        fixed=_fixed_actions(branch, kinds, day, agenda),
        courses=_courses(branch) if MeetingKind.LECTURE in kinds else (),
        user_id=user_id,
    )


def _idle_group(branch: Organization, people: Roster, day: date) -> int | None:
    """Return the first group that has not met in the month of `day`, else the first of all."""
    month = Span.containing(day, "month")
    met = MeetingType.objects.filter(
        branch=branch,
        kind=MeetingKind.GROUP,
        counted_on__gte=month.start,
        counted_on__lte=month.end,
    ).values_list("group", flat=True)
    known = set(met)
    groups = sorted(people.groups, key=lambda pk: pk in known)
    return groups[0] if groups else None


def _visitors(meeting: Meeting, day: date) -> tuple[tuple[Guest, ...], tuple[Choice, ...]]:
    """Read the guests on record and the leaders linked to the branch, in one statement."""
    linked = (
        ContactPoint.objects.in_force(day)
        .filter(branch=meeting.branch)
        .order_by()
        .values_list(
            "leader", "leader__full_name", Value(""), Value(True, output_field=BooleanField()), "pk"
        )
    )
    sat_in = (
        Guest.objects.filter(meeting=meeting.pk)
        .order_by()
        .values_list("leader", "name", "position", Value(False, output_field=BooleanField()), "pk")
    )
    guests, leaders = [], []
    for leader_id, name, position, is_link, _pk in sorted(
        sat_in.union(linked, all=True), key=_pk_of
    ):
        if is_link:
            leaders.append(Choice(leader_id, name))
        else:
            guests.append(Guest(leader_id=leader_id, name=name, position=position))
    known = {leader.pk for leader in leaders}
    leaders += [
        Choice(g.leader_id, g.name) for g in guests if g.leader_id and g.leader_id not in known
    ]
    return tuple(guests), tuple(leaders)


def _pk_of(row: tuple) -> int:
    return row[-1]


def _recent_topics(branch: Organization, *, before: Meeting) -> list[AgendaItem]:
    """The branch's latest first topics; their meetings tell the usual place and recorder."""
    return list(
        AgendaItem.objects.filter(kind=AgendaKind.FIRST_TOPIC, meeting__branch=branch)
        .exclude(meeting=before.pk)
        .order_by("-meeting__day", "-meeting")
        .annotate(place=F("meeting__place"), recorder_id=F("meeting__recorder"))
        .only("title")[:RECENT_TOPICS]
    )


def _fixed_actions(
    branch: Organization, kinds: tuple[str, ...], day: date, agenda: tuple[AgendaItem, ...]
) -> tuple[Choice, ...]:
    """Return the fixed steps on record or, while there are none, those in force on the day."""
    recorded = tuple(
        Choice(item.fixed_action_id, item.title)
        for item in agenda
        if item.kind == AgendaKind.FIXED and item.fixed_action_id
    )
    if recorded or MeetingKind.THEME_DAY not in kinds:
        return recorded
    in_force = FixedAction.objects.in_force(day).filter(township=branch.township_id)
    return tuple(
        Choice(*row) for row in in_force.order_by("position", "pk").values_list("pk", "name")
    )


def _courses(branch: Organization) -> tuple[Choice, ...]:
    rows = Course.objects.filter(township=branch.township_id, is_open=True)
    return tuple(Choice(*row) for row in rows.order_by("series", "pk").values_list("pk", "title"))


def policy_of(branch: Organization) -> ActivityPolicy:
    """Return the township's settings, or what holds where it made none."""
    try:
        return branch.township.activity_policy
    except (AttributeError, ObjectDoesNotExist):
        return ActivityPolicy()


def _defaults(sheet: Sheet, last: list[AgendaItem]) -> dict:
    people = sheet.roster
    belonging = {person.seat.member_id for person in people.people}
    recorder_id = next((row.recorder_id for row in last if row.recorder_id in belonging), None)
    starts_at = policy_of(sheet.branch).starts_at
    return {
        "chair": sheet.rightful_chair_id,
        "recorder": recorder_id
        or people.holder(PostRole.ORGANIZATION)
        or people.member_of(sheet.user_id),
        "place": next((row.place for row in last if row.place), ""),
        "starts_at": time.fromisoformat(starts_at) if isinstance(starts_at, str) else starts_at,
    }
