"""The one task of the frame itself."""

import logging
import time
from collections.abc import Iterator

from celery import shared_task

from config.celery import app

log = logging.getLogger(__name__)


def run_scheduled() -> Iterator[tuple[str, float, Exception | None]]:
    """Run every scheduled task once, here and now, in the order of the schedule.

    Yields (name, seconds, error); one that fails does not keep the others from running.
    """
    app.autodiscover_tasks(force=True)
    for name in app.conf.beat_schedule:
        started, error = time.perf_counter(), None
        try:
            app.tasks[name]()
        except Exception as raised:
            error = raised
        yield name, time.perf_counter() - started, error


@shared_task(name="config.tasks.catch_up", ignore_result=True)
def catch_up() -> None:
    """Sent at start-up: what fell due while nothing ran is done now, not at the next hour."""
    for name, _seconds, error in run_scheduled():
        if error:
            log.error("%s failed while catching up", name, exc_info=error)
