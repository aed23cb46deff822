"""Opening a week for every branch, beside a bare bulk copy of the very rows it makes. Goal 3."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from io import StringIO
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from curriculum.models import ChecklistItem, WeeklyChecklist
from curriculum.services import ensure_checklists
from curriculum.weekly import Week

from .measure import Call, Line, added_megabytes, exponent, in_turn
from .stages import POSTGRESQL, Stage, publish_menus, settle

TIMES_OF_COPY, RERUN_OF_COPY, GROWTH, MEGABYTES = 2, 0.6, 1.02, 20
TABLES = (
    (WeeklyChecklist._meta.db_table, "monday = %s"),
    (
        ChecklistItem._meta.db_table,
        f"checklist_id IN (SELECT id FROM {WeeklyChecklist._meta.db_table} WHERE monday = %s)",
    ),
)


def run(stages: list[Stage], *, seconds: float) -> Iterator[Line]:
    at = timezone.now()
    # The one after the week that is open: what that leaves undone is carried over into it.
    week = Week.containing(timezone.localdate(at)).next
    calls, rows, added = {}, {}, {}
    for stage in stages:
        stage.enter()
        publish_menus(week, at=at)
        settle(stage)
        with _undone():
            ensure_checklists(week, at=at)
            rows[stage.scale] = _read(week)
        with _undone():
            added[stage.scale] = added_megabytes(partial(ensure_checklists, week, at=at))
        calls |= _calls(stage, week, at, rows[stage.scale])
    taken = in_turn(calls, seconds=seconds, least=5)
    times = {}
    for stage in stages:
        first, again, copy = (taken[stage.scale, part] for part in ("first", "again", "copy"))
        times[stage.scale] = first
        count = sum(_count(table) for table in rows[stage.scale])
        details = {
            "rows": count,
            "branches": stage.branches,
            "rows_per_second": round(count / first),
        }
        details |= {f"{part}_ms": round(1000 * taken[stage.scale, part], 1) for part in PARTS}
        name = f"weeks.{stage.engine}.{stage.scale}.%s"
        yield Line(name % "first_run", first / copy, TIMES_OF_COPY, "x", details)
        yield Line(name % "nothing_to_do", again / copy, RERUN_OF_COPY, "x")
        yield Line(name % "memory", added[stage.scale], MEGABYTES, " MB")
    if {"county", "city"} <= times.keys():
        grown = {stage.scale: stage.branches for stage in stages}
        power = exponent(times["county"], times["city"], grown["city"] / grown["county"])
        yield Line(f"weeks.{stages[0].engine}.city.growth", power, GROWTH)


PARTS = ("first", "again", "copy")


def _calls(stage: Stage, week: Week, at: datetime, rows: list) -> dict[tuple[str, str], Call]:
    """The week opened for the first time, opened again, and its rows copied; each is undone."""

    def before(*, opened: bool) -> transaction.Atomic:
        stage.enter()
        settle(stage)
        block = _undone()
        block.__enter__()
        if opened:
            ensure_checklists(week, at=at)
            _check_keys(stage)
        return block

    def after(block: transaction.Atomic) -> None:
        block.__exit__(None, None, None)

    def generate(_block: Any) -> None:
        ensure_checklists(week, at=at)
        _check_keys(stage)

    def copy(_block: Any) -> None:
        for table in rows:
            _write(table)
        _check_keys(stage)

    return {
        (stage.scale, "first"): Call(generate, partial(before, opened=False), after),
        (stage.scale, "again"): Call(generate, partial(before, opened=True), after),
        (stage.scale, "copy"): Call(copy, partial(before, opened=False), after),
    }


class _undone(transaction.Atomic):  # noqa: N801 - used like a function, as `transaction.atomic` is
    """A transaction that leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        super().__exit__(*error)


def _check_keys(stage: Stage) -> None:
    """Let PostgreSQL check the foreign keys now, as it would when it commits."""
    if stage.engine == POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# --- The rows of a week, out and in again ---------------------------------------------------------


def _read(week: Week) -> list[tuple[str, Any]]:
    """Return per table its rows of the week, in the form that goes in again the fastest."""
    found = []
    with connection.cursor() as cursor:
        for table, condition in TABLES:
            if connection.vendor == POSTGRESQL:
                text = StringIO()
                rows = cursor.mogrify(f"SELECT * FROM {table} WHERE {condition}", [week.monday])
                cursor.copy_expert(f"COPY ({rows.decode()}) TO STDOUT", text)
                found.append((table, text.getvalue()))
            else:
                cursor.execute(f"SELECT * FROM {table} WHERE {condition}", [str(week.monday)])
                found.append((table, cursor.fetchall()))
    return found


def _write(rows: tuple[str, Any]) -> None:
    table, values = rows
    with connection.cursor() as cursor:
        if connection.vendor == POSTGRESQL:
            cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(values))
        elif values:
            places = ", ".join(["%s"] * len(values[0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({places})", values)


def _count(rows: tuple[str, Any]) -> int:
    _table, values = rows
    return values.count("\n") if isinstance(values, str) else len(values)
