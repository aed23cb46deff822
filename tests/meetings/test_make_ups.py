"""补课 and 送学上门: what was missed is made up in one tap, and nobody is pressed to."""

from datetime import date, timedelta

import pytest
import time_machine
from auditlog.models import LogEntry
from django.test import Client

from meetings.models import AgendaItem, Attendance, MeetingState
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)
LIST = "/meetings/make-ups/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def branch():
    return factories.branch("上峰村党支部")


@pytest.fixture
def secretary(branch):
    return signed_in("secretary", branch)


def signed_in(kind, organization) -> Client:
    client = Client()
    client.force_login(
        factories.person(kind, organization), backend="branches.backends.DutyBackend"
    )
    return client


def missing(branch, name="王芳", *, kinds=("theme_day",), day=DAY, **fields) -> Attendance:
    meeting = fields.pop("meeting", None) or factories.meeting(branch, kinds=kinds, day=day)
    values = {"state": "absent"} | fields
    return Attendance.objects.create(
        meeting=meeting, member=factories.member(branch, name), **values
    )


def listed(client, url=LIST) -> str:
    return client.get(url).content.decode()


@pytest.mark.parametrize("how", ["session", "home_visit"])
def test_one_tap_notes_how_it_was_made_up_and_undo_takes_it_back(branch, secretary, how):
    row = missing(branch, state="leave", reason="sick")
    assert "王芳" in listed(secretary)
    assert "病" not in listed(secretary)
    secretary.post("/meetings/make-ups/note/", {"one": f"{row.pk}:{how}"})
    row.refresh_from_db()
    assert (row.made_up_on, row.made_up_how) == (date(2026, 11, 24), how)
    secretary.post(f"/meetings/make-ups/{row.pk}/undo/")
    row.refresh_from_db()
    assert (row.made_up_on, row.made_up_how) == (None, "")
    told = [list(entry.changes) for entry in LogEntry.objects.get_for_object(row.meeting)]
    assert told.count(["补学"]) == 2


def test_several_are_noted_at_once_on_the_day_told(branch, secretary):
    first = missing(branch)
    rows = [first, missing(branch, "张伟", meeting=first.meeting)]
    sent = {"row": [row.pk for row in rows], "how": "session", "on": "2026-11-20"}
    secretary.post("/meetings/make-ups/note/", sent)
    assert set(Attendance.objects.values_list("made_up_on", flat=True)) == {date(2026, 11, 20)}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"how": "session"}, "请先勾选"),
        ({"row": [0]}, "请选择补课或送学上门"),
        ({"row": [0], "how": "session", "on": "2026-11-25"}, "不能晚于今天"),
        ({"row": [0], "how": "session", "on": "2026-11-09"}, "没有需要记录的"),
    ],
)
def test_what_cannot_be_noted_is_said(branch, secretary, sent, said):
    row = missing(branch)
    sent = sent | ({"row": [row.pk]} if "row" in sent else {})
    response = secretary.post("/meetings/make-ups/note/", sent, follow=True)
    assert said in response.content.decode()
    row.refresh_from_db()
    assert row.made_up_on is None


@pytest.mark.parametrize(
    "fields",
    [
        {"kinds": ("committee",)},  # nothing to learn
        {"kinds": ("talk",)},
        {"state": "present"},
        {"state": "late"},
        {"day": date(2026, 11, 24) - timedelta(days=190)},  # more than half a year ago
        {"adjustment": "会议同意不计入"},
    ],
)
def test_whom_nobody_asks_is_not_listed(branch, secretary, fields):
    missing(branch, **fields)
    assert "王芳" not in listed(secretary)


def test_only_records_handed_in_and_members_still_there_are_listed(branch, secretary):
    draft = missing(branch)
    draft.meeting.state = MeetingState.DRAFT
    draft.meeting.save()
    gone = missing(branch, "离开者")
    gone.member.left_on = DAY
    gone.member.save()
    assert "王芳" not in listed(secretary)
    assert "离开者" not in listed(secretary)


def test_article_23_members_are_care_and_never_a_gap(branch, secretary):
    meeting = factories.meeting(branch, kinds=("lecture",), day=DAY)
    old = missing(
        branch, "老党员", meeting=meeting, state="leave", reason="old_or_ill", excuse="old_or_ill"
    )
    page = listed(secretary)
    assert "没有需要补学的" in page
    care = page[page.index('id="care"') :]
    assert "老党员" in care
    assert f'value="{old.pk}:session"' not in page
    secretary.post("/meetings/make-ups/note/", {"one": f"{old.pk}:home_visit"})
    assert "上次送学 11月24日" in listed(secretary)


def test_another_branch_cannot_note_for_this_one(branch):
    row = missing(branch)
    neighbour = signed_in("secretary", factories.branch())
    neighbour.post("/meetings/make-ups/note/", {"one": f"{row.pk}:session"})
    row.refresh_from_db()
    assert row.made_up_on is None


def test_a_leader_reads_and_has_no_buttons(branch):
    row = missing(branch)
    leader = signed_in("leader", branch.township)
    assert "王芳" in listed(leader)
    assert f"{row.pk}:session" not in listed(leader)


def test_the_part_of_the_meeting_page_is_also_a_page(branch, secretary):
    row = missing(branch)
    url = f"/meetings/{row.meeting_id}/make-ups/"
    assert f'hx-get="{url}"' in listed(secretary, row.meeting.get_absolute_url())
    part = secretary.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "王芳" in part
    assert "<html" not in part
    assert "<html" in listed(secretary, url)


def test_the_sheet_has_what_was_taught_and_nothing_decided(branch, secretary):
    meeting = missing(branch).meeting
    for position, (kind, title, minutes) in enumerate(
        [
            ("first_topic", "全会公报", "逐段学习"),
            ("decision", "接收预备党员", "表决经过"),
            ("topic", "低保名单", "讨论经过"),
            ("fixed", "诵读党章", ""),
        ]
    ):
        AgendaItem.objects.create(
            meeting=meeting, position=position, kind=kind, title=title, minutes=minutes
        )
    page = listed(secretary, f"/meetings/{meeting.pk}/make-ups/sheet/")
    for word in ("全会公报", "逐段学习", "诵读党章"):
        assert word in page
    for word in ("接收预备党员", "表决经过", "低保名单", "王芳"):
        assert word not in page


def test_the_same_note_twice_is_one(branch, secretary):
    row = missing(branch)
    for how in ("session", "home_visit"):
        secretary.post("/meetings/make-ups/note/", {"one": f"{row.pk}:{how}"})
    row.refresh_from_db()
    assert row.made_up_how == "session"
