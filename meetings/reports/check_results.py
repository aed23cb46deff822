"""What the checks found, as a person may see it: by branch and meeting, never added up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from branches.models import Organization
from branches.permissions import READING, ROSTER_READING, TOWNSHIP_READING, scope_q
from meetings.checks.base import Check, CheckClass, registry
from meetings.followups import FollowUp
from meetings.models import COUNTED_STATES, CheckResult, Meeting
from meetings.models.check import CheckResultQuerySet
from meetings.permissions import can_explain_result

from .check_sources import sources

# The class `state-…` of the look, and the word; a suspicion is to be told from the rest at once.
CLASSES: dict[CheckClass, tuple[str, str | Promise]] = {
    CheckClass.RULE: ("due", gettext_lazy("规定")),
    CheckClass.LOCAL: ("planned", gettext_lazy("本地要求")),
    CheckClass.SUSPICION: ("draft", gettext_lazy("线索")),
}
# Subjects that begin so name members of the branch.
NAMES_MEMBERS = "member"
# Of one check in one place so many are seen at once, the others when asked for.
FIRST = 5
# What those above a branch owe it: nothing that the branch itself could mend or explain.
OF_THOSE_ABOVE = ("D05",)


def codes_of(*kinds: CheckClass) -> list[str]:
    return [check.code for check in registry if check.kind in kinds]


def results_for(user: User) -> CheckResultQuerySet:
    """Return what the user may see of what was found.

    Members are named to those who read the roster; suspicions are not for the county, nor is what
    was found in a record that was taken back.
    """
    of_members = Q(subject__startswith=NAMES_MEMBERS)
    suspicious = Q(code__in=codes_of(CheckClass.SUSPICION))
    of_above = Q(code__in=OF_THOSE_ABOVE)
    return CheckResult.objects.visible_to(user).filter(
        ~of_members | scope_q(user, prefix="branch__", kinds=ROSTER_READING),
        ~suspicious | scope_q(user, prefix="branch__", kinds=READING - {"observer"}),
        ~of_above | scope_q(user, prefix="branch__", kinds=TOWNSHIP_READING),
        Q(meeting=None) | Q(meeting__state__in=COUNTED_STATES),
    )


def may_be_raised(results: Iterable[CheckResult]) -> list[CheckResult]:
    """Keep what may be put on the list of problems with one tap.

    A suspicion is never a finding, a member's own matter none of the branch's, and what a leader
    owes is not the branch's to rectify.
    """
    suspicions = codes_of(CheckClass.SUSPICION)
    return [
        result
        for result in results
        if result.code not in suspicions
        and result.code not in OF_THOSE_ABOVE
        and not result.subject.startswith((NAMES_MEMBERS, "issue:"))
    ]


class Shown(NamedTuple):
    """One result; `place` is where it is mended or, for a gap, where it is explained."""

    result: CheckResult
    place: str
    is_gap: bool
    may_explain: bool
    follow_up: FollowUp | None


@dataclass(frozen=True)
class CheckWords:
    """What a check says of itself, in the reader's script."""

    check: Check

    @property
    def look(self) -> str:
        return CLASSES[self.check.kind][0]

    @property
    def word(self) -> str | Promise:
        return CLASSES[self.check.kind][1]

    @property
    def title(self) -> str:
        return _(self.check.title)

    @property
    def article(self) -> str:
        return _(self.check.article)

    @property
    def advice(self) -> str:
        return _(self.check.advice)


@dataclass(frozen=True)
class OfCheck(CheckWords):
    """What one check found in one record or about a branch, with its words said once."""

    results: list[Shown]

    @property
    def first(self) -> list[Shown]:
        return self.results[:FIRST]

    @property
    def others(self) -> list[Shown]:
        return self.results[FIRST:]


class OfMeeting(NamedTuple):
    """What was found in one record, or (None) about the branch itself."""

    meeting: Meeting | None
    checks: list[OfCheck]


class OfBranch(NamedTuple):
    branch: Organization
    parts: list[OfMeeting]


def in_order(results: "QuerySet[CheckResult]") -> "QuerySet[CheckResult]":
    """Order by branch, then the branch's own matters, then its meetings, newest first."""
    return results.select_related("branch", "meeting", "explained_by").order_by(
        "branch__path",
        F("meeting__day").desc(nulls_first=True),
        "meeting",
        "code",
        "-day",
        "pk",
    )


def grouped(
    results: Iterable[CheckResult], user: User, offers: Mapping[int, FollowUp]
) -> list[OfBranch]:
    """Shape results that are in order into branches, meetings and checks; no statement."""
    # A check that is gone leaves its results behind until the next refresh.
    known = [result for result in results if result.code in registry]
    return [
        OfBranch(
            of_branch[0].branch,
            [
                OfMeeting(
                    of_meeting[0].meeting,
                    [
                        OfCheck(registry[code], [_shown(row, user, offers) for row in rows])
                        for code, rows in _runs(of_meeting, "code")
                    ],
                )
                for _pk, of_meeting in _runs(of_branch, "meeting_id")
            ],
        )
        for _pk, of_branch in _runs(known, "branch_id")
    ]


def _runs(rows: list[CheckResult], name: str) -> Iterator[tuple[Any, list[CheckResult]]]:
    for key, run in groupby(rows, key=attrgetter(name)):
        yield key, list(run)


def _shown(result: CheckResult, user: User, offers: Mapping[int, FollowUp]) -> Shown:
    return Shown(
        result=result,
        place=sources.place(result.branch_id, result.subject),
        is_gap=result.subject.startswith("gap:"),
        may_explain=can_explain_result(user, result),
        follow_up=offers.get(result.pk),
    )
