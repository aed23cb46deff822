"""The automatic checks: all branches at night, a month's records, and nothing to do."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from meetings.models import CheckResult, Meeting
from meetings.rules import Span
from meetings.services.checks import refresh_branches, refresh_records

from .measure import Call, Line, added_megabytes, exponent, in_turn
from .stages import Stage, settle

# Both do their work in batches: the time follows the number of branches, the memory does not.
GROWTH, MEGABYTES = 1.05, 40
# The doorbell every ten minutes mostly finds nothing.
NOTHING_OF_A_MONTH = 0.01


def run(stages: list[Stage], *, seconds: float) -> Iterator[Line]:
    at = timezone.now()
    month = Span.containing(timezone.localdate(at), "month").previous
    calls, added, records, results = {}, {}, {}, {}
    for stage in stages:
        stage.enter()
        Meeting.objects.counted().update(checked_version=F("version"))
        settle(stage)
        records[stage.scale] = _of(month).count()
        added[stage.scale] = added_megabytes(partial(refresh_branches, at=at))
        results[stage.scale] = CheckResult.objects.count()
        calls |= _calls(stage, month, at)
    taken = in_turn(calls, seconds=seconds, least=3)
    for stage in stages:
        branches, of_month, nothing = (
            taken[stage.scale, part] for part in ("branches", "records", "nothing")
        )
        details = {
            "branches": stage.branches,
            "results": results[stage.scale],
            "records": records[stage.scale],
            "branches_ms": round(1000 * branches, 1),
            "records_ms": round(1000 * of_month, 1),
            "nothing_ms": round(1000 * nothing, 2),
        }
        name = f"checks.{stage.engine}.{stage.scale}.%s"
        yield Line(name % "nothing_to_do", nothing / of_month, NOTHING_OF_A_MONTH, "x", details)
        yield Line(name % "memory", added[stage.scale], MEGABYTES, " MB")
    scales = {stage.scale: stage.branches for stage in stages}
    if {"county", "city"} <= scales.keys():
        factor = scales["city"] / scales["county"]
        for part in ("branches", "records"):
            power = exponent(taken["county", part], taken["city", part], factor)
            yield Line(f"checks.{stages[0].engine}.city.{part}_growth", power, GROWTH)


def _of(month: Span):
    return Meeting.objects.counted().filter(day__gte=month.start, day__lte=month.end)


def _calls(stage: Stage, month: Span, at: datetime) -> dict[tuple[str, str], Call]:
    """What is measured; a month's records are marked as changed before, and nothing is kept."""

    def before(*, is_changed: bool) -> transaction.Atomic:
        stage.enter()
        block = transaction.atomic()
        block.__enter__()
        if is_changed:
            _of(month).update(checked_version=0)
        return block

    def after(block: transaction.Atomic) -> None:
        transaction.set_rollback(True)
        block.__exit__(None, None, None)

    quiet, changed = partial(before, is_changed=False), partial(before, is_changed=True)
    return {
        (stage.scale, "branches"): Call(lambda _block: refresh_branches(at=at), quiet, after),
        (stage.scale, "records"): Call(lambda _block: refresh_records(at=at), changed, after),
        (stage.scale, "nothing"): Call(lambda _block: refresh_records(at=at), quiet, after),
    }
