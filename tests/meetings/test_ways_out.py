"""A meeting owed on the week's list: recorded or explained, and then asked for no more."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from branches.models import DutyKind
from curriculum import reports
from curriculum.models import ChecklistItem, ItemState
from curriculum.services import ensure_checklists
from curriculum.weekly import Week, weekly_menu
from meetings.models import Explanation
from tests import factories

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KEY = "meetings.owed:committee:2026-11"


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def branch():
    it = factories.branch("上峰村第一党支部")
    factories.members(it, 9)
    ensure_checklists(Week(date(2026, 11, 23)), at=TUESDAY)
    return it


@pytest.fixture
def item(branch):
    return ChecklistItem.objects.get(key=KEY)


@pytest.fixture
def secretary(client, branch):
    person = factories.person(DutyKind.SECRETARY, branch)
    client.force_login(person, backend="branches.backends.DutyBackend")
    return client


def explain_url(branch) -> str:
    return reverse("meetings:explanation_create", args=[branch.pk, "committee", "2026-11"])


def test_the_week_leads_to_the_explanation_and_back(secretary, branch, item):
    week = item.checklist.get_absolute_url()
    html = secretary.get(week).content.decode()
    assert f'href="{explain_url(branch)}?next=' in html
    assert reverse("curriculum:item_not_applicable", args=[item.pk]) not in html
    said = {"kind": "not_held", "reason": "防汛值守", "next": week}
    answer = secretary.post(explain_url(branch), said, follow=True)
    assert answer.redirect_chain == [(week, 302)]
    html = answer.content.decode()
    assert "已说明，这一项不再催办。" in html
    assert '<span class="state state-explained">已说明</span>' in html
    assert "原因：防汛值守" in html


def test_what_was_explained_is_not_called_done(secretary, branch, item):
    secretary.post(explain_url(branch), {"kind": "not_held", "reason": "防汛值守"})
    item.refresh_from_db()
    assert item.state == ItemState.DONE
    assert reports.is_excused(item, branch.pk)
    assert "支委会（11月29日前）（已说明）" in reports.week_text(item.checklist, [item])


def test_next_monday_does_not_ask_for_what_was_explained(secretary, branch, item):
    secretary.post(explain_url(branch), {"kind": "not_held", "reason": "防汛值守"})
    ensure_checklists(Week(date(2026, 11, 30)), at=datetime(2026, 11, 30, 0, 0, tzinfo=UTC))
    assert not ChecklistItem.objects.filter(key=KEY, checklist__monday=date(2026, 11, 30)).exists()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_not_applicable_of_a_meeting_leads_to_the_explanation(secretary, branch, item, headers):
    url = reverse("curriculum:item_not_applicable", args=[item.pk])
    answer = secretary.post(url, {"note": "没开"}, headers=headers)
    assert answer.headers.get("HX-Redirect" if headers else "Location") == explain_url(branch)
    item.refresh_from_db()
    assert item.state == ItemState.OPEN
    assert not Explanation.objects.exists()


def test_a_page_of_another_house_is_not_led_to(secretary, branch):
    said = {"kind": "not_held", "reason": "防汛值守", "next": "https://elsewhere.example/"}
    answer = secretary.post(explain_url(branch), said)
    assert answer.headers["Location"] == branch.get_absolute_url()


def test_a_source_without_explanations_names_no_page():
    assert weekly_menu.excuse_url("inspections.issue:7", 1) == ""
