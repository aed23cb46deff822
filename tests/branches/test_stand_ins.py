"""While a leader is away another one looks after the branches linked to him."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from branches.leaders import leaders_by_branch, linked_branches, points_of
from branches.models import Duty, DutyKind, StandIn
from branches.services import stand_ins as services
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-24 12:00+08:00", tick=False):
        yield


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
def deputy(township):
    return factories.person(DutyKind.LEADER, township, "李委员")


def name(leader, deputy, first=FIRST, last=LAST, **fields):
    return services.name_stand_in(
        leader,
        deputy,
        from_on=first,
        last_on=last,
        by=fields.pop("by", leader),
        at=factories.NOON,
        **fields,
    )


def refused(*args, **kwargs) -> str:
    with pytest.raises(ValidationError) as caught:
        name(*args, **kwargs)
    return "".join(caught.value.messages)


def again(user: User) -> User:
    """The same person, as the next request reads him."""
    return User.objects.get(pk=user.pk)


def sign_in(client, user):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 19), "王乡长"),
        (date(2026, 11, 20), "李委员"),
        (date(2026, 11, 30), "李委员"),
        (date(2026, 12, 1), "王乡长"),
    ],
)
def test_the_stand_in_is_told_in_the_leaders_place_from_the_first_day_to_the_last(
    leader, deputy, branch, day, told
):
    name(leader, deputy)
    [who] = leaders_by_branch([branch.pk], on=day)[branch.pk]
    assert who.full_name == told


def test_both_look_after_the_branch_meanwhile_and_the_deputy_not_after(leader, deputy, branch):
    name(leader, deputy)
    assert linked_branches(again(leader)) == linked_branches(again(deputy)) == {branch.pk}
    assert not points_of(deputy, on=date(2026, 12, 1))


def test_a_leader_linked_and_standing_in_is_told_once(leader, deputy, branch):
    factories.contact_point(deputy, branch)
    name(leader, deputy)
    assert leaders_by_branch([branch.pk], on=TODAY) == {branch.pk: [deputy]}


def test_who_left_the_house_is_told_nothing(leader, branch):
    leader.is_active = False
    leader.save()
    assert leaders_by_branch([branch.pk], on=TODAY) == {}


def test_the_deputy_hears_of_it_and_one_who_named_himself_does_not(leader, deputy, township):
    name(leader, deputy)
    assert Notice.objects.get().recipient == deputy
    staff = factories.person(DutyKind.STAFF, township)
    name(leader, staff, date(2026, 12, 5), date(2026, 12, 6), by=staff)
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("kind", [DutyKind.STAFF, DutyKind.TOWNSHIP_SECRETARY])
def test_staff_and_the_township_secretary_may_stand_in(leader, township, kind):
    assert name(leader, factories.person(kind, township)).pk


@pytest.mark.parametrize("kind", [DutyKind.SECRETARY, DutyKind.COMMITTEE, DutyKind.OBSERVER])
def test_no_one_else_may(leader, township, kind):
    assert "一直担任" in refused(leader, factories.person(kind, township))


def test_a_leader_of_another_township_may_not(leader):
    elsewhere = factories.person(DutyKind.LEADER, factories.township("木镇镇党委"))
    assert "一直担任" in refused(leader, elsewhere)


def test_a_duty_that_ends_on_the_way_is_not_enough(leader, deputy):
    Duty.objects.filter(user=deputy).update(to_on=LAST)
    assert "一直担任" in refused(leader, deputy)
    Duty.objects.filter(user=deputy).update(to_on=date(2026, 12, 1))
    assert name(leader, deputy).pk


def test_days_that_overlap_are_refused_and_the_day_after_is_not(leader, deputy, township):
    name(leader, deputy)
    other = factories.person(DutyKind.LEADER, township)
    assert "已安排" in refused(leader, other, LAST, date(2026, 12, 5))
    assert name(leader, other, date(2026, 12, 1), date(2026, 12, 5)).pk


def test_nobody_stands_in_for_a_stand_in(leader, deputy, township):
    third = factories.person(DutyKind.LEADER, township)
    name(leader, deputy)
    assert "正代别人" in refused(deputy, third)
    assert "也不在" in refused(third, leader)


def test_the_last_day_is_not_before_the_first(leader, deputy):
    assert "不能早于" in refused(leader, deputy, LAST, FIRST)


def test_nobody_stands_in_for_himself(leader):
    assert "另一位" in refused(leader, leader)


def test_one_that_runs_ends_today_and_one_to_come_is_dropped(leader, deputy, branch):
    running = name(leader, deputy)
    to_come = name(leader, deputy, date(2027, 1, 1), date(2027, 1, 2))
    assert services.end_stand_in(running, on=TODAY)
    assert services.end_stand_in(to_come, on=TODAY)
    assert not services.end_stand_in(running, on=TODAY)
    assert list(StandIn.objects.values_list("to_on", flat=True)) == [TODAY]
    assert leaders_by_branch([branch.pk], on=TODAY) == {branch.pk: [leader]}


def test_a_leader_names_one_on_the_page_and_takes_it_back(client, leader, deputy, branch):
    url = reverse("branches:stand_in_create", args=[leader.pk])
    page = sign_in(client, leader).get(url)
    assert "李委员" in page.text
    sent = {"deputy": deputy.pk, "from_on": TODAY, "last_on": LAST, "reason": "外出学习"}
    page = client.post(url, sent, follow=True)
    assert "2026-11-24至2026-11-30" in page.text
    shown = client.get(branch.get_absolute_url()).text
    assert "12月1日前由李委员代为联系" in shown
    client.post(reverse("branches:stand_in_end", args=[StandIn.objects.get().pk]))
    assert not StandIn.objects.exists()


def test_what_is_refused_is_said_at_the_field(client, leader, deputy, township):
    name(leader, deputy)
    sign_in(client, factories.person(DutyKind.STAFF, township))
    url = reverse("branches:stand_in_create", args=[leader.pk])
    page = client.post(url, {"deputy": deputy.pk, "from_on": TODAY, "last_on": LAST})
    assert "已安排代为联系" in page.text
    assert StandIn.objects.count() == 1


def test_another_leader_may_not_name_one(client, leader, deputy):
    url = reverse("branches:stand_in_create", args=[leader.pk])
    assert sign_in(client, deputy).get(url).status_code == 403
