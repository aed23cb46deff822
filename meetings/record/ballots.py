"""The ballots on one item, and what they come to."""

from collections.abc import Iterable
from dataclasses import dataclass

from meetings import rules

from .attendance import Seat, voters


@dataclass(frozen=True, slots=True)
class Choice:
    """One name on the ballot of an election and the votes it got."""

    name: str
    in_favour: int


@dataclass(frozen=True, slots=True)
class Ballots:
    """The ballots on one item, as counted in the room.

    `step`, `candidate` and `introducers` belong to an admission (one person a vote); `choices` are
    an election's names, each with its own votes; `in_favour` is then the vote of the first of them.
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
class Elected:
    """One name of an election, its votes, and whether they carried it."""

    name: str
    in_favour: int
    is_elected: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A vote with its arithmetic: of `expected` voters `present` came, `needed` carry it.

    An election has an answer for each name; its `result` says whether anybody was elected.
    """

    expected: int
    present: int
    quorum: int
    needed: int
    in_favour: int
    result: rules.VoteResult
    choices: tuple[Elected, ...] = ()


def outcome(ballots: Ballots, seats: Iterable[Seat]) -> Outcome:
    """Compute what the ballots come to; of an election, for each name on them."""
    expected, present = voters(ballots.rule, seats)

    def result(in_favour: int) -> rules.VoteResult:
        return rules.vote_result(
            ballots.rule, expected=expected, present=present, in_favour=in_favour
        )

    choices = tuple(
        Elected(one.name, one.in_favour, result(one.in_favour) == rules.VoteResult.PASSED)
        for one in ballots.choices
    )
    in_favour = max((one.in_favour for one in choices), default=ballots.in_favour)
    return Outcome(
        expected=expected,
        present=present,
        quorum=rules.quorum(ballots.rule, expected=expected, present=present).needed,
        needed=rules.votes_needed(ballots.rule, expected=expected, present=present),
        in_favour=in_favour,
        result=result(in_favour),
        choices=choices,
    )
