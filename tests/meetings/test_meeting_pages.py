"""The logging form, the list and one meeting, through HTTP as a browser without scripts sends it."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Exemption
from meetings.models import (
    ActivityPolicy,
    AgendaItem,
    FixedAction,
    Guest,
    Meeting,
    MeetingState,
)
from tests import factories
from tests.meetings.sending import Fields, away, errors, page, send, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 11)
DAY = date(2026, 11, 10)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-11T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def branch():
    it = factories.branch()
    ActivityPolicy.objects.create(township=it.township)
    for position, name in enumerate(("集中学习", "诵读党章", "交纳党费"), start=1):
        FixedAction.objects.create(
            township=it.township, name=name, position=position, valid_from=factories.LONG_AGO
        )
    return it


@pytest.fixture
def people(branch):
    them = [factories.member(branch, name) for name in ("李建国", "王芳", "张伟", "刘英", "陈强")]
    for member, role in zip(them, ("secretary", "organization", "publicity"), strict=False):
        factories.post(member, role)
    return them


@pytest.fixture
def secretary(branch):
    return signed_in("secretary", branch)


# --- Logging a meeting --------------------------------------------------------------------------


def test_everything_known_is_filled_in(secretary, branch, people):
    factories.meeting(branch, day=date(2026, 10, 10), place="二楼会议室", recorder=people[1])
    AgendaItem.objects.create(
        meeting=Meeting.objects.get(), position=1, kind="first_topic", title="上次的讲话"
    )
    fields = page(secretary, "/meetings/new/?kind=theme_day")
    assert fields.sent["kinds"] == ["theme_day"]
    assert fields.sent["day"] == ["2026-11-11"]
    assert fields.sent["starts_at"] == ["19:00"]
    assert fields.sent["place"] == ["二楼会议室"]
    assert fields.sent["chair"] == [str(people[0].pk)]
    assert fields.sent["recorder"] == [str(people[1].pk)]
    assert len(fields.sent["fixed"]) == 3
    assert fields.sent["seat"] == [str(m.pk) for m in sorted(people, key=lambda m: m.initials)]
    assert "away" not in fields.sent


def test_a_full_5x_is_logged_with_few_fields_and_actions(secretary, branch, people):
    others = factories.members(branch, 25)
    plan = factories.meeting(
        branch, kinds=("theme_day",), state=MeetingState.PLANNED, day=DAY, place="会议室"
    )
    fields = page(secretary, "/meetings/new/?kind=theme_day")
    assert len(fields.required) <= 6
    assert len(fields.sent["seat"]) == 30
    reasons = ("leave:sick", "leave:away", "absent", "leave:duty")
    taps = dict(zip(others, reasons, strict=False))
    typed = {"first_title": "全会精神", "away": [str(member.pk) for member in taps]}
    typed |= {f"state-{member.pk}": reason for member, reason in taps.items()}
    # Two taps for each of the four, one field typed, one button.
    assert 2 * len(taps) + 1 + 1 <= 12
    response = send(secretary, fields, **typed)
    assert response.status_code == 302
    plan.refresh_from_db()
    assert plan.state == MeetingState.RECORDED
    found = Meeting.objects.with_attendance().get(pk=plan.pk)
    assert (found.expected, found.present, found.leave, found.absent) == (30, 26, 3, 1)
    assert [i.kind for i in plan.agenda.all()] == ["first_topic", "fixed", "fixed", "fixed"]


def test_a_planned_meeting_is_opened_instead_of_a_second_one(secretary, branch, people):
    plan = factories.meeting(branch, kinds=("theme_day",), state=MeetingState.PLANNED, day=DAY)
    response = secretary.get(f"/meetings/new/?branch={branch.pk}&kind=theme_day")
    assert response.headers["Location"] == f"/meetings/{plan.pk}/record/"
    assert secretary.get(f"/meetings/new/?branch={branch.pk}&kind=lecture").status_code == 200


def test_an_incomplete_record_is_kept_as_a_draft_and_says_what_is_missing(secretary, people):
    response = send(secretary, page(secretary, "/meetings/new/?kind=assembly"))
    assert response.status_code == 200
    assert "第一议题" in errors(response)
    meeting = Meeting.objects.get()
    assert meeting.state == MeetingState.DRAFT
    again = Fields(response.content.decode())
    assert again.action == f"/meetings/{meeting.pk}/record/"
    assert send(secretary, again, first_title="全会精神", place="会议室").status_code == 302
    assert Meeting.objects.get().state == MeetingState.RECORDED


def test_the_second_tap_is_asked_for_when_it_is_owed(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    typed = {"first_title": "全会精神", "place": "会议室", "away": [str(people[4].pk)]}
    response = send(secretary, fields, **typed)
    assert "陈强" in errors(response)
    assert Meeting.objects.get().state == MeetingState.DRAFT


def test_the_same_form_sent_twice_makes_one_meeting(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    typed = {"first_title": "全会精神", "place": "会议室"}
    assert send(secretary, fields, **typed).status_code == 302
    assert send(secretary, fields, **typed).status_code == 302
    assert send(secretary, fields, action="draft", **typed).status_code == 302
    assert Meeting.objects.get().state == MeetingState.RECORDED


def test_members_whom_the_page_did_not_show_have_to_be_looked_at(secretary, branch, people):
    fields = page(secretary, "/meetings/new/?kind=committee")
    assert len(fields.sent["seat"]) == 3
    typed = {"kinds": ["assembly"], "first_title": "全会精神", "place": "会议室"}
    response = send(secretary, fields, **typed)
    assert "刘英" in errors(response)
    again = Fields(response.content.decode())
    assert len(again.sent["seat"]) == 5
    assert send(secretary, again).status_code == 302


def test_before_its_day_a_meeting_is_prepared_and_nobody_is_asked_for(secretary, branch, people):
    plan = factories.meeting(
        branch, kinds=("theme_day",), state=MeetingState.PLANNED, day=date(2026, 12, 10)
    )
    fields = page(secretary, f"/meetings/{plan.pk}/record/")
    assert "seat" not in fields.sent
    response = send(secretary, fields, first_title="全会精神", place="会议室")
    assert "会议日期还没到" in errors(response)
    plan.refresh_from_db()
    assert plan.state == MeetingState.PLANNED
    assert plan.agenda.count() == 4
    assert not plan.attendance.exists()


def test_the_list_follows_the_kinds_without_saving(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    response = send(
        secretary, fields, action="refresh", kinds=["committee"], first_title="写了一半"
    )
    again = Fields(response.content.decode())
    assert len(again.sent["seat"]) == 3
    assert again.sent["first_title"] == ["写了一半"]
    part = secretary.post(
        fields.action, fields.sent | {"action": "refresh"}, HTTP_HX_REQUEST="true"
    )
    assert b"<html" not in part.content
    assert not Meeting.objects.exists()


def test_the_roster_is_that_of_the_day(secretary, branch, people):
    factories.member(branch, "新来的", from_on=date(2026, 11, 5))
    assert len(page(secretary, "/meetings/new/?kind=assembly&day=2026-11-04").sent["seat"]) == 5
    assert len(page(secretary, "/meetings/new/?kind=assembly&day=2026-11-05").sent["seat"]) == 6


def test_members_art_23_excuses_stand_apart_and_may_come(secretary, branch, people):
    Exemption.objects.create(member=people[4], kind="old_or_ill", from_on=factories.LONG_AGO)
    fields = page(secretary, "/meetings/new/?kind=assembly")
    typed = {"first_title": "全会精神", "place": "会议室"}
    send(secretary, fields, action="draft", **typed)
    found = Meeting.objects.with_attendance().get()
    assert (found.expected, found.present, found.absent) == (4, 4, 0)
    fields = page(secretary, f"/meetings/{found.pk}/record/")
    send(secretary, fields, action="draft", came=[str(people[4].pk)])
    found = Meeting.objects.with_attendance().get()
    assert (found.expected, found.present) == (4, 4)
    assert (found.voting_expected, found.voting_present) == (5, 5)


def test_a_draft_comes_back_as_it_was_left(secretary, branch, people):
    leader = factories.person("leader", branch.township, "陈立新")
    factories.contact_point(leader, branch)
    fields = page(secretary, "/meetings/new/?kind=theme_day")
    typed = {
        "first_title": "全会精神",
        "first_minutes": "王芳：……\n张伟：……",
        "fixed": fields.sent["fixed"][:2],
        "optional": "屋场夜话",
        "leaders": [str(leader.pk)],
        "guests": "周明（村监委会主任）、吴刚 组长",
        "item-0-kind": "topic",
        "item-0-title": "防汛",
        "item-0-minutes": "刘英：……",
        **away(fields, people[3], "leave:duty"),
    }
    assert send(secretary, fields, action="draft", **typed).status_code == 302
    meeting = Meeting.objects.get()
    again = page(secretary, f"/meetings/{meeting.pk}/record/").sent
    for name in ("first_title", "optional", "item-0-title", "item-0-minutes"):
        assert again[name] == [typed[name]]
    assert again["first_minutes"] == [typed["first_minutes"]]
    assert again["fixed"] == typed["fixed"]
    assert again["leaders"] == typed["leaders"]
    assert again["guests"] == ["周明 村监委会主任、吴刚 组长"]
    assert again["away"] == typed["away"]
    assert again[f"state-{people[3].pk}"] == ["leave:duty"]
    assert set(Guest.objects.values_list("name", flat=True)) == {"陈立新", "周明", "吴刚"}
    # Saving what came back changes nothing.
    before = list(AgendaItem.objects.values_list())
    send(secretary, page(secretary, f"/meetings/{meeting.pk}/record/"), action="draft")
    assert list(AgendaItem.objects.values_list()) == before


def test_two_at_once_see_both_texts_and_lose_neither(secretary, branch, people):
    plan = factories.meeting(branch, kinds=("assembly",), state=MeetingState.DRAFT, day=DAY)
    mine = page(secretary, f"/meetings/{plan.pk}/record/")
    theirs = page(secretary, f"/meetings/{plan.pk}/record/")
    send(secretary, theirs, action="draft", first_title="别人写的")
    response = send(secretary, mine, action="draft", first_title="我写的")
    assert response.status_code == 409
    html = response.content.decode()
    assert "别人写的" in html
    assert "我写的" in html
    assert AgendaItem.objects.get().title == "别人写的"
    assert send(secretary, Fields(html), action="draft").status_code == 302
    assert AgendaItem.objects.get().title == "我写的"


def test_kinds_that_are_no_one_meeting_are_refused(secretary, people):
    response = send(secretary, page(secretary, "/meetings/new/"), kinds=["committee", "assembly"])
    assert "请分开记录" in errors(response)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": ""}, "日期"),
        ({"day": "2026-13-40"}, "日期"),
        ({"starts_at": "20:00", "ends_at": "19:00"}, "结束时间应晚于开始时间"),
        ({"kinds": []}, "请至少选择一种类型"),
        ({"chair": "999999"}, "主持人"),
    ],
)
def test_bad_input_is_answered_at_its_field(secretary, people, typed, said):
    response = send(secretary, page(secretary, "/meetings/new/?kind=assembly"), **typed)
    assert response.status_code == 200
    assert said in errors(response)
    assert not Meeting.objects.exists()


def test_ballots_that_do_not_add_up_are_answered_at_the_field(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    typed = {
        "first_title": "全会精神",
        "place": "会议室",
        "item-0-kind": "decision",
        "item-0-title": "党费收缴",
        "item-0-rule": "ordinary",
        "item-0-in_favour": "4",
    }
    response = send(secretary, fields, **typed)
    assert "共 4 票，应等于实到有表决权的 5 人" in errors(response)
    again = Fields(response.content.decode())
    assert send(secretary, again, **{"item-0-abstaining": "1"}).status_code == 302
    html = secretary.get(f"/meetings/{Meeting.objects.get().pk}/").content.decode()
    assert "应到会有表决权 5 人，过半数为 3 人；赞成 4，通过" in html


def test_an_admission_is_secret_without_being_asked(secretary, people):
    typed = {
        "first_title": "全会精神",
        "place": "会议室",
        "item-0-kind": "decision",
        "item-0-rule": "admission",
        "item-0-step": "admit",
        "item-0-candidate": "周小明",
        "item-0-introducers": "王芳、张伟",
        "item-0-in_favour": "5",
    }
    assert (
        send(secretary, page(secretary, "/meetings/new/?kind=assembly"), **typed).status_code == 302
    )
    item = AgendaItem.objects.get(kind="decision")
    assert item.vote.is_secret
    assert item.title == "接收周小明为预备党员"


def test_a_correction_asks_for_its_reason(secretary, branch, people):
    typed = {"first_title": "全会精神", "place": "会议室"}
    send(secretary, page(secretary, "/meetings/new/?kind=assembly"), **typed)
    meeting = Meeting.objects.get()
    fields = page(secretary, f"/meetings/{meeting.pk}/record/")
    response = send(secretary, fields, place="新地点")
    assert "请写明修改原因" in errors(response)
    assert Meeting.objects.get().place == "会议室"
    assert send(secretary, fields, place="新地点", reason="写错").status_code == 302
    html = secretary.get(f"/meetings/{meeting.pk}/history/").content.decode()
    assert Meeting.objects.get().place == "新地点"
    assert "写错" in html


def test_a_talk_has_two_people_and_names_the_pair(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=talk")
    assert "seat" not in fields.sent
    alone = send(secretary, fields, place="村部", took_part=[str(people[0].pk)])
    assert "至少有两人" in errors(alone)
    pair = [str(people[0].pk), str(people[4].pk)]
    fields = Fields(alone.content.decode())
    assert send(secretary, fields, title="", took_part=pair).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.title.startswith("支委与党员谈心谈话：")
    assert meeting.attendance.count() == 2


def test_a_group_meets_among_its_own(secretary, branch, people):
    group = factories.group(branch, leader=people[4])
    people[4].memberships.update(group=group)
    people[3].memberships.update(group=group)
    fields = page(secretary, "/meetings/new/?kind=group")
    assert set(fields.sent["seat"]) == {str(people[3].pk), str(people[4].pk)}
    assert fields.sent["chair"] == [str(people[4].pk)]
    typed = {"first_title": "全会精神", "place": "村部", "recorder": str(people[3].pk)}
    assert send(secretary, fields, **typed).status_code == 302
    assert Meeting.objects.get().types.get().group == group


def test_the_group_that_still_owes_its_meeting_is_the_one_filled_in(secretary, branch, people):
    first, second = (
        factories.group(branch, name, leader=leader)
        for name, leader in (("第一党小组", people[3]), ("第二党小组", people[4]))
    )
    people[3].memberships.update(group=first)
    people[4].memberships.update(group=second)
    assert page(secretary, "/meetings/new/?kind=group").sent["group"] == [str(first.pk)]
    factories.meeting(branch, kinds=("group",), group=first, day=DAY)
    fields = page(secretary, "/meetings/new/?kind=group")
    assert fields.sent["group"] == [str(second.pk)]
    assert fields.sent["chair"] == [str(people[4].pk)]


def test_choosing_another_kind_or_group_moves_the_chair_along(secretary, branch, people):
    group = factories.group(branch, leader=people[4])
    people[4].memberships.update(group=group)
    fields = page(secretary, "/meetings/new/?kind=assembly")
    shown = secretary.post(
        fields.action,
        fields.sent | {"kinds": "group", "action": "refresh"},
        headers={"HX-Request": "true"},
    )
    html = shown.content.decode()
    chosen = re.search(r'<input[^>]*name="group"[^>]*checked[^>]*>', html)[0]
    assert f'value="{group.pk}"' in chosen
    assert re.search(rf'<option value="{people[4].pk}" selected', html)
    assert "第一党小组 党小组会" in html


# --- Reading ------------------------------------------------------------------------------------


def test_the_reason_of_a_leave_is_for_those_who_keep_the_record(branch, secretary, people):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    typed = {"first_title": "x", "place": "x"} | away(fields, people[4], "leave:sick")
    send(secretary, fields, **typed)
    url = f"/meetings/{Meeting.objects.get().pk}/"
    assert "陈强（病假）" in secretary.get(url).content.decode()
    seen = signed_in("leader", branch.township).get(url).content.decode()
    assert "陈强（请假）" in seen
    assert "病假" not in seen


def test_a_plan_has_a_notice_to_copy(secretary, branch, people):
    response = secretary.post(
        f"/meetings/plan/?branch={branch.pk}",
        {
            "kinds": ["theme_day", "lecture"],
            "day": "2026-12-10",
            "starts_at": "19:00",
            "place": "村部",
        },
    )
    html = secretary.get(response.headers["Location"]).content.decode()
    assert "【会议通知】2026年12月党课、主题党日（5+X）" in html
    assert "2026年12月10日（周四）19:00" in html


def test_staff_choose_the_branch_first(branch, people):
    staff = signed_in("staff", branch.township)
    html = staff.get("/meetings/new/?kind=assembly").content.decode()
    assert f"?kind=assembly&amp;branch={branch.pk}" in html


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["乙", "甲"]),
        ("?q=甲", ["甲"]),
        ("?kind=assembly", ["乙"]),
        ("?state=draft", ["乙"]),
        ("?state=late", ["甲"]),
        ("?month=2026-11", ["乙"]),
        ("?branch={branch}", ["乙", "甲"]),
    ],
)
def test_the_list_is_newest_first_and_filtered(branch, query, titles):
    factories.branch()
    factories.meeting(branch, title="甲", day=date(2026, 10, 9), submit_by=date(2026, 10, 14))
    factories.meeting(branch, title="乙", day=DAY, kinds=("assembly",), state=MeetingState.DRAFT)
    staff = signed_in("staff", branch.township)
    html = staff.get(f"/meetings/{query.format(branch=branch.pk)}").content.decode()
    assert re.findall(r'class="list-title"[^>]*>(.)<', html) == titles


def test_a_month_that_is_none_is_answered_at_its_field(secretary):
    response = secretary.get("/meetings/?month=2026-99")
    assert "月份应写成" in response.content.decode()


# --- What pages cost ----------------------------------------------------------------------------


def cost(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_list_costs_the_same_for_one_and_for_twenty(branch, people):
    staff = signed_in("staff", branch.township)
    factories.meeting(branch, present=people)
    one = cost(staff, "/meetings/")
    for n in range(20):
        other = factories.branch()
        group = factories.group(other)
        factories.meeting(other, kinds=("group",), group=group, day=DAY - timedelta(days=n))
    assert cost(staff, "/meetings/") == one <= 8


def test_a_meeting_costs_the_same_for_one_and_for_many(secretary, branch, people):
    small = factories.meeting(branch, present=people[:1])
    large = factories.meeting(branch, present=[*people, *factories.members(branch, 30)])
    for n in range(10):
        AgendaItem.objects.create(meeting=large, position=n, kind="topic", title=f"议题{n}")
        Guest.objects.create(meeting=large, name=f"客{n}")
    assert (
        cost(secretary, f"/meetings/{small.pk}/") == cost(secretary, f"/meetings/{large.pk}/") <= 8
    )


@pytest.mark.parametrize("kind", ["theme_day", "assembly", "committee", "group", "lecture", "talk"])
def test_the_logging_form_costs_the_same_for_few_and_for_many(secretary, branch, people, kind):
    url = f"/meetings/new/?branch={branch.pk}&kind={kind}"
    few = cost(secretary, url)
    factories.members(branch, 40, group=factories.group(branch))
    assert cost(secretary, url) == few <= 8


@pytest.mark.parametrize("state", [MeetingState.PLANNED, MeetingState.DRAFT, MeetingState.RECORDED])
def test_going_on_with_a_record_costs_no_more_than_a_page(secretary, branch, people, state):
    meeting = factories.meeting(branch, kinds=("theme_day",), state=state, day=DAY, present=people)
    if state != MeetingState.PLANNED:
        for action in FixedAction.objects.all():
            AgendaItem.objects.create(
                meeting=meeting, position=1, kind="fixed", title=action.name, fixed_action=action
            )
    assert cost(secretary, f"/meetings/{meeting.pk}/record/") <= 8


def test_saving_a_draft_of_sixty_costs_at_most_twelve_statements(secretary, branch, people):
    factories.members(branch, 55)
    fields = page(secretary, "/meetings/new/?kind=theme_day")
    with CaptureQueriesContext(connection) as queries:
        response = send(secretary, fields, action="draft", first_title="全会精神", place="会议室")
    assert response.status_code == 302
    counted = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(counted) <= 12, "\n".join(sql[:120] for sql in counted)
    assert Meeting.objects.get().attendance.count() == 60


# --- Planning -----------------------------------------------------------------------------------


def test_a_plan_begins_with_the_usual_place_and_asks_no_group_where_there_is_none(
    secretary, branch, people
):
    factories.meeting(branch, kinds=("assembly",), day=DAY, place="党群服务中心")
    html = secretary.get("/meetings/plan/").content.decode()
    assert 'value="党群服务中心"' in html
    assert 'name="group"' not in html
    factories.group(branch)
    assert 'name="group"' in secretary.get("/meetings/plan/").content.decode()


def test_staff_see_what_was_held_before_next_months_plans(branch, secretary):
    factories.branch(parent=branch.township)
    staff = signed_in("staff", branch.township)
    fields = {"state": MeetingState.PLANNED, "day": date(2026, 12, 10), "title": "12月主题党日"}
    factories.meeting(branch, kinds=("theme_day",), **fields)
    factories.meeting(branch, kinds=("committee",), day=DAY, title="11月支委会")
    html = staff.get("/meetings/").content.decode()
    assert "11月支委会" in html
    assert "12月主题党日" not in html
    assert "12月主题党日" in staff.get("/meetings/?state=planned").content.decode()
    assert "12月主题党日" in secretary.get("/meetings/").content.decode()


def test_ballots_that_nobody_cast_are_no_difference_between_two_texts(secretary, branch, people):
    fields = page(secretary, "/meetings/new/?kind=assembly")
    voted = {"item-0-kind": "decision", "item-0-title": "修路", "item-0-rule": "ordinary"}
    typed = {"first_title": "全会精神", "place": "村部", "item-0-in_favour": "5"} | voted
    assert send(secretary, fields, **typed).status_code == 302
    url = f"/meetings/{Meeting.objects.get().pk}/record/"
    first, second = page(secretary, url), page(secretary, url)
    assert send(secretary, first, place="甲地", reason="更正").status_code == 302
    html = send(secretary, second, place="乙地", reason="更正").content.decode()
    assert "两份内容不同之处" in html
    assert "现已保存的" in html
    assert "其他议题</th>" not in html
