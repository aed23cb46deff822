"""What the Party's regulations ask, as arithmetic: periods, standing, quorum, votes, the 10th.

Pure: dataclasses in, values out; no database, no clock, no settings. Articles name the
《中国共产党支部工作条例（试行）》 (2018) unless said otherwise.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

# --- Spans -------------------------------------------------------------------------------------

MONTHS_IN = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A calendar month, quarter, half-year or year: from `start` to `end`, both included."""

    start: date
    period: str

    @classmethod
    def containing(cls, day: date, period: str) -> Self:
        months = MONTHS_IN[period]
        return cls(date(day.year, (day.month - 1) // months * months + 1, 1), period)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read '2026-11', '2026-Q4', '2026-H2' or '2026'; raise ValueError for anything else."""
        year, _, part = text.strip().upper().partition("-")
        if not part:
            return cls(date(int(year), 1, 1), "year")
        period = {"Q": "quarter", "H": "half_year"}.get(part[0], "month")
        number = int(part if period == "month" else part[1:])
        return cls(date(int(year), (number - 1) * MONTHS_IN[period] + 1, 1), period)

    @property
    def months(self) -> int:
        return MONTHS_IN[self.period]

    @property
    def end(self) -> date:
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> Self:
        months = self.start.year * 12 + self.start.month - 1 + self.months
        return type(self)(date(months // 12, months % 12 + 1, 1), self.period)

    @property
    def previous(self) -> Self:
        return self.containing(self.start - timedelta(days=1), self.period)

    def __str__(self) -> str:
        number = (self.start.month - 1) // self.months + 1
        return {
            "month": f"{self.start:%Y-%m}",
            "quarter": f"{self.start.year}-Q{number}",
            "half_year": f"{self.start.year}-H{number}",
            "year": f"{self.start.year}",
        }[self.period]

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def parts(self, period: str) -> Iterator[Self]:
        """Yield the spans of `period` that this one consists of, or the one that contains it."""
        span = self.containing(self.start, period)
        while span.start <= self.end:
            yield span
            span = span.next


def times_a_year(times: int, period: str) -> int:
    return times * 12 // MONTHS_IN[period]


# --- Standing: what a branch owes ---------------------------------------------------------------


class State(StrEnum):
    """Where one obligation of one branch stands. Worst first decides a cell of several spans."""

    OVERDUE = "overdue"
    DUE = "due"
    EXPLAINED = "explained"
    MET = "met"
    EXEMPT = "exempt"
    AHEAD = "ahead"


WORST_FIRST = (State.OVERDUE, State.DUE, State.EXPLAINED, State.MET, State.AHEAD, State.EXEMPT)


class Why(StrEnum):
    """The reason behind a state; the UI has the words."""

    HELD = "held"
    STILL_TIME = "still_time"
    DEADLINE_PASSED = "deadline_passed"
    EXPLANATION = "explanation"
    NO_COMMITTEE = "no_committee"
    NO_GROUPS = "no_groups"
    NOT_FOUNDED = "not_founded"
    NOT_BEGUN = "not_begun"


# Art. 20: a committee is set up from seven full members on.
COMMITTEE_FROM_FULL_MEMBERS = 7


class Facts(NamedTuple):
    """What is known of one branch on the day that a span is judged by."""

    exists: bool
    full_members: int
    groups: int


def exemption(body: str, facts: Facts) -> Why | None:
    """Return why a rule for `body` does not apply to the branch, or None when it does."""
    if not facts.exists:
        return Why.NOT_FOUNDED
    if body == "committee" and facts.full_members < COMMITTEE_FROM_FULL_MEMBERS:
        return Why.NO_COMMITTEE
    if body == "group" and not facts.groups:
        return Why.NO_GROUPS
    return None


def judge(
    *, needed: int, held: int, is_explained: bool, start: date, deadline: date, on: date
) -> tuple[State, Why]:
    """Judge one applicable rule in one span.

    `deadline` is the last day that is in time; a meeting held later still counts as held, for the
    record is late and not missing. An explanation closes a gap of any age.
    """
    if held >= needed:
        return State.MET, Why.HELD
    if is_explained:
        return State.EXPLAINED, Why.EXPLANATION
    if start > on:
        return State.AHEAD, Why.NOT_BEGUN
    if deadline < on:
        return State.OVERDUE, Why.DEADLINE_PASSED
    return State.DUE, Why.STILL_TIME


def worst(states: "set[State]") -> State:
    return next(state for state in WORST_FIRST if state in states)


class Window(NamedTuple):
    """The days on which a meeting counts for one span of a rule; the last one is the deadline."""

    start: date
    deadline: date


def window(span: Span, due_month: int | None, due_day: int | None, *, next_year: bool) -> Window:
    """Return when a span's meetings may be held.

    Without a set deadline that is the span itself. A yearly notice may set an earlier last day,
    or one in the next year (民主评议 is often finished by March): then the whole year shifts, so
    that a meeting in February counts for the year before and not for both.
    """
    if due_month is None:
        return Window(span.start, span.end)

    def last_day(year: int) -> date:
        return date(year, due_month, min(due_day or 31, monthrange(year, due_month)[1]))

    year = span.start.year
    if next_year:
        return Window(last_day(year) + timedelta(days=1), last_day(year + 1))
    return Window(span.start, last_day(year))


# --- Quorum and votes ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must be there for a vote to be held, and whether they are."""

    needed: int
    present: int

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed


def quorum(rule: str, *, expected: int, present: int) -> Quorum:
    """Return the quorum of a vote among `expected` voting members of whom `present` are there.

    ordinary: 半数以上, the half included (art. 11); admission: more than half (发展党员工作细则);
    election: four fifths (基层组织选举工作条例); committee: half of the committee (art. 12).
    """
    needed = {
        "ordinary": -(-expected // 2),
        "admission": expected // 2 + 1,
        "election": -(-expected * 4 // 5),
        "committee": -(-expected // 2),
    }[rule]
    return Quorum(needed=needed, present=present)


def votes_needed(rule: str, *, expected: int, present: int) -> int:
    """Return the ballots in favour that carry the vote.

    More than half of 应到会 for decisions and admissions (art. 11), never of those present; more
    than half of those present for elections and in a committee.
    """
    base = expected if rule in ("ordinary", "admission") else present
    return base // 2 + 1


class VoteResult(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    INVALID = "invalid"


def vote_result(rule: str, *, expected: int, present: int, in_favour: int) -> VoteResult:
    """Compute the result; without a quorum a vote is invalid whatever the ballots say."""
    if not quorum(rule, expected=expected, present=present).is_met:
        return VoteResult.INVALID
    needed = votes_needed(rule, expected=expected, present=present)
    return VoteResult.PASSED if in_favour >= needed else VoteResult.FAILED


def most_excellent(graded: int) -> int:
    """Return how many of the members graded at a 民主评议 may be 优秀: a third at most.

    Probationary members get no grade and are not among them (民主评议党员, yearly notices).
    """
    return graded // 3


# --- The fixed day (5+X) ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FixedDay:
    """The day of a month's 5+X, and the last day to which it may be moved without a reason."""

    day: date
    window_ends: date
    is_moved: bool


def fixed_day(
    month: Span,
    *,
    day: int,
    roll: str,
    window_days: int,
    is_working: Callable[[date], bool],
    is_holiday: Callable[[date], bool],
) -> FixedDay:
    """Find the fixed day of a month under the township's own rule.

    roll 'none' keeps the day; 'next_working' moves it off weekends and holidays; 'holidays_only'
    moves it off public holidays alone, for villagers who work away are home at weekends. It is
    never moved past the window or out of the month.
    """
    planned = month.start.replace(day=day)
    last = min(planned + timedelta(days=window_days), month.end)
    blocked = {
        "none": lambda _day: False,
        "next_working": lambda d: not is_working(d),
        "holidays_only": is_holiday,
    }[roll]
    found = planned
    while blocked(found) and found < last:
        found += timedelta(days=1)
    if blocked(found):
        found = planned
    return FixedDay(day=found, window_ends=last, is_moved=found != planned)
