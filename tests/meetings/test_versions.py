"""A record that was handed in keeps what it said: who changed it, when and why."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from meetings import services
from meetings.models import Meeting, MeetingState, RecordVersion
from meetings.record import (
    Assessed,
    Ballots,
    Choice,
    Entry,
    Remark,
    Seat,
    Shortcoming,
    Visitor,
)
from tests import factories
from tests.meetings.test_meeting_services import NOW, handed_in, record, save

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 12, 2, tzinfo=UTC)


@pytest.fixture
def branch():
    return factories.branch()


@pytest.fixture
def people(branch):
    return [factories.member(branch, name) for name in ("李建国", "王芳", "张伟", "刘英")]


@pytest.fixture
def secretary(branch):
    return factories.person("secretary", branch, "李书记")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def amend(meeting, it, secretary, **fields):
    values = {
        "version": meeting.version,
        "reason": "题目写错",
        "rightful_chair_id": None,
        "by": secretary,
        "at": LATER,
    }
    return services.amend_record(meeting, it, **(values | fields))


def text_of(version) -> dict[str, str]:
    return dict(version.content)


def test_a_correction_keeps_the_whole_old_text(branch, people, secretary):
    agenda = (
        Entry(
            kind="first_topic",
            title="全会精神",
            source_on=date(2026, 10, 23),
            speaker="王芳",
            minutes="逐段学习",
            resolution="办实事",
        ),
        Entry(kind="decision", title="党费使用", ballots=Ballots("ordinary", 3, 0, 1)),
    )
    meeting = handed_in(branch, people, secretary, agenda=agenda, summary="大家都说了话")
    amend(meeting, record(people, title="更正后的主题", agenda=agenda[:1]), secretary)
    version = RecordVersion.objects.get()
    text = text_of(version)
    assert text["主题"] == "11月主题党日"
    assert text["1. 第一议题"].split("\n") == [
        "全会精神（2026-10-23）",
        "王芳",
        "逐段学习",
        "办实事",
    ]
    assert "赞成 3，反对 0，弃权 1，无效 0" in text["2. 表决事项"]
    assert text["总结"] == "大家都说了话"
    assert text["列席"] == "陈立新（联系领导）"
    assert (version.number, version.replaced_by, version.replaced_at, version.reason) == (
        1,
        secretary,
        LATER,
        "题目写错",
    )
    assert not version.was_archived


def test_versions_name_who_was_away_and_never_why(branch, people, secretary):
    seats = tuple(
        replace(seat, state="leave", reason="sick") if seat.name == "张伟" else seat
        for seat in record(people).seats
    )
    meeting = handed_in(branch, people, secretary, seats=seats)
    amend(meeting, record(people), secretary)
    text = text_of(RecordVersion.objects.get())
    assert text["未到会"] == "张伟（请假）"
    assert text["到会"] == "李建国、王芳、刘英"
    assert "病" not in str(text)


def test_an_archived_record_is_corrected_and_says_so(branch, people, secretary):
    meeting = handed_in(branch, people, secretary)
    services.archive_meeting(meeting, by=secretary, at=NOW)
    meeting.refresh_from_db()
    amend(meeting, record(people, title="更正"), secretary)
    assert RecordVersion.objects.get().was_archived
    assert Meeting.objects.get().state == MeetingState.ARCHIVED


def test_each_change_adds_one_and_a_withdrawal_too(branch, people, secretary):
    meeting = handed_in(branch, people, secretary)
    amend(meeting, record(people, title="二稿"), secretary)
    amend(meeting, record(people, title="三稿"), secretary)
    services.withdraw_record(meeting, reason="漏记", by=secretary, at=LATER)
    titles = [text_of(version)["主题"] for version in RecordVersion.objects.order_by("number")]
    assert titles == ["11月主题党日", "二稿", "三稿"]
    assert RecordVersion.objects.latest("number").reason == "漏记"


def test_drafts_keep_none_and_a_refused_correction_neither(branch, people, secretary):
    meeting = save(Meeting(branch=branch), record(people), secretary)
    save(meeting, record(people, title="再存"), secretary)
    assert not RecordVersion.objects.exists()
    with pytest.raises(services.StaleRecord):
        amend(meeting, record(people), secretary)
    meeting = handed_in(branch, people, secretary)
    with pytest.raises(services.StaleRecord):
        amend(meeting, record(people), secretary, version=meeting.version - 1)
    assert not RecordVersion.objects.exists()


def test_a_version_says_why(branch, people, secretary):
    meeting = handed_in(branch, people, secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        amend(meeting, record(people), secretary, reason="")


def test_the_old_text_is_read_on_a_page(branch, people, secretary):
    meeting = handed_in(branch, people, secretary)
    amend(meeting, record(people, title="更正后的主题"), secretary)
    client = signed_in(secretary)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert f'hx-get="/meetings/{meeting.pk}/versions/"' in page
    listed = client.get(f"/meetings/{meeting.pk}/versions/").content.decode()
    assert "保留了 1 个版本" in listed
    version = RecordVersion.objects.get()
    assert f"/meetings/versions/{version.pk}/" in listed
    old = client.get(f"/meetings/versions/{version.pk}/").content.decode()
    for word in ("11月主题党日", "题目写错", "李书记", "2026"):
        assert word in old
    neighbour = signed_in(factories.person("secretary", factories.branch()))
    assert neighbour.get(f"/meetings/versions/{version.pk}/").status_code == 404


def test_a_talk_names_those_who_took_part(branch, people, secretary):
    seats = tuple(Seat(m.pk, name=m.name, state="present") for m in people[:2])
    talk = {"kinds": ("talk",), "agenda": (), "seats": seats, "guests": (Visitor("甲"),)}
    meeting = handed_in(branch, people, secretary, **talk)
    amend(meeting, record(people, **talk, title="改"), secretary)
    assert text_of(RecordVersion.objects.get())["参加人员"] == "李建国、王芳"


@pytest.mark.parametrize(
    ("kind", "status"), [("secretary", 200), ("staff", 200), ("committee", 302)]
)
def test_who_opens_an_archived_record_to_correct_it(branch, people, secretary, kind, status):
    meeting = handed_in(branch, people, secretary)
    services.archive_meeting(meeting, by=secretary, at=NOW)
    place = branch.township if kind == "staff" else branch
    client = signed_in(factories.person(kind, place))
    assert client.get(f"/meetings/{meeting.pk}/record/").status_code == status


@pytest.mark.parametrize(
    ("sent", "state", "signed_on"),
    [
        ({}, "archived", None),
        ({"signed_on": "2026-11-15"}, "archived", date(2026, 11, 15)),
        ({"signed_on": "去年"}, "recorded", None),
    ],
)
def test_archiving_keeps_the_day_of_the_signatures(
    branch, people, secretary, sent, state, signed_on
):
    meeting = handed_in(branch, people, secretary)
    signed_in(secretary).post(f"/meetings/{meeting.pk}/archive/", sent)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.signed_on) == (state, signed_on)


def test_criticism_problems_grades_and_names_on_a_ballot_are_kept(branch, people, secretary):
    a, b, *_rest = people
    election = Ballots(
        "election",
        4,
        is_secret=True,
        choices=(Choice("王芳", 4), Choice("张伟", 1)),
    )
    meeting = handed_in(
        branch,
        people,
        secretary,
        kinds=("assembly", "org_life", "evaluation"),
        agenda=(
            Entry(kind="first_topic", title="全会精神"),
            Entry(kind="decision", title="补选委员", ballots=election),
        ),
        remarks=(Remark(a.pk, "学习不够"), Remark(b.pk, "下村少", target_id=a.pk)),
        shortcomings=(
            Shortcoming(
                "台账不齐", remedy="月底前补齐", responsible_id=b.pk, due_on=date(2026, 12, 1)
            ),
        ),
        assessed=tuple(Assessed(m.pk, qualified=4, grade="qualified") for m in people),
    )
    meeting = Meeting.objects.get(pk=meeting.pk)
    services.withdraw_record(meeting, reason="漏记", by=secretary, at=LATER)
    text = text_of(RecordVersion.objects.get())
    assert text["李建国的自我批评"] == "学习不够"
    assert text["王芳对李建国的批评"] == "下村少"
    assert text["查摆问题"] == "台账不齐（支部）\n月底前补齐\n王芳 2026-12-01"
    assert "刘英：优秀 0，合格 4，基本合格 0，不合格 0；评定 合格" in text["民主评议"]
    assert "王芳 4\n张伟 1" in text["2. 表决事项"]
