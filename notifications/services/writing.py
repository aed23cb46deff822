"""Writing notices: rows in the transaction of their cause, once per person and key."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import mail_is_on
from notifications import rules
from notifications.models import Channel, Delivery, Notice
from notifications.workdays import Workdays

# SQLite takes at most 999 values in one statement of bulk_create.
BATCH_SIZE = 250


class Message(NamedTuple):
    """One notice to be written: for whom, once per `key`, and what it says."""

    recipient: User
    key: str
    title: str
    text: str = ""
    url: str = ""


def notify(
    people: Iterable[User],
    *,
    key: str,
    title: str,
    text: str = "",
    url: str = "",
    at: datetime,
    urgent: bool = False,
) -> int:
    """Write the same notice to each of `people`; return how many did not have it yet.

    It is shown within office hours (working days 08:30-17:30), at once when `urgent`: what is due
    that very day. Inactive people get nothing. Calling it again with the same key adds nothing.
    """
    messages = (Message(person, key, title, text, url) for person in people)
    return notify_each(messages, at=at, urgent=urgent)


@transaction.atomic
def notify_each(messages: Iterable[Message], *, at: datetime, urgent: bool = False) -> int:
    """Write notices that differ from person to person; return how many are new.

    Four statements for every 250 of them: what is there already, the rest, and their mails.
    """
    wanted = (message for message in messages if message.recipient.is_active)
    moments: tuple[datetime, datetime] | None = None
    written = 0
    while batch := list(islice(wanted, BATCH_SIZE)):
        due_at, mail_at = moments = moments or _moments(at, urgent=urgent)
        fresh = list(_without_those_present(batch))
        Notice.objects.bulk_create(
            [
                Notice(
                    recipient=message.recipient,
                    key=message.key,
                    title=message.title,
                    text=message.text,
                    url=message.url,
                    created_at=at,
                    due_at=due_at,
                )
                for message in fresh
            ],
            ignore_conflicts=True,
        )
        if mail_is_on():
            _address_mails(fresh, mail_at)
        written += len(fresh)
    return written


def _without_those_present(batch: list[Message]) -> Iterator[Message]:
    """Yield each message that its recipient does not have, and none twice."""
    seen = set(
        Notice.objects.filter(
            recipient__in={message.recipient.pk for message in batch},
            key__in={message.key for message in batch},
        ).values_list("recipient_id", "key")
    )
    for message in batch:
        name = (message.recipient.pk, message.key)
        if name not in seen:
            seen.add(name)
            yield message


def _address_mails(messages: list[Message], mail_at: datetime) -> None:
    """Put a mail beside each notice whose recipient has an address."""
    by_mail = [message for message in messages if message.recipient.email]
    if not by_mail:
        return
    notices = Notice.objects.filter(
        recipient__in={message.recipient.pk for message in by_mail},
        key__in={message.key for message in by_mail},
    )
    Delivery.objects.bulk_create(
        [
            Delivery(notice_id=pk, channel=Channel.MAIL, due_at=mail_at)
            for pk in notices.values_list("pk", flat=True)
        ],
        ignore_conflicts=True,
    )


def _moments(at: datetime, *, urgent: bool) -> tuple[datetime, datetime]:
    """Return when a notice of `at` is shown and when its mail leaves."""
    if urgent:
        return at, at
    local = timezone.localtime(at)
    horizon = local.date() + timedelta(days=rules.LONGEST_PAUSE_DAYS)
    special = Workdays.between(local.date(), horizon).exceptions
    due_at = rules.next_office_moment(local, special)
    return due_at, rules.next_mail_moment(due_at, special)
