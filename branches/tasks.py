"""Daily reminders and tidying; all of it safe to run late and twice."""

from celery import shared_task
from django.utils import timezone

from branches.services import imports, reminders


@shared_task(ignore_result=True, time_limit=600)
def warn_of_ending_terms() -> None:
    """Daily. Terms that end within half a year, within a quarter, or are over."""
    reminders.warn_of_ending_terms(at=timezone.now())


@shared_task(ignore_result=True, time_limit=60)
def warn_of_unknown_holidays() -> None:
    """Daily. From December on, once: next year's holidays are not in the calendar."""
    reminders.warn_of_unknown_holidays(at=timezone.now())


@shared_task(ignore_result=True, time_limit=600)
def forget_old_previews() -> None:
    """Hourly. Uploaded lists that nobody confirmed within a day: people's data with no purpose."""
    imports.forget_old_previews(at=timezone.now())
