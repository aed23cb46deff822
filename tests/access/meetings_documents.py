"""Who gets what: documents and calendar feeds."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from meetings.models import CalendarFeed, Document, DocumentKind, DocumentState
from tests import factories
from tests.access.meetings import READING
from tests.access.rows import Row, everyone, statuses

FILE = "documents/access.pdf"
# What one has asked for, and one's own calendar, are nobody else's.
OWN_PAGE = statuses(404, secretary=200)
OWN_STEP = statuses(404, secretary=302)
# There is nothing to subscribe to without a branch: the other township has none yet.
FEED_OPENING = statuses(302, stranger=403, administrator=403, auditor=403)


def build(world) -> None:
    if not default_storage.exists(FILE):
        default_storage.save(FILE, ContentFile(b"%PDF-1.7"))
    secretary = world.people["secretary"]
    world.objects["document"] = Document.objects.create(
        kind=DocumentKind.MINUTES_PDF,
        branch=world.branch,
        meeting=world.meeting,
        asked_by=secretary,
        asked_at=factories.NOON,
        state=DocumentState.READY,
        file=FILE,
        name="会议记录.pdf",
        finished_at=factories.NOON,
    )
    world.objects["feed"] = CalendarFeed.objects.create(
        owner=secretary, created_at=factories.NOON, token="a" * 43
    )


def grow(world) -> None:
    for who in world.people.values():
        for n in range(20):
            Document.objects.create(
                kind=DocumentKind.HANDBOOK,
                branch=world.branch,
                year=2026,
                asked_by=who,
                asked_at=factories.NOON + timedelta(minutes=n),
            )
    for branch in [factories.branch(parent=world.township) for _n in range(20)]:
        CalendarFeed.objects.create(
            owner=world.people["secretary"], branch=branch, created_at=factories.NOON
        )


def _document(world):
    return [world.document.pk]


def _feed(world):
    return [world.feed.pk]


MINUTES = {"kind": "minutes_pdf"}

ACCESS: dict[str, Row] = {
    "meetings:document_list": Row("get", everyone()),
    "meetings:document_ask": Row("post", everyone(302)),
    "meetings:minutes_ask": Row(
        "post",
        tuple(302 if status == 200 else status for status in READING),
        lambda world: [world.meeting.pk],
        MINUTES,
    ),
    "meetings:document_detail": Row("get", OWN_PAGE, _document),
    "meetings:document_retry": Row("post", OWN_STEP, _document),
    "meetings:document_file": Row("get", OWN_PAGE, _document),
    "meetings:feed_open": Row("post", FEED_OPENING),
    "meetings:feed_renew": Row("post", OWN_STEP, _feed),
    "meetings:feed_revoke": Row("post", OWN_STEP, _feed),
    # Public: the address is the key, whoever holds it.
    "meetings:feed_show": Row("get", everyone(anonymous=200), lambda world: [world.feed.token]),
}
