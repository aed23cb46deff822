"""One meeting as its page and its printed record show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from meetings import rules
from meetings.models import (
    AbsenceKind,
    AgendaItem,
    AgendaKind,
    AttendanceState,
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
    Tally,
    counts_for,
    gathering,
    outcome,
    voters,
)

from .attendance import seats_of

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
    history: tuple[Event, ...]
    kinds: tuple[str, ...]

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
        return [seat for seat in self.seats if not seat.is_expected and not seat.is_present]

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
    """Read what belongs to the meeting in five statements; `held_as` are its kinds.

    `words_only` leaves out the pictures and the history: what is copied or kept as text has none.
    """
    seats = seats_of(meeting)
    agenda = tuple(meeting.agenda.select_related("vote"))
    for item in agenda:
        item.outcome = _outcome(item, seats)
    return Minutes(
        meeting=meeting,
        agenda=agenda,
        seats=seats,
        guests=tuple(meeting.guests.all()),
        photos=() if words_only else tuple(meeting.photos.all()),
        history=() if words_only else _history(meeting),
        kinds=meeting.held_as,
    )


def _outcome(item: AgendaItem, seats: tuple[Seat, ...]) -> Outcome | None:
    vote = getattr(item, "vote", None)
    if vote is None:
        return None
    return outcome(Ballots(rule=vote.rule, in_favour=vote.in_favour), seats)


# --- Words --------------------------------------------------------------------------------------


def vote_sentence(rule: str, found: Outcome) -> str:
    """Say the arithmetic of a vote: of whom, how many are needed, how many were in favour."""
    told = {
        VoteRule.ORDINARY: _("应到会有表决权 %(expected)s 人，过半数为 %(needed)s 人"),
        VoteRule.ADMISSION: _("应到会有表决权 %(expected)s 人，过半数为 %(needed)s 人"),
        VoteRule.ELECTION: _("实到会有选举权 %(present)s 人，过半数为 %(needed)s 人"),
        VoteRule.COMMITTEE: _("到会委员 %(present)s 人，过半数为 %(needed)s 人"),
    }[VoteRule(rule)]
    result = {
        rules.VoteResult.PASSED: _("通过"),
        rules.VoteResult.FAILED: _("未通过"),
        rules.VoteResult.INVALID: _("到会 %(present)s 人，不足 %(quorum)s 人，表决无效"),
    }[found.result]
    numbers = {
        "expected": found.expected,
        "present": found.present,
        "needed": found.needed,
        "quorum": found.quorum,
        "in_favour": found.in_favour,
    }
    return _("%(base)s；赞成 %(in_favour)s，%(result)s") % {
        "base": told % numbers,
        "in_favour": found.in_favour,
        "result": result % numbers,
    }


def _history(meeting: Meeting) -> tuple[Event, ...]:
    entries = (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Meeting), object_id=meeting.pk
        )
        .select_related("actor")
        .order_by("-timestamp", "-pk")[:HISTORY_ROWS]
    )
    return tuple(_event(entry) for entry in entries)


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
