"""What was said or found at a meeting becomes an issue in one tap, and only once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.models import DutyKind
from inspections import rules, services
from inspections.models import Issue
from meetings.checks.base import CheckClass, registry
from meetings.followups import follow_ups
from meetings.models import CheckResult, CommentKind, Problem
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def branch(township):
    return factories.branch("上峰村第一党支部", parent=township)


@pytest.fixture
def leader(township, branch):
    who = factories.person(DutyKind.LEADER, township, "王乡长")
    factories.contact_point(who, branch)
    return who


@pytest.fixture
def staff(township):
    return factories.person(DutyKind.STAFF, township)


@pytest.fixture
def secretary(branch):
    return factories.person(DutyKind.SECRETARY, branch)


@pytest.fixture
def meeting(branch):
    return factories.meeting(branch, title="学习贯彻会议精神", day=date(2026, 11, 5))


@pytest.fixture
def remark(meeting, leader):
    return factories.comment(meeting, by=leader)


def result(branch, code="A01", **fields):
    values = {
        "subject": f"test:{factories.number()}",
        "text": "第三季度没有党员大会的记录",
        "day": date(2026, 7, 1),
        "found_at": factories.NOON,
    }
    return CheckResult.objects.create(branch=branch, code=code, **(values | fields))


def tap(client, user, route, row, **sent):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client.post(reverse(f"inspections:{route}", args=[row.pk]), sent)


def offered(user, row) -> bool:
    found = follow_ups(user, [row]).get(row.pk)
    return found is not None and not found.is_done


def test_a_comment_becomes_an_issue_with_a_deadline_in_one_tap(client, leader, secretary, remark):
    response = tap(client, leader, "issue_from_comment", remark)
    issue = Issue.objects.get()
    assert response.url == issue.get_absolute_url()
    assert (issue.title, issue.comment, issue.meeting) == (remark.text, remark, remark.meeting)
    assert issue.due_on == timezone.localdate() + timedelta(days=rules.DEADLINE_DAYS["light"])
    assert issue.detail == "王乡长在2026年11月5日“学习贯彻会议精神”：讨论不充分"
    assert Notice.objects.filter(recipient=secretary, title="请整改：讨论不充分").exists()


def test_a_second_tap_makes_no_second_issue(client, leader, staff, remark):
    tap(client, leader, "issue_from_comment", remark)
    response = tap(client, staff, "issue_from_comment", remark, next="/")
    assert response.url == "/"
    assert Issue.objects.count() == 1
    [offer] = follow_ups(staff, [remark]).values()
    assert offer.is_done
    assert offer.url == Issue.objects.get().get_absolute_url()


def test_what_is_on_the_list_waits_for_no_answer_beside_it(client, leader, remark):
    tap(client, leader, "issue_from_comment", remark)
    remark.refresh_from_db()
    assert remark.answer.startswith("已列入问题清单，整改时限")


def test_the_branchs_own_answer_stays(leader, secretary, remark):
    remark.answer, remark.answered_by, remark.answered_at = "已改", secretary, timezone.now()
    remark.save()
    assert services.make_of_comment(remark, by=leader, at=timezone.now())
    remark.refresh_from_db()
    assert remark.answer == "已改"


def test_the_meetings_page_offers_it_and_then_leads_to_it(client, leader, remark):
    client.force_login(leader, backend="branches.backends.DutyBackend")
    page = reverse("meetings:meeting_leader", args=[remark.meeting_id])
    url = reverse("inspections:issue_from_comment", args=[remark.pk])
    assert f'action="{url}"' in client.get(page).text
    tap(client, leader, "issue_from_comment", remark)
    text = client.get(page).text
    assert f'action="{url}"' not in text
    assert Issue.objects.get().get_absolute_url() in text


def test_praise_is_no_issue(client, meeting, leader):
    praise = factories.comment(meeting, by=leader, kind=CommentKind.GOOD)
    assert not offered(leader, praise)
    assert tap(client, leader, "issue_from_comment", praise).status_code == 403


def test_who_may_not_raise_issues_is_offered_none(township, secretary, remark):
    assert not offered(secretary, remark)
    assert not offered(factories.person(DutyKind.LEADER, township), remark)


def test_a_long_comment_is_shortened_in_the_title_and_whole_in_the_detail(meeting, leader):
    remark = factories.comment(meeting, by=leader, text="长" * 300)
    issue = services.make_of_comment(remark, by=leader, at=timezone.now())
    assert issue.title == "长" * 99 + "…"
    assert remark.text in issue.detail


def test_a_branch_carries_its_own_problem_with_remedy_and_deadline(client, meeting, secretary):
    member = factories.member(meeting.branch)
    due_on = timezone.localdate() + timedelta(days=40)
    problem = Problem.objects.create(
        meeting=meeting,
        position=1,
        text="学习抓得不紧",
        remedy="每月集中学习",
        responsible=member,
        due_on=due_on,
    )
    assert offered(secretary, problem)
    tap(client, secretary, "issue_from_problem", problem)
    issue = Issue.objects.get()
    assert (issue.title, issue.demand, issue.responsible, issue.due_on, issue.problem) == (
        "学习抓得不紧",
        "每月集中学习",
        member,
        due_on,
        problem,
    )


def test_the_problems_of_a_meeting_stand_one_tap_from_the_list(client, meeting, secretary):
    problem = Problem.objects.create(meeting=meeting, position=1, text="学习抓得不紧")
    member = factories.member(meeting.branch)
    Problem.objects.create(meeting=meeting, position=2, text="不愿发言", member=member)
    client.force_login(secretary, backend="branches.backends.DutyBackend")
    page = reverse("meetings:problem_list", args=[meeting.pk])
    url = reverse("inspections:issue_from_problem", args=[problem.pk])
    text = client.get(page).text
    assert f'action="{url}"' in text
    assert "不愿发言" not in text
    response = client.post(url, {"next": page}, follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert Issue.objects.get().get_absolute_url() in response.text


def test_a_deadline_that_has_passed_is_not_taken_over(meeting, secretary):
    today = timezone.localdate()
    problem = Problem.objects.create(
        meeting=meeting, position=1, text="学习不紧", due_on=today - timedelta(days=1)
    )
    issue = services.make_of_problem(problem, by=secretary, at=timezone.now())
    assert issue.due_on > today


def test_what_one_member_was_criticised_for_stays_in_the_branch(meeting, secretary, staff):
    member = factories.member(meeting.branch)
    problem = Problem.objects.create(meeting=meeting, position=1, text="不愿发言", member=member)
    assert not offered(secretary, problem)
    assert not offered(staff, problem)


def test_a_checks_finding_becomes_an_issue_in_its_own_words(client, branch, staff):
    found = result(branch)
    assert offered(staff, found)
    tap(client, staff, "issue_from_check", found)
    issue = Issue.objects.get()
    check = registry["A01"]
    assert (issue.category, issue.title, issue.basis, issue.demand) == (
        "frequency",
        check.title,
        check.article,
        check.advice,
    )
    assert issue.detail == found.text


def test_a_suspicion_an_explained_and_a_mended_result_are_no_issues(branch, staff):
    explained = result(branch, reason="防汛", explained_at=factories.NOON)
    mended = result(branch, is_current=False)
    unknown = result(branch, code="Z99")
    assert [offered(staff, row) for row in (explained, mended, unknown)] == [False] * 3
    suspicion = next((c for c in registry if c.kind is CheckClass.SUSPICION), None)
    assert suspicion is not None
    assert not offered(staff, result(branch, code=suspicion.code))


def test_the_secretary_makes_no_issue_of_a_check(branch, secretary):
    assert not offered(secretary, result(branch))


def test_many_rows_cost_two_statements(django_assert_max_num_queries, meeting, leader):
    rows = [factories.comment(meeting, by=leader) for _ in range(20)]
    for row in rows:
        services.make_of_comment(row, by=leader, at=timezone.now())
    person = type(leader).objects.get(pk=leader.pk)
    with django_assert_max_num_queries(3):  # the duties too, which a page reads in its frame
        found = follow_ups(person, rows)
    assert len(found) == 20


@pytest.mark.parametrize(
    ("code", "category"),
    [
        ("A01", "frequency"),
        ("A14", "other"),
        ("B01", "record"),
        ("B05", "attendance"),
        ("B16", "procedure"),
        ("C01", "record"),
        ("C05", "content"),
        ("C14", "attendance"),
        ("C21", "follow_up"),
        ("D01", "follow_up"),
        ("Z99", "other"),
    ],
)
def test_each_check_has_its_category(code, category):
    assert rules.category_of(code) == category
