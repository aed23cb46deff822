"""What the linked leader has to do with one meeting, and what waits for him over all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import BigIntegerField, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from branches.leaders import leaders_by_branch, points_of
from branches.models import ContactPoint, DutyKind, Organization, StandIn
from branches.people import holding
from branches.permissions import scope_q
from meetings.models import (
    COUNTED_STATES,
    Comment,
    Guest,
    LeaderVisit,
    Meeting,
    MeetingState,
    TopicReview,
)

# A leader's list holds the meetings of the coming week and those held in the last two.
AHEAD = timedelta(days=6)
BEHIND = timedelta(days=14)


def reviewers(branch: Organization, *, on: date) -> list[User]:
    """Return whom a topic goes to: who looks after the branch that day, else the staff."""
    leaders = leaders_by_branch([branch.pk], on=on).get(branch.pk)
    if leaders or branch.township_id is None:
        return leaders or []
    return list(holding({DutyKind.STAFF}, branch.township, on=on).order_by("pk"))


# --- One meeting --------------------------------------------------------------------------------


class ReviewState(StrEnum):
    WAITING = "waiting"
    LATE = "late"
    APPROVED = "approved"
    RETURNED = "returned"


def begins(meeting: Meeting) -> datetime:
    """Return the moment after which a review comes too late: the day's end where no hour is set."""
    if meeting.starts_at:
        return meeting.starts
    return datetime.combine(
        meeting.day + timedelta(days=1), time(0), tzinfo=timezone.get_default_timezone()
    )


class Round(NamedTuple):
    """One round of review as it is shown; `is_after`: decided only when the meeting had begun."""

    review: TopicReview
    state: ReviewState
    is_after: bool

    @property
    def mark(self) -> str:
        """Name the look of the state: the class `state-…`."""
        return _STATES[self.state][0]

    @property
    def label(self) -> str:
        return str(_STATES[self.state][1])


_STATES = {
    ReviewState.WAITING: ("due", _("待审核")),
    ReviewState.LATE: ("late", _("未及时审核")),
    ReviewState.APPROVED: ("met", _("已审核同意")),
    ReviewState.RETURNED: ("returned", _("退回修改")),
}


def round_of(review: TopicReview, meeting: Meeting, now: datetime) -> Round:
    begin = begins(meeting)
    if review.decided_at is None:
        is_late = now >= begin
        return Round(review, ReviewState.LATE if is_late else ReviewState.WAITING, is_after=False)
    return Round(review, ReviewState(review.decision), is_after=review.decided_at >= begin)


class Sitting(NamedTuple):
    """Somebody who sat in (列席); `by_himself`: a leader who noted it on his own."""

    leader_id: int | None
    name: str
    position: str
    by_himself: bool


@dataclass(frozen=True)
class LeaderCard:
    """The three duties at one meeting: rounds of review, who sat in, what was remarked."""

    meeting: Meeting
    rounds: tuple[Round, ...]
    sitting: tuple[Sitting, ...]
    comments: tuple[Comment, ...]
    # Who looks after the branch today, by name; a stand-in with the one he stands in for.
    leaders: tuple[tuple[int, str, str], ...]

    @property
    def last(self) -> Round | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def open_review(self) -> TopicReview | None:
        last = self.last
        return last.review if last and last.review.decided_at is None else None

    @property
    def can_be_sent(self) -> bool:
        """Say whether the topic, as it stands now, has not been sent or approved."""
        settled = (ReviewState.WAITING, ReviewState.LATE, ReviewState.APPROVED)
        return self.meeting.state == MeetingState.PLANNED and not any(
            r.state in settled and r.review.topic == self.meeting.title for r in self.rounds
        )

    def looks_after(self, user: User) -> bool:
        return any(pk == user.pk for pk, _name, _away in self.leaders)

    def has_noted(self, user: User) -> bool:
        return any(s.by_himself and s.leader_id == user.pk for s in self.sitting)


def card_of(meeting: Meeting, *, now: datetime) -> LeaderCard:
    """Read what belongs to the card in three statements."""
    reviews = meeting.reviews.select_related("asked_by", "decided_by")
    comments = meeting.comments.select_related("by", "answered_by")
    for comment in (found := tuple(comments)):
        comment.meeting = meeting
    sitting, leaders = _people(meeting, timezone.localdate(now))
    return LeaderCard(
        meeting=meeting,
        rounds=tuple(round_of(review, meeting, now) for review in reviews),
        sitting=tuple(_once(sitting)),
        comments=found,
        leaders=tuple(leaders),
    )


