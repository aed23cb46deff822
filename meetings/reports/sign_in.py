"""The sheet on which those who come sign (签到表), and who came once it is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from branches.rules import NOT_REQUIRED
from meetings.models import AttendanceState, Guest, Meeting, MeetingState
from meetings.record import Gathering, Seat, Tally, gathering

from .attendance import roster, seats_of
from .guests import guests_of

# As many names below each other as one A4 page takes with its head and the lines for guests.
ROWS_A_COLUMN = 20
MOST_COLUMNS = 3
LINES_FOR_GUESTS = 3


class SignInRow(NamedTuple):
    number: int
    name: str
    told: str


@dataclass(frozen=True, slots=True)
class SignInSheet:
    """Names side by side in columns of equal height; whom nothing obliges to come stands apart."""

    lines: list[tuple[SignInRow | None, ...]]
    columns: int
    # Three beside each other, for they are few.
    excused: list[tuple[SignInRow | None, ...]]
    guests: list[Guest | None]
    tally: Tally
    is_filled: bool
    is_pair: bool


def sign_in_sheet_of(meeting: Meeting) -> SignInSheet:
    """Read the roster of the meeting's day or, once it was recorded, the attendance.

    A leave is told as a leave, never why: the sheet hangs on the wall.
    """
    among = gathering(meeting.held_as)
    is_filled = meeting.is_counted or meeting.state == MeetingState.DRAFT
    if is_filled:
        seats: Sequence[Seat] = seats_of(meeting)
    else:
        seats = roster(meeting.branch, meeting.day).seats_for(among, meeting.group_id)
    expected = [seat for seat in seats if seat.is_expected]
    excused = [seat for seat in seats if not seat.is_expected]
    rows = _rows(expected, is_filled=is_filled)
    columns = min(MOST_COLUMNS, max(1, -(-len(rows) // ROWS_A_COLUMN)))
    height = -(-len(rows) // columns) if rows else 0
    parts = [rows[n * height : (n + 1) * height] for n in range(columns)]
    guests: list[Guest | None] = list(guests_of(meeting))
    if not is_filled:
        guests += [None] * max(0, LINES_FOR_GUESTS - len(guests))
    return SignInSheet(
        lines=list(zip_longest(*parts)),
        columns=columns,
        excused=_side_by_side(_rows(excused, is_filled=is_filled)),
        guests=guests,
        tally=Tally.of(seats),
        is_filled=is_filled,
        is_pair=among is Gathering.PAIR,
    )


def _rows(seats: Sequence[Seat], *, is_filled: bool) -> list[SignInRow]:
    return [
        SignInRow(number, seat.name, _told(seat) if is_filled else "")
        for number, seat in enumerate(seats, start=1)
    ]


def _side_by_side(rows: list[SignInRow]) -> list[tuple[SignInRow | None, ...]]:
    width = min(MOST_COLUMNS, len(rows)) or 1
    return list(zip_longest(*[iter(rows)] * width))


def _told(seat: Seat) -> str:
    """Say who came; whom nothing obliges to come was not absent."""
    if not seat.is_expected and not seat.is_present:
        return "—" if seat.excuse in NOT_REQUIRED else seat.adjustment
    return str(AttendanceState(seat.state).label)
