"""Run the checks of one record. Pure."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from .base import Check, Hit, Scope, registry
from .facts import RecordFacts


class HasSwitch(Protocol):
    """How a township has set a check."""

    @property
    def is_on(self) -> bool: ...

    @property
    def threshold(self) -> int: ...


def run_record_checks(
    facts: RecordFacts, settings: Mapping[str, HasSwitch]
) -> Iterator[tuple[Check, Hit]]:
    """Yield what each check that is switched on finds in the record, in the order of their codes."""
    for check in registry.of(Scope.RECORD):
        setting = settings[check.code]
        if setting.is_on:
            for hit in check.find(facts, setting.threshold):
                yield check, hit
