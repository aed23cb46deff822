"""What the logging form is filled in with, as far as the system knows."""

import secrets

from django.utils.translation import gettext as _

from config.language import in_source_script
from meetings.forms.fields import write_guests
from meetings.models import AgendaItem, AgendaKind, MeetingKind
from meetings.reports.sheet import Sheet

from .items import x_of


@in_source_script
def title_for(kinds: list[str], day) -> str:
    """Return the plain title of a meeting nobody named."""
    labels = "、".join(str(MeetingKind(kind).label) for kind in MeetingKind if kind in kinds)
    return _("%(year)s年%(month)s月%(kinds)s") % {
        "year": day.year,
        "month": day.month,
        "kinds": labels,
    }


def still_choosable(meeting, role: str, members: list) -> list:
    """Keep whoever chaired or wrote in the choices after leaving the branch."""
    person = getattr(meeting, role)
    if person is None or any(pk == person.pk for pk, _name in members):
        return []
    return [(person.pk, person.name)]


def initial_of(sheet: Sheet) -> dict:
    meeting, defaults = sheet.meeting, sheet.defaults
    initial = {
        "version": meeting.version,
        "token": "" if meeting.pk else secrets.token_hex(16),
        "kinds": list(sheet.kinds),
        "group": sheet.group_id,
        "day": sheet.day,
        "title": meeting.title,
        "chair": meeting.chair_id or defaults.get("chair"),
        "recorder": meeting.recorder_id or defaults.get("recorder"),
        "starts_at": meeting.starts_at or defaults.get("starts_at"),
        "place": meeting.place or defaults.get("place", ""),
        "fixed": [str(action.pk) for action in sheet.fixed],
    }
    for name in ("ends_at", "chair_note", "summary", "late_note"):
        initial[name] = getattr(meeting, name)
    by_kind: dict[str, AgendaItem] = {}
    for item in sheet.agenda:
        by_kind.setdefault(item.kind, item)
    if (first := by_kind.get(AgendaKind.FIRST_TOPIC)) is not None:
        for name in ("title", "source_on", "speaker", "minutes", "resolution"):
            initial[f"first_{name}"] = getattr(first, name)
    if AgendaKind.FIXED in by_kind:
        initial["fixed"] = [
            str(item.fixed_action_id)
            for item in sheet.agenda
            if item.kind == AgendaKind.FIXED and item.is_done
        ]
    if (item := x_of(sheet)) is not None:
        initial["optional"] = item.title
    if (lecture := by_kind.get(AgendaKind.LECTURE)) is not None:
        initial |= {
            "lecture_title": lecture.title,
            "lecture_speaker": lecture.speaker,
            "lecture_course": lecture.course_id,
            "lecture_minutes": lecture.minutes,
        }
    initial["leaders"] = [str(guest.leader_id) for guest in sheet.guests if guest.leader_id]
    initial["guests"] = write_guests(g for g in sheet.guests if not g.leader_id)
    return initial


def refreshed(data, sheet: Sheet):
    """Fill in what follows from the kinds chosen now: the group, and whose chair it is."""
    data = data.copy()
    if sheet.group_id is not None and not data.get("group"):
        data["group"] = str(sheet.group_id)
    chair_id = sheet.rightful_chair_id
    if chair_id is not None and data.get("chair") in {"", *map(str, sheet.roster.chairs)}:
        data["chair"] = str(chair_id)
    return data
