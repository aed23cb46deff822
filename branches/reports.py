"""Reads over many rows: who belonged where on a day, head counts, terms that end."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from branches import rules
from branches.models import (
    Exemption,
    Membership,
    MemberStatus,
    Organization,
    OrganizationKind,
    Term,
)

Branches = QuerySet[Organization] | Iterable[Organization]


class RosterEntry(NamedTuple):
    """One member of a branch as of a day.

    `excuse` is the exemption that matters (`rules.excuse_of`) or empty; `is_expected` says
    whether the member counts as 应到 at a meeting, `can_vote` whether as 有表决权. Whom elections
    and admissions leave out follows from `rules.LEFT_OUT_OF_VOTES`.
    """

    member_id: int
    name: str
    initials: str
    group_id: int | None
    status: str
    excuse: str
    can_vote: bool
    is_expected: bool
    is_floating: bool
    floating_to: str


def roster_on(branch: Organization, day: date) -> list[RosterEntry]:
    """Return who belonged to the branch on that day, by initials, whatever happened since."""
    belonging = Membership.objects.in_force(day).filter(branch=branch)
    exemptions = defaultdict(list)
    for member_id, kind, approval in (
        Exemption.objects.in_force(day)
        .filter(member__in=belonging.values("member"))
        .values_list("member", "kind", "approval")
    ):
        exemptions[member_id].append((kind, approval))
    rows = belonging.order_by("member__initials", "member").values_list(
        "member",
        "member__name",
        "member__initials",
        "group",
        "member__full_on",
        "member__is_floating",
        "member__floating_to",
    )
    return [_entry(*row, exemptions=exemptions.get(row[0], ()), day=day) for row in rows]


def _entry(
    member_id, name, initials, group_id, full_on, is_floating, floating_to, *, exemptions, day
) -> RosterEntry:
    excuse = rules.excuse_of(exemptions)
    status = MemberStatus.FULL if rules.is_full(full_on, day) else MemberStatus.PROBATIONARY
    return RosterEntry(
        member_id=member_id,
        name=name,
        initials=initials,
        group_id=group_id,
        status=status.value,
        excuse=excuse,
        can_vote=rules.can_vote(full_on=full_on, kinds=[k for k, _ in exemptions], day=day),
        is_expected=excuse not in rules.NOT_REQUIRED,
        is_floating=is_floating,
        floating_to=floating_to,
    )


class Headcount(NamedTuple):
    """How many belonged to a branch on a day. `expected` are those whose attendance is demanded."""

    members: int = 0
    full: int = 0
    floating: int = 0
    expected: int = 0
    voting: int = 0

    @property
    def probationary(self) -> int:
        return self.members - self.full


NOBODY = Headcount()


def headcounts(branches: Branches, on: date) -> dict[int, Headcount]:
    """Return the head count of each branch, by its id, in one statement; empty branches are absent."""
    full = Q(member__full_on__lte=on)
    rows = (
        _counted(branches, on)
        .annotate(
            members=Count("pk"),
            full=Count("pk", filter=full),
            floating=Count("pk", filter=Q(member__is_floating=True)),
            expected=Count("pk", filter=~_exempt(rules.NOT_REQUIRED, on)),
            voting=Count("pk", filter=full & ~_exempt(rules.NO_VOTE, on)),
        )
        .values_list("branch", *Headcount._fields)
    )
    return {branch_id: Headcount(*counts) for branch_id, *counts in rows}


def expected_count(branches: Branches, day: date) -> dict[int, int]:
    """Return how many each branch expected (应到) on that day, by its id, in one statement."""
    rows = (
        _counted(branches, day)
        .annotate(expected=Count("pk", filter=~_exempt(rules.NOT_REQUIRED, day)))
        .values_list("branch", "expected")
    )
    return dict(rows)


def _counted(branches: Branches, on: date) -> QuerySet:
    return Membership.objects.in_force(on).filter(branch__in=branches).order_by().values("branch")


def _exempt(kinds: Iterable[str], on: date) -> Exists:
    return Exists(Exemption.objects.in_force(on).filter(member=OuterRef("member"), kind__in=kinds))


def totals(counts: Iterable[Headcount]) -> Headcount:
    return Headcount(*(sum(column) for column in zip(*counts, strict=True))) if counts else NOBODY


def latest_terms() -> QuerySet[Term]:
    """Keep each organization's last term."""
    later = Term.objects.filter(
        organization=OuterRef("organization"), starts_on__gt=OuterRef("starts_on")
    )
    return Term.objects.filter(~Exists(later))


def ending_terms(on: date) -> QuerySet[Term]:
    """Keep the last terms that have ended or end within half a year (art. 21)."""
    return latest_terms().filter(
        Q(organization__dissolved_on=None) | Q(organization__dissolved_on__gt=on),
        ends_on__lte=rules.add_months(on, rules.TERM_WARNING_MONTHS),
    )


def branches_with_ending_term(on: date) -> QuerySet[Term]:
    """Keep the terms of branches that ask for an election now: rows are terms, not branches."""
    return ending_terms(on).filter(organization__kind=OrganizationKind.BRANCH)
