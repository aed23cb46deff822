"""The calendar that telephones read: valid by an independent reader and by the RFC's own words."""

import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import Duty, DutyKind, StandIn
from meetings.models import CalendarFeed, MeetingState
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(factories.NOON, tick=False):
        yield


@pytest.fixture
def branch():
    return factories.branch("上峰村第一党支部")


@pytest.fixture
def secretary(branch):
    return factories.person(DutyKind.SECRETARY, branch)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def feed_of(user, branch=None) -> CalendarFeed:
    return CalendarFeed.objects.create(owner=user, branch=branch, created_at=factories.NOON)


def fetch(feed, **headers):
    """Ask as a telephone does: without a session."""
    url = reverse("meetings:feed_show", args=[feed.token])
    return Client().get(url, headers=headers)


def text(feed) -> str:
    return fetch(feed).content.decode()


def events(feed) -> list:
    calendar = vobject.readOne(text(feed))
    return list(getattr(calendar, "vevent_list", []))


def planned(branch, **fields):
    values = {
        "kinds": ("theme_day",),
        "state": MeetingState.PLANNED,
        "day": date(2026, 12, 10),
        "starts_at": time(19, 0),
        "title": "十二月主题党日",
        "place": "党群服务中心",
    }
    return factories.meeting(branch, **(values | fields))


# --- What it says -------------------------------------------------------------------------------


def test_a_planned_meeting_as_an_independent_reader_sees_it(branch, secretary):
    meeting = planned(branch)
    [event] = events(feed_of(secretary))
    assert event.summary.value == "上峰村第一党支部：十二月主题党日"
    assert event.location.value == "党群服务中心"
    assert event.dtstart.value == datetime(2026, 12, 10, 19, tzinfo=timezone.get_default_timezone())
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=90)
    assert event.status.value == "CONFIRMED"
    assert event.sequence.value == str(meeting.version)
    assert event.url.value == f"http://testserver{meeting.get_absolute_url()}"
    assert "类型：主题党日（5+X）" in event.description.value


def test_without_a_time_it_takes_the_day(branch, secretary):
    planned(branch, starts_at=None)
    [event] = events(feed_of(secretary))
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 12, 10), date(2026, 12, 11))
    assert "时间另行通知" in event.description.value


def test_what_is_moved_keeps_its_name_and_raises_its_number(branch, secretary):
    meeting, feed = planned(branch), feed_of(secretary)
    [before] = events(feed)
    meeting.day, meeting.version = date(2026, 12, 11), meeting.version + 1
    meeting.save()
    [after] = events(feed)
    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) == int(before.sequence.value) + 1
    assert after.last_modified.value >= before.last_modified.value


def test_what_is_cancelled_stays_and_says_so(branch, secretary):
    planned(branch, state=MeetingState.CANCELLED, cancel_reason="防汛")
    [event] = events(feed_of(secretary))
    assert event.status.value == "CANCELLED"
    assert event.transp.value == "TRANSPARENT"


def test_nobody_is_named(branch, secretary):
    member = factories.member(branch, "李建国")
    factories.meeting(
        branch, kinds=("talk",), day=TODAY, title="与李建国谈心谈话", present=(member,)
    )
    meeting = factories.meeting(branch, day=TODAY, present=(member,), chair=member)
    meeting.agenda.create(position=1, kind="decision", title="讨论接收李建国为预备党员")
    content = text(feed_of(secretary)).replace("\r\n ", "")
    assert "李建国" not in content
    assert "上峰村第一党支部：谈心谈话" in content


def test_only_the_last_quarter_and_the_year_to_come(branch, secretary):
    for day in (date(2026, 6, 1), date(2026, 10, 1), date(2027, 10, 1), date(2028, 6, 1)):
        planned(branch, day=day, title=f"{day}")
    told = {event.summary.value.partition("：")[2] for event in events(feed_of(secretary))}
    assert told == {"2026-10-01", "2027-10-01"}


# --- By the RFC's own words (RFC 5545) ----------------------------------------------------------


@pytest.fixture
def content(branch, secretary) -> bytes:
    planned(branch, title="学习，讨论；表决\\通过, a;b" + "很长的主题" * 15, place="东河\n会议室")
    planned(branch, day=date(2026, 12, 11), starts_at=None)
    planned(branch, day=date(2026, 12, 12), state=MeetingState.CANCELLED, cancel_reason="防汛")
    return fetch(feed_of(secretary)).content


def test_lines_end_in_crlf_and_are_folded_at_75_octets(content):
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is cut in two


def test_text_is_escaped(content):
    unfolded = content.decode().replace("\r\n ", "")
    assert r"表决\\通过\, a\;b" in unfolded
    assert r"LOCATION:东河\n会议室" in unfolded


def test_each_calendar_and_event_has_what_it_must_once(content):
    unfolded = content.decode().replace("\r\n ", "")
    head = unfolded.partition("BEGIN:VTIMEZONE")[0]
    for name in ("PRODID", "VERSION", "CALSCALE", "METHOD"):
        assert len(re.findall(rf"^{name}:", head, re.MULTILINE)) == 1, name
    assert "VERSION:2.0" in head
    zone = re.search(r"BEGIN:VTIMEZONE.*END:VTIMEZONE", unfolded, re.DOTALL).group()
    assert "TZID:Asia/Shanghai" in zone
    assert "TZOFFSETTO:+0800" in zone
    found = re.findall(r"BEGIN:VEVENT.*?END:VEVENT", unfolded, re.DOTALL)
    assert len(found) == 3
    assert len(set(re.findall(r"^UID:(.+?)\r", unfolded, re.MULTILINE))) == 3
    for event in found:
        for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS"):
            assert len(re.findall(rf"^{name}[;:]", event, re.MULTILINE)) == 1, (name, event)
        assert re.search(r"^DTSTAMP:\d{8}T\d{6}Z\r", event, re.MULTILINE)
        assert re.search(r"^LAST-MODIFIED:\d{8}T\d{6}Z\r", event, re.MULTILINE)
        assert re.search(
            r"^DTSTART;(TZID=Asia/Shanghai:\d{8}T\d{6}|VALUE=DATE:\d{8})\r", event, re.MULTILINE
        )


