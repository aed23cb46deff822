"""/healthz, for the monitor: may be asked by anybody, says nothing that anybody may not know."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from config.celery import app

# Only doorbells wait in the queue, some 20 an hour beside one a minute.
WAITING_WHEN_BEHIND = 100

log = logging.getLogger(__name__)


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200, or 503 where database or queue fail; "behind" means no worker takes messages."""
    state = {"database": database_state(), "queue": queue_state()}
    return JsonResponse(state, status=503 if "down" in state.values() else 200)


def database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("The database does not answer")
        return "down"
    return "ok"


def queue_state() -> str:
    try:
        with app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
            waiting = broker.default_channel._size(app.conf.task_default_queue)
    except (OperationalError, OSError):
        log.exception("The queue does not answer")
        return "down"
    return "behind" if waiting > WAITING_WHEN_BEHIND else "ok"
