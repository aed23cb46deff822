"""Beat rings once an hour; the rows say what is due."""

from celery import shared_task
from django.utils import timezone

from inspections import services


@shared_task(ignore_result=True, time_limit=300)
def mark_overdue_issues() -> None:
    """Hourly. Says once per deadline that it has passed."""
    services.mark_overdue_issues(at=timezone.now())
