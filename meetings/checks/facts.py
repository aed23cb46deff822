"""What the checks of one record may know besides the record itself.

Pure. Gathered for one meeting or for many at once by `meetings.reports.check_facts`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from meetings.record import Record, Seat, Tally


@dataclass(frozen=True, slots=True)
class Named:
    """A document, meeting or plenum with all the ways it is written, public since a day."""

    title: str
    spellings: tuple[str, ...]
    issued_on: date


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A member or leader recorded as present at another meeting of the same day."""

    member_id: int | None
    leader_id: int | None
    name: str
    meeting: str
    branch: str
    starts_at: time | None
    ends_at: time | None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """Another record with much the same text: `ratio` is the share of common 8-grams, 0 to 1."""

    meeting_id: int
    title: str
    branch: str
    day: date
    ratio: float
    is_own_branch: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """An item that a 支委会 discussed or a meeting decided before this one."""

    item_id: int
    title: str
    day: date
    kinds: tuple[str, ...]
    text: str = ""
    # Until when it was to be carried out, where that was said.
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """One record with its surroundings, as of the day `on`."""

    record: Record
    on: date
    meeting_id: int | None = None
    is_submitted: bool = False
    branch_name: str = ""
    # Short names by which the branch and its village are called in texts.
    own_names: tuple[str, ...] = ()
    # Those of the other branches and villages of the township.
    other_names: tuple[str, ...] = ()
    branch_since: date | None = None
    # The roster of that day, as the system knows it now.
    roster: tuple[Seat, ...] = ()
    full_members: int = 0
    committee: frozenset[int] = frozenset()
    deputies: frozenset[int] = frozenset()
    rightful_chair_id: int | None = None
    names: dict[int, str] = field(default_factory=dict)
    # Fixed steps in force that day: id and name.
    fixed_actions: tuple[tuple[int, str], ...] = ()
    fixed_day: date | None = None
    fixed_day_ends: date | None = None
    written_at: datetime | None = None
    submitted_on: date | None = None
    submit_by: date | None = None
    # Records of other days that were first written within the same hour, this one included.
    written_together: int = 1
    amended_unexplained: bool = False
    versions: int = 0
    signed_on: date | None = None
    # Whether the township notes at all when printed copies are signed.
    asks_signature: bool = True
    plan_theme: str = ""
    review_asked_on: date | None = None
    review_decided_at: datetime | None = None
    # A leader was linked that day, and topics were reviewed in the township by then.
    has_linked_leader: bool = False
    leaders_present: tuple[tuple[int, str], ...] = ()
    comments: int = 0
    # Members of this branch or of others who sat among the guests.
    guest_members: frozenset[int] = frozenset()
    # By own record away, ill or abroad that day; and floating members.
    away: frozenset[int] = frozenset()
    is_village: bool = False
    # 应到, 实到 and how many are named as away, as a record from elsewhere states them.
    told: tuple[int, int, int] | None = None
    # Members of other branches in the list of those expected.
    outsiders: frozenset[int] = frozenset()
    not_made_up: frozenset[int] = frozenset()
    elsewhere: tuple[Elsewhere, ...] = ()
    documents: tuple[Named, ...] = ()
    alike: tuple[Alike, ...] = ()
    earlier_committee: tuple[Earlier, ...] = ()
    # Items of the branch's 党员大会 in the hundred days before and after.
    assemblies: tuple[Earlier, ...] = ()
    open_decisions: tuple[Earlier, ...] = ()
    unanswered_comments: tuple[tuple[int, str], ...] = ()
    same_day: tuple[Alike, ...] = ()

    @property
    def counted(self) -> tuple[int, int, int]:
        """应到, 实到 and how many did not come: as stated, else counted from the seats."""
        if self.told is not None:
            return self.told
        tally = Tally.of(self.record.seats)
        return tally.expected, tally.present, tally.leave + tally.absent
