"""What a record still lacks to be handed in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from meetings import rules

from .attendance import voters
from .ballots import Ballots
from .content import Entry, Record
from .gatherings import Gathering


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
    VOTES_OF_ONE = "votes_of_one"
    STEP = "step"
    CANDIDATE = "candidate"
    ONE_BY_ONE = "one_by_one"
    INTRODUCERS = "introducers"
    SPEAKER_AWAY = "speaker_away"
    TOO_MANY_EXCELLENT = "too_many_excellent"
    PROBATIONARY_GRADED = "probationary_graded"
    APPRAISAL_SUM = "appraisal_sum"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing missing; `entry` is the place in the agenda, the numbers fill the sentence."""

    what: Missing
    entry: int | None = None
    present: int = 0
    cast: int = 0
    member_id: int | None = None


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
    yield from _criticism(record)
    yield from _grades(record)


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
        not (record.agenda or record.remarks or record.shortcomings or record.assessed)
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
    if ballots.choices:
        # Each name is voted on by itself: nobody gets more votes than there are valid ballots.
        most = max(one.in_favour for one in ballots.choices)
        if most > present - ballots.invalid:
            valid = max(present - ballots.invalid, 0)
            yield Lack(Missing.VOTES_OF_ONE, entry=index, present=valid, cast=most)
    elif ballots.cast != present:
        yield Lack(Missing.BALLOT_SUM, entry=index, present=present, cast=ballots.cast)
    if ballots.rule in ("admission", "election") and not ballots.is_secret:
        yield Lack(Missing.BALLOT_SECRET, entry=index)
    if ballots.rule == "admission":
        yield from _admission(index, ballots)


_BETWEEN_NAMES = re.compile(r"[、,，;；/\n]")


def _admission(index: int, ballots: Ballots) -> Iterator[Lack]:
    """Several persons are discussed and voted on one by one (发展党员工作细则)."""
    if not ballots.step:
        yield Lack(Missing.STEP, entry=index)
    if not ballots.candidate:
        yield Lack(Missing.CANDIDATE, entry=index)
    elif _BETWEEN_NAMES.search(ballots.candidate):
        yield Lack(Missing.ONE_BY_ONE, entry=index)
    if ballots.step == "admit" and not ballots.introducers:
        yield Lack(Missing.INTRODUCERS, entry=index)


def _criticism(record: Record) -> Iterator[Lack]:
    for speaker_id in dict.fromkeys(remark.speaker_id for remark in record.remarks):
        seat = record.seat(speaker_id)
        if seat is not None and not seat.is_present:
            yield Lack(Missing.SPEAKER_AWAY, member_id=speaker_id)


def _grades(record: Record) -> Iterator[Lack]:
    """Check the grades of a 民主评议: 优秀 for a third at most of those who are graded, none for
    probationary members, and no member with more ballots than people in the room."""
    graded = [one for one in record.assessed if one.grade]
    given = sum(one.grade == "excellent" for one in graded)
    allowed = rules.most_excellent(len(graded))
    if given > allowed:
        yield Lack(Missing.TOO_MANY_EXCELLENT, present=allowed, cast=given)
    present = sum(seat.is_present for seat in record.seats)
    for one in record.assessed:
        if one.grade and one.member_id in record.probationary:
            yield Lack(Missing.PROBATIONARY_GRADED, member_id=one.member_id)
        cast = one.excellent + one.qualified + one.basic + one.unqualified
        if cast > present:
            found = {"present": present, "cast": cast, "member_id": one.member_id}
            yield Lack(Missing.APPRAISAL_SUM, **found)
