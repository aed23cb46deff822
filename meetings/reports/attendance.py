"""Who is expected at a meeting, as the roster of its day has it, and who holds which post then."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import FilteredRelation, Q

from branches import rules as branch_rules
from branches.models import Exemption, Membership, Organization, Post, PostRole
from meetings.models import Attendance, Meeting
from meetings.record import Gathering, Seat


class _Group(NamedTuple):
    name: str
    leader_id: int | None


class _Person(NamedTuple):
    seat: Seat
    group_id: int | None
    user_id: int | None
    roles: frozenset[str]
    is_full: bool
    # Exemptions in force that say the member is not at home.
    away: frozenset[str] = frozenset()


# By which a member cannot be in the room, approved or not.
AWAY = frozenset({"away", "abroad", "custody", "bedridden"})


@dataclass(frozen=True, slots=True)
class Roster:
    """The members of a branch on a day; `seats_for` picks those whom a meeting expects."""

    people: tuple[_Person, ...]
    groups: dict[int, _Group]

    def seats_for(self, gathering: Gathering | None, group_id: int | None) -> tuple[Seat, ...]:
        """Return a seat for everyone expected; at a 谈心谈话 nobody is until chosen."""
        if gathering is Gathering.COMMITTEE:
            return tuple(person.seat for person in self.people if person.roles)
        if gathering is Gathering.GROUP:
            return tuple(p.seat for p in self.people if p.group_id == group_id)
        return tuple(person.seat for person in self.people)

    def holder(self, role: str) -> int | None:
        """Return the member who held the post that day."""
        return next((p.seat.member_id for p in self.people if role in p.roles), None)

    def rightful_chair(self, gathering: Gathering | None, group_id: int | None) -> int | None:
        """Return who takes the chair by art. 14: the secretary, in a group its leader."""
        if gathering is Gathering.GROUP:
            return self.groups[group_id].leader_id if group_id in self.groups else None
        return self.holder(PostRole.SECRETARY)

    @property
    def chairs(self) -> frozenset[int]:
        """Return everyone who takes the chair of some meeting by art. 14."""
        leaders = {group.leader_id for group in self.groups.values()}
        return frozenset((leaders | {self.holder(PostRole.SECRETARY)}) - {None})

    def member_of(self, user_id: int) -> int | None:
        """Return the member whom the account belongs to, if it is one of these."""
        return next((p.seat.member_id for p in self.people if p.user_id == user_id), None)

    @property
    def probationary(self) -> frozenset[int]:
        """Return the members who had not been confirmed that day."""
        return frozenset(p.seat.member_id for p in self.people if not p.is_full)

    def committee(self) -> frozenset[int]:
        return frozenset(p.seat.member_id for p in self.people if p.roles)


COLUMNS = (
    "member",
    "member__name",
    "member__initials",
    "member__full_on",
    "member__user",
    "group",
    "group__name",
    "group__leader",
)


def roster(branch: Organization, day: date) -> Roster:
    """Read members, exemptions and posts of a branch on a day in one statement."""
    rows = (
        Membership.objects.in_force(day)
        .filter(branch=branch)
        .annotate(
            exempt=FilteredRelation("member__exemptions", condition=_on("member__exemptions", day)),
            post=FilteredRelation(
                "member__posts",
                condition=_on("member__posts", day) & Q(member__posts__organization=branch),
            ),
        )
        .order_by("member__initials", "member")
        .values_list(*COLUMNS, "exempt__kind", "exempt__approval", "post__role")
    )
    exemptions, roles, facts = defaultdict(set), defaultdict(set), {}
    for member_id, *rest, kind, approval, role in rows:
        facts[member_id] = rest
        if kind:
            exemptions[member_id].add((kind, approval))
        if role:
            roles[member_id].add(role)
    return _roster(day, facts, exemptions, roles)


def rosters(wanted: Iterable[tuple[int, date]]) -> dict[tuple[int, date], Roster]:
    """Return the rosters of many branches on many days, in three statements."""
    wanted = set(wanted)
    branches = {branch for branch, _day in wanted}
    rows = Membership.objects.filter(branch__in=branches).order_by("member__initials", "member")
    members = defaultdict(list)
    for branch_id, from_on, to_on, *row in rows.values_list("branch", "from_on", "to_on", *COLUMNS):
        members[branch_id].append((from_on, to_on, row))
    exempt, posts = defaultdict(list), defaultdict(list)
    for member_id, *row in Exemption.objects.filter(
        member__memberships__branch__in=branches
    ).values_list("member", "from_on", "to_on", "kind", "approval"):
        exempt[member_id].append(row)
    for branch_id, *row in Post.objects.filter(organization__in=branches).values_list(
        "organization", "from_on", "to_on", "member", "role"
    ):
        posts[branch_id].append(row)
    found = {}
    for branch_id, day in wanted:
        facts = {row[0]: row[1:] for *span, row in members[branch_id] if _holds(*span, day)}
        roles = defaultdict(set)
        for *span, member_id, role in posts[branch_id]:
            if _holds(*span, day):
                roles[member_id].add(role)
        exemptions = defaultdict(set)
        for member_id in facts:
            for *span, kind, approval in exempt[member_id]:
                if _holds(*span, day):
                    exemptions[member_id].add((kind, approval))
        found[branch_id, day] = _roster(day, facts, exemptions, roles)
    return found


def _holds(from_on: date, to_on: date | None, day: date) -> bool:
    return from_on <= day and (to_on is None or to_on > day)


def _roster(
    day: date,
    facts: dict[int, list],
    exemptions: dict[int, set[tuple[str, str]]],
    roles: dict[int, set[str]],
) -> Roster:
    """Put a roster together from the columns of each member, and that day's exemptions and posts."""
    return Roster(
        people=tuple(
            _Person(
                seat=Seat(
                    member_id=member_id,
                    name=name,
                    initials=initials,
                    excuse=branch_rules.excuse_of(sorted(exemptions[member_id])),
                    can_vote=branch_rules.can_vote(
                        full_on=full_on,
                        kinds=[k for k, _approval in exemptions[member_id]],
                        day=day,
                    ),
                ),
                group_id=group_id,
                user_id=user_id,
                roles=frozenset(roles[member_id]),
                is_full=full_on is not None and full_on <= day,
                away=frozenset(k for k, _a in exemptions[member_id]) & AWAY,
            )
            for member_id, (name, initials, full_on, user_id, group_id, *_group) in facts.items()
        ),
        groups={
            group_id: _Group(name, leader_id)
            for group_id, name, leader_id in sorted(
                {tuple(rest[-3:]) for rest in facts.values() if rest[-3]}
            )
        },
    )


def _on(relation: str, day: date) -> Q:
    """Condition on a joined period: in force on that day."""
    return Q(**{f"{relation}__from_on__lte": day}) & (
        Q(**{f"{relation}__to_on": None}) | Q(**{f"{relation}__to_on__gt": day})
    )


def seats_of(meeting: Meeting) -> tuple[Seat, ...]:
    """Return the seats as they were recorded: that day's roster, kept as it was."""
    return seats_of_each([meeting]).get(meeting.pk, ())


def seats_of_each(meetings: Iterable[Meeting]) -> dict[int, tuple[Seat, ...]]:
    """Return the seats of each meeting by its id, in one statement; without seats it is absent."""
    seats = defaultdict(list)
    rows = Attendance.objects.filter(meeting__in=[meeting.pk for meeting in meetings])
    for meeting_id, *seat in rows.order_by("member__initials", "member").values_list(
        "meeting",
        "member",
        "can_vote",
        "excuse",
        "state",
        "reason",
        "member__name",
        "member__initials",
        "adjustment",
    ):
        seats[meeting_id].append(Seat(*seat))
    return {meeting_id: tuple(of_meeting) for meeting_id, of_meeting in seats.items()}
