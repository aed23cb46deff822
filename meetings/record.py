"""What the record of a meeting says, as values: who was expected, how they voted, what is missing.

Pure: dataclasses in, values out; no database, no clock, no words (the form has those). Articles
name the 《中国共产党支部工作条例（试行）》 (2018) unless said otherwise.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from branches.rules import LEFT_OUT_OF_VOTES, NOT_REQUIRED
from meetings import rules

# --- Who gathers --------------------------------------------------------------------------------


class Gathering(StrEnum):
    """Who is expected at a meeting; follows from its kinds."""

    BRANCH = "branch"
    COMMITTEE = "committee"
    GROUP = "group"
    PAIR = "pair"


# Kinds that a committee or a group holds among its own (art. 12, 13); all others are the whole
# branch's, save the 谈心谈话, which is between two or a few (art. 19).
OWN_GATHERING = {
    "committee": Gathering.COMMITTEE,
    "group": Gathering.GROUP,
    "talk": Gathering.PAIR,
}
# Art. 17: 组织生活会 may take the form of a 党员大会, a 支委会 or a 党小组会.
HELD_BY_ANY = "org_life"


def gathering(kinds: Iterable[str]) -> Gathering | None:
    """Return who gathers for these kinds at once, or None when they cannot be one meeting."""
    kinds = set(kinds)
    found = {OWN_GATHERING.get(kind, Gathering.BRANCH) for kind in kinds - {HELD_BY_ANY}}
    if not found:
        return Gathering.BRANCH if kinds else None
    if len(found) > 1 or (HELD_BY_ANY in kinds and Gathering.PAIR in found):
        return None
    return found.pop()


# --- Attendance ---------------------------------------------------------------------------------

PRESENT = frozenset({"present", "late", "remote"})


@dataclass(frozen=True, slots=True)
class Seat:
    """One member of that day's roster and whether they came.

    `excuse` is the exemption in force that day; `state` is empty while nothing is known.
    """

    member_id: int
    can_vote: bool = True
    excuse: str = ""
    state: str = "present"
    reason: str = ""
    name: str = ""
    initials: str = ""
    # Why this member is not expected this one time; printed with the record.
    adjustment: str = ""

    @property
    def is_expected(self) -> bool:
        """Whom art. 23 of the 教育管理工作条例 excuses is not counted among 应到, nor whom an
        explained adjustment leaves out."""
        return self.excuse not in NOT_REQUIRED and not self.adjustment

    @property
    def is_present(self) -> bool:
        return self.state in PRESENT


@dataclass(frozen=True, slots=True)
class Tally:
    """应到, 实到 and the rest, counted and never entered. Excused members stand apart."""

    expected: int
    present: int
    leave: int
    absent: int
    excused: int
    excused_present: int

    @classmethod
    def of(cls, seats: Iterable[Seat]) -> "Tally":
        seats = list(seats)
        states = [seat.state for seat in seats if seat.is_expected]
        excused = [seat for seat in seats if not seat.is_expected]
        return cls(
            expected=len(states),
            present=sum(state in PRESENT for state in states),
            leave=states.count("leave"),
            absent=states.count("absent"),
            excused=len(excused),
            excused_present=sum(seat.is_present for seat in excused),
        )


def voters(rule: str, seats: Iterable[Seat]) -> tuple[int, int]:
    """Return 应到会 and 实到会 with the right to vote under a rule.

    Elections and admissions leave out whom the upper committee and the meeting agreed to leave
    out, by exemption or by an adjustment for this meeting, unless they came; ordinary decisions
    know no such reduction. Guests have no seat.
    """
    voting = [seat for seat in seats if seat.can_vote or rule == "committee"]
    if rule in ("admission", "election"):
        voting = [
            seat
            for seat in voting
            if seat.is_present or not (seat.adjustment or seat.excuse in LEFT_OUT_OF_VOTES)
        ]
    return len(voting), sum(seat.is_present for seat in voting)


@dataclass(frozen=True, slots=True)
class Choice:
    """One name on the ballot of an election and the votes it got."""

    name: str
    in_favour: int


@dataclass(frozen=True, slots=True)
class Ballots:
    """The ballots on one item, as counted in the room.

    `step`, `candidate` and `introducers` belong to an admission (one person a vote); `choices` are
    an election's names, and `in_favour` is then the vote of the first of them.
    """

    rule: str
    in_favour: int
    against: int = 0
    abstaining: int = 0
    is_secret: bool = False
    invalid: int = 0
    step: str = ""
    candidate: str = ""
    introducers: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def cast(self) -> int:
        """All ballots handed in: valid ones of every kind and the invalid."""
        return self.in_favour + self.against + self.abstaining + self.invalid


@dataclass(frozen=True, slots=True)
class Outcome:
    """A vote with its arithmetic: of `expected` voters `present` came, `needed` carry it."""

    expected: int
    present: int
    quorum: int
    needed: int
    in_favour: int
    result: rules.VoteResult


def outcome(ballots: Ballots, seats: Iterable[Seat]) -> Outcome:
    expected, present = voters(ballots.rule, seats)
    return Outcome(
        expected=expected,
        present=present,
        quorum=rules.quorum(ballots.rule, expected=expected, present=present).needed,
        needed=rules.votes_needed(ballots.rule, expected=expected, present=present),
        in_favour=ballots.in_favour,
        result=rules.vote_result(
            ballots.rule, expected=expected, present=present, in_favour=ballots.in_favour
        ),
    )


def counts_for(kind: str, seats: Iterable[Seat]) -> bool:
    """Say whether a held meeting of `kind` counts towards what is owed.

    Art. 12: a 支委会 may be held only with half of the committee there. The record of one that
    was held with fewer stays true; it does not count.
    """
    if kind != "committee":
        return True
    expected, present = voters("committee", seats)
    return rules.quorum("committee", expected=expected, present=present).is_met


# --- The record ---------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Remark:
    """批评与自我批评: what one member said of himself (no target) or of another."""

    speaker_id: int
    text: str
    target_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """A problem named at the meeting with its remedy; without a member it is the branch's."""

    text: str
    member_id: int | None = None
    remedy: str = ""
    responsible_id: int | None = None
    due_on: date | None = None


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

    @property
    def gathering(self) -> Gathering | None:
        return gathering(self.kinds)

    def seat(self, member_id: int | None) -> Seat | None:
        return next((seat for seat in self.seats if seat.member_id == member_id), None)


