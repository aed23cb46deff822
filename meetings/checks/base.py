"""What a check is: its class, its article, its advice, and a function that finds.

Pure: values in, values out; no database, no clock, no settings. Texts are marked for the catalogue
and filled in by whoever shows them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


def _(text: str) -> str:
    """Mark a text for the catalogue."""
    return text


class CheckClass(StrEnum):
    """How much a hit says. A suspicion is a hint to a person: never counted, never a finding."""

    RULE = "rule"
    LOCAL = "local"
    SUSPICION = "suspicion"


class Scope(StrEnum):
    """What a check looks at: one record, as it is written or as it was handed in, or a branch."""

    RECORD = "record"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `text % values` is the sentence; `subject` stays the same while it holds.

    `entry` is the place in the agenda and `field` the field of the form that it speaks of;
    `member_id` names whom it concerns; `day` the day it speaks of, where that is not the meeting's.
    """

    subject: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)
    entry: int | None = None
    field: str = ""
    member_id: int | None = None
    day: Any = None


# Facts of one record or one branch, and the check's threshold, to what was found.
Find = Callable[[Any, int], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the list of checks (domain: 4.4).

    `threshold` is its default number in `unit` (0: it has none); `source` names the facts that a
    branch's check reads (`meetings.reports.check_sources`).
    """

    code: str
    scope: Scope
    kind: CheckClass
    title: str
    article: str
    advice: str
    find: Find
    threshold: int = 0
    unit: str = ""
    source: str = ""


class Registry:
    """All checks by code. An app above adds its own from its `checks.py`."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def add(self, check: Check) -> None:
        if check.code in self._checks:
            raise ValueError(f"check {check.code} is there already")
        self._checks[check.code] = check

    def __getitem__(self, code: str) -> Check:
        return self._checks[code]

    def __contains__(self, code: str) -> bool:
        return code in self._checks

    def __iter__(self) -> Iterator[Check]:
        return iter(sorted(self._checks.values(), key=lambda check: check.code))

    def of(self, scope: Scope) -> list[Check]:
        return [check for check in self if check.scope is scope]


registry = Registry()


def _check(scope: Scope, code: str, kind: CheckClass, **said: Any) -> Callable[[Find], Find]:
    def register(find: Find) -> Find:
        registry.add(Check(code=code, scope=scope, kind=kind, find=find, **said))
        return find

    return register


def record_check(
    code: str,
    kind: CheckClass,
    *,
    title: str,
    article: str,
    advice: str,
    threshold: int = 0,
    unit: str = "",
) -> Callable[[Find], Find]:
    """Register a function of (RecordFacts, threshold) as the check `code` of a record."""
    return _check(
        Scope.RECORD, code, kind, title=title, article=article, advice=advice,
        threshold=threshold, unit=unit,
    )  # fmt: skip


def branch_check(
    code: str,
    kind: CheckClass,
    *,
    source: str,
    title: str,
    article: str,
    advice: str,
    threshold: int = 0,
    unit: str = "",
) -> Callable[[Find], Find]:
    """Register a function of (the source's facts of one branch, threshold) as the check `code`."""
    return _check(
        Scope.BRANCH, code, kind, source=source, title=title, article=article, advice=advice,
        threshold=threshold, unit=unit,
    )  # fmt: skip
