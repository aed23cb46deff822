"""What a record says and lacks, as arithmetic."""

from dataclasses import replace
from datetime import date, time

import pytest

from meetings.record import (
    Assessed,
    Ballots,
    Choice,
    Entry,
    Gathering,
    Missing,
    Record,
    Remark,
    Seat,
    Tally,
    counts_for,
    gathering,
    lacks,
    outcome,
    voters,
)
from meetings.rules import VoteResult

TODAY = date(2026, 11, 24)


def seats(present: int, away: int = 0, *, first: int = 1, **fields) -> tuple[Seat, ...]:
    return tuple(
        Seat(first + n, state="present" if n < present else "absent", **fields)
        for n in range(present + away)
    )


def record(**fields) -> Record:
    values = {
        "kinds": ("theme_day",),
        "title": "11月主题党日",
        "day": date(2026, 11, 10),
        "starts_at": time(19, 0),
        "place": "党群服务中心",
        "chair_id": 1,
        "recorder_id": 2,
        "agenda": (Entry(kind="first_topic", title="全会精神"),),
        "seats": seats(3),
    }
    return Record(**(values | fields))


def missing(it: Record, *, rightful_chair_id=1, branch_since=date(2015, 1, 1)) -> set[Missing]:
    found = lacks(it, on=TODAY, branch_since=branch_since, rightful_chair_id=rightful_chair_id)
    return {lack.what for lack in found}


@pytest.mark.parametrize(
    ("kinds", "who"),
    [
        ({"assembly", "lecture", "theme_day"}, Gathering.BRANCH),
        ({"committee"}, Gathering.COMMITTEE),
        ({"group"}, Gathering.GROUP),
        ({"talk"}, Gathering.PAIR),
        ({"org_life"}, Gathering.BRANCH),
        ({"org_life", "committee"}, Gathering.COMMITTEE),
        ({"org_life", "group"}, Gathering.GROUP),
        ({"committee", "assembly"}, None),
        ({"committee", "group"}, None),
        ({"talk", "org_life"}, None),
        (set(), None),
    ],
)
def test_kinds_say_who_gathers(kinds, who):
    assert gathering(kinds) == who


def test_excused_members_lower_no_figure():
    found = Tally.of(
        [*seats(2, 1), Seat(9, excuse="old_or_ill", state="leave", reason="old_or_ill")]
    )
    assert (found.expected, found.present, found.absent, found.leave) == (3, 2, 1, 0)
    assert (found.excused, found.excused_present) == (1, 0)


def test_being_late_or_online_is_being_there():
    found = Tally.of([Seat(1, state="late"), Seat(2, state="remote"), Seat(3, state="leave")])
    assert (found.present, found.leave) == (2, 1)


def test_probationary_members_are_no_voters_and_excused_ones_are():
    people = [Seat(1), Seat(2, can_vote=False), Seat(3, excuse="old_or_ill", state="leave")]
    assert voters("ordinary", people) == (2, 1)


def test_only_elections_and_admissions_leave_out_whom_it_was_agreed_to_leave_out():
    people = [*seats(4), Seat(8, excuse="away", state="leave"), Seat(9, excuse="abroad")]
    assert voters("ordinary", people) == (6, 5)
    # The one abroad came after all and votes.
    assert voters("admission", people) == (5, 5)
    assert voters("election", people) == (5, 5)


@pytest.mark.parametrize(
    ("present", "in_favour", "result"),
    [
        (16, 8, VoteResult.FAILED),
        (16, 9, VoteResult.PASSED),
        (9, 9, VoteResult.PASSED),
        (8, 8, VoteResult.FAILED),
        (7, 7, VoteResult.INVALID),
    ],
)
def test_a_decision_needs_half_of_those_expected(present, in_favour, result):
    people = seats(present, 16 - present)
    found = outcome(Ballots("ordinary", in_favour, against=present - in_favour), people)
    assert (found.expected, found.needed, found.result) == (16, 9, result)


