"""One meeting as its page and its printed record show it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from branches.models import Post
from branches.rules import NOT_REQUIRED
from meetings import rules
from meetings.models import (
    AbsenceKind,
    AgendaItem,
    AgendaKind,
    AttendanceState,
    Grade,
    Guest,
    Meeting,
    MeetingKind,
    MeetingPhoto,
    MeetingState,
    VoteRule,
)
from meetings.record import (
    Ballots,
    Gathering,
    Outcome,
    Seat,
    TalkPair,
    Tally,
    counts_for,
    gathering,
    outcome,
    voters,
)

from .attendance import seats_of
from .guests import guests_of
from .life import NO_LIFE, Found, Graded, Life, life_of, pair_name

HISTORY_ROWS = 50


class Event(NamedTuple):
    """One entry of the history: when, who, what was changed and why."""

    at: datetime
    who: str
    what: str
    reason: str
    details: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Minutes:
    meeting: Meeting
    agenda: tuple[AgendaItem, ...]
    seats: tuple[Seat, ...]
    guests: tuple[Guest, ...]
    photos: tuple[MeetingPhoto, ...]
    kinds: tuple[str, ...]
    life: Life = NO_LIFE
    # Between whom a 谈心谈话 was; of other meetings nothing.
    pair: str = ""

    @property
    def tally(self) -> Tally:
        return Tally.of(self.seats)

    @property
    def kind_labels(self) -> str:
        return "、".join(str(MeetingKind(kind).label) for kind in self.kinds)

    @property
    def is_pair(self) -> bool:
        return gathering(self.kinds) is Gathering.PAIR

    @property
    def present(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.is_present]

    @property
    def away(self) -> list[tuple[str, str, str]]:
        """Name, state and category of reason of everyone expected who did not come.

        The category may be a matter of health: pages show it to those who keep the record.
        """
        states, reasons = dict(AttendanceState.choices), dict(AbsenceKind.choices)
        return [
            (seat.name, states[seat.state], reasons.get(seat.reason, ""))
            for seat in self.seats
            if seat.is_expected and not seat.is_present
        ]

    @property
    def excused_away(self) -> list[Seat]:
        """Whom art. 23 of the 教育管理工作条例 excuses and who did not come."""
        return [s for s in self.seats if s.excuse in NOT_REQUIRED and not s.is_present]

    @property
    def adjusted(self) -> list[tuple[str, str]]:
        """Name and reason of everyone whom this meeting left out of 应到."""
        return [(seat.name, seat.adjustment) for seat in self.seats if seat.adjustment]

    @property
    def remarks(self) -> list[tuple[str, str, str]]:
        """Speaker, whom they spoke of (empty: of themselves), and what they said."""
        return [
            (self._name(row.speaker_id), self._name(row.target_id), row.text)
            for row in self.life.remarks
        ]

    @property
    def problems(self) -> list[tuple[str, Found, str]]:
        """Whose problem (empty: the branch's), the row itself, and who is responsible."""
        return [
            (self._name(row.member_id), row, self._name(row.responsible_id))
            for row in self.life.shortcomings
        ]

    @property
    def appraisals(self) -> list[tuple[str, Graded, str]]:
        """Name, ballots and grade of every member assessed; no grade while probationary."""
        grades = dict(Grade.choices)
        rows = [
            (self._name(row.member_id), row, grades.get(row.grade, ""))
            for row in self.life.assessed
        ]
        order = {seat.member_id: place for place, seat in enumerate(self.seats)}
        return sorted(rows, key=lambda row: order.get(row[1].member_id, 0))

    @property
    def has_ballots(self) -> bool:
        """Whether the ballots of the 民主测评 were written down, not the grades alone."""
        return any(any(row[1:5]) for row in self.life.assessed)

    @property
    def grades(self) -> list[tuple[str, int]]:
        """How many got each grade, and how many none."""
        given = Counter(row.grade for row in self.life.assessed)
        counts = [(str(label), given[value]) for value, label in Grade.choices]
        return counts + ([(_("不评定等次"), given[""])] if given[""] else [])

    @property
    def most_excellent(self) -> int:
        return rules.most_excellent(sum(bool(row.grade) for row in self.life.assessed))

    def _name(self, member_id: int | None) -> str:
        if member_id is None:
            return ""
        return next((s.name for s in self.seats if s.member_id == member_id), _("（已调出）"))

    @property
    def in_another_way(self) -> list[tuple[str, str]]:
        states = dict(AttendanceState.choices)
        return [
            (s.name, states[s.state]) for s in self.present if s.state != AttendanceState.PRESENT
        ]

    @property
    def voting(self) -> tuple[int, int]:
        return voters("ordinary", self.seats)

    @property
    def fixed(self) -> list[AgendaItem]:
        return [item for item in self.agenda if item.kind == AgendaKind.FIXED]

    @property
    def items(self) -> list[AgendaItem]:
        return [item for item in self.agenda if item.kind != AgendaKind.FIXED]

    @property
    def is_void(self) -> bool:
        """A 支委会 that fewer than half of the committee attended does not count (art. 12)."""
        return self.meeting.is_counted and not all(counts_for(k, self.seats) for k in self.kinds)


def minutes_of(meeting: Meeting, *, words_only: bool = False) -> Minutes:
    """Read what belongs to the meeting in four statements, in five where the kinds or an election
    have more than an agenda; `held_as` are its kinds.

    `words_only` leaves out the pictures: what is copied or kept as text has none.
    """
    seats = seats_of(meeting)
    agenda = tuple(meeting.agenda.select_related("vote", "follows__meeting"))
    life = life_of(meeting, agenda, meeting.held_as)
    for item in agenda:
        item.outcome = _outcome(item, seats, life)
    return Minutes(
        meeting=meeting,
        agenda=agenda,
        seats=seats,
        guests=guests_of(meeting),
        photos=() if words_only else tuple(meeting.photos.all()),
        kinds=meeting.held_as,
        life=life,
        pair=_pair(meeting, seats),
    )


def _outcome(item: AgendaItem, seats: tuple[Seat, ...], life: Life) -> Outcome | None:
    vote = getattr(item, "vote", None)
    if vote is None:
        return None
    choices = life.choices_of(item)
    return outcome(Ballots(rule=vote.rule, in_favour=vote.in_favour, choices=choices), seats)


def _pair(meeting: Meeting, seats: tuple[Seat, ...]) -> str:
    """Name the pair of a 谈心谈话 by the posts of its day (art. 19)."""
    if gathering(meeting.held_as) is not Gathering.PAIR or not seats:
        return ""
    there = [seat.member_id for seat in seats if seat.is_present]
    posts = Post.objects.in_force(meeting.day).filter(organization=meeting.branch_id)
    of_committee = posts.filter(member__in=there).order_by().values("member").distinct().count()
    return pair_name(TalkPair.of(len(there), of_committee))


# --- Words --------------------------------------------------------------------------------------


def vote_sentence(rule: str, found: Outcome) -> str:
    """Say the arithmetic of a vote: of whom, how many are needed, how many were in favour."""
    numbers = {
        "expected": found.expected,
        "present": found.present,
        "needed": found.needed,
        "quorum": found.quorum,
        "in_favour": found.in_favour,
    }
    told = {
        VoteRule.ORDINARY: _("应到会有表决权 %(expected)s 人，过半数为 %(needed)s 人"),
        VoteRule.ADMISSION: _("应到会有表决权 %(expected)s 人，过半数为 %(needed)s 人"),
        VoteRule.ELECTION: _("实到会有选举权 %(present)s 人，过半数为 %(needed)s 人"),
        VoteRule.COMMITTEE: _("到会委员 %(present)s 人，过半数为 %(needed)s 人"),
    }[VoteRule(rule)] % numbers
    if found.result == rules.VoteResult.INVALID:
        result = _("到会 %(present)s 人，不足 %(quorum)s 人，表决无效") % numbers
    elif found.choices:
        elected = [one.name for one in found.choices if one.is_elected]
        result = _("当选：%(names)s") % {"names": "、".join(elected) or _("无")}
    else:
        result = _("通过") if found.result == rules.VoteResult.PASSED else _("未通过")
    if found.choices:
        return _("%(base)s；%(result)s") % {"base": told, "result": result}
    return _("%(base)s；赞成 %(in_favour)s，%(result)s") % {
        "base": told,
        "in_favour": found.in_favour,
        "result": result,
    }


def history_of(meeting: Meeting) -> tuple[Event, ...]:
    """Return the latest changes of the meeting, newest first."""
    return tuple(_event(entry) for entry in _entries(meeting)[:HISTORY_ROWS])


def last_change(meeting: Meeting) -> Event | None:
    """Return the latest change, for whoever wrote at the same time."""
    return next((_event(entry) for entry in _entries(meeting)[:1]), None)


def _entries(meeting: Meeting) -> QuerySet[LogEntry]:
    kind = ContentType.objects.get_for_model(Meeting)
    entries = LogEntry.objects.filter(content_type=kind, object_id=meeting.pk)
    return entries.select_related("actor").order_by("-timestamp", "-pk")


def _event(entry: LogEntry) -> Event:
    changes = entry.changes or {}
    state = changes.get("state")
    if state and state[1] in MeetingState.values:
        what = str(MeetingState(state[1]).label)
    else:
        what = _("新建") if entry.action == LogEntry.Action.CREATE else _("修改")
    return Event(
        at=entry.timestamp,
        who=str(entry.actor or _("系统")),
        what=what,
        reason=(entry.additional_data or {}).get("reason", ""),
        details=[
            (_label(name), *map(str, values)) for name, values in changes.items() if _tells(name)
        ],
    )


# Written by the system with each step, and said by the step itself.
_BOOKKEEPING = {
    "state", "written_at", "submitted_at", "submitted_by", "amended_at", "version", "township",
    "planned_by", "chair", "recorder", "group", "branch", "id",
}  # fmt: skip


def _tells(name: str) -> bool:
    return name not in _BOOKKEEPING


def _label(name: str) -> str:
    try:
        return str(Meeting._meta.get_field(name).verbose_name)
    except (FieldDoesNotExist, AttributeError):
        return name
