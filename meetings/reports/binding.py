"""Which rules bind each township in a view, over which spans, windows and days."""

from datetime import date
from typing import NamedTuple

from meetings.models import Body, Obligation, Period
from meetings.rules import Span, Window

from .cells import Column
from .rulebook import Rulebook


class Entry(NamedTuple):
    """One span of a rule; the slots say where its day and its window stand in what was counted."""

    span: Span
    window: Window
    day: date
    day_slot: int = 0
    window_slot: int = 0


class Binding(NamedTuple):
    """One version of a rule with those of its spans that lie in the view."""

    rule: Obligation
    entries: tuple[Entry, ...]


class Bindings:
    """The rules of each township in the view, and every window and day that they need."""

    def __init__(self, rulebook: Rulebook, view: Span, on: date) -> None:
        self._rulebook, self._view, self._on = rulebook, view, on
        self._by_township: dict[int | None, dict[str, Binding]] = {}
        self._columns: dict[str, Column] = {}
        for rule in rulebook.every():
            self._columns.setdefault(rule.code, Column(rule.code, rule.kind, rule.label))

    def bind(self, township_id: int | None) -> None:
        found: dict[str, Binding] = {}
        for period in Period.values:
            for span in self._view.parts(period):
                for rule in self._rulebook.in_force(township_id, span.start):
                    if rule.period == period:
                        entry = Entry(span, *self._window(rule, span))
                        known = found.get(rule.code)
                        entries = (*known.entries, entry) if known else (entry,)
                        found[rule.code] = Binding(rule, entries)
        self._by_township[township_id] = found

    def _window(self, rule: Obligation, span: Span) -> tuple[Window, date]:
        window = rule.window(span)
        return window, max(window.start, min(window.deadline, self._on))

    def of(
        self, township_id: int | None, columns: tuple[Column, ...]
    ) -> tuple[Binding | None, ...]:
        """Return the township's rules in the order of the columns, with their slots."""
        days = {day: slot for slot, day in enumerate(self.judging_days)}
        windows = {window: slot for slot, window in enumerate(self.windows)}
        found = self._by_township[township_id]

        def slotted(binding: Binding) -> Binding:
            return binding._replace(
                entries=tuple(
                    entry._replace(day_slot=days[entry.day], window_slot=windows[entry.window])
                    for entry in binding.entries
                )
            )

        return tuple(
            slotted(found[column.code]) if column.code in found else None for column in columns
        )

    def columns(self) -> tuple[Column, ...]:
        used = {code for found in self._by_township.values() for code in found}
        return tuple(column for code, column in self._columns.items() if code in used)

    @property
    def bind_groups(self) -> bool:
        return any(
            binding.rule.body == Body.GROUP
            for found in self._by_township.values()
            for binding in found.values()
        )

    @property
    def spans(self) -> set[tuple[Span, Window]]:
        return {
            (entry.span, entry.window)
            for found in self._by_township.values()
            for binding in found.values()
            for entry in binding.entries
        }

    @property
    def windows(self) -> list[Window]:
        return sorted({window for _span, window in self.spans})

    @property
    def judging_days(self) -> list[date]:
        """Days on which facts are needed; read before any township is known."""
        days = {
            self._window(rule, span)[1]
            for rule in self._rulebook.every()
            for span in self._view.parts(rule.period)
        }
        return sorted(days)
