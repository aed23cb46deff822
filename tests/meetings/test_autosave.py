"""A draft that keeps itself, and two people who write one record at once: nothing is lost."""

import json
from datetime import date

import pytest
import time_machine

from meetings.models import AgendaItem, Attendance, Criticism, Meeting, MeetingState
from tests import factories
from tests.meetings.sending import Fields, away, page, send, signed_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-11T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def branch():
    return factories.branch()


@pytest.fixture
def people(branch):
    them = [factories.member(branch, name) for name in ("李建国", "王芳", "张伟", "刘英", "陈强")]
    for member, role in zip(them, ("secretary", "organization"), strict=False):
        factories.post(member, role)
    return them


@pytest.fixture
def mine(branch):
    return signed_in("secretary", branch)


@pytest.fixture
def theirs(branch):
    return signed_in("committee", branch)


@pytest.fixture
def draft(mine, people):
    """A draft with a first topic and two items; its address."""
    typed = {
        "place": "村部",
        "first_title": "全会精神",
        "first_minutes": "王芳：……",
        "item-TOTAL_FORMS": "2",
        "item-0-kind": "topic",
        "item-0-title": "修路",
        "item-1-kind": "topic",
        "item-1-title": "防汛",
    }
    send(mine, page(mine, "/meetings/new/?kind=assembly"), action="draft", **typed)
    return f"/meetings/{Meeting.objects.get().pk}/record/"


def stored(url: str, client) -> dict:
    return page(client, url).sent


# --- Autosave -----------------------------------------------------------------------------------


def test_what_is_written_is_kept_and_the_page_goes_on_from_there(mine, draft):
    fields = page(mine, draft)
    told = send(mine, fields, action="autosave", first_minutes="王芳：写了一半")
    assert told.status_code == 200
    assert (told.json()["at"], told.json()["url"]) == ("10:00", draft)
    assert AgendaItem.objects.get(kind="first_topic").minutes == "王芳：写了一半"
    fields.sent |= {name: [value] for name, value in told.json()["fields"].items()}
    assert send(mine, fields, first_minutes="王芳：写完了").status_code == 302
    assert Meeting.objects.get().state == MeetingState.RECORDED


def test_a_new_meeting_is_made_once_it_says_something(mine, people):
    fields = page(mine, "/meetings/new/?kind=assembly")
    assert send(mine, fields, action="autosave", place="村部").status_code == 204
    assert not Meeting.objects.exists()
    typed = {"first_title": "全会精神"}
    assert send(mine, fields, action="autosave", **typed).status_code == 200
    # The answer was lost on its way; the same page is sent again.
    told = send(mine, fields, action="autosave", first_title="全会精神和部署")
    assert told.status_code == 200
    meeting = Meeting.objects.get()
    assert meeting.agenda.get().title == "全会精神和部署"
    assert told.json()["url"] == f"/meetings/{meeting.pk}/record/"


def test_a_row_that_was_kept_is_the_same_row_the_next_time(mine, draft):
    fields = page(mine, draft)
    typed = {"item-TOTAL_FORMS": "3", "item-2-kind": "topic", "item-2-title": "新项"}
    told = send(mine, fields, action="autosave", **typed).json()["fields"]
    new = AgendaItem.objects.get(title="新项")
    assert told["item-2-pk"] == str(new.pk)
    fields.sent |= {name: [value] for name, value in (typed | told).items()}
    send(mine, fields, action="autosave", **{"item-2-title": "新项改名"})
    new.refresh_from_db()
    assert new.title == "新项改名"
    assert AgendaItem.objects.filter(kind="topic").count() == 3


def test_before_its_day_a_plan_stays_planned(mine, branch, people):
    plan = factories.meeting(
        branch, kinds=("assembly",), state=MeetingState.PLANNED, day=date(2026, 12, 10)
    )
    fields = page(mine, f"/meetings/{plan.pk}/record/")
    assert send(mine, fields, action="autosave", first_title="全会精神").status_code == 200
    plan.refresh_from_db()
    assert plan.state == MeetingState.PLANNED
    assert plan.agenda.get().title == "全会精神"


@pytest.mark.parametrize("typed", [{"day": ""}, {"item-0-title": "", "item-0-minutes": "话"}])
def test_what_cannot_be_kept_as_it_is_stays_on_the_device(mine, draft, typed):
    before = Meeting.objects.get().version
    assert send(mine, page(mine, draft), action="autosave", **typed).status_code == 422
    assert Meeting.objects.get().version == before


