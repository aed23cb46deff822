"""Handing in the record of sixty members, beside writing one row. Goal 4."""

from collections.abc import Iterator
from datetime import datetime

from auditlog.models import LogEntry
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from branches.backends import DutyBackend
from branches.models import Organization
from config.http import require
from meetings import permissions
from meetings.models import Meeting
from meetings.services import plan_meeting, settle_checklists

from .measure import Call, Line, exponent, in_turn
from .stages import Stage, hand_in, large_record
from .statements import captured

STATEMENTS, TIMES_OF_ONE_ROW, FLAT = 12, 12, 0.1


def run(stages: list[Stage], *, seconds: float) -> Iterator[Line]:
    at = timezone.now()
    calls, statements = {}, {}
    for stage in stages:
        stage.enter()
        stage_calls = _calls(stage, at)
        statements[stage.scale] = _counted(stage_calls[stage.scale, "save"])
        calls |= stage_calls
    taken = in_turn(calls, seconds=seconds, least=20)
    times = {}
    for stage in stages:
        save, one_row = taken[stage.scale, "save"], taken[stage.scale, "one_row"]
        times[stage.scale] = save
        details = {"save_ms": round(1000 * save, 2), "one_row_ms": round(1000 * one_row, 3)}
        name = f"records.{stage.engine}.{stage.scale}.%s"
        yield Line(name % "time", save / one_row, TIMES_OF_ONE_ROW, "x", details)
        yield Line(name % "statements", statements[stage.scale], STATEMENTS)
    if {"county", "city"} <= times.keys():
        grown = {stage.scale: stage.branches for stage in stages}
        power = exponent(times["county"], times["city"], grown["city"] / grown["county"])
        yield Line(f"records.{stages[0].engine}.city.growth", power, FLAT)


def _calls(stage: Stage, at: datetime) -> dict[tuple[str, str], Call]:
    """A planned meeting is handed in, permission and audit included; and one row is written."""
    branch = stage.branch
    # With the duties, as the frame of every request loads them.
    secretary = DutyBackend().get_user(stage.secretary.pk)
    record = large_record(branch, day=timezone.localdate(at))

    def planned() -> Meeting:
        stage.enter()
        return plan_meeting(
            branch, kinds=record.kinds, title=record.title, day=record.day, by=secretary, at=at
        )

    def save(meeting: Meeting) -> None:
        require(permissions.can_record_meetings(secretary, branch))
        hand_in(meeting, record, by=secretary, at=at)

    def forget(meeting: Meeting) -> None:
        """Take it away; what it ticked on the checklist stands open again."""
        LogEntry.objects.filter(object_pk=meeting.pk).delete()
        meeting.delete()
        settle_checklists(Organization.objects.filter(pk=branch.pk), at=at)

    def one_row(_made: None) -> None:
        with transaction.atomic():
            User.objects.filter(pk=secretary.pk).update(phone="13900000000")

    return {
        (stage.scale, "save"): Call(save, planned, forget),
        (stage.scale, "one_row"): Call(one_row, stage.enter),
    }


def _counted(call: Call) -> int:
    made = call.before()
    with captured() as found:
        call.run(made)
    call.after(made)
    return len(found)
