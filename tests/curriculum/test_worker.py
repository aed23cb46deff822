"""The week is opened once, with a real worker that is killed in the middle or was away."""

import time

import pytest

pytestmark = pytest.mark.services

BRANCHES = 30

TOWNSHIP = f"""
from datetime import date
from curriculum.models import WeeklyPolicy
from tests import factories
township = factories.township()
WeeklyPolicy.objects.create(township=township, publish_hour=0)
for _ in range({BRANCHES}):
    factories.members(factories.branch(parent=township), 7)
result = township.pk
"""
RING = "from curriculum.tasks import ensure_checklists; ensure_checklists.delay(); result = True"
STATE = """
from django.db.models import Count
from curriculum.models import ChecklistItem, WeeklyChecklist
weeks = WeeklyChecklist.objects.order_by("monday").values_list("monday")
keys = ChecklistItem.objects.values("checklist", "key").annotate(n=Count("pk"))
result = {
    "weeks": [[str(monday), n] for monday, n in weeks.annotate(n=Count("pk"))],
    "items": ChecklistItem.objects.count(),
    "branches_with_items": ChecklistItem.objects.values("checklist__branch").distinct().count(),
    "doubled": keys.filter(n__gt=1).count(),
}
"""
# Two weeks ago there were lists, then everything stood still over Monday night.
STOOD_STILL = """
from datetime import timedelta
from django.utils import timezone
from branches.models import Organization
from curriculum.weekly import Week
from tests import factories
week = Week.containing(timezone.localdate())
for branch in Organization.objects.branches():
    factories.checklist(branch, week.previous.previous.monday)
result = [str(w.monday) for w in (week.previous.previous, week.previous, week)]
"""


def wait_until(is_true) -> None:
    deadline = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < deadline, "the worker did not get there in time"
        time.sleep(0.5)


def test_a_worker_killed_in_the_middle_of_a_week_leaves_it_whole(installation):
    installation.environment["DJANGO_SETTINGS_MODULE"] = "tests.curriculum.worker_settings"
    installation.run(TOWNSHIP)
    installation.start("worker")
    installation.run(RING)
    wait_until((installation.var / "half-written").exists)
    installation.kill("worker")
    assert installation.run(STATE)["items"] == 0, "half a week is no week"

    installation.start("worker")
    installation.run(RING)
    installation.run(RING)
    wait_until(lambda: installation.run(STATE)["items"] > 0)
    state = installation.run(STATE)
    assert [n for _monday, n in state["weeks"]] == [BRANCHES]
    assert state["branches_with_items"] == BRANCHES
    assert state["doubled"] == 0


def test_a_worker_that_was_down_over_monday_night_catches_up(installation, port):
    installation.run(TOWNSHIP)
    mondays = installation.run(STOOD_STILL)
    installation.start("runall")
    wait_until(lambda: len(installation.run(STATE)["weeks"]) == 3)
    state = installation.run(STATE)
    assert state["weeks"] == [[monday, BRANCHES] for monday in mondays]
    assert state["doubled"] == 0