class Missing(StrEnum):
    """What keeps a record from being handed in; the form says it in words, at its field."""

    FUTURE = "future"
    BEFORE_BRANCH = "before_branch"
    START = "start"
    PLACE = "place"
    CHAIR = "chair"
    CHAIR_NOTE = "chair_note"
    CHAIR_AWAY = "chair_away"
    RECORDER = "recorder"
    RECORDER_AWAY = "recorder_away"
    FIRST_TOPIC = "first_topic"
    LECTURE_TITLE = "lecture_title"
    LECTURE_SPEAKER = "lecture_speaker"
    AGENDA = "agenda"
    NOBODY = "nobody"
    NO_PAIR = "no_pair"
    BALLOTS = "ballots"
    BALLOT_RULE = "ballot_rule"
    BALLOT_SUM = "ballot_sum"
    BALLOT_SECRET = "ballot_secret"  # noqa: S105 — a ballot, not a password


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing missing; `entry` is the place in the agenda, `numbers` fill the sentence."""

    what: Missing
    entry: int | None = None
    present: int = 0
    cast: int = 0


# The township puts the study of the centre's texts first in 三会一课 and on the 5+X day.
NEEDS_FIRST_TOPIC = frozenset({"assembly", "committee", "group", "theme_day"})


def lacks(
    record: Record, *, on: date, branch_since: date | None, rightful_chair_id: int | None
) -> Iterator[Lack]:
    """Yield what the record still lacks to be handed in on the day `on`.

    `rightful_chair_id` is the secretary, or the leader of the group (art. 14): whoever else takes
    the chair says on whose behalf.
    """
    if record.day > on:
        yield Lack(Missing.FUTURE)
    if branch_since is not None and record.day < branch_since:
        yield Lack(Missing.BEFORE_BRANCH)
    for value, what in (
        (record.starts_at, Missing.START),
        (record.place, Missing.PLACE),
        (record.chair_id, Missing.CHAIR),
        (record.recorder_id, Missing.RECORDER),
    ):
        if not value:
            yield Lack(what)
    yield from _people(record, rightful_chair_id)
    yield from _agenda(record)


def _people(record: Record, rightful_chair_id: int | None) -> Iterator[Lack]:
    if not any(seat.is_present for seat in record.seats):
        yield Lack(Missing.NOBODY)
    if record.gathering is Gathering.PAIR:
        if sum(seat.is_present for seat in record.seats) == 1:
            yield Lack(Missing.NO_PAIR)
        return
    for member_id, what in (
        (record.chair_id, Missing.CHAIR_AWAY),
        (record.recorder_id, Missing.RECORDER_AWAY),
    ):
        seat = record.seat(member_id)
        if seat is not None and not seat.is_present:
            yield Lack(what)
    if (
        rightful_chair_id is not None
        and record.chair_id not in (None, rightful_chair_id)
        and {"assembly", "committee", "group"} & set(record.kinds)
        and not record.chair_note
    ):
        yield Lack(Missing.CHAIR_NOTE)


def _agenda(record: Record) -> Iterator[Lack]:
    kinds = {entry.kind for entry in record.agenda}
    if NEEDS_FIRST_TOPIC & set(record.kinds) and "first_topic" not in kinds:
        yield Lack(Missing.FIRST_TOPIC)
    elif (
        not record.agenda
        and record.gathering is not Gathering.PAIR
        and "lecture" not in record.kinds
    ):
        yield Lack(Missing.AGENDA)
    if "lecture" in record.kinds:
        lecture = next((entry for entry in record.agenda if entry.kind == "lecture"), None)
        if lecture is None:
            yield Lack(Missing.LECTURE_TITLE)
        elif not lecture.speaker:
            yield Lack(Missing.LECTURE_SPEAKER)
    for index, entry in enumerate(record.agenda):
        if entry.kind == "decision":
            yield from _ballots(record, index, entry)


def _ballots(record: Record, index: int, entry: Entry) -> Iterator[Lack]:
    ballots = entry.ballots
    if ballots is None:
        yield Lack(Missing.BALLOTS, entry=index)
        return
    is_committee = record.gathering is Gathering.COMMITTEE
    if is_committee != (ballots.rule == "committee") or record.gathering not in (
        Gathering.BRANCH,
        Gathering.COMMITTEE,
    ):
        yield Lack(Missing.BALLOT_RULE, entry=index)
        return
    _expected, present = voters(ballots.rule, record.seats)
    if ballots.cast != present:
        yield Lack(Missing.BALLOT_SUM, entry=index, present=present, cast=ballots.cast)
    if ballots.rule in ("admission", "election") and not ballots.is_secret:
        yield Lack(Missing.BALLOT_SECRET, entry=index)
