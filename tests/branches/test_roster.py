from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches import reports
from branches.models import Exemption, ExemptionKind, Membership, Organization, Term
from tests import factories

DAY = date(2026, 11, 10)
pytestmark = pytest.mark.django_db


def entries(branch, day=DAY):
    return {entry.name: entry for entry in reports.roster_on(branch, day)}


def exempt(member, kind, **fields):
    return Exemption.objects.create(
        member=member, kind=kind, from_on=fields.pop("from_on", date(2026, 1, 1)), **fields
    )


def test_a_past_roster_stays_true_after_a_transfer():
    here, there = factories.branch(), factories.branch()
    member = factories.member(here, "李建国")
    period = Membership.objects.get()
    period.to_on = DAY
    period.save()
    Membership.objects.create(member=member, branch=there, from_on=DAY)
    member.branch = there
    member.save()

    assert "李建国" in entries(here, date(2026, 11, 9))
    assert "李建国" not in entries(here)
    assert "李建国" in entries(there)


def test_a_roster_says_group_status_and_vote_of_that_day():
    branch = factories.branch()
    group = factories.group(branch)
    factories.member(branch, "甲", group=group)
    factories.member(
        branch, "乙", joined_on=date(2025, 11, 11), full_on=date(2026, 11, 11), is_floating=True
    )

    roster = entries(branch)

    assert (roster["甲"].group_id, roster["甲"].status, roster["甲"].can_vote) == (
        group.pk,
        "full",
        True,
    )
    assert (roster["乙"].status, roster["乙"].can_vote) == ("probationary", False)
    assert roster["乙"].is_floating
    assert entries(branch, date(2026, 11, 11))["乙"].can_vote


def test_exemptions_excuse_on_their_days_only():
    branch = factories.branch()
    old = factories.member(branch, "老党员")
    exempt(old, ExemptionKind.OLD_OR_ILL, to_on=DAY)
    away = factories.member(branch, "在外")
    exempt(away, ExemptionKind.AWAY, approval="乡党委同意")
    suspended = factories.member(branch, "停权")
    exempt(suspended, ExemptionKind.SUSPENDED)

    before = entries(branch, date(2026, 11, 9))
    assert (before["老党员"].excuse, before["老党员"].is_expected) == ("old_or_ill", False)
    assert before["老党员"].can_vote
    assert (before["在外"].excuse, before["在外"].is_expected) == ("away", True)
    assert (before["停权"].excuse, before["停权"].can_vote) == ("", False)
    assert entries(branch)["老党员"].is_expected


def test_head_counts_agree_with_the_roster():
    first, second = factories.branch(), factories.branch()
    factories.members(first, 3)
    exempt(factories.member(first), ExemptionKind.OLD_OR_ILL)
    exempt(factories.member(first), ExemptionKind.SUSPENDED)
    factories.member(second, joined_on=date(2026, 1, 1), full_on=None, is_floating=True)

    both = Organization.objects.branches()
    counts = reports.headcounts(both, DAY)

    assert counts[first.pk] == reports.Headcount(
        members=5, full=5, floating=0, expected=4, voting=4
    )
    assert counts[second.pk] == reports.Headcount(1, 0, 1, 1, 0)
    assert counts[second.pk].probationary == 1
    assert reports.expected_count(both, DAY) == {first.pk: 4, second.pk: 1}
    assert reports.totals(counts.values()).members == 6
    assert reports.totals([]) == reports.NOBODY
    for branch in (first, second):
        roster = reports.roster_on(branch, DAY)
        assert sum(entry.is_expected for entry in roster) == counts[branch.pk].expected
        assert sum(entry.can_vote for entry in roster) == counts[branch.pk].voting


def statements(call) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        call()
    return len(queries)


def test_a_roster_costs_the_same_for_1_member_and_for_20():
    branch = factories.branch()
    exempt(factories.member(branch), ExemptionKind.AWAY)
    one = statements(lambda: reports.roster_on(branch, DAY))
    for member in factories.members(branch, 19):
        exempt(member, ExemptionKind.AWAY)
    assert statements(lambda: reports.roster_on(branch, DAY)) == one == 2


def test_head_counts_are_one_statement():
    factories.members(factories.branch(), 2)
    branches = Organization.objects.branches()
    assert statements(lambda: reports.headcounts(branches, DAY)) == 1
    assert statements(lambda: reports.expected_count(branches, DAY)) == 1


def test_only_the_last_term_of_an_existing_branch_asks_for_an_election():
    ending, renewed, far, dissolved = (factories.branch() for _ in range(4))
    Term.objects.create(organization=ending, starts_on=date(2022, 1, 1), ends_on=date(2027, 5, 10))
    Term.objects.create(organization=renewed, starts_on=date(2021, 6, 1), ends_on=date(2026, 6, 1))
    Term.objects.create(organization=renewed, starts_on=date(2026, 6, 1), ends_on=date(2031, 6, 1))
    Term.objects.create(organization=far, starts_on=date(2022, 6, 1), ends_on=date(2027, 5, 11))
    Term.objects.create(
        organization=dissolved, starts_on=date(2021, 1, 1), ends_on=date(2026, 1, 1)
    )
    dissolved.dissolved_on = date(2026, 2, 1)
    dissolved.save()

    asked = reports.branches_with_ending_term(DAY)

    assert [term.organization for term in asked] == [ending]
