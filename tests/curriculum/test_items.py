"""Settling items by hand: once, by whom, why, and undone."""

from datetime import UTC, datetime

import pytest
from auditlog.models import LogEntry

from branches.models import DutyKind
from curriculum import permissions
from curriculum.models import ChecklistItem, ItemState
from curriculum.services import (
    finish_item,
    mark_not_applicable,
    reopen_item,
    settle_items,
)
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def item():
    return factories.checklist_item(factories.checklist(factories.branch()))


@pytest.fixture
def secretary(item):
    return factories.person(DutyKind.SECRETARY, item.checklist.branch)


def stored(item) -> ChecklistItem:
    return ChecklistItem.objects.get(pk=item.pk)


def test_an_item_is_finished_by_hand_with_a_note(item, secretary):
    assert finish_item(item, note="已传达", by=secretary, at=NOW)
    row = stored(item)
    assert (row.state, row.note, row.settled_by, row.settled_at) == (
        ItemState.DONE,
        "已传达",
        secretary,
        NOW,
    )


def test_of_two_answers_the_first_one_counts(item, secretary):
    assert mark_not_applicable(item, reason="本支部没有党小组", by=secretary, at=NOW)
    assert not finish_item(item, note="晚了一步", by=secretary, at=NOW)
    assert stored(item).state == ItemState.NOT_APPLICABLE
    assert stored(item).note == "本支部没有党小组"


def test_an_answer_is_undone(item, secretary):
    finish_item(item, note="点错了", by=secretary, at=NOW)
    assert reopen_item(item, by=secretary)
    row = stored(item)
    assert (row.state, row.note, row.settled_by, row.settled_at) == (ItemState.OPEN, "", None, None)
    assert not reopen_item(item, by=secretary)


def test_what_a_record_ticked_is_not_undone_by_hand(item, secretary):
    settle_items(
        [item.checklist.branch_id],
        [item.key],
        at=NOW,
        evidence_url="/meetings/1/",
        evidence_title="支委会",
    )
    assert not permissions.can_reopen_item(secretary, stored(item))
    assert not reopen_item(stored(item), by=secretary)
    assert stored(item).state == ItemState.DONE


def test_every_answer_leaves_a_trace(item, secretary):
    finish_item(item, note="已传达", by=secretary, at=NOW)
    reopen_item(item, by=secretary)
    undone, done = LogEntry.objects.get_for_object(item)
    assert done.actor == undone.actor == secretary
    assert done.changes == {"state": ["open", "done"], "note": ["", "已传达"]}
    assert undone.changes == {"state": ["done", "open"], "note": ["已传达", ""]}


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        (DutyKind.SECRETARY, True),
        (DutyKind.COMMITTEE, True),
        (DutyKind.STAFF, True),
        (DutyKind.LEADER, False),
        (DutyKind.TOWNSHIP_SECRETARY, False),
        (DutyKind.OBSERVER, False),
    ],
)
def test_who_may_tick(item, kind, may):
    branch = item.checklist.branch
    own = branch if kind in (DutyKind.SECRETARY, DutyKind.COMMITTEE) else branch.township
    assert permissions.can_tick_items(factories.person(kind, own), branch) is may
