"""Asking for documents, making them in the worker, keeping them for a month.

A document is a row from the moment somebody asks for it. Whoever makes it holds a lease; a worker
that dies leaves a lease that runs out, and the next one begins anew. What an attempt wrote is named
after the attempt, so that a late one can never replace what another has finished.
"""

import logging
from datetime import datetime, timedelta
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import Organization
from config.language import in_source_script
from meetings import permissions
from meetings.documents import CannotMake, Made, Progress
from meetings.documents.handbook import handbook
from meetings.documents.ledgers import activity_ledger, attendance_ledger
from meetings.documents.minutes_docx import minutes_docx
from meetings.documents.minutes_pdf import minutes_pdf
from meetings.models import Document, DocumentKind, DocumentState, Meeting
from notifications.services import notify

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
# A worker gives up before its lease does: two never make the same document.
TIME_LIMIT_SECONDS = 9 * 60
MOST_ATTEMPTS = 3
SAME_WITHIN = timedelta(minutes=1)
KEPT_FOR = timedelta(days=30)
# More than there can be workers that take the first ones away meanwhile.
AT_A_GLANCE = 20
# What went wrong without a word for the reader: the log has it.
PAUSE = timedelta(minutes=1)


@in_source_script
@transaction.atomic
def ask_document(
    kind: str,
    branch: Organization,
    *,
    meeting: Meeting | None = None,
    year: int | None = None,
    by: User,
    at: datetime,
) -> Document:
    """Put a document in the queue; who asks again for what is not ready yet gets the same one."""
    same = Document.objects.filter(
        kind=kind, branch=branch, meeting=meeting, year=year, asked_by=by
    ).unfinished()
    waiting = same.filter(Q(state=DocumentState.QUEUED) | Q(asked_at__gt=at - SAME_WITHIN))
    return waiting.first() or Document.objects.create(
        kind=kind, branch=branch, meeting=meeting, year=year, asked_by=by, asked_at=at
    )


@transaction.atomic
def retry_document(document: Document, *, at: datetime) -> bool:
    """Put a document that failed back in the queue; return False if it has not failed."""
    failed = Document.objects.filter(pk=document.pk, state=DocumentState.FAILED)
    return bool(
        failed.update(
            state=DocumentState.QUEUED,
            attempts=0,
            percent=0,
            lease_until=None,
            error="",
            asked_at=at,
            finished_at=None,
        )
    )


@in_source_script
def make_document(*, at: datetime) -> bool:
    """Make the document that has waited longest; return False when none waits.

    Not one transaction: it may take minutes, and what it has done shows meanwhile.
    """
    _give_up(at=at)
    document = _take_next(at=at)
    if document is None:
        return False
    try:
        made = _made(document, at=at)
    except CannotMake as reason:
        _fail(document, str(reason), at=at)
    except Exception:
        log.exception("Document %s failed at attempt %s", document.pk, document.attempts)
        _put_back(document, at=at)
    else:
        _finish(document, made, at=at)
    return True


def forget_documents(*, at: datetime) -> int:
    """Delete documents finished a month ago, rows and files; return how many."""
    old = Document.objects.filter(finished_at__lt=at - KEPT_FOR)
    gone = 0
    for document in old.exclude(state__in=[DocumentState.QUEUED, DocumentState.RUNNING]):
        deleted, _rows = Document.objects.filter(pk=document.pk).delete()
        if deleted and document.file:
            document.file.delete(save=False)
        gone += deleted
    return gone


# --- Making -------------------------------------------------------------------------------------


def _waiting(at: datetime) -> "QuerySet[Document]":
    return Document.objects.unfinished().filter(Q(lease_until=None) | Q(lease_until__lt=at))


def _take_next(*, at: datetime) -> Document | None:
    """Lease the next document. The conditional UPDATE is the lock: another worker's changes no row."""
    queue = _waiting(at).order_by("asked_at", "pk").select_related("branch", "meeting", "asked_by")
    for document in queue[:AT_A_GLANCE]:
        taken = _waiting(at).filter(pk=document.pk, attempts=document.attempts)
        if taken.update(
            state=DocumentState.RUNNING,
            lease_until=at + LEASE,
            attempts=F("attempts") + 1,
            percent=0,
        ):
            document.attempts += 1
            return document
    return None