def _people(meeting: Meeting, on: date) -> tuple[list[Sitting], list[tuple[int, str, str]]]:
    """Read who sat in and who looks after the branch, in one statement."""
    points = ContactPoint.objects.in_force(on).filter(branch=meeting.branch_id)
    away = StandIn.objects.in_force(on).filter(leader__in=points.order_by().values("leader"))
    parts = (
        _named(points, "link", "leader", "leader__full_name", Value("")),
        _named(away, "stand_in", "deputy", "deputy__full_name", "leader__full_name"),
        _named(Guest.objects.filter(meeting=meeting), "guest", "leader", "name", "position"),
        _named(meeting.leader_visits, "visit", "leader", "leader__full_name", Value("")),
    )
    first, *rest = parts
    sitting, leaders = [], []
    for what, pk, name, detail, _row in sorted(first.union(*rest, all=True), key=_by_kind):
        if what in ("link", "stand_in"):
            leaders.append((pk, name, detail))
        else:
            sitting.append(Sitting(pk, name, detail, by_himself=what == "visit"))
    return sitting, leaders


def _named(rows, what: str, who: str, name: str, detail) -> QuerySet:
    return rows.order_by().values_list(Value(what), who, name, detail, "pk")


def _by_kind(row: tuple) -> tuple[str, int]:
    return row[0], row[-1]


def _once(sitting: Iterable[Sitting]) -> Iterable[Sitting]:
    """Make one of the recorder's guest and the leader's own note, with the office he was given."""
    sitting = list(sitting)
    noted = {s.leader_id for s in sitting if s.by_himself}
    written = {s.leader_id for s in sitting if not s.by_himself}
    for one in sitting:
        if not one.by_himself:
            yield one._replace(by_himself=one.leader_id is not None and one.leader_id in noted)
        elif one.leader_id not in written:
            yield one


# --- What waits ---------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """One line of a leader's list; `day` is since when it waits, or when it is held."""

    what: str  # topic, comment, meeting, held
    title: str
    day: date
    meeting_id: int
    meeting_day: date
    branch_id: int
    branch: str


def in_order(lines: Iterable[Waiting]) -> list[Waiting]:
    """Sort oldest first, and last what was held and asks for nothing."""
    return sorted(lines, key=lambda line: (line.what == "held", line.day, line.meeting_id))


def waiting(user: User, *, on: date) -> list[Waiting]:
    """Return what waits for the user, oldest first, in one statement."""
    parts = [
        rows.order_by().values_list(Value(what), *WAITING)
        for what, rows in waiting_rows(user, on=on).items()
    ]
    first, *rest = parts
    return in_order(Waiting(*row) for row in first.union(*rest, all=True))


def waiting_rows(user: User, *, on: date) -> dict[str, QuerySet]:
    """Return the rows that wait, by what they are, each with the columns WAITING.

    Topics of the branches the user looks after, and for staff those nobody else does; his own
    remarks not answered yet; the week's meetings; and what was held and not commented on.
    """
    branches = points_of(user, on=on).order_by().values("branch")
    mine = Comment.objects.unanswered().filter(by=user.pk)
    meetings = Meeting.objects.filter(branch__in=branches)
    visited = LeaderVisit.objects.filter(meeting=OuterRef("pk"), leader=user.pk)
    commented = Comment.objects.filter(meeting=OuterRef("pk"), by=user.pk)
    coming = meetings.filter(
        ~Exists(visited),
        state__in=[MeetingState.PLANNED, MeetingState.DRAFT],
        day__gte=on,
        day__lte=on + AHEAD,
    )
    held = meetings.filter(
        ~Exists(commented), state__in=COUNTED_STATES, day__gte=on - BEHIND, day__lte=on
    )
    topics = _topics(user, branches, on)
    return {
        "topic": _columns(topics, title="topic", day=TruncDate("asked_at"), prefix="meeting__"),
        "comment": _columns(mine, title="text", day=TruncDate("at"), prefix="meeting__"),
        "meeting": _columns(coming, title="title", day=F("day")),
        "held": _columns(held, title="title", day=F("day")),
    }


def _topics(user: User, branches: QuerySet, on: date) -> QuerySet[TopicReview]:
    linked = ContactPoint.objects.in_force(on).filter(branch=OuterRef("meeting__branch"))
    by_staff = scope_q(user, prefix="meeting__branch__", kinds={DutyKind.STAFF})
    return (
        TopicReview.objects.waiting()
        .exclude(meeting__state=MeetingState.CANCELLED)
        .filter(Q(meeting__branch__in=branches) | (by_staff & ~Exists(linked)))
    )


WAITING = ("wait_title", "wait_day", "wait_meeting", "wait_held", "wait_branch", "wait_where")


def _columns(rows: QuerySet, *, title: str, day, prefix: str = "") -> QuerySet:
    return rows.annotate(
        wait_title=F(title),
        wait_day=Cast(day, DateField()),
        wait_meeting=Cast(f"{prefix}pk", BigIntegerField()),
        wait_held=F(f"{prefix}day"),
        wait_branch=F(f"{prefix}branch"),
        wait_where=F(f"{prefix}branch__short_name"),
    )
