"""What beat rings for: thin, safe to run late, early and twice."""

import time

from celery import shared_task
from django.utils import timezone

from branches.models import Organization
from meetings import services
from meetings.services import checks, documents, indexing, year_templates

# After a minute no further document is begun: each has its whole time before the limit.
BEGIN_WITHIN_SECONDS = 60


@shared_task(ignore_result=True)
def ensure_activity_days() -> None:
    """Hourly. Plan the fixed day of this month and the next for every branch."""
    services.ensure_activity_days(at=timezone.now())


@shared_task(ignore_result=True)
def send_activity_reminders() -> None:
    """Every ten minutes. Write the reminders whose moment has come."""
    services.send_activity_reminders(at=timezone.now())


@shared_task(ignore_result=True)
def remind_of_plans() -> None:
    """Daily. Tell secretaries, from mid-January on, that the year has no plan yet."""
    year_templates.remind_of_plans(at=timezone.now())


@shared_task(ignore_result=True)
def settle_checklists() -> None:
    """Hourly. Make checklists say what the records say, should a tick have been missed."""
    services.settle_checklists(at=timezone.now())


@shared_task(ignore_result=True, time_limit=documents.TIME_LIMIT_SECONDS)
def make_documents() -> None:
    """Each minute, and whenever somebody asks. Make what waits, one document after another."""
    started = time.monotonic()
    while time.monotonic() - started < BEGIN_WITHIN_SECONDS:
        if not documents.make_document(at=timezone.now()):
            break


@shared_task(ignore_result=True)
def forget_documents() -> None:
    """Hourly. Delete what was made a month ago: it can be made again at any time."""
    documents.forget_documents(at=timezone.now())


@shared_task(ignore_result=True)
def index_meetings() -> None:
    """Each minute. Let search and likeness read what was changed."""
    indexing.index_meetings()


@shared_task(ignore_result=True)
def index_moved() -> None:
    """Hourly. Let search know where branches that have moved stand now."""
    indexing.index_moved()


@shared_task(ignore_result=True)
def check_records() -> None:
    """Every ten minutes. Check the records that were handed in or changed."""
    checks.refresh_records(at=timezone.now())


@shared_task(ignore_result=True)
def check_everything() -> None:
    """Nightly. Check all branches, and anew the records that time alone may have changed."""
    checks.repeat_checks(at=timezone.now())


@shared_task(ignore_result=True)
def check_township(pk: int) -> None:
    """Whenever a township set its checks. Apply what was set to its branches and records."""
    checks.refresh_branches(Organization.objects.filter(township=pk), at=timezone.now())
    checks.refresh_records(at=timezone.now())
