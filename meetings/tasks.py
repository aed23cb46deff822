"""What beat rings for: thin, safe to run late, early and twice."""

from celery import shared_task
from django.utils import timezone

from meetings import services


@shared_task(ignore_result=True)
def ensure_activity_days() -> None:
    """Hourly. Plan the fixed day of this month and the next for every branch."""
    services.ensure_activity_days(at=timezone.now())


@shared_task(ignore_result=True)
def send_activity_reminders() -> None:
    """Every ten minutes. Write the reminders whose moment has come."""
    services.send_activity_reminders(at=timezone.now())


@shared_task(ignore_result=True)
def settle_checklists() -> None:
    """Hourly. Make checklists say what the records say, should a tick have been missed."""
    services.settle_checklists(at=timezone.now())
