"""Opening weeks: every branch once, nothing twice, whatever beat does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Organization
from curriculum.models import (
    ChecklistItem,
    ItemKind,
    ItemState,
    WeeklyChecklist,
    WeeklyPolicy,
)
from curriculum.services import ensure_checklists, open_due_week, settle_items
from curriculum.weekly import Week, WeeklyMenu, item_rows
from meetings.models import MeetingKind
from meetings.services import settle_checklists
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(date(2026, 11, 23))
MONDAY_EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def items(branch, week=WEEK):
    return ChecklistItem.objects.filter(checklist__branch=branch, checklist__monday=week.monday)


def test_week_48_of_2026_reads_and_writes_itself():
    assert Week.parse("2026-W48") == WEEK
    assert str(WEEK) == "2026-W48"
    assert str(Week.containing(date(2027, 1, 1))) == "2026-W53"


@pytest.mark.parametrize("text", ["", "2026-48", "2026-W54", "abc"])
def test_nonsense_is_not_a_week(text):
    with pytest.raises(ValueError, match="2026-W48"):
        Week.parse(text)


def test_every_branch_gets_its_week_once():
    township = factories.township()
    for _ in range(3):
        factories.branch(parent=township)
    assert ensure_checklists(WEEK, at=MONDAY_EIGHT) > 0
    assert ensure_checklists(WEEK, at=MONDAY_EIGHT) == 0
    assert WeeklyChecklist.objects.count() == 3


def test_the_rules_ask_by_themselves():
    branch = factories.branch()
    factories.members(branch, 7)
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    committee = items(branch).get(key="meetings.owed:committee:2026-11")
    assert committee.kind == ItemKind.REQUIRED
    assert committee.basis == "《支部工作条例》第12条"
    assert committee.due_on == WEEK.sunday
    # A quarter's assembly is not yet near: offered, not asked.
    assert items(branch).get(key="meetings.owed:assembly:2026-Q4").kind == ItemKind.OFFERED


def test_what_was_held_is_not_asked_again():
    branch = factories.branch()
    factories.members(branch, 7)
    factories.meeting(branch)
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    assert not items(branch).filter(key="meetings.owed:committee:2026-11").exists()


def test_a_dissolved_branch_gets_no_week():
    factories.branch(dissolved_on=date(2026, 11, 1))
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    assert not WeeklyChecklist.objects.exists()


def test_a_week_opens_at_the_townships_own_hour():
    early, late = factories.township("早乡"), factories.township("晚乡")
    WeeklyPolicy.objects.create(township=late, publish_hour=10)
    branches = factories.branch(parent=early), factories.branch(parent=late)
    open_due_week(at=MONDAY_EIGHT - timedelta(minutes=1))
    assert not WeeklyChecklist.objects.exists()
    open_due_week(at=MONDAY_EIGHT)
    assert [c.branch for c in WeeklyChecklist.objects.all()] == [branches[0]]
    open_due_week(at=MONDAY_EIGHT + timedelta(hours=2))
    assert WeeklyChecklist.objects.count() == 2


def test_a_worker_that_was_down_over_monday_opens_the_week_when_it_returns():
    factories.branch()
    open_due_week(at=MONDAY_EIGHT + timedelta(days=3))
    assert WeeklyChecklist.objects.get().monday == WEEK.monday


def test_an_unfinished_required_item_is_carried_over_once():
    branch = factories.branch()
    last = factories.checklist(branch, WEEK.previous.monday)
    factories.checklist_item(last, key="curriculum.entry:1")
    factories.checklist_item(last, key="curriculum.entry:2", kind=ItemKind.OFFERED)
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    carried = items(branch).get(key="curriculum.entry:1")
    assert carried.carried_from == WEEK.previous.monday
    assert last.items.get(key="curriculum.entry:1").state == ItemState.CARRIED
    assert not items(branch).filter(key="curriculum.entry:2").exists()
    ensure_checklists(WEEK.next, at=MONDAY_EIGHT + timedelta(weeks=1))
    assert not items(branch, WEEK.next).filter(key="curriculum.entry:1").exists()
    assert items(branch).get(key="curriculum.entry:1").state == ItemState.OPEN


def test_a_recalled_item_does_not_come_back():
    branch = factories.branch()
    factories.members(branch, 7)
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    items(branch).update(state=ItemState.RECALLED)
    assert ensure_checklists(WEEK, at=MONDAY_EIGHT) == 0


def test_one_meeting_ticks_every_line_it_answers():
    branch = factories.branch()
    factories.members(branch, 7)
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    meeting = factories.meeting(branch, kinds=(MeetingKind.COMMITTEE, MeetingKind.THEME_DAY))
    ticked, _reopened = settle_checklists(at=MONDAY_EIGHT)
    assert ticked == 2
    done = items(branch).filter(state=ItemState.DONE)
    assert {item.evidence_url for item in done} == {meeting.get_absolute_url()}
    assert settle_checklists(at=MONDAY_EIGHT) == (0, 0)


def test_a_withdrawn_record_takes_its_tick_back():
    branch = factories.branch()
    factories.members(branch, 7)
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    meeting = factories.meeting(branch)
    settle_checklists(at=MONDAY_EIGHT)
    meeting.types.update(counted_on=None)
    assert settle_checklists(at=MONDAY_EIGHT) == (0, 1)
    assert items(branch).get(key="meetings.owed:committee:2026-11").state == ItemState.OPEN


def test_settling_names_its_evidence():
    item = factories.checklist_item(factories.checklist(factories.branch()))
    settle = {"at": MONDAY_EIGHT, "evidence_url": "/issues/1/", "evidence_title": "问题已答复"}
    assert settle_items([item.checklist.branch_id], [item.key], **settle) == 1
    assert settle_items([item.checklist.branch_id], [item.key], **settle) == 0
    item.refresh_from_db()
    assert (item.state, item.evidence_title) == (ItemState.DONE, "问题已答复")


def test_a_source_registers_once():
    menu = WeeklyMenu()
    menu.register("a")(lambda branches, week: [])
    with pytest.raises(ValueError, match="twice"):
        menu.register("a")(lambda branches, week: [])


def test_rows_of_a_provider_are_values_or_expressions():
    branch = factories.branch()
    rows = item_rows(
        Organization.objects.branches(), key="x:1", title="事项", due_on=WEEK.sunday
    ).get()
    assert rows == (branch.pk, "x:1", "required", "事项", "", "", WEEK.sunday, "")


def test_any_number_of_branches_costs_the_same_statements():
    township = factories.township()
    factories.branch(parent=township)
    with CaptureQueriesContext(connection) as few:
        ensure_checklists(WEEK, at=MONDAY_EIGHT)
    for _ in range(19):
        factories.branch(parent=township)
    with CaptureQueriesContext(connection) as many:
        ensure_checklists(WEEK, at=MONDAY_EIGHT)
    assert WeeklyChecklist.objects.count() == 20
    assert len(many) == len(few)
