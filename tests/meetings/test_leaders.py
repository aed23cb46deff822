"""What waits for a leader, and how often he was at the branches linked to him."""

from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from branches.models import DutyKind, StandIn
from meetings.models import ActivityPolicy, Guest, LeaderVisit, MeetingState
from meetings.reports.leaders import waiting
from meetings.reports.visits import points_in, visit_rows
from meetings.rules import Span
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
YEAR = Span(date(2026, 1, 1), "year")


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
    return factories.person(DutyKind.STAFF, township)


@pytest.fixture
def secretary(branch):
    return factories.person(DutyKind.SECRETARY, branch)


def sign_in(client, user):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def moment(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())


def visit(branch, leader, *, day=TODAY, **fields):
    meeting = factories.meeting(branch, day=day, **fields)
    LeaderVisit.objects.create(meeting=meeting, leader=leader, noted_at=factories.NOON)
    return meeting


def row_of(user, leader, year=YEAR):
    rows = visit_rows(points_in(year, user), year)
    return next(row for row in rows if row.point.leader == leader)


# --- What waits ---------------------------------------------------------------------------------


def test_what_waits_is_listed_oldest_first(client, branch, leader, secretary):
    soon = factories.meeting(branch, state=MeetingState.PLANNED, day=TODAY + timedelta(days=3))
    held = factories.meeting(branch, day=TODAY - timedelta(days=5))
    LeaderVisit.objects.create(meeting=soon, leader=secretary, noted_at=factories.NOON)
    factories.topic_review(soon, asked_by=secretary, asked_at=moment(TODAY))
    factories.comment(held, by=leader, at=moment(TODAY - timedelta(days=4)))
    uncommented = factories.meeting(branch, day=TODAY - timedelta(days=6))
    found = waiting(leader, on=TODAY)
    assert [(line.what, line.meeting_id) for line in found] == [
        ("comment", held.pk),
        ("topic", soon.pk),
        ("meeting", soon.pk),
        ("held", uncommented.pk),
    ]
    page = sign_in(client, leader).get("/")
    assert [errand.line.what for errand in page.context["waiting"]] == [
        "comment",
        "topic",
        "meeting",
    ]
    board = client.get(reverse("meetings:leader_board"))
    assert [line.what for line in board.context["waiting"]] == ["comment", "topic", "meeting"]


@pytest.mark.parametrize(
    ("days", "state", "listed"),
    [
        (0, MeetingState.PLANNED, True),
        (0, MeetingState.DRAFT, True),
        (6, MeetingState.PLANNED, True),
        (7, MeetingState.PLANNED, False),
        (-1, MeetingState.PLANNED, False),
        (1, MeetingState.CANCELLED, False),
    ],
)
def test_the_weeks_meetings_are_listed(branch, leader, days, state, listed):
    day = TODAY + timedelta(days=days)
    factories.meeting(branch, state=state, day=day, cancel_reason="防汛")
    assert bool(waiting(leader, on=TODAY)) is listed


def test_what_is_done_waits_no_longer(branch, leader, secretary):
    visit(branch, leader, state=MeetingState.PLANNED)
    held = factories.meeting(branch, day=TODAY - timedelta(days=2))
    factories.comment(
        held, by=leader, answer="已改", answered_by=secretary, answered_at=factories.NOON
    )
    decided = factories.meeting(branch, state=MeetingState.PLANNED, day=TODAY + timedelta(days=20))
    factories.topic_review(
        decided,
        asked_by=secretary,
        decision="approved",
        decided_by=leader,
        decided_at=factories.NOON,
    )
    assert waiting(leader, on=TODAY) == []


def test_a_meeting_called_off_waits_for_no_review(branch, leader, secretary):
    off = factories.meeting(
        branch, state=MeetingState.CANCELLED, day=TODAY + timedelta(days=2), cancel_reason="防汛"
    )
    factories.topic_review(off, asked_by=secretary)
    assert waiting(leader, on=TODAY) == []


def test_staff_review_what_no_leader_is_linked_to(township, branch, leader, staff, secretary):
    alone = factories.branch(parent=township)
    for one in (branch, alone):
        meeting = factories.meeting(one, state=MeetingState.PLANNED, day=TODAY + timedelta(days=9))
        factories.topic_review(meeting, asked_by=secretary)
    assert [line.branch_id for line in waiting(staff, on=TODAY)] == [alone.pk]
    assert [line.branch_id for line in waiting(leader, on=TODAY)] == [branch.pk]


