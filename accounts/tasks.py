"""House-keeping of sessions."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task(ignore_result=True, time_limit=600)
def clear_sessions() -> None:
    """Daily. Delete the rows of sessions that have ended."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
