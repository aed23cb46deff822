"""学时: how long a held meeting counts as learning, as arithmetic.

Pure: values in, values out; no database, no clock. Only what was held is counted, never what was
read or clicked (《党员教育管理工作条例》 art. 20; domain: hours, not time online).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time
from typing import NamedTuple

# A meeting counts its own length, at most half a working day before noon and half after it.
HALF_DAY_MINUTES = 240
NOON = 12 * 60
# Where nobody wrote down when it ended.
UNKNOWN_MINUTES = 90
# 教育条例 art. 20: members; 书记 and 班子 by the five-year plan.
HOURS_OF_MEMBERS = 32
HOURS_OF_COMMITTEE = 56


class Session(NamedTuple):
    """One meeting that a member took part in or made up."""

    day: date
    starts_at: time | None
    ends_at: time | None


class Learned(NamedTuple):
    """What one member's sessions come to; `estimated` of them have no known end."""

    minutes: int = 0
    sessions: int = 0
    estimated: int = 0

    @property
    def hours(self) -> float:
        return self.minutes / 60


def learned(sessions: Iterable[Session]) -> Learned:
    """Add up sessions, of one half-day at most four hours together."""
    halves: dict[tuple[date, int], int] = defaultdict(int)
    count = estimated = 0
    for session in sessions:
        count += 1
        if session.starts_at is None or session.ends_at is None:
            estimated += 1
        for half, minutes in enumerate(_halves(session)):
            halves[session.day, half] += minutes
    minutes = sum(min(minutes, HALF_DAY_MINUTES) for minutes in halves.values())
    return Learned(minutes, count, estimated)


def _halves(session: Session) -> tuple[int, int]:
    """Return the minutes before noon and those after it."""
    if session.starts_at is None:
        return 0, UNKNOWN_MINUTES
    begun = session.starts_at.hour * 60 + session.starts_at.minute
    if session.ends_at is None:
        ended = begun + UNKNOWN_MINUTES
    else:
        ended = session.ends_at.hour * 60 + session.ends_at.minute
    before = max(min(ended, NOON) - begun, 0)
    return before, max(ended - begun, 0) - before
