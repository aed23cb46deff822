"""会上把关、会后指出不足: presence in one tap, remarks, and what became of them."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from branches.models import DutyKind, StandIn
from meetings.forms.leaders import PHRASES
from meetings.models import Comment, CommentKind, Guest, LeaderVisit, MeetingState
from meetings.services import comments
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-24 12:00+08:00", tick=False):
        yield


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def branch(township):
    return factories.branch("上峰村第一党支部", parent=township)


@pytest.fixture
def leader(township, branch):
    who = factories.person(DutyKind.LEADER, township, "王乡长")
    factories.contact_point(who, branch)
    return who


@pytest.fixture
def secretary(branch):
    return factories.person(DutyKind.SECRETARY, branch, "李书记")


@pytest.fixture
def meeting(branch):
    return factories.meeting(branch, day=TODAY)


def post(client, user, route, row, **sent):
    client.force_login(user, backend="branches.backends.DutyBackend")
    sent["next"] = reverse("meetings:leader_board")
    return client.post(reverse(f"meetings:{route}", args=[row.pk]), sent, follow=True)


def page_of(client, meeting, user) -> str:
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client.get(reverse("meetings:meeting_leader", args=[meeting.pk])).text


def test_one_tap_notes_that_the_leader_is_there_and_one_takes_it_back(client, meeting, leader):
    post(client, leader, "visit_note", meeting)
    post(client, leader, "visit_note", meeting)
    assert LeaderVisit.objects.get().leader == leader
    assert "撤销到会" in page_of(client, meeting, leader)
    post(client, leader, "visit_undo", meeting)
    assert not LeaderVisit.objects.exists()


def test_a_planned_meeting_can_be_attended_on_its_day(client, branch, leader):
    meeting = factories.meeting(branch, day=TODAY, state=MeetingState.PLANNED)
    post(client, leader, "visit_note", meeting)
    assert LeaderVisit.objects.exists()


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2026, 11, 25), MeetingState.PLANNED), (TODAY, MeetingState.CANCELLED)],
)
def test_nobody_attends_or_remarks_on_what_is_not_held(client, branch, leader, day, state):
    meeting = factories.meeting(branch, day=day, state=state, cancel_reason="防汛")
    post(client, leader, "visit_note", meeting, text="请抓紧")
    assert not LeaderVisit.objects.exists()
    assert not Comment.objects.exists()


def test_presence_is_never_counted_and_the_recorders_guests_stay(client, meeting, leader):
    Guest.objects.create(meeting=meeting, name="王乡长", position="乡长", leader=leader)
    Guest.objects.create(meeting=meeting, name="赵站长")
    post(client, leader, "visit_note", meeting)
    text = page_of(client, meeting, leader)
    sitting = text.partition("会上：列席")[2].partition("</p>")[0]
    assert sitting.count("王乡长") == 1
    assert sitting.count("本人登记") == 1
    assert "赵站长" in sitting
    assert not meeting.attendance.exists()
    assert meeting.guests.count() == 2


def test_a_stand_in_notes_his_presence_and_another_leader_may_not(
    client, township, meeting, leader
):
    deputy, other = (factories.person(DutyKind.LEADER, township) for _ in range(2))
    StandIn.objects.create(leader=leader, deputy=deputy, from_on=TODAY, to_on=date(2026, 11, 25))
    assert post(client, deputy, "visit_note", meeting).status_code == 200
    assert post(client, other, "visit_note", meeting).status_code == 403


def test_a_remark_on_the_spot_is_sent_with_the_presence(client, meeting, leader, secretary):
    post(client, leader, "visit_note", meeting, text="议题请再聚焦")
    remark = Comment.objects.get()
    assert (remark.kind, remark.text, remark.by) == (CommentKind.ON_SPOT, "议题请再聚焦", leader)
    assert Notice.objects.get(recipient=secretary).text == "会上提醒：议题请再聚焦"


def test_a_remark_of_more_than_a_few_lines_is_refused(client, meeting, leader):
    page = post(client, leader, "visit_note", meeting, text="长" * 301)
    assert "300" in page.text
    assert not LeaderVisit.objects.exists()


def test_three_shortcomings_go_in_one_form_and_one_notice(client, meeting, leader, secretary):
    post(
        client, leader, "comment_add", meeting, phrases=["1", "2"], text="记录太简", good="准备充分"
    )
    found = list(Comment.objects.values_list("kind", "text"))
    assert found == [
        ("lacking", str(PHRASES[1])),
        ("lacking", str(PHRASES[2])),
        ("lacking", "记录太简"),
        ("good", "准备充分"),
    ]
    assert Notice.objects.filter(recipient=secretary).count() == 1


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ({"phrases": ["0", "1", "2"], "text": "还有"}, "一次最多指出三条不足"),
        ({}, "请点选或写下内容。"),
        ({"phrases": ["99"]}, "99"),
    ],
)
def test_too_many_or_nothing_is_refused(client, meeting, leader, sent, refusal):
    assert refusal in post(client, leader, "comment_add", meeting, **sent).text
    assert not Comment.objects.exists()


def test_what_is_kept_is_simplified_whatever_the_leader_reads(client, meeting, leader):
    leader.script = "zh-hant"
    leader.save()
    post(client, leader, "comment_add", meeting, phrases=["2"])
    assert Comment.objects.get().text == "讨论不充分，发言的人少"


def test_the_branch_answers_in_one_line_once_and_the_leader_hears(
    client, meeting, leader, secretary
):
    remark = factories.comment(meeting, by=leader)
    post(client, secretary, "comment_answer", remark, text="下次逐人发言")
    again = post(client, secretary, "comment_answer", remark, text="另一句")
    assert "已经答复过了" in again.text
    remark.refresh_from_db()
    assert (remark.answer, remark.answered_by) == ("下次逐人发言", secretary)
    assert Notice.objects.get(recipient=leader).text == "下次逐人发言"
    assert "下次逐人发言" in page_of(client, meeting, leader)


def test_an_answer_says_something(client, meeting, leader, secretary):
    remark = factories.comment(meeting, by=leader)
    assert "请写下内容。" in post(client, secretary, "comment_answer", remark, text=" ").text
    remark.refresh_from_db()
    assert remark.answered_at is None


def test_praise_asks_for_no_answer(client, meeting, leader, secretary):
    praise = factories.comment(meeting, by=leader, kind=CommentKind.GOOD)
    assert not comments.answer_comment(praise, text="谢谢", by=secretary, at=timezone.now())
    assert "支部答复" not in page_of(client, meeting, secretary)


def test_a_remark_is_taken_back_until_it_is_answered(client, meeting, leader, secretary):
    first, second = (factories.comment(meeting, by=leader) for _ in range(2))
    comments.answer_comment(second, text="已改", by=secretary, at=timezone.now())
    post(client, leader, "comment_withdraw", first)
    assert "不能再撤回" in post(client, leader, "comment_withdraw", second).text
    assert list(Comment.objects.all()) == [second]


def test_a_meeting_not_recorded_yet_offers_no_comment_form(client, branch, leader):
    planned = factories.meeting(branch, day=TODAY, state=MeetingState.PLANNED)
    assert "点评这次会议" not in page_of(client, planned, leader)
    held = factories.meeting(branch, day=TODAY)
    assert "点评这次会议" in page_of(client, held, leader)
