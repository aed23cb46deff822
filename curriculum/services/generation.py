"""Opening a week: one checklist per branch, filled from the registry, by set-based statements.

Level-triggered: it does what is due and not yet done, so it may run at any time, any number of
times, from any number of workers. Unique constraints and NOT EXISTS make that true, not locks.
"""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from branches.models import Organization
from config.language import in_source_script
from curriculum.models import ChecklistItem, ItemKind, ItemState, WeeklyChecklist, WeeklyPolicy
from curriculum.weekly import ITEM_COLUMNS, Week, item_rows, weekly_menu

DEFAULT_PUBLISH_HOUR = WeeklyPolicy._meta.get_field("publish_hour").default

_CHECKLISTS = WeeklyChecklist._meta.db_table
_ITEMS = ChecklistItem._meta.db_table
_NEW_ITEM_COLUMNS = ", ".join(f'"{name}"' for name in ITEM_COLUMNS)
_OFFERED_COLUMNS = ", ".join(f"offered.item_{name}" for name in ITEM_COLUMNS)


def open_due_week(*, at: datetime) -> int:
    """Open the week that holds `at` for every township whose hour of publishing has come."""
    week = Week.containing(timezone.localdate(at))
    hours_into_week = (at - _start(week)).total_seconds() / 3600
    late_riser = WeeklyPolicy.objects.filter(publish_hour__gt=hours_into_week).values("township")
    townships = Organization.objects.townships().exclude(pk__in=late_riser)
    if hours_into_week < DEFAULT_PUBLISH_HOUR:
        townships = townships.filter(weekly_policy__publish_hour__lte=hours_into_week)
    return ensure_checklists(week, at=at, townships=townships)


@in_source_script
@transaction.atomic
def ensure_checklists(
    week: Week, *, at: datetime, townships: "QuerySet[Organization] | None" = None
) -> int:
    """Give every branch of the townships (None: all) its checklist of the week.

    Adds what the providers offer and is not on it yet, carries unfinished required items of the
    week before over, once, and returns the number of items added. A re-run adds nothing.
    """
    branches = Organization.objects.branches().existing(week.monday)
    if townships is not None:
        branches = branches.filter(township__in=townships.order_by().values("pk"))
    _insert_checklists(branches, week, at)
    added = sum(_insert_items(rows, week) for rows in weekly_menu.rows(branches, week))
    return added + _carry_over(branches, week, at)


def settle_items(
    branch_ids: Iterable[int],
    keys: Iterable[str],
    *,
    at: datetime,
    evidence_url: str,
    evidence_title: str,
) -> int:
    """Tick the open items of these matters by evidence; return how many were ticked."""
    return (
        ChecklistItem.objects.filter(
            key__in=list(keys), checklist__branch__in=list(branch_ids), state=ItemState.OPEN
        )
        .order_by()
        .update(
            state=ItemState.DONE,
            settled_at=at,
            evidence_url=evidence_url,
            evidence_title=evidence_title[:200],
        )
    )


def _start(week: Week) -> datetime:
    return datetime.combine(week.monday, time(0), tzinfo=timezone.get_default_timezone())


def _insert_checklists(branches: "QuerySet[Organization]", week: Week, at: datetime) -> None:
    wanted, params = (
        branches.order_by()
        .exclude(Exists(WeeklyChecklist.objects.filter(branch=OuterRef("pk"), monday=week.monday)))
        .values_list("pk")
        .query.sql_with_params()
    )
    # WHERE true: without it SQLite reads ON CONFLICT as a join condition.
    _execute(
        f'INSERT INTO {_CHECKLISTS} ("branch_id", "monday", "opened_at") '
        f"SELECT wanted.*, %s, %s FROM ({wanted}) AS wanted WHERE true ON CONFLICT DO NOTHING",
        [_date(week.monday), _moment(at), *params],
    )


def _insert_items(rows: QuerySet, week: Week, *, carried_from: date | None = None) -> int:
    """Insert rows shaped by `weekly.item_rows` that their checklist does not hold yet."""
    offered, params = rows.query.sql_with_params()
    return _execute(
        f'INSERT INTO {_ITEMS} ("checklist_id", {_NEW_ITEM_COLUMNS}, "carried_from", '
        '"state", "note", "evidence_url", "evidence_title") '
        f"SELECT checklist.id, {_OFFERED_COLUMNS}, %s, 'open', '', '', '' "
        f"FROM ({offered}) AS offered "
        f"JOIN {_CHECKLISTS} AS checklist "
        "ON checklist.branch_id = offered.branch_ref AND checklist.monday = %s "
        f"WHERE NOT EXISTS (SELECT 1 FROM {_ITEMS} AS known "
        "WHERE known.checklist_id = checklist.id AND known.key = offered.item_key) "
        "ON CONFLICT DO NOTHING",
        [_date(carried_from), *params, _date(week.monday)],
    )


def _execute(sql: str, params: list) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return max(cursor.rowcount, 0)


def _carry_over(branches: "QuerySet[Organization]", week: Week, at: datetime) -> int:
    """Move last week's open required items into this week; what was carried before stays behind."""
    missed = ChecklistItem.objects.filter(
        checklist__monday=week.previous.monday,
        checklist__branch__in=branches.order_by().values("pk"),
        kind=ItemKind.REQUIRED,
        state=ItemState.OPEN,
    ).order_by()
    if not missed.exists():
        return 0
    rows = item_rows(
        missed.filter(carried_from=None),
        branch="checklist__branch",
        **{name: F(name) for name in ITEM_COLUMNS},
    )
    carried = _insert_items(rows, week, carried_from=week.previous.monday)
    # Joined, not asked row by row: what stands on this week's list too.
    here = "checklist__branch__checklists"
    missed.filter(**{f"{here}__monday": week.monday, f"{here}__items__key": F("key")}).update(
        state=ItemState.CARRIED, settled_at=at
    )
    return carried


def _date(value: date | None):
    return connection.ops.adapt_datefield_value(value)


def _moment(value: datetime):
    return connection.ops.adapt_datetimefield_value(value)
