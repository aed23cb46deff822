"""A document from the asking to the file: once, by one worker, for one person, for a month."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from branches.models import Duty, DutyKind
from meetings.documents import CannotMake
from meetings.models import Document, DocumentKind, DocumentState, MeetingState
from meetings.services import documents as services
from meetings.tasks import make_documents
from notifications.models import Notice
from tests import factories
from tests.meetings import papers

NOW = factories.NOON
LATER = NOW + timedelta(minutes=11)


@pytest.fixture
def branch(db):
    return papers.branch(8)


@pytest.fixture
def secretary(branch):
    return factories.person(DutyKind.SECRETARY, branch)


@pytest.fixture
def meeting(branch):
    return papers.record(branch, ("committee",), "十一月支委会")


@pytest.fixture
def client(secretary) -> Client:
    return signed_in(secretary)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def asked(branch, by, kind=DocumentKind.ACTIVITY, *, at=NOW, **fields) -> Document:
    fields.setdefault("year", 2026)
    return services.ask_document(kind, branch, by=by, at=at, **fields)


def made(document: Document, *, at=NOW) -> Document:
    assert services.make_document(at=at)
    document.refresh_from_db()
    return document


# --- On the pages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "suffix", "opens"),
    [("minutes_pdf", ".pdf", "inline"), ("minutes_docx", ".docx", "attachment")],
)
def test_from_the_meetings_page_to_the_file(client, meeting, kind, suffix, opens):
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert f'value="{kind}"' in page
    response = client.post(reverse("meetings:minutes_ask", args=[meeting.pk]), {"kind": kind})
    document = Document.objects.get()
    assert response["Location"] == document.get_absolute_url()

    waiting = client.get(document.get_absolute_url(), headers={"HX-Request": "true"})
    assert 'hx-trigger="load delay:1s"' in waiting.content.decode()
    make_documents()
    ready = client.get(document.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    url = reverse("meetings:document_file", args=[document.pk])
    assert "load delay" not in ready
    assert f'hx-get="{url}" hx-trigger="load"' in ready, "it opens by itself"
    assert client.get(url, headers={"HX-Request": "true"})["HX-Redirect"] == url

    file = client.get(url)
    assert file["Content-Disposition"].startswith(opens)
    assert "filename*=utf-8''2026-11-10" in file["Content-Disposition"]
    content = file.getvalue()
    document.refresh_from_db()
    assert document.name == f"2026-11-10 上峰村第一党支部 支委会记录{suffix}"
    assert content[:4] in (b"%PDF", b"PK\x03\x04")


def test_a_finished_document_opened_later_does_not_open_by_itself(client, branch, secretary):
    document = made(asked(branch, secretary))
    assert "hx-trigger" not in client.get(document.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", ["handbook", "attendance", "activity"])
def test_a_years_document_is_asked_for_on_the_list(client, branch, secretary, kind):
    client.post(
        reverse("meetings:document_ask"), {"kind": kind, "organization": branch.pk, "year": 2026}
    )
    make_documents()
    document = Document.objects.get()
    assert (document.state, document.percent) == (DocumentState.READY, 100)
    assert document.name in client.get(reverse("meetings:document_list")).content.decode()


def test_what_was_not_written_down_has_no_minutes(client, branch):
    planned = factories.meeting(branch, state=MeetingState.PLANNED)
    url = reverse("meetings:minutes_ask", args=[planned.pk])
    assert client.post(url, {"kind": "minutes_pdf"}).status_code == 404
    assert "minutes_pdf" not in client.get(planned.get_absolute_url()).content.decode()


def test_a_township_has_ledgers_but_no_handbook(branch):
    staff = factories.person(DutyKind.STAFF, branch.township)
    for kind in ("handbook", "attendance"):
        signed_in(staff).post(
            reverse("meetings:document_ask"),
            {"kind": kind, "organization": branch.township_id, "year": 2026},
        )
    assert [document.kind for document in Document.objects.all()] == ["attendance"]


@pytest.mark.parametrize(
    ("duty", "kind", "status"),
    [
        ("leader", "handbook", 403),
        ("leader", "attendance", 403),
        ("leader", "activity", 302),
        ("observer", "handbook", 403),
        ("committee", "handbook", 302),
        ("staff", "handbook", 302),
    ],
)
def test_lists_of_members_are_for_who_may_see_the_roster(branch, duty, kind, status):
    place = {"committee": branch, "observer": branch.township.parent}.get(duty, branch.township)
    client = signed_in(factories.person(duty, place))
    data = {"kind": kind, "organization": branch.pk, "year": 2026}
    assert client.post(reverse("meetings:document_ask"), data).status_code == status


def test_reasons_for_leave_follow_who_asked(branch, meeting):
    leader = factories.person(DutyKind.LEADER, branch.township)
    texts = {}
    for who in (leader, factories.person(DutyKind.COMMITTEE, branch)):
        document = made(asked(branch, who, DocumentKind.MINUTES_PDF, meeting=meeting, year=None))
        with document.file.open("rb") as file:
            texts[who] = "".join(papers.pages(file.read()))
    assert ["病假" in text for text in texts.values()] == [False, True]


def test_the_broker_may_be_away(client, branch, monkeypatch):
    from kombu.exceptions import OperationalError

    def no_broker():
        raise OperationalError

    monkeypatch.setattr(make_documents, "delay", no_broker)
    data = {"kind": "activity", "organization": branch.pk, "year": 2026}
    assert client.post(reverse("meetings:document_ask"), data).status_code == 302
    assert Document.objects.count() == 1


# --- Taking the file ----------------------------------------------------------------------------


def test_a_file_is_its_requesters_alone(branch, secretary):
    document = made(asked(branch, secretary))
    url = reverse("meetings:document_file", args=[document.pk])
    colleague = factories.person(DutyKind.COMMITTEE, branch)
    assert signed_in(colleague).get(url).status_code == 404
    assert signed_in(secretary).get(url).status_code == 200


def test_a_file_is_not_handed_out_once_the_duty_has_ended(branch, secretary):
    document = made(asked(branch, secretary))
    Duty.objects.filter(user=secretary).update(to_on=NOW.date())
    with time_machine.travel(LATER, tick=False):
        url = reverse("meetings:document_file", args=[document.pk])
        assert signed_in(secretary).get(url).status_code == 404


def test_a_file_lost_from_the_disk_is_not_found(branch, secretary):
    document = made(asked(branch, secretary))
    document.file.storage.delete(document.file.name)
    url = reverse("meetings:document_file", args=[document.pk])
    assert signed_in(secretary).get(url).status_code == 404


# --- The queue ----------------------------------------------------------------------------------


def test_asked_twice_it_is_made_once(branch, secretary):
    first = asked(branch, secretary)
    assert asked(branch, secretary, at=NOW + timedelta(seconds=30)) == first
    assert asked(branch, secretary, year=2025) != first
    assert asked(branch, factories.person(DutyKind.COMMITTEE, branch)) != first


def test_what_is_ready_is_made_anew_when_asked_again(branch, secretary):
    first = made(asked(branch, secretary))
    assert asked(branch, secretary, at=NOW + timedelta(seconds=30)) != first


def test_a_notice_with_the_way_there_lands_in_the_inbox(branch, secretary):
    document = made(asked(branch, secretary))
    notice = Notice.objects.get(recipient=secretary)
    assert notice.title == "文件已生成：上峰村第一党支部2026年5+X台账.xlsx"
    assert notice.url == document.get_absolute_url()


def test_nothing_waits_and_nothing_is_done(db):
    assert services.make_document(at=NOW) is False


def test_a_running_document_is_left_alone_until_its_lease_ends(branch, secretary):
    document = asked(branch, secretary)
    taken = services._take_next(at=NOW)
    assert taken == document
    assert services._take_next(at=NOW + timedelta(minutes=9)) is None
    assert services._take_next(at=LATER) == document


def test_a_worker_that_comes_too_late_replaces_nothing(branch, secretary):
    document = asked(branch, secretary)
    slow = services._take_next(at=NOW)
    ready = made(document, at=LATER)
    services._finish(slow, services._made(slow, at=NOW), at=LATER)
    services._fail(slow, "太晚", at=LATER)
    document.refresh_from_db()
    assert (document.state, document.file.name) == (DocumentState.READY, ready.file.name)
    assert default_storage.exists(document.file.name)
    assert Notice.objects.filter(recipient=secretary).count() == 1


def test_an_accident_is_tried_three_times_and_then_told_plainly(branch, secretary, monkeypatch):
    document = asked(branch, secretary)
    monkeypatch.setattr(services, "_made", lambda document, at: 1 / 0)
    for attempt in range(3):
        at = NOW + timedelta(minutes=2 * attempt)
        made(document, at=at)
        assert services.make_document(at=at + timedelta(seconds=30)) is False, "a pause first"
    assert document.state == DocumentState.FAILED
    assert "ZeroDivision" not in document.error
    assert "重试" in document.error
    assert Notice.objects.get(recipient=secretary).title == "文件未能生成：5+X台账（Excel）"

    monkeypatch.undo()
    client = signed_in(secretary)
    assert document.error in client.get(document.get_absolute_url()).content.decode()
    client.post(reverse("meetings:document_retry", args=[document.pk]))
    make_documents()
    document.refresh_from_db()
    assert document.state == DocumentState.READY


def test_a_reason_that_trying_again_cannot_mend_is_told_at_once(branch, secretary, monkeypatch):
    document = asked(branch, secretary)

    def cannot(document, *, at):
        raise CannotMake("服务器没有中文字体")

    monkeypatch.setattr(services, "_made", cannot)
    made(document)
    assert (document.state, document.error) == (DocumentState.FAILED, "服务器没有中文字体")


def test_a_document_that_kills_every_worker_is_given_up(branch, secretary):
    document = asked(branch, secretary)
    for attempt in range(3):
        services._take_next(at=NOW + attempt * timedelta(minutes=11))
    assert services.make_document(at=NOW + timedelta(hours=1)) is False
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED


def test_who_lost_the_right_meanwhile_gets_nothing(branch, secretary):
    document = asked(branch, secretary)
    Duty.objects.filter(user=secretary).delete()
    made(document)
    assert document.state == DocumentState.FAILED
    assert not document.file


def test_files_are_kept_for_a_month_and_then_forgotten(branch, secretary):
    document = made(asked(branch, secretary))
    path = document.file.name
    assert services.forget_documents(at=NOW + timedelta(days=29)) == 0
    assert default_storage.exists(path)
    assert services.forget_documents(at=NOW + timedelta(days=31)) == 1
    assert not Document.objects.exists()
    assert not default_storage.exists(path)


def test_progress_is_written_while_it_is_made(branch, secretary, monkeypatch):
    document = asked(branch, secretary)
    seen = []

    def watched(_document, *, at):
        tell = services._teller(_document)
        for percent in (10, 10, 40, 30, 100):
            tell(percent)
            seen.append(Document.objects.get(pk=document.pk).percent)
        raise CannotMake("够了")

    monkeypatch.setattr(services, "_made", watched)
    made(document)
    assert seen == [10, 10, 40, 40, 99]


# --- A real worker ------------------------------------------------------------------------------

PREPARE = """
from tests import factories
from tests.meetings import papers
from meetings.services import documents
branch = papers.branch(8)
for number in range(120):
    papers.record(branch, ("committee",), f"支委会{number}")
