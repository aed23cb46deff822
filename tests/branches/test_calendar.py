from datetime import date

import pytest
from django.urls import reverse

from branches.models import DutyKind
from notifications.models import CalendarDay
from tests import factories

pytestmark = pytest.mark.django_db

NEXT = "/calendar/2027/"


@pytest.fixture
def staff(client):
    who = factories.person(DutyKind.STAFF, factories.township())
    client.force_login(who, backend="branches.backends.DutyBackend")
    return who


def sent(*rows, initial=0):
    data = {
        "form-TOTAL_FORMS": len(rows),
        "form-INITIAL_FORMS": initial,
        "form-MIN_NUM_FORMS": 0,
        "form-MAX_NUM_FORMS": 150,
    }
    for n, row in enumerate(rows):
        data |= {f"form-{n}-{name}": value for name, value in row.items()}
    return data


def row(day, is_working="False", name="元旦", **more):
    return {"day": day, "is_working": is_working, "name": name, **more}


def test_days_are_written_in_changed_and_deleted(client, staff):
    off = row("2027-01-01")
    worked = row("2027-01-03", "True")
    assert client.post(NEXT, sent(off, worked)).status_code == 302
    first, second = CalendarDay.objects.filter(day__year=2027)
    assert (first.is_working, second.is_working) == (False, True)
    changed = row("2027-01-04", "True", id=second.pk)
    gone = row("2027-01-01", id=first.pk, DELETE="on")
    assert client.post(NEXT, sent(gone, changed, initial=2)).status_code == 302
    assert CalendarDay.objects.get(day__year=2027).day == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row("2026-12-31")], "这一天不在2027年。"),
        ([row("2027-01-01"), row("2027-01-01")], "同一天"),
        ([row("元旦")], "日期"),
    ],
)
def test_what_cannot_be_is_refused(client, staff, rows, says):
    response = client.post(NEXT, sent(*rows))
    assert response.status_code == 200
    assert says in response.content.decode()
    assert not CalendarDay.objects.filter(day__year=2027).exists()


def test_published_years_are_imported_with_one_button(client, staff):
    CalendarDay.objects.filter(day__year=2026).delete()
    own = CalendarDay.objects.create(day=date(2026, 3, 3), is_working=False, name="三月三")
    client.post(reverse("branches:calendar_import", args=[2026]))
    client.post(reverse("branches:calendar_import", args=[2026]))
    assert CalendarDay.objects.get(day=date(2026, 10, 1)).name == "国庆节"
    assert CalendarDay.objects.filter(pk=own.pk).exists()


def test_an_unpublished_year_says_what_to_do(client, staff):
    url = reverse("branches:calendar_import", args=[2027])
    page = client.post(url, follow=True).content.decode()
    assert "还没有2027年的安排" in page


def test_years_that_make_no_sense_are_not_found(client, staff):
    assert client.get(reverse("branches:calendar_edit", args=[1949])).status_code == 404
