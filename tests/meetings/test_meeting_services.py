"""Planning, saving, handing in, amending, withdrawing, cancelling and archiving."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curriculum.models import ItemState
from meetings import permissions, services
from meetings.models import AgendaItem, Attendance, Meeting, MeetingState, Obligation, Vote
from meetings.record import Ballots, Entry, Missing, Record, Seat, Visitor
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 11, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 10)


@pytest.fixture
def branch():
    return factories.branch()


@pytest.fixture
def people(branch):
    return factories.members(branch, 4)


@pytest.fixture
def secretary(branch):
    return factories.person("secretary", branch)


def record(people, **fields) -> Record:
    values = {
        "kinds": ("theme_day",),
        "title": "11月主题党日",
        "day": DAY,
        "starts_at": time(19, 0),
        "place": "党群服务中心",
        "chair_id": people[0].pk,
        "recorder_id": people[1].pk,
        "agenda": (
            Entry(kind="first_topic", title="全会精神"),
            Entry(kind="optional", title="屋场夜话"),
        ),
        "seats": tuple(Seat(m.pk, name=m.name) for m in people),
        "guests": (Visitor("陈立新", "联系领导"),),
    }
    return Record(**(values | fields))


def save(meeting, it, secretary, **fields):
    return services.save_record(
        meeting, it, version=meeting.version, by=secretary, at=fields.pop("at", NOW)
    )


def submit(meeting, it, secretary, **fields):
    values = {"version": meeting.version, "rightful_chair_id": None, "by": secretary, "at": NOW}
    return services.submit_record(meeting, it, **(values | fields))


def handed_in(branch, people, secretary, **fields) -> Meeting:
    return submit(Meeting(branch=branch), record(people, **fields), secretary)


def test_a_draft_keeps_everything_and_counts_for_nothing(branch, people, secretary):
    meeting = save(Meeting(branch=branch), record(people), secretary)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.DRAFT
    assert meeting.written_at == NOW
    assert meeting.township == branch.township
    assert meeting.attendance.count() == 4
    assert [item.kind for item in meeting.agenda.all()] == ["first_topic", "optional"]
    assert meeting.guests.get().name == "陈立新"
    assert meeting.types.get().counted_on is None


def test_before_its_day_a_meeting_stays_planned_and_nobody_has_come(branch, people, secretary):
    it = record(people, day=date(2026, 12, 10))
    meeting = save(Meeting(branch=branch), it, secretary)
    assert meeting.state == MeetingState.PLANNED
    assert meeting.written_at is None
    assert not meeting.attendance.exists()
    assert meeting.agenda.count() == 2


def test_handing_in_counts_and_fixes_the_last_day_that_is_on_time(branch, people, secretary):
    meeting = handed_in(branch, people, secretary)
    assert meeting.state == MeetingState.RECORDED
    assert meeting.submitted_at == NOW
    assert meeting.submitted_by == secretary
    # Tuesday 10 November and three working days.
    assert meeting.submit_by == date(2026, 11, 13)
    assert meeting.types.get().counted_on == DAY
    assert not meeting.is_late


def test_late_is_allowed_and_said(branch, people, secretary):
    meeting = submit(
        Meeting(branch=branch), record(people), secretary, at=datetime(2026, 11, 20, tzinfo=UTC)
    )
    assert meeting.is_late
    assert meeting.days_late == 7
    assert list(Meeting.objects.late()) == [meeting]


def test_an_incomplete_record_is_not_handed_in(branch, people, secretary):
    with pytest.raises(services.IncompleteRecord) as refused:
        handed_in(branch, people, secretary, place="")
    assert [lack.what for lack in refused.value.lacks] == [Missing.PLACE]
    assert not Meeting.objects.exists()


def test_a_stale_form_is_not_written_over_a_newer_record(branch, people, secretary):
    meeting = save(Meeting(branch=branch), record(people), secretary)
    mine, theirs = (Meeting.objects.get(pk=meeting.pk) for _ in range(2))
    save(theirs, record(people, title="别人的"), secretary)
    with pytest.raises(services.StaleRecord):
        save(mine, record(people, title="我的"), secretary)
    assert Meeting.objects.get().title == "别人的"


def test_a_draft_form_is_not_written_over_a_record_handed_in(branch, people, secretary):
    meeting = save(Meeting(branch=branch), record(people), secretary)
    submit(Meeting.objects.get(), record(people), secretary)
    meeting.refresh_from_db()
    with pytest.raises(services.StaleRecord):
        save(meeting, record(people, title="我的"), secretary)


def test_saving_again_writes_only_what_changed(branch, people, secretary):
    meeting = save(Meeting(branch=branch), record(people), secretary)
    before = list(Attendance.objects.order_by("pk").values_list("pk", flat=True))
    items = list(AgendaItem.objects.values_list("pk", flat=True))
    seats = tuple(
        replace(seat, state="leave", reason="away") if seat.member_id == people[3].pk else seat
        for seat in record(people).seats
    )
    save(meeting, record(people, seats=seats), secretary)
    assert list(Attendance.objects.order_by("pk").values_list("pk", flat=True)) == before
    assert list(AgendaItem.objects.values_list("pk", flat=True)) == items
    away = Attendance.objects.get(member=people[3])
    assert (away.state, away.reason) == ("leave", "away")


def test_items_and_votes_are_changed_moved_and_dropped(branch, people, secretary):
    first = Entry(kind="first_topic", title="全会精神")
    vote = Entry(kind="decision", title="党费", ballots=Ballots("ordinary", 3, 1))
    topic = Entry(kind="topic", title="防汛")
    meeting = save(Meeting(branch=branch), record(people, agenda=(first, vote, topic)), secretary)
    moved = replace(vote, ballots=Ballots("ordinary", 4))
    save(meeting, record(people, agenda=(first, topic, moved)), secretary)
    assert [item.title for item in meeting.agenda.all()] == ["全会精神", "防汛", "党费"]
    assert Vote.objects.get().in_favour == 4
    save(meeting, record(people, agenda=(first,)), secretary)
    assert [item.title for item in meeting.agenda.all()] == ["全会精神"]
    assert not Vote.objects.exists()


def test_a_talk_keeps_only_those_who_took_part(branch, people, secretary):
    seats = tuple(
        Seat(m.pk, name=m.name, state="present" if n < 2 else "") for n, m in enumerate(people)
    )
    meeting = handed_in(branch, people, secretary, kinds=("talk",), agenda=(), seats=seats)
    assert set(meeting.attendance.values_list("member", flat=True)) == {p.pk for p in people[:2]}


def test_a_committee_without_half_of_it_is_recorded_and_does_not_count(branch, people, secretary):
    seats = tuple(
        Seat(m.pk, name=m.name, state="present" if n < 2 else "absent")
        for n, m in enumerate([*people, factories.member(branch)])
    )
    meeting = handed_in(branch, people, secretary, kinds=("committee",), seats=seats)
    assert meeting.state == MeetingState.RECORDED
    assert meeting.types.get().counted_on is None


def test_amending_keeps_the_date_of_submission_and_the_reason(branch, people, secretary):
    meeting = handed_in(branch, people, secretary)
    later = datetime(2026, 11, 12, 2, tzinfo=UTC)
    services.amend_record(
        meeting,
        record(people, title="更正后的主题", day=date(2026, 11, 9)),
        version=meeting.version,
        reason="日期写错",
        rightful_chair_id=None,
        by=secretary,
        at=later,
    )
    meeting.refresh_from_db()
    assert (meeting.submitted_at, meeting.amended_at) == (NOW, later)
    assert meeting.types.get().counted_on == date(2026, 11, 9)
    entry = LogEntry.objects.get_for_object(meeting).latest("timestamp")
    assert entry.additional_data == {"reason": "日期写错"}
    assert entry.changes["title"] == ["11月主题党日", "更正后的主题"]


def test_a_withdrawn_record_no_longer_counts_and_keeps_its_first_date(branch, people, secretary):
    meeting = handed_in(branch, people, secretary)
    assert services.withdraw_record(meeting, reason="漏记", by=secretary, at=NOW)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.DRAFT
    assert meeting.types.get().counted_on is None
    assert not services.withdraw_record(meeting, reason="再次", by=secretary, at=NOW)
    later = datetime(2026, 11, 20, tzinfo=UTC)
    submit(meeting, record(people), secretary, at=later)
    meeting.refresh_from_db()
    assert (meeting.submitted_at, meeting.amended_at) == (NOW, later)
    assert meeting.types.get().counted_on == DAY


def test_only_what_was_not_handed_in_is_cancelled(branch, people, secretary):
    plan = services.plan_meeting(
        branch, kinds=["committee"], title="支委会", day=DAY, by=secretary, at=NOW
    )
    assert services.cancel_meeting(plan, reason="防汛", by=secretary, at=NOW)
    assert Meeting.objects.get().cancel_reason == "防汛"
    meeting = handed_in(branch, people, secretary)
    assert not services.cancel_meeting(meeting, reason="防汛", by=secretary, at=NOW)


def test_an_archived_record_is_closed_to_drafts_and_stays_archived_when_corrected(
    branch, people, secretary
):
    meeting = handed_in(branch, people, secretary)
    assert services.archive_meeting(meeting, signed_on=DAY, by=secretary, at=NOW)
    assert not services.archive_meeting(meeting, by=secretary, at=NOW)
    meeting.refresh_from_db()
    assert meeting.signed_on == DAY
    with pytest.raises(services.StaleRecord):
        save(meeting, record(people, title="草稿"), secretary)
    services.amend_record(
        meeting,
        record(people, title="更正"),
        version=meeting.version,
        reason="题目写错",
        rightful_chair_id=None,
        by=secretary,
        at=NOW,
    )
    meeting.refresh_from_db()
    assert (meeting.state, meeting.title) == (MeetingState.ARCHIVED, "更正")
    assert meeting.types.get().counted_on == DAY


def test_the_checklist_ticks_itself_and_takes_the_tick_back(branch, people, secretary):
    checklist = factories.checklist(branch, monday=date(2026, 11, 9))
    rule = Obligation.objects.get(kind="theme_day", township=None)
    item = factories.checklist_item(checklist, key=f"meetings.owed:{rule.code}:2026-11")
    meeting = handed_in(branch, people, secretary)
    item.refresh_from_db()
    assert item.state == ItemState.DONE
    assert item.evidence_url == meeting.get_absolute_url()
    services.withdraw_record(meeting, reason="漏记", by=secretary, at=NOW)
    item.refresh_from_db()
    assert item.state == ItemState.OPEN


def test_the_log_names_who_was_away_and_not_why(branch, people, secretary):
    seats = tuple(
        replace(s, state="leave", reason="sick") if s.member_id == people[2].pk else s
        for s in record(people).seats
    )
    meeting = save(Meeting(branch=branch), record(people, seats=seats), secretary)
    text = str(LogEntry.objects.get_for_object(meeting).get().changes)
    assert people[2].name in text
    assert "病" not in text
    assert "sick" not in text
    assert LogEntry.objects.get_for_object(meeting).get().actor == secretary


def test_attendance_is_counted_from_its_rows(branch, people, secretary):
    seats = (
        Seat(people[0].pk),
        Seat(people[1].pk, state="leave", reason="duty"),
        Seat(people[2].pk, state="absent", can_vote=False),
        Seat(people[3].pk, state="leave", reason="old_or_ill", excuse="old_or_ill"),
    )
    save(Meeting(branch=branch), record(people, seats=seats), secretary)
    found = Meeting.objects.with_attendance().get()
    assert (found.expected, found.present, found.leave, found.absent) == (3, 1, 1, 1)
    assert (found.voting_expected, found.voting_present) == (3, 1)


def statements(queries) -> list[str]:
    """What a saving costs: transactions are no statements of ours."""
    return [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def sixty(branch) -> tuple[list, Record]:
    people = factories.members(branch, 60)
    agenda = (
        Entry(kind="first_topic", title="全会精神", minutes="甲：……"),
        *(Entry(kind="topic", title=f"议题{n}") for n in range(5)),
        Entry(kind="decision", title="党费", ballots=Ballots("ordinary", 50, 5, 5)),
    )
    return people, record(people, kinds=("assembly", "theme_day"), agenda=agenda)


def test_saving_a_meeting_of_sixty_costs_at_most_twelve_statements(branch, secretary):
    people, it = sixty(branch)
    meeting = Meeting(branch=branch)
    with CaptureQueriesContext(connection) as first:
        assert permissions.can_record_meetings(secretary, branch)
        save(meeting, it, secretary)
    changed = replace(
        it,
        title="改过",
        seats=tuple(replace(s, state="leave", reason="away") for s in it.seats[:30])
        + it.seats[30:],
        agenda=(*it.agenda[:-1], replace(it.agenda[-1], ballots=Ballots("ordinary", 30))),
        guests=(Visitor("另一位"),),
    )
    with CaptureQueriesContext(connection) as second:
        assert permissions.can_record_meetings(secretary, branch)
        save(meeting, changed, secretary)
    assert len(statements(first)) <= 12, "\n".join(statements(first))
    assert len(statements(second)) <= 12, "\n".join(statements(second))
    assert meeting.attendance.count() == len(people)
