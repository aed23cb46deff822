"""All that one record says, as values."""

from dataclasses import dataclass, field
from datetime import date, time

from .attendance import Seat
from .ballots import Ballots
from .gatherings import Gathering, gathering


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the agenda with its minutes and, for a decision, its ballots."""

    kind: str
    title: str
    source_on: date | None = None
    speaker: str = ""
    minutes: str = ""
    resolution: str = ""
    fixed_action_id: int | None = None
    course_id: int | None = None
    is_done: bool = True
    ballots: Ballots | None = None
    responsible: str = ""
    due_on: date | None = None
    # The earlier decision that this item reports on.
    follows_id: int | None = None
    # The row that keeps it, where one does: an item that was edited stays the same item.
    pk: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Remark:
    """批评与自我批评: what one member said of himself (no target) or of another."""

    speaker_id: int
    text: str
    target_id: int | None = None
    pk: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """A problem named at the meeting with its remedy; without a member it is the branch's."""

    text: str
    member_id: int | None = None
    remedy: str = ""
    responsible_id: int | None = None
    due_on: date | None = None
    pk: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Assessed:
    """One member's ballots at a 民主评议 and the grade given; no grade while probationary."""

    member_id: int
    excellent: int = 0
    qualified: int = 0
    basic: int = 0
    unqualified: int = 0
    grade: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who sits in (列席)."""

    name: str
    position: str = ""
    leader_id: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """All that one page of the logging form says."""

    kinds: tuple[str, ...]
    title: str
    day: date
    group_id: int | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    chair_id: int | None = None
    recorder_id: int | None = None
    chair_note: str = ""
    summary: str = ""
    late_note: str = ""
    agenda: tuple[Entry, ...] = ()
    seats: tuple[Seat, ...] = ()
    guests: tuple[Visitor, ...] = ()
    remarks: tuple[Remark, ...] = ()
    shortcomings: tuple[Shortcoming, ...] = ()
    assessed: tuple[Assessed, ...] = ()
    # Members of that day who have not been confirmed yet: assessed without a grade.
    probationary: frozenset[int] = frozenset()

    @property
    def gathering(self) -> Gathering | None:
        return gathering(self.kinds)

    @property
    def says_anything(self) -> bool:
        """Whether somebody has written of what was discussed: the rest is filled in by itself."""
        written = [entry for entry in self.agenda if entry.kind != "fixed"]
        return bool(written or self.summary or self.remarks or self.shortcomings)

    def seat(self, member_id: int | None) -> Seat | None:
        return next((seat for seat in self.seats if seat.member_id == member_id), None)