def test_it_is_sent_as_a_calendar(branch, secretary):
    response = fetch(feed_of(secretary))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in response["Cache-Control"]


# --- Whose meetings -----------------------------------------------------------------------------


def test_each_hears_of_the_branches_that_concern_him(branch):
    other = factories.branch("五阳村第一党支部")
    planned(branch)
    planned(other)
    leader = factories.person(DutyKind.LEADER, branch.township)
    deputy = factories.person(DutyKind.LEADER, branch.township)
    factories.contact_point(leader, branch)
    StandIn.objects.create(
        leader=leader, deputy=deputy, from_on=TODAY, to_on=TODAY + timedelta(days=1)
    )
    people = {
        leader: {"上峰村第一党支部"},
        deputy: {"上峰村第一党支部"},
        factories.person(DutyKind.COMMITTEE, other): {"五阳村第一党支部"},
        factories.person(DutyKind.STAFF, branch.township): {"上峰村第一党支部", "五阳村第一党支部"},
    }
    for person, names in people.items():
        told = {event.summary.value.partition("：")[0] for event in events(feed_of(person))}
        assert told == names, person


def test_a_branchs_feed_tells_of_that_branch_alone(branch):
    other = factories.branch("五阳村第一党支部")
    planned(branch)
    planned(other)
    staff = factories.person(DutyKind.STAFF, branch.township)
    [event] = events(feed_of(staff, other))
    assert event.summary.value.startswith("五阳村第一党支部")


def test_an_address_dies_with_its_owners_right(branch, secretary):
    alone, of_branch = feed_of(secretary), feed_of(secretary, branch)
    assert fetch(alone).status_code == fetch(of_branch).status_code == 200
    Duty.objects.filter(user=secretary).update(to_on=TODAY)
    assert fetch(alone).status_code == fetch(of_branch).status_code == 404


def test_a_branchs_address_dies_when_that_branch_is_left(branch, secretary):
    feed = feed_of(secretary, branch)
    Duty.objects.filter(user=secretary).update(organization=factories.branch("五阳村第一党支部"))
    assert fetch(feed).status_code == 404


def test_an_account_that_is_closed_has_no_calendar(secretary):
    feed = feed_of(secretary)
    secretary.is_active = False
    secretary.save()
    assert fetch(feed).status_code == 404


def test_an_unknown_address_is_not_found():
    url = reverse("meetings:feed_show", args=["x" * 43])
    assert Client().get(url).status_code == 404


# --- Opening, renewing, revoking ----------------------------------------------------------------


def test_an_address_is_opened_once_renewed_and_revoked(branch, secretary):
    client = signed_in(secretary)
    for _twice in range(2):
        client.post(reverse("meetings:feed_open"), {"branch": ""})
    first = CalendarFeed.objects.get()
    page = client.get(reverse("meetings:document_list")).content.decode()
    assert f"http://testserver/meetings/calendars/{first.token}.ics" in page
    assert f"webcal://testserver/meetings/calendars/{first.token}.ics" in page

    client.post(reverse("meetings:feed_renew", args=[first.pk]))
    second = CalendarFeed.objects.get(revoked_at=None)
    assert second.token != first.token
    assert fetch(first).status_code == 404
    assert fetch(second).status_code == 200

    client.post(reverse("meetings:feed_revoke", args=[second.pk]))
    assert fetch(second).status_code == 404
    assert not CalendarFeed.objects.filter(revoked_at=None).exists()


def test_nobody_touches_anothers_address(branch, secretary):
    feed = feed_of(secretary)
    colleague = signed_in(factories.person(DutyKind.COMMITTEE, branch))
    for route in ("feed_renew", "feed_revoke"):
        assert colleague.post(reverse(f"meetings:{route}", args=[feed.pk])).status_code == 404


def test_a_county_observer_subscribes_to_branches_one_by_one(branch):
    observer = factories.person(DutyKind.OBSERVER, branch.township.parent)
    client = signed_in(observer)
    client.post(reverse("meetings:feed_open"), {"branch": ""})
    assert not CalendarFeed.objects.exists()
    client.post(reverse("meetings:feed_open"), {"branch": branch.pk})
    assert fetch(CalendarFeed.objects.get()).status_code == 200


def test_the_token_cannot_be_guessed(secretary):
    tokens = {feed_of(secretary, factories.branch()).token for _ in range(3)}
    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 43


# --- At what price ------------------------------------------------------------------------------


def test_nothing_new_is_answered_in_a_word(branch, secretary):
    meeting, feed = planned(branch), feed_of(secretary)
    tag = fetch(feed)["ETag"]
    again = fetch(feed, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    meeting.version += 1
    meeting.save()
    assert fetch(feed, **{"If-None-Match": tag}).status_code == 200


def test_a_hundred_meetings_cost_the_statements_of_one(branch):
    staff = factories.person(DutyKind.STAFF, branch.township)
    feed = feed_of(staff)

    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            assert fetch(feed).status_code == 200
        return len(statements)

    planned(branch)
    few = cost()
    for number in range(10):
        for day in range(1, 11):
            planned(factories.branch(f"第{number}-{day}支部"), day=date(2026, 12, day))
    assert cost() == few <= 8
