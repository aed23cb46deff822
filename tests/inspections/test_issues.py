"""The life of an issue: who is told, what is logged, and of two people at once one has done it."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from branches.models import DutyKind
from curriculum.models import ItemState
from curriculum.services import ensure_checklists
from curriculum.weekly import Week
from inspections import reports, rules, services
from inspections.models import Issue, IssueAction, IssueCategory, IssueState, Severity
from notifications.models import Notice
from tests import factories
from tests.factories import NOON

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    township = factories.township()
    branch = factories.branch(parent=township)
    people = {
        "secretary": factories.person(DutyKind.SECRETARY, branch),
        "committee": factories.person(DutyKind.COMMITTEE, branch),
        "staff": factories.person(DutyKind.STAFF, township),
        "leader": factories.person(DutyKind.LEADER, township),
    }
    factories.contact_point(people["leader"], branch)
    factories.person(DutyKind.SECRETARY, factories.branch(parent=township), "邻支部书记")
    return {"branch": branch, **people}


def raised(people, **fields) -> Issue:
    values = {
        "category": "record",
        "title": "会议记录缺请假人员",
        "by": people["leader"],
        "at": NOON,
    }
    return services.raise_issue(people["branch"], **(values | fields))


def answered(people, **fields) -> Issue:
    issue = raised(people, **fields)
    services.answer_issue(issue, text="已补记。", by=people["secretary"], at=NOON)
    return issue


def told(action: str) -> set[str]:
    notices = Notice.objects.filter(key__startswith=f"inspections.{action}:")
    return set(notices.values_list("recipient__full_name", flat=True))


def steps(issue: Issue) -> list[str]:
    return list(issue.events.values_list("action", flat=True))


@pytest.mark.parametrize(
    ("severity", "due_on"),
    [
        (Severity.LIGHT, date(2026, 12, 9)),
        (Severity.MEDIUM, date(2026, 12, 4)),
        (Severity.SEVERE, date(2026, 11, 29)),
    ],
)
def test_the_deadline_follows_from_the_severity(people, severity, due_on):
    assert raised(people, severity=severity).due_on == due_on


def test_every_finding_names_a_known_category_and_no_demand_asks_for_an_invented_record():
    assert {finding.category for finding in rules.FINDINGS} <= set(IssueCategory.values)
    assert len(rules.BY_CODE) == len(rules.FINDINGS)
    for finding in rules.FINDINGS:
        assert len(finding.title) <= 100
        assert len(finding.demand) <= 300
        assert finding.basis
        if finding.category == "frequency":
            assert "不补写会议记录" in finding.demand


def test_raising_tells_the_branch_and_nobody_else(people):
    issue = raised(people)
    assert told("raised") == {"支部书记", "支部委员"}
    assert steps(issue) == [IssueAction.RAISED]


def test_answering_tells_the_raiser_and_the_staff(people):
    issue = answered(people)
    assert issue.state == IssueState.ANSWERED
    assert told("answered") == {"联系领导", "党务工作者"}
    assert steps(issue) == [IssueAction.RAISED, IssueAction.ANSWERED]


def test_a_second_answer_changes_nothing(people):
    issue = answered(people)
    again = services.answer_issue(issue, text="另一份答复", by=people["committee"], at=NOON)
    issue.refresh_from_db()
    assert not again
    assert issue.answer == "已补记。"
    assert steps(issue) == [IssueAction.RAISED, IssueAction.ANSWERED]


def test_returning_gives_a_new_deadline_and_asks_again(people):
    issue = answered(people, due_on=TODAY - DAY)
    assert services.return_issue(issue, note="缺原因", by=people["leader"], at=NOON)
    assert (issue.state, issue.due_on) == (IssueState.RETURNED, date(2026, 11, 29))
    assert told("returned") == {"支部书记", "支部委员"}
    assert services.answer_issue(issue, text="写明了原因。", by=people["committee"], at=NOON)
    # Each answer is a notice of its own.
    assert Notice.objects.filter(recipient=people["staff"], key__contains="answered").count() == 2


def test_closing_is_for_another_person_than_the_one_who_answered(people):
    issue = answered(people)
    with pytest.raises(ValidationError, match="答复人以外的人"):
        services.close_issue(issue, by=people["secretary"], at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Issue.objects.filter(pk=issue.pk).update(
            state=IssueState.CLOSED, closed_by=people["secretary"], closed_at=NOON
        )
    assert services.close_issue(issue, note="已核实", by=people["leader"], at=NOON)
    assert issue.state == IssueState.CLOSED
    assert told("closed") == {"支部书记", "支部委员"}


def test_of_two_who_check_at_once_one_decides(people):
    issue = answered(people)
    stale = Issue.objects.get(pk=issue.pk)
    assert services.close_issue(issue, by=people["leader"], at=NOON)
    assert not services.return_issue(stale, note="缺原因", by=people["staff"], at=NOON)
    issue.refresh_from_db()
    assert issue.state == IssueState.CLOSED
    assert IssueAction.RETURNED not in steps(issue)


def test_an_open_issue_cannot_be_closed_or_returned(people):
    issue = raised(people)
    assert not services.close_issue(issue, by=people["leader"], at=NOON)
    assert not services.return_issue(issue, note="缺原因", by=people["leader"], at=NOON)
    assert steps(issue) == [IssueAction.RAISED]


def test_an_issue_is_extended_once(people):
    issue = raised(people)
    later, latest = issue.due_on + 5 * DAY, issue.due_on + 9 * DAY
    assert services.extend_issue(issue, due_on=later, reason="汛期", by=people["leader"], at=NOON)
    assert not services.extend_issue(
        issue, due_on=latest, reason="再延", by=people["staff"], at=NOON
    )
    issue.refresh_from_db()
    assert issue.due_on == later


def test_of_two_who_extend_at_once_one_decides(people, monkeypatch):
    issue = raised(people)
    stale = Issue.objects.get(pk=issue.pk)
    services.extend_issue(
        issue, due_on=issue.due_on + DAY, reason="汛期", by=people["leader"], at=NOON
    )
    # The other one had looked before the first extension was written.
    monkeypatch.setattr("inspections.services.issues.has_been_extended", lambda _issue: False)
    assert not services.extend_issue(
        stale, due_on=issue.due_on + 9 * DAY, reason="汛期", by=people["staff"], at=NOON
    )


# --- Overdue ------------------------------------------------------------------------------------


def at(day: date) -> datetime:
    return NOON + (day - TODAY)


def overdue_notices() -> list[str]:
    return sorted(
        Notice.objects.filter(key__startswith="inspections.overdue:").values_list(
            "recipient__full_name", flat=True
        )
    )


def test_a_missed_deadline_is_said_once_to_branch_staff_and_linked_leader(people):
    issue = raised(people, due_on=TODAY)
    assert services.mark_overdue_issues(at=at(TODAY)) == 0
    assert services.mark_overdue_issues(at=at(TODAY + DAY)) == 1
    assert services.mark_overdue_issues(at=at(TODAY + 2 * DAY)) == 0
    assert overdue_notices() == ["党务工作者", "支部书记", "支部委员", "联系领导"]
    assert steps(issue) == [IssueAction.RAISED, IssueAction.OVERDUE]


def test_a_worker_that_was_down_says_it_late(people):
    raised(people, due_on=TODAY)
    assert services.mark_overdue_issues(at=at(TODAY + 40 * DAY)) == 1


def test_the_next_deadline_is_said_again(people):
    issue = raised(people, due_on=TODAY)
    services.mark_overdue_issues(at=at(TODAY + DAY))
    services.extend_issue(
        issue, due_on=TODAY + 3 * DAY, reason="汛期", by=people["leader"], at=at(TODAY + DAY)
    )
    assert services.mark_overdue_issues(at=at(TODAY + 2 * DAY)) == 0
    assert services.mark_overdue_issues(at=at(TODAY + 4 * DAY)) == 1
    assert len(overdue_notices()) == 8


def test_what_was_answered_is_not_overdue(people):
    answered(people, due_on=TODAY)
    assert services.mark_overdue_issues(at=at(TODAY + DAY)) == 0


def test_marking_costs_the_same_for_one_issue_and_for_twenty(people):
    def cost(how_many: int, due_on: date) -> int:
        for _ in range(how_many):
            raised(people, due_on=due_on)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert services.mark_overdue_issues(at=at(due_on + DAY)) == how_many
        return len(captured)

    assert cost(1, TODAY) == cost(20, TODAY + DAY)


# --- The week -----------------------------------------------------------------------------------


def item(issue: Issue, week: Week):
    return issue.branch.checklists.get(monday=week.monday).items.filter(
        key=f"inspections.issue:{issue.pk}"
    )


def test_an_issue_due_this_week_is_on_the_branchs_checklist_until_it_is_answered(people):
    week = Week.containing(TODAY)
    issue = raised(people, due_on=week.sunday)
    later = raised(people, due_on=week.sunday + DAY)
    ensure_checklists(week, at=NOON)
    line = item(issue, week).get()
    assert (line.kind, line.state, line.url) == ("required", "open", f"/issues/{issue.pk}/")
    assert not item(later, week).exists()

    services.answer_issue(issue, text="已补记。", by=people["secretary"], at=NOON)
    line.refresh_from_db()
    assert (line.state, line.evidence_url) == (ItemState.DONE, f"/issues/{issue.pk}/")

    services.return_issue(issue, note="缺原因", by=people["leader"], at=NOON)
    line.refresh_from_db()
    assert (line.state, line.due_on) == (ItemState.OPEN, issue.due_on)


def test_an_overdue_issue_is_asked_for_in_every_week(people):
    week = Week.containing(TODAY)
    issue = raised(people, due_on=TODAY - 30 * DAY)
    ensure_checklists(week, at=NOON)
    assert item(issue, week).get().due_on == issue.due_on


# --- What is shown ------------------------------------------------------------------------------


def test_the_list_begins_with_what_is_overdue_and_ends_with_what_is_closed(people):
    closed = answered(people, due_on=TODAY - 9 * DAY)
    services.close_issue(closed, by=people["leader"], at=NOON)
    waiting = raised(people, due_on=TODAY)
    overdue = raised(people, due_on=TODAY - DAY)
    checked = answered(people, due_on=TODAY - 5 * DAY)
    assert list(reports.worst_first(Issue.objects.all(), TODAY)) == [
        overdue,
        waiting,
        checked,
        closed,
    ]
    assert reports.board(Issue.objects.all(), TODAY) == {
        "waiting": 2,
        "overdue": 1,
        "answered": 1,
        "closed": 1,
    }


def test_the_same_finding_within_a_year_is_named_as_coming_back(people):
    raised(people, at=NOON - 400 * DAY)
    second = raised(people, at=NOON - 300 * DAY)
    third = raised(people)
    other = raised(people, title="另一个问题")
    marked = reports.with_recurrence(Issue.objects.all()).filter(is_repeated=True)
    assert set(marked) == {second, third}
    assert other not in marked
