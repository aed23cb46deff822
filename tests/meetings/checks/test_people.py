"""Who was there: for each check what makes it speak, and the near misses that do not."""

from dataclasses import replace
from datetime import date, time

import pytest

from meetings.checks.facts import Elsewhere

from .records import ASSEMBLY, Cases, committee, facts, found, rows, seat, seats, texts


def elsewhere(starts: time | None, ends: time | None = None, **said):
    other = {
        "member_id": 4,
        "leader_id": None,
        "name": "赵强",
        "meeting": "党小组会",
        "branch": "东馆村党支部",
        "starts_at": starts,
        "ends_at": ends,
    }
    return {"elsewhere": (Elsewhere(**(other | said)),)}


def late(days: int, **change):
    on = date.fromordinal(ASSEMBLY.day.toordinal() + days)
    return facts({"on": on, "not_made_up": frozenset({10})} | change, seats=seats(9, leave=1))


talk = {"kinds": ("talk",), "seats": (seat(1), seat(2))}
CASES: Cases = {
    "B03": [
        (facts({"told": (18, 15, 2)}), ["counts"]),
        (facts({"told": (18, 15, 4)}), ["counts"]),
        (facts({"told": (18, 15, 3)}), []),
        (facts(), []),
        # Nobody knows whether the tenth came.
        (facts(seats=(*seats(9), seat(10, ""))), ["counts"]),
        # Art. 23 and an explained adjustment are on no side of the sum.
        (facts(seats=(*seats(9), seat(10, "leave", reason="old_or_ill", excuse="old_or_ill"))), []),
        (facts(seats=(*seats(9), seat(10, "absent", adjustment="经大会同意"))), []),
        (facts({"told": (2, 1, 0)}, **talk), []),
    ],
    "B04": [
        (facts(seats=seats(9)), ["missing"]),
        (facts(seats=seats(10, leave=1)), ["surplus"]),
        (facts({"told": (12, 12, 0)}), ["told"]),
        (facts(), []),
        (facts({"told": (10, 8, 2)}), []),
        (facts(seats=(*seats(9), seat(10, "absent", adjustment="经大会同意不计入"))), []),
        # Whoever is excused that day need not be listed.
        (facts({"roster": (*seats(9), seat(10, excuse="bedridden"))}, seats=seats(9)), []),
        # Who is there without belonging is told by C07.
        (facts(seats=seats(11)), []),
        (facts({"roster": ()}), []),
    ],
    "B05": [
        (facts(seats=(*seats(9), seat(10, "leave"))), ["reason"]),
        (facts(seats=(*seats(9), seat(10, ""))), ["reason"]),
        (facts({"told": (10, 8, 2)}, seats=seats(8, leave=1)), ["unnamed"]),
        (facts(seats=seats(9, leave=1)), []),
        # 无故缺席 is an answer, and art. 23 needs none.
        (facts(seats=(*seats(9), seat(10, "absent"))), []),
        (facts(seats=(*seats(9), seat(10, "", excuse="bedridden"))), []),
        (facts({"told": (10, 9, 1)}, seats=seats(9, leave=1)), []),
    ],
    "B06": [
        (facts({"guest_members": frozenset({4})}), ["both"]),
        (facts({"outsiders": frozenset({4})}), ["outsiders"]),
        # A guest of the same branch who is not counted: at a 支委会 that is right.
        (committee({"guest_members": frozenset({7})}), []),
        (
            facts(
                {"guest_members": frozenset({10}), "outsiders": frozenset({10})},
                seats=seats(9, leave=1),
            ),
            [],
        ),
        (facts(), []),
    ],
    "C06": [
        (facts(elsewhere(time(20, 0), time(21, 0))), ["elsewhere:4:0:党小组会"]),
        (facts(elsewhere(time(18, 40))), ["elsewhere:4:0:党小组会"]),
        (
            facts(
                elsewhere(time(19, 0), member_id=None, leader_id=7, name="方志远")
                | {"leaders_present": ((7, "方志远"),)}
            ),
            ["elsewhere:0:7:党小组会"],
        ),
        # One after the other, remotely, at an unknown hour, the same room twice.
        (facts(elsewhere(time(20, 30), time(21, 30))), []),
        (facts(elsewhere(time(17, 0), time(19, 0))), []),
        (facts(elsewhere(time(20, 0)), seats=(*seats(3), seat(4, "remote"))), []),
        (facts(elsewhere(time(20, 0)), seats=(*seats(3), seat(4, "absent"))), []),
        (facts(elsewhere(None)), []),
        (facts(elsewhere(time(19, 0), branch="西河村第一党支部", place="党群服务中心")), []),
        (facts(), []),
    ],
    "C07": [
        (facts({"away": frozenset({4})}), ["away:4"]),
        (facts(seats=seats(11)), ["away:11"]),
        (facts({"away": frozenset({4})}, seats=(*seats(3), seat(4, "remote"))), []),
        (facts({"away": frozenset({10})}, seats=seats(9, leave=1)), []),
        (facts({"outsiders": frozenset({11})}, seats=seats(11)), []),
        (facts({"away": frozenset({1})}, **talk), []),
        (facts(), []),
    ],
    "C14": [
        (late(31), ["make_up"]),
        (late(30), []),
        # Nobody is asked for what lies half a year back, of a draft, or of who made it up.
        (late(200), []),
        (late(31, is_submitted=False), []),
        (late(31, not_made_up=frozenset()), []),
    ],
}


@pytest.mark.parametrize(("code", "known", "wanted"), rows(CASES))
def test_what_is_said_of_people(code, known, wanted):
    assert found(code, known) == wanted


def test_the_sentence_names_the_numbers():
    told = facts({"told": (18, 15, 2)})
    assert texts("B03", told) == ["应到18人，实到15人，未到会只记了2人。"]


def test_no_text_tells_why_somebody_is_away():
    """The kind of an exemption may be a matter of health."""
    ill = facts({"away": frozenset({4})}, seats=(replace(seat(4), excuse="bedridden"), *seats(3)))
    assert texts("C07", ill) == ["赵强：按登记当天不在本地或不便到会，却记为现场到会。"]
