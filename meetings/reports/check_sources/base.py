"""Where the checks of a branch get their facts: sources by name, each for any number of branches.

A source costs the same number of statements for one branch and for five hundred. An app above adds
its own from its `checks.py`.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from branches.models import Organization
from meetings.checks.base import Check, Scope, registry
from meetings.rules import Span

Branches = QuerySet[Organization]
# Branches and a day to the facts of each branch, by its id; a branch without any may be missing.
Load = Callable[[Branches, date], dict[int, Any]]
# A branch's id and what a hit is about to the page where it is mended.
Place = Callable[[int, str], str]


class Sources:
    """All sources by name, and where what they lead to is mended."""

    def __init__(self) -> None:
        self._loads: dict[str, Load] = {}
        self._places: dict[str, Place] = {}

    def register(self, name: str) -> Callable[[Load], Load]:
        def add(load: Load) -> Load:
            if name in self._loads:
                raise ValueError(f"source {name} is there already")
            self._loads[name] = load
            return load

        return add

    def mended_at(self, kind: str) -> Callable[[Place], Place]:
        """Register where subjects of a kind ('meeting', 'member', …: before the colon) lead."""

        def add(place: Place) -> Place:
            self._places[kind] = place
            return place

        return add

    def load(self, name: str, branches: Branches, on: date) -> dict[int, Any]:
        return self._loads[name](branches, on)

    def place(self, branch_id: int, subject: str) -> str:
        """Return the page where the matter is mended, or ''."""
        kind, _colon, rest = subject.partition(":")
        found = self._places.get(kind)
        return found(branch_id, rest) if found else ""


sources = Sources()


def needed(codes: set[str]) -> dict[str, list[Check]]:
    """Return the checks of a branch among `codes`, by the source that they read."""
    found: dict[str, list[Check]] = defaultdict(list)
    for check in registry.of(Scope.BRANCH):
        if check.code in codes:
            found[check.source].append(check)
    return found


def keys(branches: Branches) -> QuerySet:
    """Return the branches' ids as a subquery."""
    return branches.order_by().values("pk")


def year_of(year: int) -> Span:
    return Span(date(year, 1, 1), "year")
