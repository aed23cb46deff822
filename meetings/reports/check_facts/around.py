"""Everything around some records, each part read once for all of them when it is first needed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from branches.models import ContactPoint, Member, Organization
from meetings.checks.facts import Elsewhere
from meetings.models import (
    AgendaItem,
    Attendance,
    Comment,
    CommentKind,
    DatedDocument,
    FixedAction,
    Guest,
    LeaderVisit,
    Meeting,
    MeetingState,
    RecordVersion,
    TopicReview,
    YearPlanItem,
)
from meetings.models.meeting import COUNTED_STATES
from meetings.record import Record
from meetings.reports.attendance import rosters

LOOK_BACK_DAYS = 100
SAME_SITTING = timedelta(hours=1)
HELD = (MeetingState.DRAFT, *COUNTED_STATES)
IN_THE_ROOM = ("present", "late")


@dataclass
class Around:
    """Each property is one statement, or none where nothing asks for it."""

    pairs: list[tuple[Meeting, Record]]

    @cached_property
    def branches(self) -> dict[int, Organization]:
        return {meeting.branch_id: meeting.branch for meeting, _record in self.pairs}

    @cached_property
    def townships(self) -> set[int]:
        return {b.township_id for b in self.branches.values() if b.township_id}

    @cached_property
    def meetings(self) -> list[int]:
        return [meeting.pk for meeting, _record in self.pairs if meeting.pk]

    @cached_property
    def days(self) -> tuple[date, date]:
        days = [record.day for _meeting, record in self.pairs]
        return min(days), max(days)

    @cached_property
    def rosters(self):
        return rosters((meeting.branch_id, record.day) for meeting, record in self.pairs)

    @cached_property
    def names(self) -> dict[int, list[tuple[int, str]]]:
        """Short names of the branches of each township, with their ids."""
        found = defaultdict(list)
        rows = Organization.objects.branches().filter(township__in=self.townships)
        for pk, township, name in rows.values_list("pk", "township", "short_name"):
            found[township].append((pk, name))
        return found

    @cached_property
    def partners(self) -> dict[int, set[int]]:
        """The branches that held a joint meeting together, by its id."""
        joints = {meeting.joint_id for meeting, _record in self.pairs} - {None}
        found: dict[int, set[int]] = defaultdict(set)
        if joints:
            rows = Meeting.objects.filter(joint__in=joints)
            for joint_id, branch_id in rows.values_list("joint", "branch"):
                found[joint_id].add(branch_id)
        return found

    @cached_property
    def fixed(self) -> dict[int, list[FixedAction]]:
        rows = FixedAction.objects.filter(township__in=self.townships)
        return _grouped(rows.order_by("position", "pk"), "township_id")

    @cached_property
    def documents(self) -> list[DatedDocument]:
        rows = DatedDocument.objects.filter(Q(township=None) | Q(township__in=self.townships))
        return list(rows.filter(issued_on__gt=self.days[0]))

    @cached_property
    def written(self) -> dict[int, list[tuple[datetime, date]]]:
        """When records of these branches were first written, and of which day they are."""
        moments = [m.written_at for m, _record in self.pairs if m.written_at]
        if not moments:
            return {}
        rows = Meeting.objects.filter(
            branch__in=self.branches,
            written_at__gte=min(moments) - SAME_SITTING,
            written_at__lte=max(moments) + SAME_SITTING,
        )
        found = defaultdict(list)
        for branch_id, *row in rows.values_list("branch", "written_at", "day"):
            found[branch_id].append(tuple(row))
        return found

    @cached_property
    def versions(self) -> dict[int, int]:
        found: dict[int, int] = defaultdict(int)
        rows = RecordVersion.objects.filter(meeting__in=self.meetings)
        for pk in rows.values_list("meeting", flat=True):
            found[pk] += 1
        return found

    @cached_property
    def themes(self) -> dict[int, str]:
        wanted = {meeting.plan_item_id for meeting, _record in self.pairs} - {None}
        if not wanted:
            return {}
        return dict(YearPlanItem.objects.filter(pk__in=wanted).values_list("pk", "theme"))

    @cached_property
    def reviews(self) -> dict[int, list[TopicReview]]:
        rows = TopicReview.objects.filter(meeting__in=self.meetings)
        return _grouped(rows.order_by("asked_at", "pk"), "meeting_id")

    @cached_property
    def reviewed_since(self) -> dict[int, date]:
        """When each township began to review topics: what was held before was not asked to be."""
        rows = TopicReview.objects.filter(meeting__township__in=self.townships)
        began = rows.values_list("meeting__township").annotate(began=Min("asked_at"))
        return {pk: timezone.localdate(at) for pk, at in began.order_by()}

    @cached_property
    def signed_since(self) -> dict[int, date]:
        """When each township began to note signatures."""
        rows = Meeting.objects.filter(township__in=self.townships, signed_on__isnull=False)
        return dict(rows.values_list("township").annotate(began=Min("signed_on")).order_by())

    @cached_property
    def contact_points(self) -> dict[int, list[ContactPoint]]:
        return _grouped(ContactPoint.objects.filter(branch__in=self.branches), "branch_id")

    @cached_property
    def leaders(self) -> dict[int, dict[int, str]]:
        """Leaders who were there, by their own word or on the recorder's list."""
        found: dict[int, dict[int, str]] = defaultdict(dict)
        for rows in (
            LeaderVisit.objects.filter(meeting__in=self.meetings),
            Guest.objects.filter(meeting__in=self.meetings, leader__isnull=False),
        ):
            columns = ("meeting", "leader", "leader__full_name")
            for pk, leader_id, name in rows.values_list(*columns):
                found[pk][leader_id] = name
        for meeting, record in self.pairs:
            # As the page has them, which may not be saved yet.
            found[meeting.pk] |= {g.leader_id: g.name for g in record.guests if g.leader_id}
        return found

    @cached_property
    def comments(self) -> dict[int, int]:
        found: dict[int, int] = defaultdict(int)
        rows = Comment.objects.filter(meeting__in=self.meetings)
        for pk in rows.values_list("meeting", flat=True):
            found[pk] += 1
        return found

    @cached_property
    def not_made_up(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        rows = Attendance.objects.filter(
            meeting__in=self.meetings,
            state__in=("leave", "absent"),
            excuse="",
            adjustment="",
            made_up_on=None,
        )
        for pk, member_id in rows.values_list("meeting", "member"):
            found[pk].add(member_id)
        return found

    @cached_property
    def elsewhere(self) -> dict[tuple[int | None, date], list[tuple[int, int | None, Elsewhere]]]:
        """Who of these records' people was in the room of another meeting on the same day.

        By (member, day): the other meeting, the joint meeting it belongs to, and its particulars.
        """
        people: set[int] | QuerySet
        if len(self.pairs) == 1:
            # A record being written: its people as the page has them.
            seats = self.pairs[0][1].seats
            people = {seat.member_id for seat in seats if seat.state in IN_THE_ROOM}
        else:
            here = Attendance.objects.filter(meeting__in=self.meetings, state__in=IN_THE_ROOM)
            people = here.values("member")
        rows = Attendance.objects.filter(
            member__in=people,
            state__in=IN_THE_ROOM,
            meeting__day__in={record.day for _meeting, record in self.pairs},
            meeting__state__in=HELD,
        )
        found = defaultdict(list)
        for member_id, name, *there in rows.values_list("member", "member__name", *_THERE):
            _put(found, member_id, None, name, there)
        return found

    @cached_property
    def leaders_elsewhere(self):
        """The same of leaders, by (leader, day)."""
        leaders = {pk for found in self.leaders.values() for pk in found}
        found = defaultdict(list)
        if not leaders:
            return found
        days = {record.day for _meeting, record in self.pairs}
        for model in (LeaderVisit, Guest):
            rows = model.objects.filter(
                leader__in=leaders, meeting__day__in=days, meeting__state__in=HELD
            )
            for leader_id, name, *there in rows.values_list("leader", "leader__full_name", *_THERE):
                _put(found, None, leader_id, name, there)
        return found

    @cached_property
    def earlier_items(self) -> dict[int, list["Item"]]:
        """What these branches discussed and decided a hundred days before and after, by branch."""
        first, last = self.days
        rows = (
            AgendaItem.objects.filter(
                meeting__branch__in=self.branches,
                meeting__state__in=COUNTED_STATES,
                meeting__day__gte=first - timedelta(days=LOOK_BACK_DAYS),
                meeting__day__lte=last + timedelta(days=LOOK_BACK_DAYS),
                kind__in=("topic", "decision"),
            )
            .annotate(is_followed=Exists(AgendaItem.objects.filter(follows=OuterRef("pk"))))
            .values_list(
                "meeting__branch", "pk", "meeting", "meeting__day", "kind", "title", "minutes",
                "resolution", "responsible", "due_on", "is_followed",
            )
        )  # fmt: skip
        found = defaultdict(list)
        for branch_id, *row in rows.order_by("meeting__day", "pk"):
            found[branch_id].append(Item(*row))
        return found

    @cached_property
    def earlier_kinds(self) -> dict[int, dict[int, tuple[date, set[str], int | None]]]:
        """Kinds and days of the meetings in the same time, by branch and meeting."""
        first, last = self.days
        rows = Meeting.objects.filter(
            branch__in=self.branches,
            state__in=COUNTED_STATES,
            day__gte=first - timedelta(days=LOOK_BACK_DAYS),
            day__lte=last + timedelta(days=LOOK_BACK_DAYS),
        )
        found: dict = defaultdict(dict)
        for branch_id, pk, day, group_id, kind in rows.values_list(
            "branch", "pk", "day", "group", "types__kind"
        ):
            found[branch_id].setdefault(pk, (day, set(), group_id))[1].add(kind)
        return found

    @cached_property
    def unanswered(self) -> dict[int, list[tuple[int, str]]]:
        """Comments that still wait for a word, by the meeting they were made on."""
        first, last = self.days
        rows = Comment.objects.filter(
            meeting__branch__in=self.branches,
            meeting__day__gte=first - timedelta(days=LOOK_BACK_DAYS),
            meeting__day__lte=last,
            answered_at=None,
        ).exclude(kind=CommentKind.GOOD)
        found = defaultdict(list)
        for pk, *row in rows.values_list("meeting", "pk", "text"):
            found[pk].append(tuple(row))
        return found

    @cached_property
    def branch_of(self) -> dict[int, int]:
        """The present branch of members who sit in these records but not on their day's roster."""
        strangers = set()
        for meeting, record in self.pairs:
            known = {p.seat.member_id for p in self.rosters[meeting.branch_id, record.day].people}
            strangers |= {seat.member_id for seat in record.seats} - known
        if not strangers:
            return {}
        return dict(Member.objects.filter(pk__in=strangers).values_list("pk", "branch"))


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an earlier agenda."""

    pk: int
    meeting_id: int
    day: date
    kind: str
    title: str
    minutes: str
    resolution: str
    responsible: str
    due_on: date | None
    is_followed: bool

    @property
    def is_decision(self) -> bool:
        return self.kind == "decision" or bool(self.responsible or self.due_on)


_THERE = (
    "meeting", "meeting__joint", "meeting__day", "meeting__title",
    "meeting__branch__short_name", "meeting__starts_at", "meeting__ends_at", "meeting__place",
)  # fmt: skip


def _put(found, member_id: int | None, leader_id: int | None, name: str, there: list) -> None:
    meeting_id, joint_id, day, *told = there
    other = Elsewhere(member_id, leader_id, name, *told)
    found[member_id or leader_id, day].append((meeting_id, joint_id, other))


def _grouped(rows: Iterable, key: str) -> dict:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found
