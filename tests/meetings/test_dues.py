"""党费: a tick a month, exceptions only, no amounts; names only for who keeps the roster."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from meetings.models import DuesArrear, DuesMonth
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def branch():
    return factories.branch("上峰村党支部")


@pytest.fixture
def people(branch):
    return [factories.member(branch, name) for name in ("王芳", "张伟", "李强")]


@pytest.fixture
def secretary(branch):
    return signed_in("secretary", branch)


def signed_in(kind, organization) -> Client:
    client = Client()
    client.force_login(
        factories.person(kind, organization), backend="branches.backends.DutyBackend"
    )
    return client


def month(branch, text="2026-11") -> str:
    return f"/meetings/dues/{branch.pk}/{text}/"


def unpaid() -> set[str]:
    return set(DuesArrear.objects.filter(settled_on=None).values_list("member__name", flat=True))


def test_a_month_with_everybody_paid_takes_one_tap(branch, people, secretary):
    assert "本月还没有登记" in secretary.get(month(branch)).content.decode()
    secretary.post(month(branch), {})
    assert DuesMonth.objects.get().month == date(2026, 11, 1)
    assert unpaid() == set()
    assert "已交齐" in secretary.get("/meetings/dues/").content.decode()


def test_who_has_not_paid_is_ticked_settled_and_taken_back(branch, people, secretary):
    secretary.post(month(branch), {"unpaid": [people[0].pk, people[1].pk]})
    assert unpaid() == {"王芳", "张伟"}
    arrear = DuesArrear.objects.get(member=people[0])
    secretary.post(f"/meetings/dues/arrears/{arrear.pk}/settle/")
    arrear.refresh_from_db()
    assert arrear.settled_on == date(2026, 11, 24)
    assert "1 人未交" in secretary.get("/meetings/dues/").content.decode()
    secretary.post(f"/meetings/dues/arrears/{arrear.pk}/reopen/")
    assert unpaid() == {"王芳", "张伟"}


def test_saving_again_corrects_and_keeps_what_was_paid_later(branch, people, secretary):
    secretary.post(month(branch), {"unpaid": [people[0].pk, people[1].pk]})
    arrear = DuesArrear.objects.get(member=people[0])
    secretary.post(f"/meetings/dues/arrears/{arrear.pk}/settle/")
    secretary.post(month(branch), {"unpaid": [people[2].pk]})
    assert unpaid() == {"李强"}
    assert DuesArrear.objects.get(settled_on__isnull=False).member == people[0]
    assert DuesMonth.objects.count() == 1


def test_the_roster_is_that_of_the_month(branch, people, secretary):
    factories.member(branch, "新来的", from_on=date(2026, 11, 5))
    assert "新来的" in secretary.get(month(branch)).content.decode()
    page = secretary.get(month(branch, "2026-10")).content.decode()
    assert "新来的" not in page
    assert "王芳" in page


@pytest.mark.parametrize("text", ["2026-12", "2026", "2026-Q4", "2026-13", "abc"])
def test_what_is_no_month_yet_is_not_there(branch, secretary, text):
    assert secretary.get(month(branch, text)).status_code == 404


def test_members_of_another_branch_are_passed_over(branch, people, secretary):
    stranger = factories.member(factories.branch())
    secretary.post(month(branch), {"unpaid": [stranger.pk, "x"]})
    assert unpaid() == set()


@pytest.mark.parametrize("kind", ["leader", "township_secretary", "observer"])
def test_those_above_see_numbers_and_no_names(branch, people, secretary, kind):
    secretary.post(month(branch), {"unpaid": [people[0].pk]})
    reader = signed_in(kind, branch.township)
    page = reader.get("/meetings/dues/").content.decode()
    assert "1 人未交" in page
    assert "王芳" not in page
    assert month(branch) not in page
    assert reader.get(month(branch)).status_code == 403


def test_no_page_asks_for_an_amount(branch, people, secretary):
    page = secretary.get(month(branch)).content.decode()
    assert 'type="number"' not in page
    assert "元" not in page[page.index("<main") : page.index("</main>")]
