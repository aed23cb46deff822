"""One seat for each member of that day's roster, and what is counted from them."""

from collections.abc import Iterable
from dataclasses import dataclass

from branches.rules import LEFT_OUT_OF_VOTES, NOT_REQUIRED
from meetings import rules

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


def counts_for(kind: str, seats: Iterable[Seat]) -> bool:
    """Say whether a held meeting of `kind` counts towards what is owed.

    Art. 12: a 支委会 may be held only with half of the committee there. The record of one that
    was held with fewer stays true; it does not count.
    """
    if kind != "committee":
        return True
    expected, present = voters("committee", seats)
    return rules.quorum("committee", expected=expected, present=present).is_met
