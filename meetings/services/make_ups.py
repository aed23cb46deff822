"""What somebody missed and made up: 补课 at the branch, or 送学上门."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from auditlog.models import LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from config.language import in_source_script
from meetings.models import Attendance, MakeUp, Meeting
from meetings.reports.make_ups import AWAY


@in_source_script
@transaction.atomic
def note_make_ups(
    rows: QuerySet[Attendance], *, how: str, on: date, by: User, at: datetime
) -> list[Attendance]:
    """Write down that these members made up what they missed; return those not noted before.

    Who was there, has it already, or missed a meeting later than `on`, is left alone. Each meeting
    gets a line in the audit log.
    """
    noted = []
    for row in rows.select_related("member", "meeting"):
        still_open = Attendance.objects.filter(pk=row.pk, made_up_on=None, state__in=AWAY)
        if still_open.filter(meeting__day__lte=on).update(made_up_on=on, made_up_how=how):
            row.made_up_on, row.made_up_how = on, how
            noted.append(row)
    _log(noted, str(MakeUp(how).label), by=by, at=at)
    return noted


@in_source_script
@transaction.atomic
def undo_make_up(row: Attendance, *, by: User, at: datetime) -> bool:
    """Take the note back; return False if there was none."""
    undone = Attendance.objects.filter(pk=row.pk, made_up_on__isnull=False).update(
        made_up_on=None, made_up_how=""
    )
    if undone:
        _log([row], _("撤销"), by=by, at=at)
    return bool(undone)


def _log(rows: Collection[Attendance], what: str, *, by: User, at: datetime) -> None:
    by_meeting: dict[Meeting, list[str]] = defaultdict(list)
    for row in rows:
        by_meeting[row.meeting].append(row.member.name)
    for meeting, names in by_meeting.items():
        told = f"{what}：{'、'.join(names)}"
        LogEntry.objects.log_create(
            meeting,
            action=LogEntry.Action.UPDATE,
            changes={_("补学"): ["", told]},
            actor=by,
            timestamp=at,
        )