def test_a_record_that_was_handed_in_is_not_kept_by_itself(mine, draft):
    fields = page(mine, draft)
    send(mine, fields)
    assert send(mine, page(mine, draft), action="autosave", place="别处").status_code == 422
    assert b"data-autosave" not in mine.get(draft).content
    assert Meeting.objects.get().place == "村部"


def test_autosave_writes_over_nobody_and_says_who_it_was(mine, theirs, draft):
    fields = page(mine, draft)
    send(theirs, page(theirs, draft), action="draft", first_title="别人写的")
    told = send(mine, fields, action="autosave", first_title="我写的")
    assert told.status_code == 409
    assert told.json() == {"who": factories.DutyKind.COMMITTEE.label, "at": "10:00"}
    assert AgendaItem.objects.get(kind="first_topic").title == "别人写的"


# --- Two at once --------------------------------------------------------------------------------


def test_fields_that_one_of_the_two_changed_merge_by_themselves(mine, theirs, people, draft):
    my, their = page(mine, draft), page(theirs, draft)
    sent = away(their, people[4], "leave:sick")
    send(theirs, their, action="draft", place="二楼", first_minutes="张伟：补充", **sent)
    typed = {"summary": "我写的总结", "first_resolution": "抓好落实"} | away(
        my, people[3], "absent"
    )
    response = send(mine, my, action="draft", **typed)
    assert response.status_code == 302
    html = mine.get(response.headers["Location"]).content.decode()
    assert "两人的修改已经合并：地点、讨论要点、陈强。" in html
    now = stored(draft, mine)
    assert now["place"] == ["二楼"]
    assert now["first_minutes"] == ["张伟：补充"]
    assert now["summary"] == ["我写的总结"]
    assert now["first_resolution"] == ["抓好落实"]
    states = dict(Attendance.objects.values_list("member__name", "state"))
    assert (states["陈强"], states["刘英"]) == ("leave", "absent")


def test_what_both_changed_is_shown_and_both_texts_can_be_kept(mine, theirs, draft):
    my, their = page(mine, draft), page(theirs, draft)
    send(theirs, their, action="draft", place="二楼", first_minutes="别人记的", summary="他的总结")
    typed = {"place": "三楼", "first_minutes": "我记的", "summary": "我的总结"}
    response = send(mine, my, action="draft", **typed)
    assert response.status_code == 409
    html = response.content.decode()
    for text in ("二楼", "三楼", "别人记的", "我记的", "他的总结", "我的总结"):
        assert text in html
    assert stored(draft, mine)["place"] == ["二楼"]
    again = Fields(html)
    assert again.sent["take-place"] == ["mine"]
    assert "take-first_title" not in again.sent
    chosen = {"take-place": "theirs", "take-first_minutes": "both"}
    assert send(mine, again, action="draft", **chosen).status_code == 302
    now = stored(draft, mine)
    assert now["place"] == ["二楼"]
    assert now["first_minutes"] == ["我记的\n别人记的"]
    assert now["summary"] == ["我的总结"]


def test_rows_merge_one_by_one(mine, theirs, draft):
    my, their = page(mine, draft), page(theirs, draft)
    added = {"item-TOTAL_FORMS": "3", "item-2-kind": "topic", "item-2-title": "他加的"}
    send(theirs, their, action="draft", **{"item-0-minutes": "他记的发言"} | added)
    added = {"item-TOTAL_FORMS": "3", "item-2-kind": "topic", "item-2-title": "我加的"}
    assert send(mine, my, action="draft", **{"item-1-title": "防汛抗旱"} | added).status_code == 302
    items = dict(AgendaItem.objects.filter(kind="topic").values_list("title", "minutes"))
    assert items == {"修路": "他记的发言", "防汛抗旱": "", "我加的": "", "他加的": ""}


