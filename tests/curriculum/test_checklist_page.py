"""A branch's week as its secretary sees and answers it, with scripts and without."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from branches.models import DutyKind
from curriculum import reports
from curriculum.models import ChecklistItem, ItemKind, ItemState, MenuState
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def branch():
    return factories.branch("上峰村第一党支部")


@pytest.fixture
def checklist(branch):
    return factories.checklist(branch, MONDAY)


@pytest.fixture
def signed_in(client, branch):
    client.force_login(
        factories.person(DutyKind.SECRETARY, branch, "李书记"),
        backend="branches.backends.DutyBackend",
    )
    return client


def text(response) -> str:
    return response.content.decode()


def state(item) -> str:
    return ChecklistItem.objects.get(pk=item.pk).state


def test_the_first_screen_says_what_is_owed_and_where_to_act(signed_in, branch, checklist):
    factories.checklist_item(
        checklist, title="召开支委会", url="/meetings/new/?branch={branch}&kind=committee"
    )
    factories.checklist_item(checklist, title="选学课程", kind=ItemKind.OFFERED)
    html = text(signed_in.get(reverse("curriculum:checklist_current")))
    assert "还有1项必做待办" in html
    assert f'href="/meetings/new/?branch={branch.pk}&amp;kind=committee"' in html
    assert html.index("召开支委会") < html.index("选学课程")


def test_what_is_late_is_said_in_words(signed_in, checklist):
    factories.checklist_item(checklist, due_on=date(2026, 11, 20))
    assert "已过时限（11月20日）" in text(signed_in.get(checklist.get_absolute_url()))


def test_a_carried_item_says_that_it_comes_once(signed_in, checklist):
    factories.checklist_item(checklist, carried_from=MONDAY - timedelta(weeks=1))
    assert "上周转入，仅转一次" in text(signed_in.get(checklist.get_absolute_url()))


def test_what_a_record_ticked_links_to_it_and_offers_no_undo(signed_in, checklist):
    item = factories.checklist_item(
        checklist,
        state=ItemState.DONE,
        settled_at=TUESDAY,
        evidence_url="/meetings/7/",
        evidence_title="十一月支委会",
    )
    html = text(signed_in.get(checklist.get_absolute_url()))
    assert '<a href="/meetings/7/">依据：十一月支委会</a>' in html
    assert reverse("curriculum:item_reopen", args=[item.pk]) not in html


def test_a_required_item_is_finished_with_a_note(signed_in, checklist):
    item = factories.checklist_item(checklist)
    url = reverse("curriculum:item_finish", args=[item.pk])
    answer = signed_in.post(url, {"note": "已在群里传达"}, follow=True)
    assert answer.redirect_chain == [(f"{checklist.get_absolute_url()}#item-{item.pk}", 302)]
    assert "已办结。" in text(answer)
    assert "李书记" in text(answer)
    assert state(item) == ItemState.DONE


def test_without_a_note_a_required_item_stays_open_and_asks_for_one_in_its_place(
    signed_in, checklist
):
    item = factories.checklist_item(checklist, url="/x/")
    answer = signed_in.post(reverse("curriculum:item_finish", args=[item.pk]), {"note": " "})
    assert answer.status_code == 200
    assert "请用一句话写明怎么完成的。" in text(answer)
    assert '<details class="todo-more" open>' in text(answer)
    assert state(item) == ItemState.OPEN


def test_an_offered_item_is_ticked_with_one_tap(signed_in, checklist):
    item = factories.checklist_item(checklist, kind=ItemKind.OFFERED)
    signed_in.post(reverse("curriculum:item_finish", args=[item.pk]))
    assert state(item) == ItemState.DONE


@pytest.mark.parametrize(("note", "expected"), [("", "open"), ("没有党小组", "not_applicable")])
def test_not_applicable_needs_a_reason(signed_in, checklist, note, expected):
    item = factories.checklist_item(checklist)
    answer = signed_in.post(
        reverse("curriculum:item_not_applicable", args=[item.pk]), {"note": note}
    )
    assert state(item) == expected
    assert ("选择“不适用”须写明原因。" in text(answer)) is (expected == "open")


def test_a_note_that_is_too_long_is_refused_in_chinese(signed_in, checklist):
    item = factories.checklist_item(checklist)
    answer = signed_in.post(reverse("curriculum:item_finish", args=[item.pk]), {"note": "长" * 301})
    assert "300" in text(answer)
    assert state(item) == ItemState.OPEN


def test_htmx_gets_the_row_and_the_count_of_the_page(signed_in, checklist):
    item = factories.checklist_item(checklist, title="召开支委会")
    factories.checklist_item(checklist)
    answer = signed_in.post(
        reverse("curriculum:item_finish", args=[item.pk]),
        {"note": "好"},
        headers={"HX-Request": "true"},
    )
    html = text(answer)
    assert "<html" not in html
    assert f'id="item-{item.pk}" class="is-done"' in html
    assert 'id="week-progress" hx-swap-oob="true"' in html
    assert "还有1项必做待办" in html


def test_an_undone_item_is_open_again(signed_in, checklist):
    item = factories.checklist_item(checklist)
    signed_in.post(reverse("curriculum:item_finish", args=[item.pk]), {"note": "点错了"})
    signed_in.post(reverse("curriculum:item_reopen", args=[item.pk]))
    assert state(item) == ItemState.OPEN


def test_before_the_list_is_there_the_page_says_when_it_comes(signed_in, branch):
    last = factories.checklist(branch, MONDAY - timedelta(weeks=1))
    html = text(signed_in.get(reverse("curriculum:checklist_current")))
    assert "本周清单还没有生成" in html
    assert last.get_absolute_url() in html


def test_weeks_lead_to_their_neighbours(signed_in, branch, checklist):
    before = factories.checklist(branch, MONDAY - timedelta(weeks=1))
    after = factories.checklist(branch, MONDAY + timedelta(weeks=1))
    factories.checklist(branch, MONDAY - timedelta(weeks=3))
    context = signed_in.get(checklist.get_absolute_url()).context
    assert (context["previous"], context["next"]) == (before, after)


def test_with_several_branches_one_chooses(client, branch, checklist):
    other = factories.branch("五阳村第一党支部")
    person = factories.person(DutyKind.SECRETARY, branch)
    person.duties.create(kind=DutyKind.SECRETARY, organization=other, from_on=date(2020, 1, 1))
    factories.branch("别人的党支部")
    client.force_login(person, backend="branches.backends.DutyBackend")
    html = text(client.get(reverse("curriculum:checklist_current")))
    assert checklist.get_absolute_url() in html
    assert "五阳村第一党支部" in html
    assert "别人的党支部" not in html


def test_the_text_for_the_group_is_plain_and_numbered(branch, checklist):
    factories.checklist_item(checklist, title="召开支委会")
    factories.checklist_item(
        checklist,
        title="交流学习",
        state=ItemState.DONE,
        settled_at=TUESDAY,
        due_on=date(2026, 11, 27),
    )
    factories.checklist_item(checklist, title="选学课程", kind=ItemKind.OFFERED)
    factories.checklist_item(checklist, title="撤了的", state=ItemState.RECALLED)
    assert reports.week_text(checklist, checklist.items.all(), note="注意防火") == (
        "【党建工作清单】上峰村第一党支部 11月23日—11月29日\n"
        "注意防火\n"
        "必做：\n"
        "1. 交流学习（11月27日前）（已完成）\n"
        "2. 召开支委会（11月29日前）\n"
        "选做：\n"
        "1. 选学课程（11月29日前）"
    )


def test_what_staff_wrote_above_the_week_is_shown_once_published(signed_in, branch, checklist):
    menu = factories.menu(branch.township, MONDAY, note="本周注意防火")
    assert "本周注意防火" not in text(signed_in.get(checklist.get_absolute_url()))
    menu.state, menu.published_at = MenuState.PUBLISHED, TUESDAY
    menu.save()
    assert "本周注意防火" in text(signed_in.get(checklist.get_absolute_url()))


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_page_costs_the_same_for_any_number_of_items(
    signed_in, checklist, how_many, django_assert_num_queries
):
    for n in range(how_many):
        factories.checklist_item(
            checklist,
            state=ItemState.DONE if n % 2 else ItemState.OPEN,
            settled_at=TUESDAY if n % 2 else None,
            settled_by=factories.user() if n % 2 else None,
            url="/meetings/new/?branch={branch}",
        )
    # The first page of a session also writes the session.
    signed_in.get(checklist.get_absolute_url())
    with django_assert_num_queries(7):
        signed_in.get(reverse("curriculum:checklist_current"))
    with django_assert_num_queries(6):
        signed_in.get(checklist.get_absolute_url())


def test_who_only_reads_the_week_is_offered_nothing_to_do(client, branch, checklist):
    leader = factories.person(DutyKind.LEADER, branch.township)
    client.force_login(leader, backend="branches.backends.DutyBackend")
    factories.checklist_item(checklist, title="召开支委会", url="/meetings/new/?branch={branch}")
    html = text(client.get(checklist.get_absolute_url()))
    assert "召开支委会" in html
    assert "/meetings/new/" not in html
    assert "办理" not in html