def _mine(document: Document) -> "QuerySet[Document]":
    """Keep the row while this attempt still is the one that counts."""
    return Document.objects.filter(
        pk=document.pk, state=DocumentState.RUNNING, attempts=document.attempts
    )


def _made(document: Document, *, at: datetime) -> Made:
    """Make it with the rights that the person has now."""
    by, branch = document.asked_by, document.branch
    if not permissions.can_take_document(by, document):
        raise CannotMake(_("你已不能查看这个党组织的资料。"))
    keeps = permissions.can_record_meetings(by, branch)
    if document.meeting is not None:
        is_pdf = document.kind == DocumentKind.MINUTES_PDF
        return (minutes_pdf if is_pdf else minutes_docx)(document.meeting, with_reasons=keeps)
    on = timezone.localdate(at)
    year, tell = document.year or on.year, _teller(document)
    if document.kind == DocumentKind.HANDBOOK:
        return handbook(branch, year, on=on, with_reasons=keeps, tell=tell)
    if document.kind == DocumentKind.ATTENDANCE:
        return attendance_ledger(branch, year, with_reasons=keeps, tell=tell)
    return activity_ledger(branch, year, on=on, tell=tell)


def _teller(document: Document) -> Progress:
    """Return what the makers report to; a percent that was told already is not written again."""
    told = 0

    def tell(percent: int) -> None:
        nonlocal told
        if percent > told:
            told = percent
            _mine(document).update(percent=min(percent, 99))

    return tell


def _finish(document: Document, made: Made, *, at: datetime) -> None:
    path = _path(document, made, attempt=document.attempts)
    storage = document.file.storage
    storage.delete(path)
    kept = storage.save(path, ContentFile(made.content))
    with transaction.atomic():
        finished = _mine(document).update(
            state=DocumentState.READY,
            percent=100,
            file=kept,
            name=made.name[-150:],
            finished_at=at,
            lease_until=None,
            error="",
        )
        if finished:
            _tell(document, _("文件已生成：%(name)s") % {"name": made.name}, at=at)
    if not finished:
        storage.delete(kept)
    # What a worker that was killed may have left behind.
    for attempt in range(1, document.attempts):
        storage.delete(_path(document, made, attempt=attempt))


def _path(document: Document, made: Made, *, attempt: int) -> str:
    suffix = PurePath(made.name).suffix
    return f"documents/{document.asked_at:%Y/%m}/{document.pk}-{attempt}{suffix}"


def _fail(document: Document, reason: str, *, at: datetime) -> None:
    with transaction.atomic():
        failed = _mine(document).update(
            state=DocumentState.FAILED, error=reason[:300], finished_at=at, lease_until=None
        )
        if failed:
            told = _("文件未能生成：%(kind)s") % {"kind": document.get_kind_display()}
            _tell(document, told, text=reason, at=at)


def _put_back(document: Document, *, at: datetime) -> None:
    """Try again in a moment, up to the third time."""
    if document.attempts >= MOST_ATTEMPTS:
        _fail(document, str(_gave_up()), at=at)
        return
    _mine(document).update(state=DocumentState.QUEUED, lease_until=at + PAUSE)


def _give_up(*, at: datetime) -> None:
    """Let go of documents that ended every worker that tried them."""
    dead = _waiting(at).filter(state=DocumentState.RUNNING, attempts__gte=MOST_ATTEMPTS)
    for document in dead.select_related("branch", "meeting", "asked_by"):
        _fail(document, str(_gave_up()), at=at)


def _gave_up() -> str:
    return _("试了三次都没有成功。请稍后重试；仍不成功的，请告诉系统管理员。")


def _tell(document: Document, title: str, *, at: datetime, text: str = "") -> None:
    """Write the notice; outside office hours the page of documents has it first."""
    notify(
        [document.asked_by],
        key=f"meetings.document:{document.pk}:{document.asked_at:%Y%m%d%H%M%S}",
        title=title[:200],
        text=text,
        url=document.get_absolute_url(),
        at=at,
    )