def test_a_committee_without_half_of_it_does_not_count():
    assert counts_for("committee", seats(2, 2))
    assert not counts_for("committee", seats(2, 3))
    assert counts_for("theme_day", seats(1, 20))


def test_a_complete_record_lacks_nothing():
    assert missing(record()) == set()


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"day": date(2026, 11, 25)}, Missing.FUTURE),
        ({"day": date(2014, 12, 31)}, Missing.BEFORE_BRANCH),
        ({"starts_at": None}, Missing.START),
        ({"place": ""}, Missing.PLACE),
        ({"chair_id": None}, Missing.CHAIR),
        ({"recorder_id": None}, Missing.RECORDER),
        ({"agenda": ()}, Missing.FIRST_TOPIC),
        ({"kinds": ("org_life",), "agenda": ()}, Missing.AGENDA),
        ({"kinds": ("lecture",)}, Missing.LECTURE_TITLE),
        (
            {"kinds": ("lecture",), "agenda": (Entry(kind="lecture", title="党史"),)},
            Missing.LECTURE_SPEAKER,
        ),
        ({"seats": seats(0, 3)}, Missing.NOBODY),
        ({"kinds": ("talk",), "seats": seats(1)}, Missing.NO_PAIR),
        ({"seats": (Seat(1, state="absent"), Seat(2))}, Missing.CHAIR_AWAY),
        ({"seats": (Seat(1), Seat(2, state="leave", reason="sick"))}, Missing.RECORDER_AWAY),
    ],
)
def test_a_record_says_what_it_lacks(fields, what):
    assert what in missing(record(**fields))


def test_who_chairs_for_the_secretary_says_so():
    assembly = record(kinds=("assembly",), chair_id=3)
    assert missing(assembly) == {Missing.CHAIR_NOTE}
    assert missing(replace(assembly, chair_note="受书记委托")) == set()
    assert missing(assembly, rightful_chair_id=None) == set()


def decision(ballots: Ballots | None) -> tuple[Entry, ...]:
    return (Entry(kind="first_topic", title="全会精神"), Entry("decision", "党费", ballots=ballots))


ADMITTED = Ballots(
    "admission", 3, is_secret=True, step="admit", candidate="李明", introducers="王芳、张伟"
)
# Names voted on one by one need not add up to the people in the room.
ELECTED = Ballots(
    "election", 3, is_secret=True, choices=(Choice("李明", 3), Choice("王芳", 1), Choice("刘英", 0))
)


@pytest.mark.parametrize(
    ("kinds", "ballots", "what"),
    [
        (("assembly",), None, {Missing.BALLOTS}),
        (("assembly",), Ballots("ordinary", 3), set()),
        (("assembly",), Ballots("ordinary", 2, 0, 1), set()),
        (("assembly",), Ballots("ordinary", 2), {Missing.BALLOT_SUM}),
        (("assembly",), Ballots("ordinary", 3, 1), {Missing.BALLOT_SUM}),
        (("assembly",), Ballots("committee", 3), {Missing.BALLOT_RULE}),
        (("committee",), Ballots("ordinary", 3), {Missing.BALLOT_RULE}),
        (("committee",), Ballots("committee", 3), set()),
        (("group",), Ballots("ordinary", 3), {Missing.BALLOT_RULE}),
        (("assembly",), Ballots("ordinary", 2, invalid=1), set()),
        (("assembly",), replace(ADMITTED, is_secret=False), {Missing.BALLOT_SECRET}),
        (("assembly",), ADMITTED, set()),
        (("assembly",), replace(ADMITTED, step=""), {Missing.STEP}),
        (("assembly",), replace(ADMITTED, candidate=""), {Missing.CANDIDATE}),
        (("assembly",), replace(ADMITTED, candidate="李明、王芳"), {Missing.ONE_BY_ONE}),
        (("assembly",), replace(ADMITTED, candidate="李和平"), set()),
        (("assembly",), replace(ADMITTED, introducers=""), {Missing.INTRODUCERS}),
        # Whoever is confirmed has been introduced before.
        (("assembly",), replace(ADMITTED, step="confirm", introducers=""), set()),
        (("assembly",), ELECTED, set()),
        (("assembly",), replace(ELECTED, invalid=1), {Missing.VOTES_OF_ONE}),
    ],
)
def test_ballots_add_up_to_the_voters_present(kinds, ballots, what):
    assert missing(record(kinds=kinds, group_id=1, agenda=decision(ballots))) == what


