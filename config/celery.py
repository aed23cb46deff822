"""The Celery application and its schedule.

Beat rings doorbells and knows nothing: each task looks at the rows and does what is due and not
yet done, however late and however often it is called. So a message older than its interval is
worthless and carries `expires`.
"""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, setup_logging, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("badu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Names a file that a worker or beat makes when it is ready; `runall` waits for it.
READY_FILE = "BADU_READY_FILE"

MINUTE = 60
HOUR = 60 * MINUTE


def _entry(task: str, schedule: crontab, *, expires: int) -> dict:
    return {"task": task, "schedule": schedule, "options": {"expires": expires}}


# In the order in which `manage.py tick` runs them.
app.conf.beat_schedule = {
    entry["task"]: entry
    for entry in (
        _entry("meetings.tasks.ensure_activity_days", crontab(minute=7), expires=HOUR),
        _entry("curriculum.tasks.publish_due_menus", crontab(minute="*/5"), expires=5 * MINUTE),
        _entry("curriculum.tasks.ensure_checklists", crontab(minute=2), expires=HOUR),
        _entry("meetings.tasks.settle_checklists", crontab(minute=12), expires=HOUR),
        _entry(
            "meetings.tasks.send_activity_reminders", crontab(minute="*/10"), expires=10 * MINUTE
        ),
        _entry("meetings.tasks.remind_of_plans", crontab(hour=9, minute=10), expires=12 * HOUR),
        _entry("inspections.tasks.mark_overdue_issues", crontab(minute=17), expires=HOUR),
        _entry("branches.tasks.warn_of_ending_terms", crontab(hour=9, minute=0), expires=12 * HOUR),
        _entry(
            "branches.tasks.warn_of_unknown_holidays",
            crontab(hour=9, minute=5),
            expires=12 * HOUR,
        ),
        _entry("branches.tasks.forget_old_previews", crontab(minute=22), expires=HOUR),
        _entry("meetings.tasks.index_meetings", crontab(), expires=2 * MINUTE),
        _entry("meetings.tasks.index_moved", crontab(minute=37), expires=HOUR),
        _entry("meetings.tasks.make_documents", crontab(), expires=2 * MINUTE),
        _entry("meetings.tasks.forget_documents", crontab(minute=27), expires=HOUR),
        _entry("meetings.tasks.check_records", crontab(minute="*/10"), expires=10 * MINUTE),
        _entry("meetings.tasks.check_everything", crontab(hour=2, minute=20), expires=12 * HOUR),
        _entry("notifications.tasks.deliver_due", crontab(), expires=2 * MINUTE),
        _entry("accounts.tasks.clear_sessions", crontab(hour=3, minute=30), expires=12 * HOUR),
    )
}


@setup_logging.connect
def keep_logging(**kwargs: Any) -> None:
    """Connected, so that Celery leaves the logging of the settings alone."""


@worker_ready.connect
@beat_init.connect
def tell_ready(**kwargs: Any) -> None:
    if name := os.environ.get(READY_FILE):
        Path(name).touch()
