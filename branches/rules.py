"""What the regulations ask of members, committees, terms and sizes, as arithmetic.

Pure: values in, values out; no database, no clock, no settings. Kinds are the plain values of the
models' choices. Articles name the 《中国共产党支部工作条例（试行）》 (2018) unless said otherwise.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# --- Exemptions --------------------------------------------------------------------------------


def _(text: str) -> str:
    """Mark a text for the catalogue; what is kept stays as it is, whoever shows it looks it up."""
    return text


@dataclass(frozen=True, slots=True)
class ExemptionRule:
    """What one kind of exemption changes, and the text it rests on.

    `not_required`: the member stays on the roster, but attendance is not demanded and absence is
    no defect. `left_out_of_votes`: with the approval of the upper committee and of the meeting
    the member is not counted among 应到会 in elections and admissions; ordinary decisions know no
    such reduction. `no_vote`: the right to vote is suspended.
    """

    basis: str
    not_required: bool = False
    left_out_of_votes: bool = False
    no_vote: bool = False


ART_23 = _("《中国共产党党员教育管理工作条例》第二十三条")
ELECTION_PRACTICE = _(
    "《中国共产党基层组织选举工作条例》及发展党员有关答复（须经上级同意、会议通过）"
)
BOTH = _(
    "《中国共产党基层组织选举工作条例》及发展党员有关答复（须经上级同意、会议通过）；"
    "《中国共产党党员教育管理工作条例》第二十三条"
)

EXEMPTIONS = {
    "old_or_ill": ExemptionRule(ART_23, not_required=True),
    # Both are covered by art. 23 as well (身患重病甚至失能), approved or not.
    "cannot_express": ExemptionRule(BOTH, not_required=True, left_out_of_votes=True),
    "bedridden": ExemptionRule(BOTH, not_required=True, left_out_of_votes=True),
    "abroad": ExemptionRule(ELECTION_PRACTICE, left_out_of_votes=True),
    "custody": ExemptionRule(ELECTION_PRACTICE, left_out_of_votes=True),
    "away": ExemptionRule(ELECTION_PRACTICE, left_out_of_votes=True),
    "suspended": ExemptionRule(_("《中国共产党章程》（留党察看期间没有表决权）"), no_vote=True),
}

# A roster keeps one excuse per member and day; these two sets say everything that follows from it.
NOT_REQUIRED = frozenset(kind for kind, rule in EXEMPTIONS.items() if rule.not_required)
LEFT_OUT_OF_VOTES = frozenset(kind for kind, rule in EXEMPTIONS.items() if rule.left_out_of_votes)
EXCUSES = ("cannot_express", "bedridden", "old_or_ill", "custody", "abroad", "away")
NO_VOTE = frozenset(kind for kind, rule in EXEMPTIONS.items() if rule.no_vote)


def needs_approval(kind: str) -> bool:
    return EXEMPTIONS[kind].left_out_of_votes


def excuse_of(exemptions: Iterable[tuple[str, str]]) -> str:
    """Reduce a member's exemptions of one day, as (kind, approval), to the one that matters.

    A kind that leaves out of votes counts only with its approval; unapproved, what remains of it
    is the care of art. 23 ("old_or_ill") or nothing. Of several, one that spares attendance comes
    first: that absence must never turn into a defect, and a denominator left whole harms no vote.
    """
    effective = set()
    for kind, approval in exemptions:
        rule = EXEMPTIONS[kind]
        if rule.left_out_of_votes and approval.strip():
            effective.add(kind)
        elif rule.not_required:
            effective.add("old_or_ill")
    return next((kind for kind in EXCUSES if kind in effective), "")


# --- The tree ----------------------------------------------------------------------------------

# Under which kinds an organization may stand; None is the top.
MAY_STAND_BELOW: dict[str, set[str | None]] = {
    "county": {None},
    "township": {None, "county"},
    "general_branch": {"township"},
    "branch": {"county", "township", "general_branch"},
}


def may_stand_below(kind: str, parent_kind: str | None) -> bool:
    return parent_kind in MAY_STAND_BELOW[kind]


# --- Members on a day --------------------------------------------------------------------------


def is_full(full_on: date | None, day: date) -> bool:
    """Full members have the right to vote from the day of 转正 on; probationary ones have not."""
    return full_on is not None and full_on <= day


def can_vote(*, full_on: date | None, kinds: Iterable[str], day: date) -> bool:
    """Say whether a member had the right to vote that day under exemptions of these kinds."""
    return is_full(full_on, day) and NO_VOTE.isdisjoint(kinds)


# Party constitution: applicants are eighteen or older.
JOINING_AGE_YEARS = 18
PHONE = re.compile(r"1\d{10}|(0\d{2,3}-?)?[2-9]\d{6,7}")


class DateFault(StrEnum):
    """What is impossible about a member's dates."""

    IN_FUTURE = "in_future"
    BEFORE_BIRTH = "before_birth"
    UNDER_AGE = "under_age"
    BEFORE_JOINING = "before_joining"


