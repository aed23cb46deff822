"""What beat rings for: the week that is due, the one that was missed, and the word that it is there."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Organization
from curriculum.models import WeeklyChecklist
from curriculum.reports import secretaries_of
from curriculum.weekly import Week
from notifications.models import Notice
from notifications.services import notify

from .generation import ensure_checklists, open_due_week


@transaction.atomic
def open_weeks(*, at: datetime) -> int:
    """Open this week where it is due, and last week where a standstill missed it; return the items.

    Never further back: nobody ticks off a list from last spring.
    """
    return open_missed_week(at=at) + open_due_week(at=at)


def open_missed_week(*, at: datetime) -> int:
    """Open last week for the townships at work before it that never got it; return the items."""
    missed = Week.containing(timezone.localdate(at)).previous
    lists = WeeklyChecklist.objects.filter(branch__township=OuterRef("pk"))
    townships = Organization.objects.townships().filter(
        Exists(lists.filter(monday__lt=missed.monday)),
        ~Exists(lists.filter(monday=missed.monday)),
    )
    # Fixed before the first list is written, for that would empty the question.
    pks = list(townships.order_by().values_list("pk", flat=True))
    if not pks:
        return 0
    return ensure_checklists(missed, at=at, townships=Organization.objects.filter(pk__in=pks))


def announce_week(*, at: datetime) -> int:
    """Tell each secretary once that this week's list is there; return how many were told."""
    today = timezone.localdate(at)
    week = Week.containing(today)
    key = f"curriculum.week:{week.monday}"
    opened = Organization.objects.filter(
        Exists(WeeklyChecklist.objects.filter(branch=OuterRef("pk"), monday=week.monday))
    )
    told = Notice.objects.filter(recipient=OuterRef("pk"), key=key)
    people = secretaries_of(opened, today).filter(~Exists(told), is_active=True)
    return notify(
        people.order_by("pk"),
        key=key,
        title=_("本周党建工作清单已下发"),
        text=_("打开清单即可看到本周必做和选做事项；已召开的会议会自动勾选。"),
        url=reverse("curriculum:checklist_current"),
        at=at,
    )
