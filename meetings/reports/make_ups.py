"""Who missed a meeting with something to learn, and whether it was made up (补课, 送学上门)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from branches.rules import NOT_REQUIRED, add_months
from meetings.models import (
    AgendaItem,
    AgendaKind,
    Attendance,
    AttendanceState,
    Meeting,
    MeetingKind,
    MeetingType,
)

# Kinds at which something is taught; a 支委会 or a talk has nothing that others could make up.
LEARNING_KINDS = (
    MeetingKind.LECTURE,
    MeetingKind.THEME_DAY,
    MeetingKind.ASSEMBLY,
    MeetingKind.GROUP,
)
# What of a meeting is learnt: decisions and reports are not lessons.
LEARNING_ITEMS = (AgendaKind.FIRST_TOPIC, AgendaKind.LECTURE, AgendaKind.OPTIONAL)
# Nobody is asked for what lies further back.
MONTHS_BACK = 6
AWAY = (AttendanceState.LEAVE, AttendanceState.ABSENT)


def missed(user: User, *, on: date) -> QuerySet[Attendance]:
    """Keep who was away from a meeting with something to learn in the last half year, newest first.

    Members who left since, and whom the meeting itself did not expect, are left out.
    """
    learning = MeetingType.objects.filter(meeting=OuterRef("meeting"), kind__in=LEARNING_KINDS)
    return (
        Attendance.objects.filter(
            Exists(learning),
            meeting__in=Meeting.objects.visible_to(user).counted(),
            meeting__day__gte=add_months(on, -MONTHS_BACK),
            meeting__day__lte=on,
            state__in=AWAY,
            adjustment="",
            member__left_on=None,
        )
        .select_related("member", "meeting__branch")
        .order_by("-meeting__day", "-meeting", "member__initials", "pk")
    )


def open_rows(rows: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """Keep those who could still make it up; art. 23 members are not among them."""
    return rows.exclude(excuse__in=NOT_REQUIRED).filter(made_up_on=None)


def made_up_rows(rows: QuerySet[Attendance]) -> QuerySet[Attendance]:
    return rows.filter(made_up_on__isnull=False).order_by("-made_up_on", "-pk")


class Care(NamedTuple):
    """A member of whom nothing is demanded (art. 23): the newest session one could bring home, and
    when that was last done."""

    row: Attendance
    last_on: date | None


def care(rows: QuerySet[Attendance]) -> list[Care]:
    """Return one line a member, by name; never a gap."""
    newest: dict[int, Attendance] = {}
    last: dict[int, date] = {}
    for row in rows.filter(excuse__in=NOT_REQUIRED):
        newest.setdefault(row.member_id, row)
        if row.made_up_on:
            last[row.member_id] = max(row.made_up_on, last.get(row.member_id, row.made_up_on))
    return [
        Care(row, last.get(member_id))
        for member_id, row in sorted(newest.items(), key=lambda pair: pair[1].member.initials)
    ]


def parted(rows: Iterable[Attendance]) -> dict[str, list[Attendance]]:
    """Return one meeting's rows as still open, made up, and those of whom nothing is demanded."""
    found: dict[str, list[Attendance]] = {"rows": [], "made_up": [], "care": []}
    for row in rows:
        is_exempt = row.excuse in NOT_REQUIRED
        found["made_up" if row.made_up_on else "care" if is_exempt else "rows"].append(row)
    return found


def is_learning(kinds: Iterable[str]) -> bool:
    return any(kind in LEARNING_KINDS for kind in kinds)


def lessons(meeting: Meeting) -> tuple[list[AgendaItem], list[AgendaItem]]:
    """Return what was taught with its minutes, and the fixed steps that were carried out."""
    items = list(meeting.agenda.filter(kind__in=(*LEARNING_ITEMS, AgendaKind.FIXED), is_done=True))
    fixed = [item for item in items if item.kind == AgendaKind.FIXED]
    return [item for item in items if item not in fixed], fixed
