"""学时 of each member in a year, derived from what was held: lectures and theme days."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from branches.models import Exemption, Membership, Organization, Post
from branches.rules import NOT_REQUIRED, excuse_of
from meetings import hours
from meetings.hours import Learned, Session
from meetings.models import Attendance, MeetingKind, MeetingType
from meetings.models.attendance import PRESENT_STATES
from meetings.models.meeting import COUNTED_STATES
from meetings.rules import Span

LEARNING = (MeetingKind.LECTURE, MeetingKind.THEME_DAY)
NOTHING = Learned()


class MemberHours(NamedTuple):
    """One member's year. `needed` is 0 for whom art. 23 asks nothing and who joined within it."""

    member_id: int
    name: str
    learned: Learned
    needed: int
    is_leading: bool

    @property
    def hours(self) -> float:
        return self.learned.hours

    @property
    def is_short(self) -> bool:
        return self.learned.minutes < self.needed * 60


def hours_of(branch: Organization, year: int, *, on: date) -> list[MemberHours]:
    """Return the hours of everyone who belonged to the branch on `on` (or at the year's end)."""
    branches = Organization.objects.filter(pk=branch.pk)
    return hours_by_branch(branches, year, on=on).get(branch.pk, [])


def hours_by_branch(
    branches: "QuerySet[Organization]", year: int, *, on: date
) -> dict[int, list[MemberHours]]:
    """Return the hours of the members of each branch, in four statements however many there are."""
    day = min(on, date(year, 12, 31))
    keys = branches.order_by().values("pk")
    belonging = Membership.objects.in_force(day).filter(branch__in=keys)
    members = belonging.order_by().values("member")
    learned = dict(_learned(members, Span(date(year, 1, 1), "year")))
    leading = set(
        Post.objects.in_force(day).filter(organization__in=keys).values_list("member", flat=True)
    )
    exempt = defaultdict(list)
    exemptions = Exemption.objects.in_force(day).filter(member__in=members)
    for member_id, *exemption in exemptions.values_list("member", "kind", "approval"):
        exempt[member_id].append(tuple(exemption))
    found: dict[int, list[MemberHours]] = defaultdict(list)
    fields = ("branch", "member", "member__name", "member__joined_on")
    for branch_id, pk, name, joined_on in belonging.order_by(
        "member__initials", "member"
    ).values_list(*fields):
        needed = hours.HOURS_OF_COMMITTEE if pk in leading else hours.HOURS_OF_MEMBERS
        if excuse_of(exempt[pk]) in NOT_REQUIRED or joined_on > date(year, 1, 1):
            needed = 0
        found[branch_id].append(
            MemberHours(pk, name, learned.get(pk, NOTHING), needed, pk in leading)
        )
    return found


def _learned(members: QuerySet, year: Span) -> Iterator[tuple[int, Learned]]:
    """Yield each member with what the year's sessions come to; one pass, a member at a time."""
    learning = MeetingType.objects.filter(meeting=OuterRef("meeting"), kind__in=LEARNING)
    rows = (
        Attendance.objects.filter(
            Exists(learning),
            Q(state__in=PRESENT_STATES) | Q(made_up_on__isnull=False),
            member__in=members,
            meeting__state__in=COUNTED_STATES,
            meeting__day__gte=year.start,
            meeting__day__lte=year.end,
        )
        .order_by("member")
        .values_list("member", "meeting__day", "meeting__starts_at", "meeting__ends_at")
    )
    for member_id, sessions in groupby(rows.iterator(), key=lambda row: row[0]):
        yield member_id, hours.learned(Session(*row[1:]) for row in sessions)
