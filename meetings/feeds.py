"""A person's meetings as a calendar that Apple, Outlook and Android subscribe to (RFC 5545).

The address is all that guards it, so it says when and where, never who: no agenda, no names of
members, and a 谈心谈话 without its subject. It is read with the rights its owner has on that day.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration, vText

from accounts.models import User
from branches.leaders import points_of
from branches.models import Organization
from branches.permissions import READING, acts_for, has_duty, scope_q
from meetings.models import CalendarFeed, Meeting, MeetingKind, MeetingState

# A plan without an end takes this long.
USUAL_LENGTH = timedelta(minutes=90)
# What phones keep: the last quarter and the year to come.
PAST, AHEAD = timedelta(days=92), timedelta(days=400)
# More would be a burden for a phone; the nearest to come are kept.
MOST_EVENTS = 2000
REFRESH = timedelta(hours=6)
# Whose meetings concern a person: of all branches below, of the own one, of the linked ones.
OF_A_WHOLE = {"staff", "township_secretary"}
OF_A_BRANCH = {"secretary", "committee"}
CONCERNED = OF_A_WHOLE | OF_A_BRANCH | {"leader"}


def concerning(user: User, *, on: date) -> "QuerySet[Organization]":
    """Return the branches whose meetings concern the person: those they act for or are linked to.

    A leader's are the linked ones, and those of a leader he stands in for. An observer has none:
    a county's meetings are no one's appointments.
    """
    reach = scope_q(user, prefix="", kinds=OF_A_WHOLE | OF_A_BRANCH)
    if has_duty(user, {"leader"}):
        reach |= Q(Exists(points_of(user, on=on).filter(branch=OuterRef("pk"))))
    return Organization.objects.branches().filter(reach)


def is_alive(feed: CalendarFeed) -> bool:
    """Say whether the owner may still read what the feed tells."""
    if not feed.owner.is_active:
        return False
    if feed.branch:
        return acts_for(feed.owner, feed.branch, READING)
    return has_duty(feed.owner, CONCERNED)


def meetings_of(feed: CalendarFeed, *, on: date) -> "QuerySet[Meeting]":
    """Return what the feed tells on that day, planned, held and cancelled; one statement."""
    meetings = Meeting.objects.filter(day__gte=on - PAST, day__lte=on + AHEAD)
    if feed.branch_id:
        meetings = meetings.visible_to(feed.owner).filter(branch=feed.branch_id)
    else:
        meetings = meetings.filter(branch__in=concerning(feed.owner, on=on))
    changed = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Meeting), object_id=OuterRef("pk")
    ).order_by("-timestamp")
    return (
        meetings.annotate(changed_at=Subquery(changed.values("timestamp")[:1]))
        .select_related("branch", "group")
        .prefetch_related("types")
        .newest_first()[:MOST_EVENTS]
    )


def calendar(
    feed: CalendarFeed, meetings: Iterable[Meeting], *, absolute: Callable[[str], str]
) -> bytes:
    """Return the calendar; `absolute` makes an address of this house whole."""
    made = Calendar()
    made.add("prodid", "-//Badu//Meetings//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    name = _("%(whose)s组织生活") % {"whose": feed.branch or _("我的")}
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", settings.TIME_ZONE)
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    made.add_component(_shanghai())
    for meeting in meetings:
        made.add_component(_event(meeting, feed, absolute))
    return made.to_ical()


def entity_tag(content: bytes) -> str:
    """Return the ETag of a calendar: the same while nothing in it changes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _shanghai() -> Timezone:
    """China has had one offset and no summer time since 1991."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", settings.TIME_ZONE)
    standard.add("dtstart", datetime(1991, 9, 15, 1, 0))  # noqa: DTZ001 — local, as the RFC wants
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(meeting: Meeting, feed: CalendarFeed, absolute: Callable[[str], str]) -> Event:
    event = Event()
    # Not the row's number alone: two houses' feeds may meet in one phone.
    event.add("uid", f"{salted_hmac('meetings.feed', str(meeting.pk)).hexdigest()[:32]}@badu")
    changed = _changed(meeting, feed)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", meeting.version)
    event.add("summary", _summary(meeting))
    _add_time(event, meeting)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("description", _description(meeting))
    event.add("url", vText(absolute(meeting.get_absolute_url())))
    is_off = meeting.state == MeetingState.CANCELLED
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    return event


def _changed(meeting: Meeting, feed: CalendarFeed) -> datetime:
    moments = (
        meeting.changed_at,
        meeting.written_at,
        meeting.submitted_at,
        meeting.amended_at,
    )
    # What was planned in bulk has no moment of its own; that of the feed never moves.
    latest = max(filter(None, moments), default=feed.created_at)
    return latest.astimezone(UTC).replace(microsecond=0)


def _add_time(event: Event, meeting: Meeting) -> None:
    if meeting.starts_at is None:
        event.add("dtstart", meeting.day)
        event.add("dtend", meeting.day + timedelta(days=1))
        return
    starts = meeting.starts
    ends = (
        datetime.combine(meeting.day, meeting.ends_at, tzinfo=timezone.get_default_timezone())
        if meeting.ends_at
        else starts + USUAL_LENGTH
    )
    event.add("dtstart", starts)
    event.add("dtend", ends)


def _kinds(meeting: Meeting) -> str:
    return "、".join(str(row.get_kind_display()) for row in meeting.types.all())


def _summary(meeting: Meeting) -> str:
    kinds = {row.kind for row in meeting.types.all()}
    # Its subject is often the name of the one talked with.
    subject = _("谈心谈话") if MeetingKind.TALK in kinds else meeting.title
    return f"{meeting.branch}：{subject}"


def _description(meeting: Meeting) -> str:
    lines = [
        _("类型：%(kinds)s") % {"kinds": _kinds(meeting)},
        _("党组织：%(branch)s") % {"branch": f"{meeting.branch.name}{meeting.group or ''}"},
        _("状态：%(state)s") % {"state": meeting.get_state_display()},
    ]
    if meeting.starts_at is None:
        lines.append(_("时间另行通知"))
    return "\n".join(lines)