secretary = factories.person("secretary", branch)
result = documents.ask_document(
    "handbook", branch, year=2026, by=secretary, at=factories.NOON
).pk
"""
RING = "from meetings.tasks import make_documents; make_documents.delay(); result = True"
STATE = """
from meetings.models import Document
from notifications.models import Notice
row = Document.objects.get()
result = {"state": row.state, "percent": row.percent, "attempts": row.attempts,
          "file": row.file.name, "notices": Notice.objects.count()}
"""
# What the lease's ten minutes would do by themselves.
LEASE_IS_OVER = """
from datetime import timedelta
from django.db.models import F
from meetings.models import Document
result = Document.objects.filter(lease_until__isnull=False).update(
    lease_until=F("lease_until") - timedelta(hours=1)
)
"""


def wait_until(is_true) -> None:
    deadline = time.monotonic() + 240
    while not is_true():
        assert time.monotonic() < deadline, "the worker did not get there in time"
        time.sleep(0.1)


@pytest.mark.services
def test_a_killed_workers_document_is_made_again_once(installation):
    installation.run(PREPARE)
    installation.start("worker")
    installation.run(RING)
    wait_until(lambda: installation.run(STATE)["percent"] >= 10)
    installation.kill("worker")
    before = installation.run(STATE)
    assert before["state"] == "running", "killed too late to be a test"

    installation.run(LEASE_IS_OVER)
    installation.start("worker")
    installation.run(RING)
    installation.run(RING)  # a second doorbell beside the first finds the lease
    wait_until(lambda: installation.run(STATE)["state"] == "ready")
    after = installation.run(STATE)
    assert (after["attempts"], after["notices"], after["percent"]) == (2, 1, 100)
    files = [path.name for path in (installation.var / "media").rglob("*.pdf")]
    assert files == [after["file"].rpartition("/")[2]]
