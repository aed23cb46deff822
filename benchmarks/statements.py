"""What a call asks of the database: captured, counted, and run again without the application."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from django.db import connection


class Statement(NamedTuple):
    sql: str
    params: Any


# Not asked of the data: what begins and ends a transaction.
CEREMONY = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """Collect the statements that reach the database within the block."""
    found: list[Statement] = []

    def note(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if not sql.startswith(CEREMONY):
            found.append(Statement(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def run_again(statements: list[Statement]) -> None:
    """Execute the statements on the driver's own cursor and fetch all they return."""
    connection.ensure_connection()
    with closing(connection.create_cursor()) as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()
