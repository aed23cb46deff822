"""Delivering what is due: into inboxes, then by mail. Safe to run late, twice and side by side.

Into the inbox is exactly once: one conditional UPDATE is all there is to it. A mail leaves the
house before its row can say so, so a worker that dies between the two sends it again; the second
copy is the same set of notices under the same Message-ID, by which a mail server or program
knows it for what it is.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from notifications import rules
from notifications.models import Channel, Delivery, Notice

log = logging.getLogger(__name__)

BATCH_SIZE = 500
# The task is killed after the limit, so a lease that is over belongs to nobody alive.
TIME_LIMIT_SECONDS = 5 * 60
LEASE = timedelta(seconds=2 * TIME_LIMIT_SECONDS)


def deliver_due(*, at: datetime) -> int:
    """Show every notice whose time has come; return how many this call has shown."""
    shown = 0
    due = Notice.objects.filter(delivered_at=None, due_at__lte=at).order_by("due_at")
    while keys := list(due.values_list("pk", flat=True)[:BATCH_SIZE]):
        shown += Notice.objects.filter(pk__in=keys, delivered_at=None).update(delivered_at=at)
    return shown


def send_mails(*, at: datetime) -> int:
    """Send each person's due notices in one mail; return how many mails left.

    At most one a working day, save for what is urgent. What was read meanwhile is not mailed.
    """
    _forget_read(at=at)
    sent = 0
    connection = None
    for letter in _letters(at=at):
        if not _take(letter, at=at):
            continue
        connection = connection or get_connection()
        sent += _send(letter, connection, at=at)
    if connection:
        connection.close()
    return sent


def _open() -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        channel=Channel.MAIL,
        done_at=None,
        attempts__lt=rules.MOST_ATTEMPTS,
        notice__delivered_at__isnull=False,
    )


def _free(at: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=at)


def _forget_read(*, at: datetime) -> None:
    Delivery.objects.filter(
        pk__in=_open().filter(notice__read_at__isnull=False, attempts=0, due_at__lte=at)
    ).delete()


def _letters(*, at: datetime) -> Iterator[list[Delivery]]:
    """Yield the deliveries that leave together, person by person.

    A set that was tried before is tried again as it was: what came since waits for its turn.
    """
    due = (
        _open()
        .filter(_free(at), due_at__lte=at, notice__recipient__is_active=True)
        .exclude(notice__recipient__email="")
        .select_related("notice__recipient")
        .order_by("notice__recipient", F("lease_until").asc(nulls_last=True), "pk")
    )
    served = _served_today(at)
    for person, of_person in groupby(due, key=lambda delivery: delivery.notice.recipient_id):
        deliveries = list(of_person)
        tried = deliveries[0].lease_until
        letter = [delivery for delivery in deliveries if delivery.lease_until == tried]
        if tried is None and person in served:
            letter = [delivery for delivery in letter if _is_urgent(delivery)]
        if letter:
            yield letter


def _served_today(at: datetime) -> set[int]:
    """Return who has had today's bundle already, or has one that is still being tried."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    trying = Q(done_at=None, attempts__gt=0, attempts__lt=rules.MOST_ATTEMPTS)
    return set(
        Delivery.objects.filter(Q(done_at__gte=midnight) | trying, channel=Channel.MAIL)
        .exclude(due_at=F("notice__created_at"))
        .values_list("notice__recipient", flat=True)
    )


def _is_urgent(delivery: Delivery) -> bool:
    return delivery.due_at == delivery.notice.created_at


@transaction.atomic
def _take(letter: list[Delivery], *, at: datetime) -> bool:
    """Lease the whole letter, or nothing of it when another worker holds a part."""
    rows = Delivery.objects.filter(_free(at), pk__in=[d.pk for d in letter], done_at=None)
    taken = rows.update(lease_until=at + LEASE, attempts=F("attempts") + 1)
    if taken < len(letter):
        transaction.set_rollback(True)
    return taken == len(letter)


def _send(letter: list[Delivery], connection: BaseEmailBackend, *, at: datetime) -> bool:
    rows = Delivery.objects.filter(pk__in=[delivery.pk for delivery in letter])
    try:
        _mail(letter, connection).send()
    except Exception as error:  # whatever a mail server may come up with: kept, and tried later
        wait = rules.back_off(letter[0].attempts + 1)
        rows.update(lease_until=at + wait, error=f"{type(error).__name__}: {error}"[:300])
        log.warning("Mail for delivery %s failed: %s", letter[0].pk, error)
        return False
    rows.update(done_at=at, error="")
    return True


def _mail(letter: list[Delivery], connection: BaseEmailBackend) -> EmailMessage:
    recipient = letter[0].notice.recipient
    context = {"recipient": recipient, "notices": [delivery.notice for delivery in letter]}
    with translation.override(recipient.script):
        subject = render_to_string("notifications/mail/bundle.subject.txt", context)
        body = render_to_string("notifications/mail/bundle.body.txt", context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[recipient.email],
        headers={"Message-ID": message_id(letter)},
        connection=connection,
    )


def message_id(letter: list[Delivery]) -> str:
    """Return the name of the letter, the same however often it is sent."""
    first = min(letter, key=attrgetter("pk"))
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ")
    return f"<{first.notice.created_at:%Y%m%d%H%M%S}.{first.pk}@{domain}>"
