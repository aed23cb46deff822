"""Beat rings once a minute; the rows say what is due."""

from celery import shared_task
from django.utils import timezone

from notifications import services
from notifications.services.outbox import TIME_LIMIT_SECONDS


@shared_task(ignore_result=True, time_limit=TIME_LIMIT_SECONDS)
def deliver_due() -> None:
    """Each minute. Show what is due, then send the mails of the day."""
    services.deliver_due(at=timezone.now())
    services.send_mails(at=timezone.now())
