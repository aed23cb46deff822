"""What beat does with weeks: missed ones, the word that the list is there, the command."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from branches.models import DutyKind
from curriculum import services, tasks
from curriculum.models import WeeklyChecklist
from curriculum.weekly import Week
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(date(2026, 11, 23))
MONDAY_EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def mondays():
    return list(WeeklyChecklist.objects.order_by("monday").values_list("monday", flat=True))


def test_a_standstill_of_a_whole_week_is_made_up_for():
    factories.checklist(factories.branch(), WEEK.previous.previous.monday)
    services.open_weeks(at=MONDAY_EIGHT)
    assert mondays()[1:] == [WEEK.previous.monday, WEEK.monday]


def test_a_longer_standstill_is_not():
    factories.checklist(factories.branch(), WEEK.monday - timedelta(weeks=6))
    services.open_weeks(at=MONDAY_EIGHT)
    assert mondays()[1:] == [WEEK.previous.monday, WEEK.monday]


def test_a_new_installation_begins_with_this_week():
    factories.branch()
    services.open_weeks(at=MONDAY_EIGHT)
    assert mondays() == [WEEK.monday]


def test_each_secretary_hears_of_the_week_once():
    branch = factories.branch()
    secretary = factories.person(DutyKind.SECRETARY, branch)
    factories.person(DutyKind.COMMITTEE, branch)
    assert services.announce_week(at=MONDAY_EIGHT) == 0
    services.open_weeks(at=MONDAY_EIGHT)
    assert services.announce_week(at=MONDAY_EIGHT) == 1
    assert services.announce_week(at=MONDAY_EIGHT + timedelta(hours=1)) == 0
    notice = Notice.objects.get()
    assert (notice.recipient, notice.key) == (secretary, "curriculum.week:2026-11-23")
    assert notice.url == "/week/"
    # Lists are made at eight; office hours begin at half past.
    assert notice.due_at == MONDAY_EIGHT + timedelta(minutes=30)


def test_a_secretary_of_two_branches_hears_of_the_week_once():
    one, other = factories.branch(), factories.branch()
    secretary = factories.person(DutyKind.SECRETARY, one)
    secretary.duties.create(kind=DutyKind.SECRETARY, organization=other, from_on=date(2020, 1, 1))
    services.open_weeks(at=MONDAY_EIGHT)
    assert services.announce_week(at=MONDAY_EIGHT) == 1


@time_machine.travel(MONDAY_EIGHT, tick=False)
def test_the_task_opens_and_announces_however_often_it_runs():
    branch = factories.branch()
    factories.person(DutyKind.SECRETARY, branch)
    for _ in range(3):
        tasks.publish_due_menus()
        tasks.ensure_checklists()
    assert mondays() == [WEEK.monday]
    assert Notice.objects.count() == 1


@time_machine.travel(MONDAY_EIGHT, tick=False)
def test_the_command_says_what_it_did(capsys):
    factories.members(factories.branch(), 7)
    call_command("generate_checklists", "--week", "2026-W48", "--json")
    first = json.loads(capsys.readouterr().out)
    assert first["week"] == "2026-W48"
    assert first["checklists_added"] == first["checklists"] == 1
    assert first["items_added"] > 0
    call_command("generate_checklists", "--json")
    again = json.loads(capsys.readouterr().out)
    assert again == first | {"checklists_added": 0, "items_added": 0}
    call_command("generate_checklists")
    assert "2026-W48 (2026-11-23—2026-11-29)" in capsys.readouterr().out


def test_the_command_refuses_what_is_no_week():
    with pytest.raises(CommandError, match="2026-W48"):
        call_command("generate_checklists", "--week", "next")
