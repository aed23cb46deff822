"""What the checks of records need to know, gathered for many records in a constant number of
statements (but for one index walk a record, in which those alike are found)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from meetings.checks.facts import Alike, RecordFacts
from meetings.models import Meeting
from meetings.record import Record
from meetings.reports.likeness import Asked, alike_each
from meetings.reports.stored import stored_records

from .around import Around
from .one import facts_around

__all__ = ["facts_of", "facts_of_each", "said_of"]


def facts_of_each(meetings: Collection[Meeting], *, on: date) -> dict[int, RecordFacts]:
    """Return what is known of each stored record by its id; `branch` of each is loaded."""
    records = stored_records(meetings)
    found = _gather([(meeting, records[meeting.pk]) for meeting in meetings], on=on)
    return {meeting.pk: facts for meeting, facts in zip(meetings, found, strict=True)}


def facts_of(meeting: Meeting, record: Record, *, on: date) -> RecordFacts:
    """Return what is known of one record as it is being written; the meeting may be new."""
    return _gather([(meeting, record)], on=on)[0]


def said_of(record: Record) -> str:
    """Return what was said, as likeness reads it: `reports.spoken` of a record not saved yet."""
    parts = [part for entry in record.agenda for part in (entry.minutes, entry.resolution)]
    parts += [remark.text for remark in record.remarks]
    parts += [part for one in record.shortcomings for part in (one.text, one.remedy)]
    return "\n".join(part for part in [*parts, record.summary] if part)


def _gather(pairs: list[tuple[Meeting, Record]], *, on: date) -> list[RecordFacts]:
    if not pairs:
        return []
    around = Around(pairs)
    asked = [
        Asked(
            township_id=meeting.branch.township_id,
            branch_id=meeting.branch_id,
            day=record.day,
            said=said_of(record),
            meeting_id=meeting.pk,
            joint_id=meeting.joint_id,
        )
        for meeting, record in pairs
    ]
    return [
        replace(facts_around(meeting, record, around, on), **_likes(meeting, record, rows))
        for (meeting, record), rows in zip(pairs, alike_each(asked), strict=True)
    ]


def _likes(meeting: Meeting, record: Record, rows: list[Alike]) -> dict[str, tuple[Alike, ...]]:
    same_day = tuple(row for row in rows if row.is_own_branch and row.day == record.day)
    return {"alike": tuple(row for row in rows if row not in same_day), "same_day": same_day}
