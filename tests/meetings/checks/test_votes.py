"""Votes: the boundaries of each quorum and majority, and what only looks like a fault."""

import pytest

from meetings.record import Assessed, Choice

from .records import (
    NAMES,
    TOPIC,
    Cases,
    committee,
    facts,
    found,
    item,
    rows,
    seat,
    seats,
    texts,
    vote,
)

VOTED = ["item:1"]
# Sixteen full members: a vote may be held by eight, an admission by nine.
EIGHT, NINE = seats(8, leave=8), seats(9, leave=7)


def grades(
    given: dict[int, str], *, probationary: frozenset[int] = frozenset(), submitted: bool = True
):
    assessed = tuple(Assessed(pk, grade=grade) for pk, grade in given.items())
    return facts(
        {"is_submitted": submitted},
        kinds=("evaluation",),
        assessed=assessed,
        probationary=probationary,
    )


def plain(excellent: int) -> dict[int, str]:
    return {pk: "excellent" if pk <= excellent else "qualified" for pk in NAMES}


def admission(in_favour: int = 10, against: int = 0, **said):
    return vote(
        in_favour, against, rule="admission", **({"is_secret": True, "candidate": "沈涛"} | said)
    )


def resolved(text: str) -> dict:
    return {"entry": {"resolution": text}}


CASES: Cases = {
    "A10": [
        (grades(plain(4)), ["excellent"]),
        (grades(plain(3)), []),
        (grades(plain(3), probationary=frozenset({10})), ["probationary"]),
        (grades(plain(3) | {10: ""}, probationary=frozenset({10})), []),
        (grades(plain(3) | {10: ""}), ["ungraded"]),
        # Nobody has been graded yet while it is written.
        (grades({}, submitted=False), []),
        (grades({}), ["ungraded"]),
        (facts(assessed=(Assessed(1, grade="excellent"),)), []),
    ],
    "B13": [
        (item(kind="decision"), VOTED),
        (item(title="讨论接收沈涛为预备党员", resolution="同意接收。"), VOTED),
        (item(title="沈涛转正", minutes="一致通过。"), VOTED),
        (vote(), []),
        # Read out, put off, or a matter that needs no vote.
        (item(title="传达基层选举工作条例", resolution="组织学习。"), []),
        (item(title="讨论接收沈涛为预备党员", resolution="材料不齐，没有通过，下次再议。"), []),
        (item(title="人居环境整治分工", resolution="同意按此分工。"), []),
        (
            committee(
                agenda=(TOPIC, TOPIC.__class__("topic", "研究沈涛转正", resolution="同意上会。"))
            ),
            [],
        ),
    ],
    "B14": [
        (vote(8, 1), VOTED),
        (vote(8, 1, 1), []),
        (vote(8, 1, invalid=1), []),
        # A probationary member in the room has no ballot.
        (vote(9, people=seats(10, voters=9)), []),
        # Of an election each name has its own votes.
        (vote(9, rule="election", is_secret=True, choices=(Choice("李明", 9),)), []),
        # More than all full members is told by B17.
        (vote(11), []),
    ],
    "B15": [
        (vote(7, people=seats(7, leave=9)), VOTED),
        (vote(8, people=EIGHT), []),
        (admission(8, people=EIGHT), VOTED),
        (admission(9, people=NINE), []),
        (vote(3, rule="election", people=seats(3, leave=7)), []),
    ],
    "B16": [
        (vote(8, 1, people=NINE), VOTED),
        (vote(9, people=NINE), []),
        # Nothing was claimed, or the failure was.
        (vote(8, 1, people=NINE, **resolved("没有通过，下次再议。")), []),
        (vote(8, 1, people=NINE, **resolved("赞成8票，未获通过。")), []),
        (vote(9, people=NINE, **resolved("超过实到会党员半数，通过。")), VOTED),
        (vote(9, people=NINE, **resolved("超过应到会有表决权党员半数，通过。")), []),
        # In an election and in a committee it is those present indeed.
        (vote(9, rule="election", **resolved("超过实到会党员半数，当选。")), []),
    ],
    "B17": [
        (vote(11), VOTED),
        (vote(10), []),
        (vote(12, people=(*seats(9), seat(10, can_vote=False), seat(11, "leave"))), VOTED),
    ],
    "B18": [
        (admission(is_secret=False), VOTED),
        (admission(candidate="沈涛、韩冰"), ["item:1:several"]),
        (admission(candidate="", entry={"title": "接收沈涛、韩冰为预备党员"}), ["item:1:several"]),
        (
            admission(candidate="", entry={"title": "接收沈涛等2名同志为预备党员"}),
            ["item:1:several"],
        ),
        (admission(), []),
        (admission(candidate="", entry={"title": "接收沈涛同志为预备党员"}), []),
        (vote(is_secret=False), []),
    ],
    "B19": [
        (vote(7, rule="election", people=seats(7, leave=3)), VOTED),
        (vote(8, rule="election", people=seats(8, leave=2)), []),
        # By consent those away are left out of an election's 应到.
        (
            vote(
                7,
                rule="election",
                people=(*seats(8), seat(9, "absent", adjustment="大会同意"), seat(10, "absent")),
            ),
            [],
        ),
        (vote(7, people=seats(7, leave=3)), []),
    ],
    "B20": [
        (committee(seats=seats(1, leave=2)), ["quorum"]),
        (committee(seats=seats(2, leave=1)), []),
        (committee(seats=seats(1, leave=1)), []),
        (facts(seats=seats(1, leave=9)), []),
        (committee(seats=()), []),
    ],
}


@pytest.mark.parametrize(("code", "known", "wanted"), rows(CASES))
def test_what_is_said_of_votes(code, known, wanted):
    assert found(code, known) == wanted


def test_a_probationary_member_who_may_vote_is_named():
    known = vote(10)
    known = facts(agenda=known.record.agenda, probationary=frozenset({10}))
    # His ballot is one too many as well.
    assert found("B17", known) == ["probationary", "item:1"]
    assert texts("B17", known)[0] == "预备党员韩敏记为有表决权。"
    assert found("B17", facts(probationary=frozenset({10}))) == []


def test_the_denominator_is_said():
    assert texts("B16", vote(8, 1, people=NINE)) == [
        "“支部年度学习计划”写了通过：需要9票，赞成8票。"
    ]
