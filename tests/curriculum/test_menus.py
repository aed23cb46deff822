"""Composing and publishing: before the week, into the week, and what is put right afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from auditlog.models import LogEntry

from branches.models import DutyKind
from curriculum import reports, services
from curriculum.models import (
    ChecklistItem,
    ItemKind,
    ItemState,
    MenuEntry,
    MenuState,
    WeeklyMenu,
    WeeklyPolicy,
)
from curriculum.weekly import Week
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(date(2026, 11, 23))
FRIDAY_BEFORE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MONDAY_EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def staff(township):
    return factories.person(DutyKind.STAFF, township)


@pytest.fixture
def branches(township):
    return [factories.branch(parent=township) for _ in range(3)]


@pytest.fixture
def secretaries(branches):
    return [factories.person(DutyKind.SECRETARY, branch) for branch in branches]


@pytest.fixture
def menu(township, branches):
    return factories.menu(township, WEEK.monday)


def entry(menu, title="森林防火巡查", *, audience=(), **fields):
    values = {"kind": ItemKind.REQUIRED, "basis": "乡党委通知", "due_on": menu.sunday}
    row = MenuEntry.objects.create(menu=menu, title=title, **(values | fields))
    row.audience.set(audience)
    return row


def items(one):
    return ChecklistItem.objects.filter(key=services.entry_key(one)).order_by("checklist__branch")


def told(person):
    return list(Notice.objects.filter(recipient=person).values_list("title", flat=True))


def test_a_menu_published_before_its_week_comes_with_monday_and_disturbs_nobody(
    menu, staff, secretaries
):
    one = entry(menu)
    assert services.publish_menu(menu, by=staff, at=FRIDAY_BEFORE)
    assert not items(one).exists()
    assert not Notice.objects.exists()
    services.open_weeks(at=MONDAY_EIGHT)
    assert items(one).count() == 3


def test_a_menu_is_published_once(menu, staff):
    assert services.publish_menu(menu, by=staff, at=FRIDAY_BEFORE)
    assert not services.publish_menu(menu, by=staff, at=MONDAY_EIGHT)
    menu.refresh_from_db()
    assert (menu.state, menu.published_at, menu.published_by) == (
        MenuState.PUBLISHED,
        FRIDAY_BEFORE,
        staff,
    )


def test_publishing_into_an_open_week_adds_at_once_and_tells_only_those_concerned(
    menu, staff, branches, secretaries
):
    one = entry(menu, audience=branches[:1])
    services.open_weeks(at=MONDAY_EIGHT)
    services.publish_menu(menu, by=staff, at=TUESDAY)
    assert [item.checklist.branch for item in items(one)] == branches[:1]
    assert told(secretaries[0]) == ["本周党建工作清单有新增事项"]
    assert told(secretaries[1]) == []
    menu.refresh_from_db()
    assert menu.is_late


def test_the_secretary_of_the_general_branch_above_is_told_too(township, staff):
    general = factories.organization(kind="general_branch", parent=township, branch_type="")
    branch = factories.branch(parent=general)
    above = factories.person(DutyKind.SECRETARY, general)
    menu = factories.menu(township, WEEK.monday)
    entry(menu)
    services.ensure_checklists(WEEK, at=MONDAY_EIGHT)
    services.publish_menu(menu, by=staff, at=TUESDAY)
    assert branch.checklists.get().items.filter(title="森林防火巡查").exists()
    assert told(above) == ["本周党建工作清单有新增事项"]


def test_publishing_for_a_week_that_is_over_changes_no_list(menu, staff, secretaries):
    one = entry(menu)
    services.open_weeks(at=MONDAY_EIGHT)
    services.publish_menu(menu, by=staff, at=TUESDAY + timedelta(weeks=1))
    assert not items(one).exists()
    assert not Notice.objects.exists()


def test_beat_publishes_what_was_set_for_a_moment_in_the_name_of_who_set_it(menu, staff):
    services.schedule_menu(menu, publish_at=MONDAY_EIGHT, by=staff)
    assert services.publish_due_menus(at=MONDAY_EIGHT - timedelta(minutes=1)) == 0
    assert services.publish_due_menus(at=MONDAY_EIGHT) == 1
    assert services.publish_due_menus(at=MONDAY_EIGHT) == 0
    menu.refresh_from_db()
    assert (menu.state, menu.published_by, menu.publish_at) == (MenuState.PUBLISHED, staff, None)


def test_a_moment_taken_back_publishes_nothing(menu, staff):
    services.schedule_menu(menu, publish_at=MONDAY_EIGHT, by=staff)
    assert services.cancel_schedule(menu, by=staff)
    assert services.publish_due_menus(at=TUESDAY) == 0


def test_an_edit_that_breaks_the_ceiling_takes_the_moment_back(menu, staff, township):
    by_rules = reports.week_load(township, WEEK).load.most
    WeeklyPolicy.objects.create(township=township, ceiling=by_rules + 1)
    services.schedule_menu(menu, publish_at=MONDAY_EIGHT, by=staff)
    entry(menu)
    menu = WeeklyMenu.objects.get()
    assert not services.hold_excess(menu, by=staff)
    entry(menu, "一项太多")
    assert services.hold_excess(menu, by=staff)
    menu.refresh_from_db()
    assert menu.publish_at is None


def test_a_correction_reaches_open_items_and_leaves_done_ones(menu, staff, branches, secretaries):
    one = entry(menu)
    services.publish_menu(menu, by=staff, at=FRIDAY_BEFORE)
    services.open_weeks(at=MONDAY_EIGHT)
    done = items(one).get(checklist__branch=branches[0])
    services.finish_item(done, note="已巡查", by=secretaries[0], at=MONDAY_EIGHT)
    one.title = "森林防火巡查（含坟山）"
    one.save()
    assert services.apply_entry(one, by=staff, at=TUESDAY) == 2
    assert [item.title for item in items(one)] == ["森林防火巡查", *["森林防火巡查（含坟山）"] * 2]
    assert told(secretaries[0]) == []
    assert told(secretaries[1]) == ["党建工作清单有变动：森林防火巡查（含坟山）"]


def test_saving_without_a_change_tells_nobody(menu, staff, secretaries):
    one = entry(menu)
    services.publish_menu(menu, by=staff, at=FRIDAY_BEFORE)
    services.open_weeks(at=MONDAY_EIGHT)
    assert services.apply_entry(one, by=staff, at=TUESDAY) == 0
    assert not Notice.objects.exists()


def test_a_narrower_audience_takes_the_item_off_the_others_and_a_wider_one_puts_it_back(
    menu, staff, branches
):
    one = entry(menu)
    services.publish_menu(menu, by=staff, at=FRIDAY_BEFORE)
    services.open_weeks(at=MONDAY_EIGHT)
    one.audience.set(branches[:1])
    assert services.apply_entry(one, by=staff, at=TUESDAY) == 2
    assert [item.state for item in items(one)] == ["open", "recalled", "recalled"]
    one.audience.set(branches[:2])
    assert services.apply_entry(one, by=staff, at=TUESDAY) == 1
    assert [item.state for item in items(one)] == ["open", "open", "recalled"]


def test_an_entry_added_after_publishing_goes_out_at_once(menu, staff, branches, secretaries):
    services.publish_menu(menu, by=staff, at=FRIDAY_BEFORE)
    services.open_weeks(at=MONDAY_EIGHT)
    menu.refresh_from_db()
    late = entry(menu, "雨雪天气巡查", audience=branches[1:2])
    assert services.apply_entry(late, by=staff, at=TUESDAY) == 1
    assert [item.checklist.branch for item in items(late)] == branches[1:2]
    assert [bool(told(person)) for person in secretaries] == [False, True, False]


def test_a_recalled_entry_leaves_the_lists_but_not_what_was_done(
    menu, staff, branches, secretaries
):
    one = entry(menu)
    key = services.entry_key(one)
    services.publish_menu(menu, by=staff, at=FRIDAY_BEFORE)
    services.open_weeks(at=MONDAY_EIGHT)
    done = items(one).get(checklist__branch=branches[0])
    services.finish_item(done, note="已巡查", by=secretaries[0], at=MONDAY_EIGHT)
    assert services.recall_entry(one, reason="县里已统一安排", by=staff, at=TUESDAY) == 2
    rows = ChecklistItem.objects.filter(key=key).order_by("checklist__branch")
    assert [row.state for row in rows] == ["done", "recalled", "recalled"]
    assert rows[1].note == "县里已统一安排"
    assert told(secretaries[0]) == []
    assert told(secretaries[2]) == ["党建工作清单事项已撤回：森林防火巡查"]
    services.open_weeks(at=TUESDAY)
    assert rows.filter(state=ItemState.OPEN).count() == 0


def test_publishing_and_correcting_leave_a_trace(menu, staff, branches):
    one = entry(menu)
    services.publish_menu(menu, by=staff, at=FRIDAY_BEFORE)
    assert LogEntry.objects.get_for_object(menu).first().changes["state"] == ["draft", "published"]
    one.title = "改了"
    one.save()
    assert LogEntry.objects.get_for_object(one).first().changes["title"] == ["森林防火巡查", "改了"]
    one.audience.set(branches[:1])
    traced = LogEntry.objects.get_for_object(one).first().changes["audience"]
    assert (traced["operation"], traced["objects"]) == ("add", [str(branches[0])])


def test_last_weeks_entries_are_copied_once_with_their_weekday_and_audience(
    menu, township, branches
):
    course = factories.course(township, is_open=False)
    entry(menu, due_on=WEEK.monday + timedelta(days=2), audience=branches[:1], course=course)
    following = factories.menu(township, WEEK.next.monday)
    assert services.copy_entries(menu, into=following) == 1
    assert services.copy_entries(menu, into=following) == 0
    copied = following.entries.get()
    assert copied.due_on == WEEK.next.monday + timedelta(days=2)
    assert list(copied.audience.all()) == branches[:1]
    assert copied.course is None


def test_nothing_is_copied_into_a_published_menu(menu, township, staff):
    entry(menu)
    following = factories.menu(township, WEEK.next.monday)
    services.publish_menu(following, by=staff, at=FRIDAY_BEFORE)
    following.refresh_from_db()
    assert services.copy_entries(menu, into=following) == 0


def test_a_required_entry_is_turned_into_an_offered_one(menu, staff):
    one = entry(menu)
    assert services.make_offered(one, by=staff, at=FRIDAY_BEFORE)
    assert not services.make_offered(one, by=staff, at=FRIDAY_BEFORE)
    assert WeeklyMenu.objects.get().entries.get().kind == ItemKind.OFFERED
