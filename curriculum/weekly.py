"""The week, and the registry through which every app adds items to it.

A provider answers for a set of branches at once and never writes: it yields querysets whose rows
are items. So a week of 4,000 branches is a handful of INSERT … SELECT statements, and SQL does the
set work. This module imports no app above `branches`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.utils.translation import gettext as _

from branches.models import Organization
from curriculum.models import ItemKind

# Columns of ChecklistItem that a provider fills, in the order of the INSERT.
ITEM_COLUMNS = ("key", "kind", "title", "detail", "basis", "due_on", "url")


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week, named by its Monday."""

    monday: date

    @classmethod
    def containing(cls, day: date) -> "Week":
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read '2026-W48'; raise ValueError with a Chinese message for anything else."""
        try:
            year, number = text.upper().split("-W")
            return cls(date.fromisocalendar(int(year), int(number), 1))
        except ValueError as error:
            raise ValueError(_("周次应写成“2026-W48”的形式。")) from error

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def next(self) -> "Week":
        return Week(self.monday + timedelta(weeks=1))

    @property
    def previous(self) -> "Week":
        return Week(self.monday - timedelta(weeks=1))

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    def __contains__(self, day: date) -> bool:
        return self.monday <= day <= self.sunday

    def __str__(self) -> str:
        year, number, _weekday = self.monday.isocalendar()
        return f"{year}-W{number:02d}"


Provider = Callable[["QuerySet[Organization]", Week], Iterable[QuerySet]]
# Where a branch says why the matter of a key was not done: (key, branch's primary key) -> URL.
Excuse = Callable[[str, int], str]


def item_rows(rows: QuerySet, *, branch: str = "pk", kind: Any = ItemKind.REQUIRED, **columns: Any):
    """Shape a queryset into item rows: `branch_ref` and the columns of ITEM_COLUMNS.

    `branch` is the column of `rows` that names the branch. Each of key, title, detail, basis,
    due_on and url is a plain value, the same for every row, or a database expression.
    """
    columns = {"kind": kind, "detail": "", "basis": "", "url": "", **columns}
    expressions = {
        f"item_{name}": value
        if hasattr(value := columns[name], "resolve_expression")
        else Value(value, output_field=DateField() if name == "due_on" else CharField())
        for name in ITEM_COLUMNS
    }
    return (
        rows.order_by()
        .annotate(branch_ref=F(branch), **expressions)
        .values_list("branch_ref", *expressions)
    )


class WeeklyMenu:
    """The registry; `curriculum.apps` collects every app's `menu.py` into it."""

    def __init__(self) -> None:
        self._providers: dict[str, Provider] = {}
        self._excuses: dict[str, Excuse] = {}

    def register(
        self, source: str, *, excuse: Excuse | None = None
    ) -> Callable[[Provider], Provider]:
        """Register a provider under the name its keys begin with, once.

        `excuse` names the page on which a gap is explained for good. Without one an item is set
        aside on the week alone, and asked for again while its provider still offers it.
        """

        def add(provider: Provider) -> Provider:
            if source in self._providers:
                raise ValueError(f"menu source registered twice: {source}")
            self._providers[source] = provider
            if excuse is not None:
                self._excuses[source] = excuse
            return provider

        return add

    def rows(self, branches: "QuerySet[Organization]", week: Week) -> Iterator[QuerySet]:
        """Yield the item querysets of all providers, in the order of their names."""
        for source in sorted(self._providers):
            yield from self._providers[source](branches, week)

    def excuse_url(self, key: str, branch_id: int) -> str:
        """Return the page that explains why the matter was not done, or nothing."""
        excuse = self._excuses.get(key.partition(".")[0])
        return excuse(key, branch_id) if excuse else ""


weekly_menu = WeeklyMenu()
