"""What the curriculum itself brings to the week: entries of staff, elections, one course."""

from datetime import UTC, date, datetime, timedelta

import pytest

from branches.models import Term
from curriculum.models import (
    ChecklistItem,
    ItemKind,
    ItemState,
    MenuEntry,
    MenuState,
)
from curriculum.services import ensure_checklists
from curriculum.weekly import Week
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(date(2026, 11, 30))
MONDAY_EIGHT = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)


def published(township, week=WEEK):
    return factories.menu(
        township, week.monday, state=MenuState.PUBLISHED, published_at=MONDAY_EIGHT
    )


def entry(menu, title="森林防火巡查", **fields):
    values = {"kind": ItemKind.REQUIRED, "basis": "乡党委通知", "due_on": menu.sunday}
    return MenuEntry.objects.create(menu=menu, title=title, **(values | fields))


def keys(branch, week=WEEK):
    items = ChecklistItem.objects.filter(checklist__branch=branch, checklist__monday=week.monday)
    return set(items.filter(key__startswith="curriculum.").values_list("key", flat=True))


def test_an_entry_without_audience_is_for_every_branch_of_its_township():
    township, elsewhere = factories.township("甲乡"), factories.township("乙乡")
    own, other = factories.branch(parent=township), factories.branch(parent=township)
    stranger = factories.branch(parent=elsewhere)
    one = entry(published(township))
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    assert keys(own) == keys(other) == {f"curriculum.entry:{one.pk}"}
    assert keys(stranger) == set()


def test_an_entry_for_some_branches_reaches_those_alone():
    township = factories.township()
    meant, spared = factories.branch(parent=township), factories.branch(parent=township)
    one = entry(published(township))
    one.audience.add(meant)
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    assert keys(meant) == {f"curriculum.entry:{one.pk}"}
    assert keys(spared) == set()


def test_an_item_carries_the_words_of_its_entry():
    branch = factories.branch()
    course = factories.course(branch.township)
    one = entry(published(branch.township), detail="巡查记录", course=course)
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    item = ChecklistItem.objects.get(key=f"curriculum.entry:{one.pk}")
    assert (item.title, item.detail, item.basis) == ("森林防火巡查", "巡查记录", "乡党委通知")
    assert (item.kind, item.due_on, item.url) == ("required", WEEK.sunday, f"/courses/{course.pk}/")


def test_an_item_without_a_course_leads_nowhere():
    branch = factories.branch()
    entry(published(branch.township))
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    assert branch.checklists.get().items.get(title="森林防火巡查").url == ""


def test_a_draft_brings_nothing():
    branch = factories.branch()
    entry(factories.menu(branch.township, WEEK.monday))
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    assert keys(branch) == set()


def test_another_weeks_menu_brings_nothing():
    branch = factories.branch()
    entry(published(branch.township, WEEK.next))
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    assert keys(branch) == set()


def term(branch, ends_on):
    return Term.objects.create(
        organization=branch, starts_on=ends_on - timedelta(days=3 * 365), ends_on=ends_on
    )


@pytest.mark.parametrize(
    ("ends_on", "kind"),
    [
        (date(2027, 9, 1), None),
        (date(2027, 4, 1), ItemKind.OFFERED),
        (date(2026, 12, 20), ItemKind.REQUIRED),
        (date(2026, 11, 1), ItemKind.REQUIRED),
    ],
)
def test_an_ending_term_is_offered_then_required(ends_on, kind):
    branch = factories.branch()
    one = term(branch, ends_on)
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    found = ChecklistItem.objects.filter(key=f"curriculum.term:{one.pk}").first()
    assert (found and found.kind) == kind
    if found:
        assert found.action_url == f"/organizations/{branch.pk}/"


def test_an_election_once_seen_to_is_not_asked_again_until_it_is_near():
    branch = factories.branch()
    one = term(branch, date(2027, 2, 15))
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    seen = ChecklistItem.objects.get(key=f"curriculum.term:{one.pk}")
    seen.state, seen.settled_at = ItemState.DONE, MONDAY_EIGHT
    seen.save()
    ensure_checklists(WEEK.next, at=MONDAY_EIGHT)
    assert keys(branch, WEEK.next) == set()
    near = Week(date(2027, 1, 18))
    ensure_checklists(near, at=MONDAY_EIGHT)
    assert keys(branch, near) == {f"curriculum.term:{one.pk}"}


def test_one_course_is_offered_and_each_week_another():
    branch = factories.branch()
    courses = [factories.course(branch.township, f"课程{n}") for n in range(3)]
    factories.course(branch.township, "停用的课", is_open=False)
    offered = []
    week = WEEK
    for _ in range(3):
        ensure_checklists(week, at=MONDAY_EIGHT)
        offered += keys(branch, week)
        week = week.next
    assert sorted(offered) == sorted(f"curriculum.course:{course.pk}" for course in courses)


def test_each_township_offers_from_its_own_catalogue():
    one, other = factories.branch(), factories.branch(parent=factories.township("乙乡"))
    course = factories.course(one.township)
    for n in range(2):
        factories.course(other.township, f"课程{n}")
    ensure_checklists(WEEK, at=MONDAY_EIGHT)
    assert keys(one) == {f"curriculum.course:{course.pk}"}
    assert len(keys(other)) == 1
