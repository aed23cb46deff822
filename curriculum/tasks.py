"""What beat rings for: thin, safe to run late, early and twice."""

from celery import shared_task
from django.utils import timezone

from curriculum import services


@shared_task(ignore_result=True)
def publish_due_menus() -> None:
    """Every five minutes. Publish the menus whose moment has come."""
    services.publish_due_menus(at=timezone.now())


@shared_task(ignore_result=True)
def ensure_checklists() -> None:
    """Hourly. Open the week where it is due, and say so to the secretaries."""
    services.open_weeks(at=timezone.now())
    services.announce_week(at=timezone.now())
