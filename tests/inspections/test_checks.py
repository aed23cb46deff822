"""The checks of how problems are followed up."""

from datetime import UTC, date, datetime, timedelta

import pytest

from branches.models import DutyKind, Organization
from inspections.checks import FollowedIssue, IssueFacts
from inspections.models import IssueState
from meetings.checks.base import Scope, registry
from meetings.reports.check_sources import sources
from tests import factories

ON = date(2026, 11, 24)
RAISED = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)


def issue(**fields):
    known = {"title": "会议记录缺请假人员", "raised_on": date(2026, 10, 1), "due_on": ON}
    return IssueFacts(ON, (FollowedIssue(9, **(known | fields)),))


WRITTEN_UP = "已补记10月支委会会议记录。"
CASES = {
    "D01": [
        (issue(is_waiting=True, due_on=date(2026, 11, 23)), True),
        (issue(is_waiting=True), False),
        (issue(due_on=date(2026, 11, 1)), False),
    ],
    "D02": [
        (issue(is_closed=True, closed_by_another=False), True),
        (issue(is_closed=True), False),
        (issue(closed_by_another=False), False),
    ],
    "D03": [(issue(earlier_on=date(2026, 3, 1)), True), (issue(), False)],
    "D04": [
        (issue(answer=WRITTEN_UP, only_record=True), True),
        # The record is older than the issue, or nobody speaks of writing up.
        (issue(answer=WRITTEN_UP), False),
        (issue(answer="已召开支委会，明确专人记录。", only_record=True), False),
    ],
}


@pytest.mark.parametrize(
    ("code", "facts", "speaks"),
    [(code, *case) for code, cases in CASES.items() for case in cases],
)
def test_a_check_speaks_of_what_it_should_and_of_nothing_near_it(code, facts, speaks):
    hits = list(registry[code].find(facts, 0))
    assert [hit.subject for hit in hits] == (["issue:9"] if speaks else [])
    assert all(hit.text % hit.values for hit in hits)


def test_every_check_of_issues_has_its_cases():
    ours = [check.code for check in registry.of(Scope.BRANCH) if check.source == "issues"]
    assert ours == list(CASES)


@pytest.fixture
def branch(db):
    return factories.branch()


def read(branch) -> list[FollowedIssue]:
    facts = sources.load("issues", Organization.objects.filter(pk=branch.pk), ON)
    return list(facts[branch.pk].issues) if branch.pk in facts else []


def raise_issue(branch, at: datetime = RAISED, **fields):
    staff = factories.person(DutyKind.STAFF, branch.township)
    return factories.issue(branch, raised_by=staff, raised_at=at, **fields)


def test_the_same_problem_within_a_year_is_known_by_title_and_category(branch):
    raise_issue(branch, RAISED - timedelta(days=364))
    raise_issue(branch, RAISED - timedelta(days=30), title="别的问题")
    raise_issue(branch, RAISED - timedelta(days=20), category="content")
    raise_issue(branch)
    assert [found.earlier_on for found in read(branch)] == [None, None, None, date(2025, 10, 2)]


def test_what_was_closed_longer_ago_is_not_spoken_of(branch):
    staff = factories.person(DutyKind.STAFF, branch.township)
    long_ago = RAISED - timedelta(days=400)
    closed = {"state": IssueState.CLOSED, "answer": "已改", "closed_at": RAISED, "closed_by": staff}
    raise_issue(branch, long_ago, **closed)
    assert read(branch) == []
    raise_issue(branch, long_ago)
    assert len(read(branch)) == 1


def test_who_was_responsible_does_not_check_the_own_work(branch):
    staff = factories.person(DutyKind.STAFF, branch.township)
    closed = {"state": IssueState.CLOSED, "answer": "已改", "closed_at": RAISED, "closed_by": staff}
    raise_issue(branch, responsible=factories.member(branch), **closed)
    raise_issue(branch, responsible=factories.member(branch, user=staff), **closed)
    assert [found.closed_by_another for found in read(branch)] == [True, False]


@pytest.mark.parametrize(("days_after", "only_record"), [(-1, False), (1, True)])
def test_a_record_written_after_the_issue_about_an_earlier_day_is_a_hint(
    branch, days_after, only_record
):
    raise_issue(branch, state=IssueState.ANSWERED, answer=WRITTEN_UP)
    factories.meeting(branch, day=date(2026, 9, 10), written_at=RAISED + timedelta(days=days_after))
    assert [found.only_record for found in read(branch)] == [only_record]


def test_a_record_of_a_meeting_held_since_is_no_writing_up(branch):
    raise_issue(branch, state=IssueState.ANSWERED, answer=WRITTEN_UP)
    factories.meeting(branch, day=date(2026, 10, 5), written_at=RAISED + timedelta(days=5))
    assert [found.only_record for found in read(branch)] == [False]
