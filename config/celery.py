"""The Celery application and its schedule.

Beat rings doorbells and knows nothing: each task looks at the rows and does what is due and not
yet done, however late and however often it is called. So a message older than its interval is
worthless and carries `expires`.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("badu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

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
        _entry("inspections.tasks.mark_overdue_issues", crontab(minute=17), expires=HOUR),
        _entry("branches.tasks.warn_of_ending_terms", crontab(hour=9, minute=0), expires=12 * HOUR),
        _entry("notifications.tasks.deliver_due", crontab(), expires=2 * MINUTE),
        _entry("accounts.tasks.clear_sessions", crontab(hour=3, minute=30), expires=12 * HOUR),
    )
}
