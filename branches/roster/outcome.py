"""What the import would do with one row, and why."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from branches.models import ImportOutcome
from branches.roster.reading import SourceRow


class Issue(NamedTuple):
    """Why a row is refused: at which column, what stands there."""

    column: str
    value: str
    reason: str


class Change(NamedTuple):
    """One field as it is and as it would become, in words."""

    label: str
    old: str
    new: str


@dataclass(slots=True)
class Plan:
    """One row judged. `fields` are the values to write: all of a new row, the differing of an old.

    `target` is the existing row that it means (0: none); `added` names what has to be made first for it: a
    Party group, or the county committee above a township.
    """

    row: SourceRow
    issues: list[Issue] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    target: int = 0
    # The target was made by this import.
    is_new: bool = False
    added: str = ""
    # The row of the same sheet that this one's organization stands below.
    above: "Plan | None" = None
    # Once written: what was put down, and what stood there before, for undoing it.
    written: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> ImportOutcome:
        if self.issues:
            return ImportOutcome.REFUSED
        if not self.target or self.is_new:
            return ImportOutcome.CREATED
        return ImportOutcome.UPDATED if self.changes else ImportOutcome.UNCHANGED

    def refuse(self, column: str, value: str, reason: str) -> None:
        self.issues.append(Issue(column, value, reason))
