"""The attendance on the logging form: two taps for whoever was away, counted and never typed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from branches.rules import NOT_REQUIRED
from meetings.models import AbsenceKind, VoteRule
from meetings.record import Gathering, Seat, Tally, voters
from meetings.reports.sheet import Sheet
from meetings.rules import quorum

from .questions import RecordQuestions

# What a tap on a name's second row can say: leave with its category, or one of these.
LEAVE = "leave:"
OTHER_STATES = (
    ("absent", _lazy("无故缺席")),
    ("late", _lazy("迟到")),
    ("remote", _lazy("线上参加")),
)
ADJUST = "adjust"


class VoteBase(NamedTuple):
    """A rule of voting: of so many expected so many are there, and so many have to be."""

    rule: str
    label: str
    expected: int
    present: int
    needed: int


class RecordAttendance(RecordQuestions):
    """The part of the form that says who was there."""

    sheet: Sheet

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """The attendance as it stands on the page."""
        return tuple(map(self._as_posted, self.sheet.seats)) if self.is_bound else self.sheet.seats

    @property
    def expected(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.is_expected]

    @property
    def people(self) -> list[tuple[Seat, bool, str]]:
        """Everyone on the list with: marked as an exception, and the choice of the second row.

        Whom an adjustment leaves out stays on the list; whom art. 23 excuses stands apart.
        """
        owed = {seat.member_id for seat in self.unexplained}
        return [
            (seat, seat.state != "present", "" if seat.member_id in owed else choice_of(seat))
            for seat in self.seats
            if seat.excuse not in NOT_REQUIRED
        ]

    @property
    def excused(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.excuse in NOT_REQUIRED]

    @property
    def tally(self) -> Tally:
        return Tally.of(self.seats)

    @property
    def states(self) -> list[tuple[str, str, str]]:
        """Value, label and what it counts as, for the second row under a name."""
        leave = [(f"{LEAVE}{value}", label, "leave") for value, label in AbsenceKind.choices]
        return leave + [(value, label, value) for value, label in OTHER_STATES]

    @property
    def quorums(self) -> list[tuple[str, int]]:
        """Name and number of each quorum that the gathering may need."""
        return [(vote.label, vote.needed) for vote in self.votes]

    @property
    def votes(self) -> list[VoteBase]:
        """Each rule that the gathering may vote by, with the numbers it is counted from."""
        labels = {
            Gathering.COMMITTEE: {VoteRule.COMMITTEE: _("开会")},
            Gathering.BRANCH: {
                VoteRule.ORDINARY: _("一般决议"),
                VoteRule.ADMISSION: _("接收、转正"),
                VoteRule.ELECTION: _("选举"),
            },
        }.get(self.sheet.gathering, {})
        found = []
        for rule, label in labels.items():
            expected, present = voters(rule, self.seats)
            needed = quorum(rule, expected=expected, present=present).needed
            found.append(VoteBase(rule.value, label, expected, present, needed))
        return found

    @property
    def voting(self) -> tuple[int, int]:
        """应到会 and 实到会 with the right to vote, under the ordinary rule."""
        is_committee = self.sheet.gathering is Gathering.COMMITTEE
        return voters("committee" if is_committee else "ordinary", self.seats)

    # Reading what was sent

    @cached_property
    def _posted(self) -> dict[str, set[str]]:
        data = self.data
        return {name: set(data.getlist(name)) for name in ("seat", "away", "came", "took_part")}

    @cached_property
    def _adjusted(self) -> dict[str, str] | None:
        """The reasons by member, or None where the page had no place for them."""
        if f"{ADJUST}-TOTAL_FORMS" not in self.data:
            return None
        return dict(self._adjustments())

    def _adjustments(self) -> Iterator[tuple[str, str]]:
        total = self.data[f"{ADJUST}-TOTAL_FORMS"]
        for n in range(min(int(total), 100) if total.isdigit() else 0):
            row = {
                name: self.data.get(f"{ADJUST}-{n}-{name}", "")
                for name in ("member", "reason", "DELETE")
            }
            if row["member"] and not row["DELETE"]:
                yield row["member"], row["reason"].strip()[:100]

    def _as_posted(self, seat: Seat) -> Seat:
        key = str(seat.member_id)
        if self.sheet.gathering is Gathering.PAIR:
            state = "present" if key in self._posted["took_part"] else ""
            return replace(seat, state=state, reason="")
        if key not in self._posted["seat"]:
            return seat
        adjustment = (self._adjusted or {}).get(key, "")
        if self._adjusted is None:
            adjustment = seat.adjustment
        if seat.excuse in NOT_REQUIRED:
            is_there = key in self._posted["came"]
            state, reason = ("present", "") if is_there else ("leave", "old_or_ill")
        elif key in self._posted["away"]:
            state, reason = self._why_away(key)
        elif adjustment:
            # Left out of 应到 is nobody who came.
            state, reason = "leave", "other"
        else:
            state, reason = "present", ""
        return replace(seat, state=state, reason=reason, adjustment=adjustment)

    def _why_away(self, key: str) -> tuple[str, str]:
        said = self.data.get(f"state-{key}", "")
        if said.startswith(LEAVE) and said.removeprefix(LEAVE) in AbsenceKind.values:
            return "leave", said.removeprefix(LEAVE)
        return (said, "") if said in dict(OTHER_STATES) else ("absent", "")

    @property
    def unexplained(self) -> list[Seat]:
        """Those marked away by the first tap alone, whose second is still owed."""
        if not self.is_bound:
            return []
        return [
            seat
            for seat in self.expected
            if str(seat.member_id) in self._posted["away"]
            and not self.data.get(f"state-{seat.member_id}")
        ]

    @property
    def newly_expected(self) -> list[Seat]:
        """Members whom the page did not show yet, for the day or the kinds were changed since."""
        if not self.is_bound or self.sheet.gathering is Gathering.PAIR:
            return []
        return [s for s in self.seats if str(s.member_id) not in self._posted["seat"]]


def choice_of(seat: Seat) -> str:
    """Return what the second row under a name says."""
    if seat.state == "leave":
        return f"{LEAVE}{seat.reason}"
    return seat.state if seat.state in dict(OTHER_STATES) else ""
