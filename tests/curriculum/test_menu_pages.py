"""Staff compose, publish and follow weeks in the browser."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from branches.models import DutyKind
from curriculum import services
from curriculum.models import (
    ChecklistItem,
    ItemKind,
    MenuEntry,
    MenuState,
    WeeklyMenu,
    WeeklyPolicy,
)
from curriculum.weekly import Week
from tests import factories

pytestmark = pytest.mark.django_db

THIS = Week(date(2026, 11, 23))
NEXT = THIS.next
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def branches(township):
    return [
        factories.branch(f"{name}村党支部", parent=township) for name in ("上峰", "五阳", "西河")
    ]


@pytest.fixture
def staff(client, township):
    person = factories.person(DutyKind.STAFF, township)
    client.force_login(person, backend="branches.backends.DutyBackend")
    return client


def address(role: str, township, week=NEXT, *more) -> str:
    return reverse(f"curriculum:{role}", args=[township.pk, week, *more])


def entry(menu, title="森林防火巡查", **fields):
    values = {"kind": ItemKind.REQUIRED, "basis": "乡党委通知", "due_on": menu.sunday}
    return MenuEntry.objects.create(menu=menu, title=title, **(values | fields))


def typed(**changes) -> dict:
    values = {
        "title": "森林防火巡查",
        "kind": "required",
        "due_on": NEXT.sunday.isoformat(),
        "basis": "乡党委通知",
    }
    return values | changes


def text(response) -> str:
    return response.content.decode()


def test_an_entry_is_added_to_next_week(staff, township, branches):
    answer = staff.post(
        address("entry_create", township), typed(audience=[branches[0].pk]), follow=True
    )
    one = MenuEntry.objects.get()
    assert (one.menu.township, one.menu.monday) == (township, NEXT.monday)
    assert list(one.audience.all()) == branches[:1]
    assert "1个党支部" in text(answer)


def test_looking_at_a_week_writes_nothing(staff, township):
    staff.get(address("menu_compose", township))
    assert not WeeklyMenu.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"basis": ""}, "basis", "必做事项须写明依据。"),
        ({"title": ""}, "title", "这个字段是必填项。"),
        ({"due_on": "2026-12-07"}, "due_on", "时限应在本周内"),
        ({"due_on": "later"}, "due_on", "输入一个有效的日期。"),
        ({"title": "已有的"}, "title", "本周菜单里已有同名事项。"),
        ({"kind": "maybe"}, "kind", "选择一个有效的选项"),
        ({"audience": ["999999"]}, "audience", "选择一个有效的选项"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(staff, township, changes, field, said):
    entry(factories.menu(township, NEXT.monday), "已有的")
    answer = staff.post(address("entry_create", township), typed(**changes))
    assert said in " ".join(answer.context["form"].errors[field])
    assert MenuEntry.objects.count() == 1


def test_neither_branches_nor_courses_of_another_township_can_be_chosen(staff, township):
    elsewhere = factories.township("木镇镇党委")
    foreign = factories.branch(parent=elsewhere)
    course = factories.course(elsewhere)
    answer = staff.post(
        address("entry_create", township), typed(audience=[foreign.pk], course=course.pk)
    )
    assert set(answer.context["form"].errors) == {"audience", "course"}


def test_the_composer_shows_what_comes_by_itself_and_for_how_many(staff, township, branches):
    for branch in branches:
        factories.members(branch, 7)
    factories.meeting(branches[0], day=date(2026, 11, 20))
    shares = staff.get(address("menu_compose", township)).context["shares"]
    asked = {(share.title, share.is_required): share.branches for share in shares}
    assert asked["11月支委会", True] == 2
    assert asked["11月主题党日（5+X）", True] == 3


def test_over_the_ceiling_the_branches_are_named_and_publishing_asks(staff, township, branches):
    WeeklyPolicy.objects.create(township=township, ceiling=2)
    menu = factories.menu(township, NEXT.monday)
    for n in range(2):
        entry(menu, f"全乡{n}")
    only = entry(menu, "上峰另办")
    only.audience.add(branches[0])
    expected = len({*branches})
    load = staff.get(address("menu_compose", township)).context["load"]
    assert len(load.excess) == expected
    assert load.excess[0].required == load.excess[1].required + 1
    refused = staff.post(address("menu_publish", township), {"note": "", "publish_at": ""})
    assert "请减少或改为选做" in text(refused)
    assert WeeklyMenu.objects.get().state == MenuState.DRAFT
    staff.post(address("menu_publish", township), {"note": "", "accept_excess": "on"})
    assert WeeklyMenu.objects.get().state == MenuState.PUBLISHED


def test_within_the_ceiling_nothing_is_asked(staff, township, branches):
    entry(factories.menu(township, NEXT.monday))
    answer = staff.post(address("menu_publish", township), {"note": "注意防火"}, follow=True)
    menu = WeeklyMenu.objects.get()
    assert (menu.state, menu.note) == (MenuState.PUBLISHED, "注意防火")
    assert "11月30日（周一）8时起" in text(answer)


def test_late_publishing_lists_those_concerned(staff, township, branches):
    services.ensure_checklists(THIS, at=TUESDAY - timedelta(days=1))
    menu = factories.menu(township, THIS.monday)
    entry(menu).audience.set(branches[:2])
    answer = staff.post(address("menu_publish", township, THIS), {"note": ""}, follow=True)
    shown = [item.checklist.branch for item in answer.context["items"]]
    assert shown == branches[:2]
    assert "其他支部不受打扰" in text(answer)


def test_a_moment_is_set_and_taken_back(staff, township):
    entry(factories.menu(township, NEXT.monday))
    staff.post(address("menu_publish", township), {"publish_at": "2026-11-30T07:30"})
    menu = WeeklyMenu.objects.get()
    assert menu.publish_at == datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    assert "已排定11月30日 07:30自动下发" in text(staff.get(address("menu_compose", township)))
    staff.post(address("menu_unschedule", township))
    menu.refresh_from_db()
    assert menu.publish_at is None


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-24T09:00", "应晚于现在"),
        ("2026-12-07T00:30", "应在本周结束以前"),
        ("soon", "有效的日期/时间"),
    ],
)
def test_a_moment_that_makes_no_sense_is_refused(staff, township, moment, said):
    answer = staff.post(address("menu_publish", township), {"publish_at": moment})
    assert said in " ".join(answer.context["form"].errors["publish_at"])


def test_a_week_that_is_over_is_read_only(staff, township, branches):
    over = THIS.previous
    one = entry(factories.menu(township, over.monday))
    html = text(staff.get(address("menu_compose", township, over)))
    assert "这一周已经结束" in html
    assert address("menu_publish", township, over) not in html
    for url in (
        address("menu_publish", township, over),
        address("entry_create", township, over),
        reverse("curriculum:entry_edit", args=[one.pk]),
        reverse("curriculum:entry_remove", args=[one.pk]),
    ):
        assert staff.post(url, typed()).status_code == 403


@pytest.mark.parametrize("week", ["2026-W54", "2026-48", "0000-W01"])
def test_a_week_that_no_calendar_has_is_not_found(staff, township, week):
    assert staff.get(f"/menus/{township.pk}/{week}/").status_code == 404


def test_last_week_is_copied(staff, township):
    entry(factories.menu(township, THIS.monday))
    assert "已复制上周的1个事项" in text(staff.post(address("menu_copy", township), follow=True))
    assert "没有可以复制" in text(staff.post(address("menu_copy", township), follow=True))


def test_correcting_after_publishing_says_how_many_were_told(staff, township, branches):
    one = entry(factories.menu(township, THIS.monday))
    services.publish_menu(one.menu, by=None, at=TUESDAY - timedelta(days=4))
    services.ensure_checklists(THIS, at=TUESDAY - timedelta(days=1))
    answer = staff.post(
        reverse("curriculum:entry_edit", args=[one.pk]),
        typed(title="改过的", due_on=THIS.sunday.isoformat()),
        follow=True,
    )
    assert "已告知相关的3个党支部" in text(answer)
    assert ChecklistItem.objects.filter(title="改过的").count() == 3


def test_a_late_required_entry_over_the_ceiling_asks_first(staff, township, branches):
    WeeklyPolicy.objects.create(township=township, ceiling=1)
    factories.menu(township, NEXT.monday, state=MenuState.PUBLISHED, published_at=TUESDAY)
    factories.members(branches[0], 7)
    only = typed(audience=[branches[0].pk])
    answer = staff.post(address("entry_create", township), only)
    assert "上峰村党支部" in " ".join(answer.context["form"].errors["kind"])
    assert "五阳村党支部" not in " ".join(answer.context["form"].errors["kind"])
    assert 'type="checkbox" name="accept_excess"' in text(answer)
    staff.post(address("entry_create", township), only | {"accept_excess": "on"})
    assert MenuEntry.objects.count() == 1


def test_recalling_after_publishing_needs_a_reason(staff, township, branches):
    one = entry(factories.menu(township, THIS.monday))
    services.publish_menu(one.menu, by=None, at=TUESDAY - timedelta(days=4))
    services.ensure_checklists(THIS, at=TUESDAY - timedelta(days=1))
    remove = reverse("curriculum:entry_remove", args=[one.pk])
    assert "请写明撤回原因" in text(staff.post(remove))
    assert MenuEntry.objects.exists()
    staff.post(remove, {"reason": "县里已统一安排"})
    assert not MenuEntry.objects.exists()
    assert ChecklistItem.objects.filter(state="recalled", note="县里已统一安排").count() == 3


def test_a_drafts_entry_is_removed_and_made_offered_without_ado(staff, township):
    menu = factories.menu(township, NEXT.monday)
    one, other = entry(menu), entry(menu, "另一项")
    staff.post(reverse("curriculum:entry_remove", args=[one.pk]))
    staff.post(reverse("curriculum:entry_offer", args=[other.pk]))
    assert [row.kind for row in MenuEntry.objects.all()] == [ItemKind.OFFERED]


def test_the_preview_shows_one_branch_its_week(staff, township, branches):
    menu = factories.menu(township, NEXT.monday)
    entry(menu, "给上峰的").audience.add(branches[0])
    entry(menu, "给五阳的").audience.add(branches[1])
    html = text(staff.get(address("menu_preview", township, NEXT, branches[0].pk)))
    assert "给上峰的" in html
    assert "给五阳的" not in html


def test_progress_names_what_is_open_in_the_order_of_the_tree(staff, township, branches):
    done = factories.checklist(branches[0], THIS.monday)
    factories.checklist_item(done, state="done", settled_at=TUESDAY)
    late = factories.checklist(branches[1], THIS.monday)
    factories.checklist_item(late, title="召开支委会")
    answer = staff.get(address("menu_progress", township, THIS))
    assert [row.branch for row in answer.context["rows"]] == branches
    assert (answer.context["settled"], answer.context["required"]) == (1, 2)
    assert "召开支委会" in text(answer)
    still = staff.get(address("menu_progress", township, THIS), {"open": "1"})
    assert [row.branch for row in still.context["rows"]] == branches[1:]


def test_the_hub_counts_each_week(staff, township, branches):
    for week in (THIS, THIS.previous):
        checklist = factories.checklist(branches[0], week.monday)
        factories.checklist_item(checklist)
        factories.checklist_item(checklist, state="done", settled_at=TUESDAY)
    context = staff.get(reverse("curriculum:menu_list")).context
    assert context["this_total"][1:] == (1, 2, 1)
    assert [total.week for total, _menu in context["earlier"]] == [THIS.previous]


def test_a_county_observer_chooses_the_township(client, township):
    other = factories.township("木镇镇党委", parent=township.parent)
    observer = factories.person(DutyKind.OBSERVER, township.parent)
    client.force_login(observer, backend="branches.backends.DutyBackend")
    url = reverse("curriculum:menu_list")
    assert client.get(url).context["township"] == township
    assert client.get(url, {"township": other.pk}).context["township"] == other
    assert client.get(url, {"township": "x"}).status_code == 404


def test_the_ceiling_and_the_hour_are_the_townships_own(staff, township):
    url = reverse("curriculum:policy_edit", args=[township.pk])
    staff.post(url, {"ceiling": 4, "publish_hour": 9})
    staff.post(url, {"ceiling": 3, "publish_hour": 9})
    assert WeeklyPolicy.objects.get().ceiling == 3
    answer = staff.post(url, {"ceiling": 99, "publish_hour": 30})
    assert answer.status_code == 200
    said = str(answer.context["form"].errors)
    assert "1到20之间" in said
    assert "0到23之间" in said


@pytest.mark.parametrize("how_many", [1, 20])
@pytest.mark.parametrize(
    ("role", "cost"), [("menu_compose", 8), ("menu_progress", 6), ("menu_list", 5)]
)
def test_pages_cost_the_same_for_any_number_of_branches(
    staff, township, how_many, role, cost, django_assert_num_queries
):
    menu = factories.menu(township, NEXT.monday)
    for n in range(how_many):
        branch = factories.branch(parent=township)
        factories.members(branch, 2)
        checklist = factories.checklist(branch, NEXT.monday)
        factories.checklist_item(checklist)
        one = entry(menu, f"事项{n}", course=factories.course(township, f"课程{n}"))
        one.audience.add(branch)
    url = reverse("curriculum:menu_list") if role == "menu_list" else address(role, township)
    # The first page of a session also writes the session.
    staff.get(url)
    with django_assert_num_queries(cost):
        staff.get(url)