def test_votes_without_a_quorum_are_recorded_as_they_were():
    """Refusing them would ask for an attendance that was not: the result says 'invalid' instead."""
    it = record(
        kinds=("assembly",),
        seats=seats(3, 5),
        agenda=decision(Ballots("ordinary", 3)),
    )
    assert missing(it) == set()
    assert outcome(it.agenda[1].ballots, it.seats).result == VoteResult.INVALID


@pytest.mark.parametrize(
    ("present", "votes", "elected"),
    [
        (10, (9, 6, 5), ["甲", "乙"]),
        # More than half of those present, never half.
        (8, (8, 5, 4), ["甲", "乙"]),
        # Nobody is elected where four fifths were not there.
        (7, (7, 7, 7), []),
    ],
)
def test_whoever_more_than_half_of_those_present_voted_for_is_elected(present, votes, elected):
    names = tuple(Choice(name, count) for name, count in zip("甲乙丙", votes, strict=True))
    people = seats(present, 10 - present)
    found = outcome(Ballots("election", votes[0], is_secret=True, choices=names), people)
    assert [one.name for one in found.choices if one.is_elected] == elected
    assert found.result == (VoteResult.PASSED if elected else VoteResult.INVALID)


def assessed(*grades: str, **fields) -> tuple[Assessed, ...]:
    return tuple(Assessed(n, grade=grade, **fields) for n, grade in enumerate(grades, start=1))


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"assessed": assessed("excellent", "qualified", "basic")}, set()),
        ({"assessed": assessed("excellent", "qualified")}, {Missing.TOO_MANY_EXCELLENT}),
        # The probationary member is not among the three a third is taken of.
        (
            {"assessed": assessed("excellent", "qualified", ""), "probationary": frozenset({3})},
            {Missing.TOO_MANY_EXCELLENT},
        ),
        (
            {"assessed": assessed("qualified"), "probationary": frozenset({1})},
            {Missing.PROBATIONARY_GRADED},
        ),
        ({"assessed": assessed("qualified", qualified=2, basic=1)}, set()),
        ({"assessed": assessed("qualified", qualified=3, basic=1)}, {Missing.APPRAISAL_SUM}),
    ],
)
def test_grades_keep_to_a_third_and_to_the_ballots(fields, what):
    assert missing(record(kinds=("evaluation",), agenda=(), **fields)) == what


def test_whoever_was_away_has_said_nothing():
    people = (*seats(3), Seat(4, state="leave", reason="sick"))
    said = (Remark(1, "学习不够深入"), Remark(4, "联系群众不够", target_id=1))
    it = record(kinds=("org_life",), agenda=(), seats=people, remarks=said)
    found = list(lacks(it, on=TODAY, branch_since=None, rightful_chair_id=1))
    assert [(lack.what, lack.member_id) for lack in found] == [(Missing.SPEAKER_AWAY, 4)]


def test_an_adjustment_leaves_a_member_out_of_what_is_expected_and_of_elections_alone():
    people = [*seats(4), Seat(9, state="leave", reason="other", adjustment="长期卧病，大会同意")]
    assert Tally.of(people).expected == 4
    assert voters("election", people) == voters("admission", people) == (4, 4)
    assert voters("ordinary", people) == (5, 4)