def test_a_stand_in_has_the_branches_on_his_list_for_that_time(client, township, branch, leader):
    deputy = factories.person(DutyKind.LEADER, township)
    factories.meeting(branch, state=MeetingState.PLANNED, day=TODAY)
    assert waiting(deputy, on=TODAY) == []
    StandIn.objects.create(leader=leader, deputy=deputy, from_on=TODAY, to_on=date(2026, 11, 26))
    assert len(waiting(deputy, on=TODAY)) == 1
    page = sign_in(client, deputy).get("/")
    assert [entry["row"].branch_id for entry in page.context["linked"]] == [branch.pk]


def test_presence_is_noted_from_the_first_page(client, branch, leader):
    meeting = factories.meeting(branch, state=MeetingState.PLANNED, day=TODAY)
    url = reverse("meetings:visit_note", args=[meeting.pk])
    assert f'action="{url}"' in sign_in(client, leader).get("/").text
    page = client.post(url, {"next": "/"}, follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert page.context["waiting"] == []


# --- How often ----------------------------------------------------------------------------------


def test_a_meeting_that_both_wrote_down_is_one(branch, leader, staff):
    both = visit(branch, leader, day=date(2026, 3, 10))
    Guest.objects.create(meeting=both, name="王乡长", leader=leader)
    written = factories.meeting(branch, day=date(2026, 6, 10))
    Guest.objects.create(meeting=written, name="王乡长", leader=leader)
    row = row_of(staff, leader)
    assert (row.attended, row.asked, row.last_on) == (2, 4, date(2026, 6, 10))


def test_only_this_years_records_at_this_branch_count(township, branch, leader, staff):
    visit(branch, leader, day=date(2025, 12, 31))
    visit(branch, leader, state=MeetingState.DRAFT)
    visit(factories.branch(parent=township), leader)
    Guest.objects.create(meeting=factories.meeting(branch, day=TODAY), name="别人")
    assert row_of(staff, leader).attended == 0
    last = Span(date(2025, 1, 1), "year")
    assert row_of(staff, leader, last).attended == 1


def test_the_township_says_how_often(township, branch, leader, staff):
    ActivityPolicy.objects.create(township=township, visits_a_year=6)
    assert row_of(staff, leader).asked == 6


def test_a_stand_ins_presence_is_named_and_counted_apart(township, branch, leader, staff):
    deputy = factories.person(DutyKind.LEADER, township, "李委员")
    StandIn.objects.create(
        leader=leader, deputy=deputy, from_on=date(2026, 5, 1), to_on=date(2026, 6, 1)
    )
    visit(branch, deputy, day=date(2026, 5, 31))
    visit(branch, deputy, day=date(2026, 6, 1))
    row = row_of(staff, leader)
    assert (row.attended, row.in_his_stead) == (0, [("李委员", 1)])


def test_a_leader_sees_his_own_row_and_staff_all(client, township, branch, leader, staff):
    other = factories.person(DutyKind.LEADER, township, "赵书记")
    factories.contact_point(other, factories.branch(parent=township))
    assert {p.leader for p in points_in(YEAR, staff)} == {leader, other}
    assert {p.leader for p in points_in(YEAR, leader)} == {leader}
    assert "赵书记" not in sign_in(client, leader).get(reverse("meetings:leader_list")).text


def test_a_link_that_ended_stays_in_its_year_once(branch, leader, staff):
    old = leader.contact_points.get()
    old.to_on = date(2026, 3, 1)
    old.save()
    factories.contact_point(leader, branch, from_on=date(2026, 8, 1))
    assert [p.from_on for p in points_in(YEAR, staff)] == [date(2026, 8, 1)]
    assert [p.from_on for p in points_in(Span(date(2025, 1, 1), "year"), staff)] == [old.from_on]
    assert len(points_in(Span(date(2027, 1, 1), "year"), staff)) == 1


def test_the_list_names_the_count_and_another_year_is_one_link_away(client, branch, leader, staff):
    visit(branch, leader, day=date(2026, 3, 10))
    url = reverse("meetings:leader_list")
    page = sign_in(client, staff).get(url)
    assert "1 / 4 次" in page.text
    assert "2026-03-10" in page.text
    assert "?year=2025" in page.text
    assert "?year=2027" not in page.text
    assert "0 / 4 次" in client.get(url, {"year": "2025"}).text
    assert str(client.get(url, {"year": "nonsense"}).context["year"]) == "2026"


def test_the_list_is_taken_along_as_a_sheet(client, branch, leader, staff):
    visit(branch, leader, day=date(2026, 3, 10))
    response = sign_in(client, staff).get(reverse("meetings:leader_export"))
    [headers, line] = load_workbook(BytesIO(b"".join(response))).active.values
    assert headers[0] == "联系领导"
    assert line[0] == "王乡长"
    assert line[5:8] == (1, 4, "2026-03-10")
