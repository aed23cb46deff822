"""Which version of which rule binds a township on a day."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Self

from django.db.models import Q, QuerySet

from branches.models import Organization
from meetings.models import Obligation


class Rulebook:
    """All versions of all rules for some townships, read in one statement.

    A township's own row replaces the national row of the same code while it is in force.
    """

    def __init__(self, obligations: Iterable[Obligation]) -> None:
        self._all = list(obligations)

    @classmethod
    def load(cls, branches: "QuerySet[Organization] | None" = None, *, only: str = "") -> Self:
        """Read the national rules and those of the townships of `branches` (None: of all).

        `only` narrows it to the versions of one rule, by its code.
        """
        rows = Obligation.objects.order_by("pk")
        if only:
            rows = rows.filter(code=only)
        if branches is not None:
            townships = branches.order_by().values("township")
            rows = rows.filter(Q(township=None) | Q(township__in=townships))
        return cls(rows)

    def every(self) -> list[Obligation]:
        return self._all

    def in_force(self, township_id: int | None, on: date) -> list[Obligation]:
        """Return the rules that bind the township on that day, in the order they were set up."""
        found: dict[str, Obligation] = {}
        for rule in self._all:
            if rule.township_id not in (None, township_id):
                continue
            if rule.valid_from > on or (rule.valid_to is not None and rule.valid_to < on):
                continue
            known = found.get(rule.code)
            # The township's own row wins, then the later version.
            if known is None or (rule.township_id is not None, rule.valid_from) >= (
                known.township_id is not None,
                known.valid_from,
            ):
                found[rule.code] = rule
        return list(found.values())

    def bound(
        self, branches: "QuerySet[Organization]", on: date
    ) -> "Iterator[tuple[Obligation, QuerySet[Organization]]]":
        """Yield each rule in force with those of the branches that it binds."""
        own: dict[str, set[int]] = {}
        for rule in self._all:
            if rule.township_id is not None and rule in self.in_force(rule.township_id, on):
                own.setdefault(rule.code, set()).add(rule.township_id)
                yield rule, branches.filter(township=rule.township_id)
        for rule in self.in_force(None, on):
            elsewhere = own.get(rule.code)
            yield rule, branches.exclude(township__in=elsewhere) if elsewhere else branches
