"""A township's own rules, the fixed day over all branches, and the honest way out of a gap."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import DutyKind, Organization
from meetings.models import (
    ActivityPolicy,
    AgendaItem,
    Explanation,
    FixedAction,
    MeetingKind,
    Obligation,
)
from meetings.reports import cell_of
from meetings.rules import Span, State
from tests import factories

pytestmark = pytest.mark.django_db

BACKEND = "branches.backends.DutyBackend"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(factories.NOON, tick=False):
        yield date(2026, 11, 24)


@pytest.fixture
def branch():
    return factories.branch("上峰村第一党支部")


def sign_in(client, kind, organization):
    user = factories.person(kind, organization)
    client.force_login(user, backend=BACKEND)
    return user


def explain(client, branch, **data):
    url = reverse("meetings:explanation_create", args=[branch.pk, "theme_day", "2026-10"])
    return client.post(url, {"kind": "not_held", "reason": "防汛值守", **data})


def state(branch):
    return cell_of(branch, "theme_day", Span.parse("2026-10"), on=date(2026, 11, 24)).state


def test_a_reason_closes_a_gap_and_taking_it_back_opens_it(client, branch):
    sign_in(client, DutyKind.SECRETARY, branch)
    assert explain(client, branch).status_code == 302
    assert state(branch) == State.EXPLAINED
    explanation = Explanation.objects.get()
    client.post(reverse("meetings:explanation_withdraw", args=[explanation.pk]))
    assert state(branch) == State.OVERDUE


def test_saying_it_again_replaces_the_reason(client, branch):
    sign_in(client, DutyKind.SECRETARY, branch)
    explain(client, branch)
    explain(client, branch, kind="moved", reason="秋收", moved_to="2026-11-12")
    assert Explanation.objects.get().moved_to == date(2026, 11, 12)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"reason": ""}, "请写明原因。"),
        ({"kind": "moved"}, "改期须写明新的日期"),
        ({"kind": "waived"}, "选择"),
    ],
)
def test_a_reason_that_says_nothing_is_refused_at_its_field(client, branch, data, told):
    sign_in(client, DutyKind.SECRETARY, branch)
    answer = explain(client, branch, **data)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not Explanation.objects.exists()


def test_only_staff_excuse_a_branch_from_a_rule(client, branch):
    sign_in(client, DutyKind.STAFF, branch.township)
    assert explain(client, branch, kind="waived", reason="支部正在筹建").status_code == 302
    assert state(branch) == State.EXPLAINED


@pytest.mark.parametrize("span", ["2026-13", "x", "2026-10-10"])
def test_a_period_that_is_none_is_not_found(client, branch, span):
    sign_in(client, DutyKind.SECRETARY, branch)
    url = reverse("meetings:explanation_create", args=[branch.pk, "theme_day", span])
    assert client.get(url).status_code == 404


def tighten(client, **data):
    values = {
        "times": 1,
        "period": "month",
        "article": "乡党委〔2026〕3号",
        "valid_from": "2026-12-01",
    }
    return client.post(reverse("meetings:obligation_tighten", args=["lecture"]), values | data)


def test_a_township_asks_more_from_a_day_on(client, branch):
    sign_in(client, DutyKind.STAFF, branch.township)
    assert tighten(client).status_code == 302
    own = Obligation.objects.get(township=branch.township)
    assert (own.kind, own.period, own.valid_from) == ("lecture", "month", date(2026, 12, 1))


def test_a_township_never_asks_less(client, branch):
    sign_in(client, DutyKind.STAFF, branch.township)
    answer = tighten(client, period="year")
    assert "乡镇的要求不能低于" in answer.content.decode()
    assert not Obligation.objects.filter(township=branch.township).exists()


def edit_policy(client, **data):
    values = {
        "day": 15,
        "roll": "next_working",
        "window_days": 7,
        "submit_within": 5,
        "visits_a_year": 6,
        "starts_at": "19:30",
        "actions": "集中学习\n交纳党费",
        "actions_from": "2026-12-01",
    }
    return client.post(reverse("meetings:policy_edit"), values | data)


def test_new_fixed_actions_leave_the_old_their_time(client, branch):
    sign_in(client, DutyKind.STAFF, branch.township)
    old = FixedAction.objects.create(
        township=branch.township, name="诵读党章", position=1, valid_from=date(2020, 1, 1)
    )
    assert edit_policy(client).status_code == 302
    assert ActivityPolicy.objects.get(township=branch.township).day == 15
    old.refresh_from_db()
    assert old.valid_to == date(2026, 11, 30)
    names = FixedAction.objects.in_force(date(2026, 12, 1)).values_list("name", flat=True)
    assert list(names) == ["集中学习", "交纳党费"]


def test_a_fixed_action_in_use_is_not_lost(client, branch):
    sign_in(client, DutyKind.STAFF, branch.township)
    today = FixedAction.objects.create(
        township=branch.township, name="诵读党章", position=1, valid_from=date(2026, 11, 24)
    )
    AgendaItem.objects.create(
        meeting=factories.meeting(branch),
        position=1,
        kind="fixed",
        title=today.name,
        fixed_action=today,
    )
    edit_policy(client, actions_from="2026-11-24")
    assert FixedAction.objects.filter(pk=today.pk).exists()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"day": 31}, "固定日应在1到28之间"),
        ({"actions": "学习\n学习"}, "有重复的固定动作"),
        ({"actions": "\n".join(str(n) for n in range(11))}, "不超过10项"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_whole(client, branch, data, told):
    sign_in(client, DutyKind.STAFF, branch.township)
    answer = edit_policy(client, **data)
    assert told in answer.content.decode()
    assert not ActivityPolicy.objects.exists()
    assert not FixedAction.objects.exists()


def test_the_month_shows_both_ways_out_of_a_gap(client, branch):
    sign_in(client, DutyKind.SECRETARY, branch)
    page = client.get(reverse("meetings:activity_month")).content.decode()
    assert f"?branch={branch.pk}&kind=theme_day" in page
    assert reverse("meetings:explanation_create", args=[branch.pk, "theme_day", "2026-11"]) in page
    factories.meeting(branch, kinds=(MeetingKind.THEME_DAY,), day=date(2026, 11, 10))
    assert "已开展" in client.get(reverse("meetings:activity_month")).content.decode()


def test_the_month_costs_the_same_for_one_branch_and_twenty(client):
    township = factories.township()
    sign_in(client, DutyKind.STAFF, township)
    factories.branch(parent=township)
    url = reverse("meetings:activity_month")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _ in range(20):
        factories.meeting(
            factories.branch(parent=township),
            kinds=(MeetingKind.THEME_DAY,),
            day=date(2026, 11, 10),
        )
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert Organization.objects.branches().count() == 21
    assert len(many) == len(few) <= 8
