"""Writing to the audit log what conditional updates change, for those leave no trace by themselves."""

from auditlog.models import LogEntry
from django.db.models import Model

from accounts.models import User


def trace(row: Model, *, by: User | None, **changes: tuple) -> None:
    """Log that `by` changed fields of `row`, each given as (before, after)."""
    LogEntry.objects.log_create(
        row,
        action=LogEntry.Action.UPDATE,
        changes={name: [str(before), str(after)] for name, (before, after) in changes.items()},
        actor=by,
    )
