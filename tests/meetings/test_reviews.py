"""会前审核: the topic goes up, is approved or returned, and never holds a meeting up."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from branches.models import DutyKind, StandIn
from meetings.models import Meeting, MeetingKind, MeetingState, TopicReview
from meetings.reports.leaders import ReviewState, reviewers, round_of
from meetings.services import reviews
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
MEETING_DAY = date(2026, 11, 27)


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
def staff(township):
    return factories.person(DutyKind.STAFF, township, "党务小陈")


@pytest.fixture
def secretary(branch):
    return factories.person(DutyKind.SECRETARY, branch, "李书记")


@pytest.fixture
def meeting(branch):
    return factories.meeting(
        branch, state=MeetingState.PLANNED, day=MEETING_DAY, starts_at=time(19), title="防汛备汛"
    )


def sign_in(client, user):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def send(meeting, secretary) -> bool:
    return reviews.send_topic(meeting, by=secretary, at=timezone.now())


def decide(meeting, decision, by, remark="") -> bool:
    review = meeting.reviews.get(decided_at=None)
    return reviews.decide_topic(review, decision=decision, remark=remark, by=by, at=timezone.now())


def told() -> set[tuple[str, str]]:
    return set(Notice.objects.values_list("recipient__full_name", "title"))


def page_of(client, meeting, user) -> str:
    url = reverse("meetings:meeting_leader", args=[meeting.pk])
    return sign_in(client, user).get(url).text


def test_the_linked_leader_reviews_and_no_one_else(branch, leader, staff):
    assert reviewers(branch, on=TODAY) == [leader]


def test_whoever_stands_in_reviews_meanwhile(township, branch, leader):
    deputy = factories.person(DutyKind.LEADER, township)
    StandIn.objects.create(
        leader=leader, deputy=deputy, from_on=TODAY, to_on=TODAY + timedelta(days=1)
    )
    assert reviewers(branch, on=TODAY) == [deputy]
    assert reviewers(branch, on=TODAY + timedelta(days=1)) == [leader]


def test_without_a_leader_the_staff_review(branch, staff):
    assert reviewers(branch, on=TODAY) == [staff]


def test_sending_tells_the_leader_once(meeting, leader, secretary):
    assert send(meeting, secretary)
    assert not send(meeting, secretary)
    assert told() == {("王乡长", "请审核主题：防汛备汛")}
    assert TopicReview.objects.get().topic == "防汛备汛"


def test_an_approved_topic_is_not_sent_again_and_a_changed_one_is(meeting, leader, secretary):
    send(meeting, secretary)
    decide(meeting, "approved", leader)
    assert not send(meeting, secretary)
    meeting.title = "秋冬防火"
    assert send(meeting, secretary)
    assert TopicReview.objects.count() == 2


def test_a_topic_changed_while_it_waits_is_brought_up_to_date(meeting, leader, secretary):
    send(meeting, secretary)
    meeting.title = "秋冬防火"
    with time_machine.travel("2026-11-24 13:00+08:00", tick=False):
        assert send(meeting, secretary)
    assert TopicReview.objects.get().topic == "秋冬防火"
    assert ("王乡长", "请审核主题：秋冬防火") in told()


def test_a_returned_topic_opens_a_new_round_and_both_are_shown(client, meeting, leader, secretary):
    send(meeting, secretary)
    assert decide(meeting, "returned", leader, "结合本村实际")
    assert ("李书记", "主题退回修改：防汛备汛") in told()
    Meeting.objects.filter(pk=meeting.pk).update(title="水库除险和防汛值班")
    sign_in(client, secretary).post(reverse("meetings:topic_send", args=[meeting.pk]))
    meeting.refresh_from_db()
    assert decide(meeting, "approved", leader)
    text = page_of(client, meeting, secretary)
    assert "结合本村实际" in text
    assert "审核时的主题：防汛备汛" in text
    assert text.index("退回修改") < text.index("已审核同意")


def test_of_two_who_decide_at_once_one_has_done_it(meeting, leader, staff, secretary):
    send(meeting, secretary)
    review = TopicReview.objects.get()
    assert decide(meeting, "approved", leader)
    assert not reviews.decide_topic(
        review, decision="returned", remark="改", by=staff, at=timezone.now()
    )
    assert TopicReview.objects.get().decided_by == leader


def test_what_was_decided_on_another_topic_than_shown_is_not_decided(
    client, meeting, leader, secretary
):
    send(meeting, secretary)
    shown = TopicReview.objects.get()
    TopicReview.objects.update(topic="秋冬防火")
    sent = {"decision": "approved", "topic": shown.topic}
    sign_in(client, leader).post(reverse("meetings:topic_decide", args=[shown.pk]), sent)
    assert TopicReview.objects.get().decided_at is None


def test_returning_asks_for_a_remark(client, meeting, leader, secretary):
    send(meeting, secretary)
    review = TopicReview.objects.get()
    url = reverse("meetings:topic_decide", args=[review.pk])
    sent = {"decision": "returned", "topic": review.topic, "remark": " "}
    sent["next"] = reverse("meetings:leader_board")
    page = sign_in(client, leader).post(url, sent, follow=True)
    assert "退回须写明意见。" in page.text
    assert TopicReview.objects.get().decided_at is None


@pytest.mark.parametrize(
    ("starts_at", "now", "state"),
    [
        (time(19), "2026-11-27 18:59", ReviewState.WAITING),
        (time(19), "2026-11-27 19:00", ReviewState.LATE),
        (None, "2026-11-27 23:59", ReviewState.WAITING),
        (None, "2026-11-28 00:00", ReviewState.LATE),
    ],
)
def test_an_open_round_is_late_once_the_meeting_has_begun(
    meeting, secretary, starts_at, now, state
):
    meeting.starts_at = starts_at
    review = factories.topic_review(meeting, asked_by=secretary)
    moment = timezone.make_aware(datetime.fromisoformat(now))
    assert round_of(review, meeting, moment).state is state


def test_a_round_not_decided_in_time_says_so_and_blocks_nothing(client, meeting, leader, secretary):
    send(meeting, secretary)
    with time_machine.travel("2026-11-28 09:00+08:00", tick=False):
        text = page_of(client, meeting, secretary)
        assert "未及时审核" in text
        record = client.get(reverse("meetings:meeting_record", args=[meeting.pk]))
        assert record.status_code == 200
        assert decide(meeting, "approved", leader)
        text = page_of(client, meeting, secretary)
    assert "会后审核" in text
    assert "未及时审核" not in text


def test_staff_decide_in_the_leaders_stead_and_are_named(client, meeting, leader, staff, secretary):
    send(meeting, secretary)
    review = TopicReview.objects.get()
    url = reverse("meetings:topic_decide", args=[review.pk])
    sign_in(client, staff).post(url, {"decision": "approved", "topic": review.topic})
    assert "党务小陈 11月24日 12:00审核" in page_of(client, meeting, secretary)


def test_a_leader_who_is_not_linked_may_not_decide(client, township, meeting, leader, secretary):
    send(meeting, secretary)
    other = factories.person(DutyKind.LEADER, township)
    review = TopicReview.objects.get()
    url = reverse("meetings:topic_decide", args=[review.pk])
    sent = {"decision": "approved", "topic": review.topic}
    assert sign_in(client, other).post(url, sent).status_code == 403


@pytest.mark.parametrize("state", [MeetingState.DRAFT, MeetingState.CANCELLED])
def test_only_what_is_planned_is_sent(meeting, leader, secretary, state):
    meeting.state = state
    assert not send(meeting, secretary)


def plan(client, branch, *, kinds=(MeetingKind.COMMITTEE,), day=MEETING_DAY, title="防汛备汛"):
    sent = {"kinds": kinds, "title": title, "day": day, "starts_at": "19:00", "place": "会议室"}
    url = f"{reverse('meetings:meeting_plan')}?branch={branch.pk}"
    return client.post(url, sent, follow=True)


def test_a_plan_goes_up_by_itself_where_a_leader_is_linked(client, branch, leader, secretary):
    page = plan(sign_in(client, secretary), branch)
    assert "主题已送联系领导审核" in page.text
    assert told() == {("王乡长", "请审核主题：防汛备汛")}


def test_without_a_leader_a_plan_waits_for_the_branch_to_send_it(client, branch, staff, secretary):
    plan(sign_in(client, secretary), branch)
    assert not TopicReview.objects.exists()


@pytest.mark.parametrize(
    ("kinds", "day"),
    [((MeetingKind.TALK,), MEETING_DAY), ((MeetingKind.COMMITTEE,), date(2026, 11, 20))],
)
def test_a_talk_and_a_day_that_is_past_have_nothing_to_review(
    client, branch, leader, secretary, kinds, day
):
    plan(sign_in(client, secretary), branch, kinds=kinds, day=day)
    assert Meeting.objects.count() == 1
    assert not TopicReview.objects.exists()


def test_what_is_kept_is_simplified_whoever_sends_it(client, meeting, leader, secretary):
    secretary.script = "zh-hant"
    secretary.save()
    sign_in(client, secretary).post(reverse("meetings:topic_send", args=[meeting.pk]))
    assert Notice.objects.get().title == "请审核主题：防汛备汛"