@pytest.mark.parametrize(
    ("my", "their", "left"),
    [
        # What one took out and the other left alone is out.
        ({}, {"item-0-DELETE": "on"}, ["防汛"]),
        ({"item-0-DELETE": "on"}, {"place": "二楼"}, ["防汛"]),
        # What one took out and the other went on writing stays.
        ({"item-0-minutes": "新写的"}, {"item-0-DELETE": "on"}, ["修路", "防汛"]),
        ({"item-0-DELETE": "on"}, {"item-0-minutes": "新写的"}, ["修路", "防汛"]),
    ],
)
def test_a_row_that_one_of_the_two_took_out(mine, theirs, draft, my, their, left):
    my_page, their_page = page(mine, draft), page(theirs, draft)
    send(theirs, their_page, action="draft", **their)
    assert send(mine, my_page, action="draft", **my).status_code == 302
    titles = AgendaItem.objects.filter(kind="topic").values_list("title", flat=True)
    assert sorted(titles) == sorted(left)


def test_the_same_row_changed_by_both_is_asked_about(mine, theirs, draft):
    my, their = page(mine, draft), page(theirs, draft)
    send(theirs, their, action="draft", **{"item-0-minutes": "他记的"})
    response = send(mine, my, action="draft", **{"item-0-minutes": "我记的"})
    assert response.status_code == 409
    again = Fields(response.content.decode())
    (name,) = [one for one in again.sent if one.startswith("take-item.")]
    assert send(mine, again, action="draft", **{name: "both"}).status_code == 302
    assert AgendaItem.objects.get(title="修路").minutes == "我记的\n他记的"


def test_the_other_kind_brings_its_fields_along(mine, theirs, draft):
    my, their = page(mine, draft), page(theirs, draft)
    typed = {"kinds": ["assembly", "lecture"], "lecture_title": "党史", "lecture_speaker": "李老师"}
    send(theirs, their, action="draft", **typed)
    assert send(mine, my, action="draft", summary="总结").status_code == 302
    now = stored(draft, mine)
    assert now["kinds"] == ["assembly", "lecture"]
    assert now["lecture_title"] == ["党史"]
    assert now["summary"] == ["总结"]


def test_grades_and_criticism_of_two_people_merge(mine, theirs, people):
    typed = {"kinds": ["org_life", "evaluation"], "place": "村部"}
    send(mine, page(mine, "/meetings/new/?kind=org_life&kind=evaluation"), action="draft", **typed)
    url = f"/meetings/{Meeting.objects.get().pk}/record/"
    my, their = page(mine, url), page(theirs, url)
    said = {"remark-0-speaker": str(people[0].pk), "remark-0-text": "我记的"}
    send(theirs, their, action="draft", **{f"grade-{people[1].pk}": "excellent"})
    grade = {f"grade-{people[2].pk}": "basic"}
    assert send(mine, my, action="draft", **said | grade).status_code == 302
    now = stored(url, mine)
    assert now[f"grade-{people[1].pk}"] == ["excellent"]
    assert now[f"grade-{people[2].pk}"] == ["basic"]
    assert Criticism.objects.get().text == "我记的"


def test_an_autosave_that_was_not_heard_of_is_no_conflict(mine, draft):
    fields = page(mine, draft)
    send(mine, fields, action="autosave", first_title="写了一半")
    assert send(mine, fields, first_title="写了一半").status_code == 302
    assert Meeting.objects.get().state == MeetingState.RECORDED


def test_a_page_without_digests_asks_about_every_difference(mine, theirs, draft):
    my, their = page(mine, draft), page(theirs, draft)
    send(theirs, their, action="draft", place="二楼")
    response = send(mine, my, action="draft", served="", summary="总结")
    assert response.status_code == 409
    again = Fields(response.content.decode())
    assert {"take-place", "take-summary"} <= set(again.sent)
    assert stored(draft, mine)["place"] == ["二楼"]


def test_a_third_save_while_choosing_asks_again(mine, theirs, draft):
    my = page(mine, draft)
    send(theirs, page(theirs, draft), action="draft", place="二楼")
    again = Fields(send(mine, my, action="draft", place="三楼").content.decode())
    send(theirs, page(theirs, draft), action="draft", place="四楼")
    response = send(mine, again, action="draft", **{"take-place": "theirs"})
    assert response.status_code == 409
    assert "四楼" in response.content.decode()
    assert stored(draft, mine)["place"] == ["四楼"]


def test_the_page_carries_a_digest_of_what_was_served(mine, draft):
    digests = json.loads(page(mine, draft).sent["served"][0])
    assert {"place", "first_title", "kinds"} <= set(digests)
    assert sum(key.startswith("seat.") for key in digests) == 5
