"""Who gathers: the branch, its committee, one of its groups, or a few for a talk."""

from collections.abc import Iterable
from enum import StrEnum


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


class TalkPair(StrEnum):
    """Between whom a 谈心谈话 was, of the three that art. 19 names."""

    COMMITTEE = "committee"
    MIXED = "mixed"
    MEMBERS = "members"

    @classmethod
    def of(cls, people: int, of_committee: int) -> "TalkPair":
        if of_committee == people:
            return cls.COMMITTEE
        return cls.MIXED if of_committee else cls.MEMBERS
