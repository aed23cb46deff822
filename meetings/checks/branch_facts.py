"""What the checks of a branch may know, one class for each source.

Pure. Gathered for many branches at once by `meetings.reports.check_sources`.
"""

from dataclasses import dataclass
from datetime import date

from meetings.rules import Span

# What is asked once a year is spoken of from the fourth quarter on, and while the new year's first
# quarter lasts for the year before.
LAST_QUARTER_FROM = 10
LOOK_BACK_UNTIL = 3


def year_in_question(on: date) -> int | None:
    """Return the year whose yearly demands are spoken of on `on`, or None while it is too early."""
    if on.month >= LAST_QUARTER_FROM:
        return on.year
    return on.year - 1 if on.month <= LOOK_BACK_UNTIL else None


@dataclass(frozen=True, slots=True)
class Gap:
    """One rule that was not met in one span and not explained; `groups` names who still owes it."""

    code: str
    kind: str
    span: Span
    held: int
    needed: int
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrequencyFacts:
    """What a branch owes by the rules in force, and whether its secretary taught this year.

    `secretary_taught` is None while the year's demand is not spoken of, or nobody is in post.
    """

    on: date
    gaps: tuple[Gap, ...] = ()
    secretary: str = ""
    secretary_taught: bool | None = None


@dataclass(frozen=True, slots=True)
class ThemeDay:
    """The theme day of one month that came nearest to the fixed day."""

    meeting_id: int
    day: date
    fixed_on: date
    ends_on: date
    is_explained: bool = False


@dataclass(frozen=True, slots=True)
class ThemeDayFacts:
    days: tuple[ThemeDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that somebody left and nobody took; `since` is None where none was ever noted."""

    role: str
    since: date | None


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """A branch's numbers, its term and its posts on the day `on`. `committee` counts people."""

    on: date
    members: int = 0
    full: int = 0
    committee: int = 0
    term_ends_on: date | None = None
    has_approval: bool = False
    vacancies: tuple[Vacancy, ...] = ()
    ungrouped: tuple[str, ...] = ()
    has_groups: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """One member by id and name."""

    member_id: int
    name: str


@dataclass(frozen=True, slots=True)
class TalkFacts:
    """谈心谈话 of a year: who had none, and between whom there were some.

    `committee` and `ordinary` say how many of each there are to talk with one another.
    """

    year: int
    without: tuple[Person, ...] = ()
    committee: int = 0
    ordinary: int = 0
    among_committee: bool = True
    with_ordinary: bool = True
    among_ordinary: bool = True


@dataclass(frozen=True, slots=True)
class Learner:
    """One member's 学时, of those of whom they are asked."""

    name: str
    minutes: int
    is_leading: bool = False


@dataclass(frozen=True, slots=True)
class HoursFacts:
    """学时 of a year as of `on`, which lies after it when the year is over."""

    on: date
    year: int
    learners: tuple[Learner, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The year's plan: `state` is empty where there is none."""

    on: date
    state: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """A member's unexplained absences since he was last there or gave a reason."""

    member_id: int
    name: str
    since: date
    last_on: date
    times: int


@dataclass(frozen=True, slots=True)
class Arrears:
    """The months of 党费 that a member has open, the earliest of them and how many."""

    member_id: int
    name: str
    since: date
    months: int


@dataclass(frozen=True, slots=True)
class Floating:
    """A floating member, who keeps in touch, and when that last was."""

    member_id: int
    name: str
    has_contact_person: bool
    last_contact_on: date | None
    is_abroad: bool = False


@dataclass(frozen=True, slots=True)
class CareFacts:
    on: date
    absences: tuple[Absence, ...] = ()
    arrears: tuple[Arrears, ...] = ()
    floating: tuple[Floating, ...] = ()


@dataclass(frozen=True, slots=True)
class Visits:
    """How often a linked leader (or who stood in) was there since `since`, of how many a year."""

    leader_id: int
    name: str
    since: date
    attended: int
    asked: int


@dataclass(frozen=True, slots=True)
class VisitFacts:
    on: date
    leaders: tuple[Visits, ...] = ()


@dataclass(frozen=True, slots=True)
class Probationer:
    """A probationary member with what the branch decided on him: (step, day), oldest first."""

    member_id: int
    name: str
    joined_on: date
    decisions: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class ProbationFacts:
    on: date
    probationers: tuple[Probationer, ...] = ()
