"""Reads over many rows: who belonged where on a day, head counts, terms that end."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from branches import paths, rules
from branches.models import (
    Exemption,
    Membership,
    MemberStatus,
    Organization,
    OrganizationKind,
    Post,
    PostRole,
    Term,
)
from branches.rules import SizeHint

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
        can_vote=rules.can_vote(
            full_on=full_on, kinds=[kind for kind, _approval in exemptions], day=day
        ),
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
    rows = _counted(Q(branch__in=branches), "branch", on)
    return {branch_id: Headcount(*counts) for branch_id, *counts in rows}


def headcounts_below(organizations: Iterable[Organization], on: date) -> dict[int, Headcount]:
    """Return the head count of each organization with everything below it, in one statement."""
    ids = {organization.path: organization.pk for organization in organizations}
    reach = Q(branch__in=[o.pk for o in organizations if o.is_branch])
    for organization in organizations:
        if not organization.is_branch:
            path = organization.path
            reach |= Q(branch__path__gte=path, branch__path__lt=paths.end(path))
    counts = dict.fromkeys(ids.values(), NOBODY)
    for path, *numbers in _counted(reach, "branch__path", on):
        for above in paths.upwards(path):
            if above in ids:
                counts[ids[above]] = totals([counts[ids[above]], Headcount(*numbers)])
    return counts


def expected_count(branches: Branches, day: date) -> dict[int, int]:
    """Return how many each branch expected (应到) on that day, by its id, in one statement."""
    return dict(
        _belonging(Q(branch__in=branches), day)
        .values("branch")
        .annotate(expected=Count("pk", filter=~_exempt(rules.NOT_REQUIRED, day)))
        .values_list("branch", "expected")
    )


def _belonging(reach: Q, on: date) -> QuerySet:
    return Membership.objects.in_force(on).filter(reach).order_by()


def _counted(reach: Q, key: str, on: date) -> QuerySet:
    full = Q(member__full_on__lte=on)
    return (
        _belonging(reach, on)
        .values(key)
        .annotate(
            members=Count("pk"),
            full=Count("pk", filter=full),
            floating=Count("pk", filter=Q(member__is_floating=True)),
            expected=Count("pk", filter=~_exempt(rules.NOT_REQUIRED, on)),
            voting=Count("pk", filter=full & ~_exempt(rules.NO_VOTE, on)),
        )
        .values_list(key, *Headcount._fields)
    )


def _exempt(kinds: Iterable[str], on: date) -> Exists:
    return Exists(Exemption.objects.in_force(on).filter(member=OuterRef("member"), kind__in=kinds))


def totals(counts: Iterable[Headcount]) -> Headcount:
    return Headcount(*map(sum, zip(NOBODY, *counts, strict=True)))


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


# --- The list of organizations -----------------------------------------------------------------


def with_secretary_and_term(organizations: QuerySet[Organization], on: date) -> QuerySet:
    """Add `secretary` (the name of the one in post) and `term_ends_on` to each organization."""
    secretary = (
        Post.objects.in_force(on)
        .filter(organization=OuterRef("pk"), role=PostRole.SECRETARY)
        .order_by("-from_on")
        .values("member__name")[:1]
    )
    term = Term.objects.filter(organization=OuterRef("pk")).order_by("-starts_on")
    return organizations.annotate(
        secretary=Subquery(secretary), term_ends_on=Subquery(term.values("ends_on")[:1])
    )


class OrganizationRow(NamedTuple):
    """One line of the list. `depth` counts from the uppermost organization on the page."""

    organization: Organization
    depth: int
    headcount: Headcount
    term_step: str


def organization_rows(organizations: list[Organization], on: date) -> list[OrganizationRow]:
    """Shape organizations read by `with_secretary_and_term` into lines, with one statement more."""
    counts = headcounts_below(organizations, on)
    top = min((paths.depth(o.path) for o in organizations), default=0)
    return [
        OrganizationRow(
            organization=organization,
            depth=paths.depth(organization.path) - top,
            headcount=counts[organization.pk],
            term_step=rules.term_step(organization.term_ends_on, on)
            if organization.term_ends_on
            else "",
        )
        for organization in organizations
    ]


SIZE_HINTS = {
    SizeHint.TOO_FEW_FULL: _("正式党员不足3人，宜与邻近单位联合设立党支部（条例约第4、5条）。"),
    SizeHint.TOO_MANY: _("党员超过50人，一般应分设党支部（条例约第5条）。"),
    SizeHint.COMMITTEE_MISSING: _("正式党员满7人，应设立支部委员会（条例第20条）。"),
    SizeHint.COMMITTEE_NOT_DUE: _("正式党员不足7人，设书记1名，必要时设副书记1名（条例第20条）。"),
    SizeHint.COMMITTEE_SMALL: _("支部委员会一般由3至5人组成（条例第20条）。"),
    SizeHint.COMMITTEE_LARGE: _("支部委员会一般不超过7人（条例第20条）。"),
}


def size_hints(branch: Organization, headcount: Headcount, posts: Iterable[Post]) -> list[str]:
    """Say what is unusual about a branch's numbers, each with its article; no statement."""
    if not branch.is_branch or branch.dissolved_on:
        return []
    found = rules.size_hints(
        members=headcount.members,
        full=headcount.full,
        committee=len({post.member_id for post in posts}),
    )
    return [SIZE_HINTS[hint] for hint in found]