def date_faults(
    *, born_on: date | None, joined_on: date | None, full_on: date | None, on: date
) -> dict[str, DateFault]:
    """Return the fault of each impossible date by its field; dates not known have none."""
    days = {"born_on": born_on, "joined_on": joined_on, "full_on": full_on}
    faults = {field: DateFault.IN_FUTURE for field, day in days.items() if day and day > on}
    if born_on and joined_on and "joined_on" not in faults:
        if joined_on <= born_on:
            faults["joined_on"] = DateFault.BEFORE_BIRTH
        elif joined_on < add_months(born_on, 12 * JOINING_AGE_YEARS):
            faults["joined_on"] = DateFault.UNDER_AGE
    if joined_on and full_on and full_on < joined_on:
        faults["full_on"] = DateFault.BEFORE_JOINING
    return faults


def is_phone(text: str) -> bool:
    """Say whether this is a mobile number or a landline, with or without its area code."""
    return PHONE.fullmatch(text) is not None


# --- Committees and sizes ----------------------------------------------------------------------

# Art. 20: from seven full members on a branch has a committee of 3 to 5, at most 7.
COMMITTEE_FROM_FULL_MEMBERS = 7
# Art. 4, 5: three full members or more; as a rule not over fifty.
BRANCH_FROM_FULL_MEMBERS = 3
BRANCH_UP_TO_MEMBERS = 50


@dataclass(frozen=True, slots=True)
class Size:
    least: int
    usual: int
    most: int


# 党总支 and 乡镇党委: 《中国共产党农村基层组织工作条例》.
COMMITTEE_SIZES = {
    "branch": Size(3, 5, 7),
    "general_branch": Size(5, 7, 7),
    "township": Size(7, 9, 11),
}


def may_have_committee(full_count: int) -> bool:
    return full_count >= COMMITTEE_FROM_FULL_MEMBERS


class SizeHint(StrEnum):
    """What is unusual about a branch's numbers: a hint with an article, never a verdict."""

    TOO_FEW_FULL = "too_few_full"
    TOO_MANY = "too_many"
    COMMITTEE_MISSING = "committee_missing"
    COMMITTEE_NOT_DUE = "committee_not_due"
    COMMITTEE_SMALL = "committee_small"
    COMMITTEE_LARGE = "committee_large"


def size_hints(*, members: int, full: int, committee: int) -> list[SizeHint]:
    """Compare a branch's numbers with articles 4, 5 and 20.

    `committee` counts everyone in post. Under seven full members a secretary and, if needed, a
    deputy are right and a committee is not missing.
    """
    size = COMMITTEE_SIZES["branch"]
    hints = []
    if full < BRANCH_FROM_FULL_MEMBERS:
        hints.append(SizeHint.TOO_FEW_FULL)
    if members > BRANCH_UP_TO_MEMBERS:
        hints.append(SizeHint.TOO_MANY)
    if may_have_committee(full):
        if committee <= 1:
            hints.append(SizeHint.COMMITTEE_MISSING)
        elif committee < size.least:
            hints.append(SizeHint.COMMITTEE_SMALL)
        elif committee > size.most:
            hints.append(SizeHint.COMMITTEE_LARGE)
    elif committee > 2:
        hints.append(SizeHint.COMMITTEE_NOT_DUE)
    return hints


# --- Terms -------------------------------------------------------------------------------------

# Art. 21: the upper organization reminds, as a rule, half a year ahead; an early or late election
# needs approval and as a rule moves by not more than a year.
TERM_WARNING_MONTHS = 6
TERM_SECOND_WARNING_MONTHS = 3
TERM_EXTENSION_MONTHS = 12


class TermStep(StrEnum):
    """How near the end of a term is; each step is warned of once."""

    FAR = "far"
    SIX_MONTHS = "six_months"
    THREE_MONTHS = "three_months"
    ENDED = "ended"


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day when it has no such day."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def term_step(ends_on: date, on: date) -> TermStep:
    """Return the reminder step of a term on a day; the day `ends_on` itself is the last one."""
    if ends_on < on:
        return TermStep.ENDED
    if ends_on <= add_months(on, TERM_SECOND_WARNING_MONTHS):
        return TermStep.THREE_MONTHS
    if ends_on <= add_months(on, TERM_WARNING_MONTHS):
        return TermStep.SIX_MONTHS
    return TermStep.FAR


def term_end(starts_on: date, years: int) -> date:
    """Return the day on which a term of so many years is full (届满)."""
    return add_months(starts_on, 12 * years)
