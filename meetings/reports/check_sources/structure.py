"""How branches are made up: numbers, terms, posts, groups; leaders' visits; probationers."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from branches.models import ContactPoint, Membership, PartyGroup, Post, PostRole
from branches.reports import NOBODY, headcounts, latest_terms
from meetings.checks.branch_facts import (
    OrganizationFacts,
    Probationer,
    ProbationFacts,
    Vacancy,
    VisitFacts,
    Visits,
)
from meetings.checks.organization import ROLES
from meetings.models import AgendaItem, Meeting
from meetings.models.meeting import COUNTED_STATES
from meetings.record import Ballots, outcome
from meetings.reports.attendance import seats_of_each
from meetings.reports.visits import visit_rows
from meetings.rules import VoteResult

from .base import Branches, keys, sources, year_of


@sources.register("organization")
def organization(branches: Branches, on: date) -> dict[int, OrganizationFacts]:
    """Numbers, terms, posts and groups of the day, in six statements."""
    counts = headcounts(branches.order_by(), on)
    in_post = dict(
        Post.objects.in_force(on)
        .filter(organization__in=keys(branches))
        .order_by()
        .values_list("organization")
        .annotate(people=Count("member", distinct=True))
    )
    terms = {
        pk: (starts_on, ends_on, note)
        for pk, starts_on, ends_on, note in latest_terms()
        .filter(organization__in=keys(branches))
        .values_list("organization", "starts_on", "ends_on", "extension_note")
    }
    vacancies = _vacancies(branches, on, {pk: term[0] for pk, term in terms.items()})
    grouped, ungrouped = _groups(branches, on)
    facts = {}
    for pk in branches.order_by().values_list("pk", flat=True):
        count = counts.get(pk, NOBODY)
        _starts_on, ends_on, note = terms.get(pk, (None, None, ""))
        facts[pk] = OrganizationFacts(
            on=on,
            members=count.members,
            full=count.full,
            committee=in_post.get(pk, 0),
            term_ends_on=ends_on,
            has_approval=bool(note.strip()),
            vacancies=tuple(vacancies[pk]),
            ungrouped=tuple(ungrouped[pk]),
            has_groups=pk in grouped,
        )
    return facts


def _vacancies(branches: Branches, on: date, begun: dict[int, date]) -> dict[int, list[Vacancy]]:
    """Return the posts that somebody left in this term and nobody took, and missing secretaries."""
    left: dict[int, dict[str, date]] = defaultdict(dict)
    held: dict[int, set[str]] = defaultdict(set)
    posts = Post.objects.filter(organization__in=keys(branches), role__in=list(ROLES))
    for pk, role, to_on in (
        posts.filter(from_on__lte=on).order_by("to_on").values_list("organization", "role", "to_on")
    ):
        if to_on is None or to_on > on:
            held[pk].add(role)
        else:
            left[pk][role] = to_on
    found: dict[int, list[Vacancy]] = defaultdict(list)
    for pk in branches.order_by().values_list("pk", flat=True):
        for role in ROLES:
            since = left[pk].get(role)
            is_open = since is not None and since > begun.get(pk, date.min)
            if role not in held[pk] and (is_open or role == PostRole.SECRETARY):
                found[pk].append(Vacancy(role, since))
    return found


def _groups(branches: Branches, on: date) -> tuple[set[int], dict[int, list[str]]]:
    """Return the branches that have groups, and the members of each who are in none."""
    groups = PartyGroup.objects.filter(
        Q(established_on=None) | Q(established_on__lte=on),
        Q(dissolved_on=None) | Q(dissolved_on__gt=on),
    )
    grouped = set(groups.filter(branch__in=keys(branches)).values_list("branch", flat=True))
    ungrouped: dict[int, list[str]] = defaultdict(list)
    rows = Membership.objects.in_force(on).filter(
        Exists(groups.filter(branch=OuterRef("branch"))), branch__in=keys(branches), group=None
    )
    for pk, name in rows.order_by("member__initials", "member").values_list(
        "branch", "member__name"
    ):
        ungrouped[pk].append(name)
    return grouped, ungrouped


@sources.register("visits")
def visits(branches: Branches, on: date) -> dict[int, VisitFacts]:
    """How often those linked today, or who stood in for them, were there this year."""
    points = (
        ContactPoint.objects.in_force(on)
        .filter(branch__in=keys(branches))
        .select_related("leader", "branch__township__activity_policy")
        .order_by("branch", "leader__full_name", "pk")
    )
    found: dict[int, list[Visits]] = defaultdict(list)
    for row in visit_rows(points, year_of(on.year)):
        point = row.point
        attended = row.attended + sum(times for _name, times in row.in_his_stead)
        found[point.branch_id].append(
            Visits(point.leader_id, point.leader.full_name, point.from_on, attended, row.asked)
        )
    return {pk: VisitFacts(on, tuple(leaders)) for pk, leaders in found.items()}


@sources.register("probation")
def probation(branches: Branches, on: date) -> dict[int, ProbationFacts]:
    """Probationary members with the valid decisions on record that name them, in three."""
    rows = list(
        Membership.objects.in_force(on)
        .filter(Q(member__full_on=None) | Q(member__full_on__gt=on), branch__in=keys(branches))
        .order_by("member__initials", "member")
        .values_list("branch", "member", "member__name", "member__joined_on")
    )
    decided = _decisions({(branch_id, name) for branch_id, _pk, name, _day in rows})
    found: dict[int, list[Probationer]] = defaultdict(list)
    for branch_id, pk, name, joined_on in rows:
        steps = tuple(
            (step, day)
            for step, day in decided[branch_id, name]
            if step != "admit" and day >= joined_on
        )
        found[branch_id].append(Probationer(pk, name, joined_on, steps))
    return {pk: ProbationFacts(on, tuple(people)) for pk, people in found.items()}


def _decisions(people: set[tuple[int, str]]) -> dict[tuple[int, str], list[tuple[str, date]]]:
    """Return what was voted on each and passed, by branch and name, oldest first."""
    items = (
        AgendaItem.objects.filter(
            meeting__branch__in={branch_id for branch_id, _name in people},
            meeting__state__in=COUNTED_STATES,
            vote__candidate__in={name for _branch_id, name in people},
        )
        .exclude(vote__step="")
        .select_related("vote", "meeting")
        .order_by("meeting__day", "pk")
    )
    items = list(items)
    seats = seats_of_each(Meeting(pk=pk) for pk in {item.meeting_id for item in items})
    decided: dict[tuple[int, str], list[tuple[str, date]]] = defaultdict(list)
    for item in items:
        vote = item.vote
        ballots = Ballots(rule=vote.rule, in_favour=vote.in_favour)
        result = outcome(ballots, seats.get(item.meeting_id, ())).result
        if result == VoteResult.PASSED:
            decided[item.meeting.branch_id, vote.candidate].append((vote.step, item.meeting.day))
    return decided


# --- Where it is mended ---------------------------------------------------------------------------


@sources.mended_at("term")
@sources.mended_at("post")
@sources.mended_at("size")
@sources.mended_at("leader")
def _branch(branch_id: int, _rest: str) -> str:
    return reverse("branches:organization_detail", args=[branch_id])
