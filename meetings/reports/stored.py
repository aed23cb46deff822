"""A record as it stands in the database, as the values that the logging form would send."""

from collections.abc import Iterable

from django.db.models import Model

from meetings.models import AgendaItem, Appraisal, Criticism, Meeting, MeetingKind, Problem, Vote
from meetings.record import (
    Assessed,
    Ballots,
    Choice,
    Entry,
    Record,
    Remark,
    Seat,
    Shortcoming,
    Visitor,
)

PLAIN = (
    "title",
    "day",
    "group_id",
    "starts_at",
    "ends_at",
    "place",
    "chair_id",
    "recorder_id",
    "chair_note",
    "summary",
    "late_note",
)


def kinds_of(meeting: Meeting) -> tuple[str, ...]:
    """Return the meeting's kinds, read once and kept on it as `held_as`."""
    if not hasattr(meeting, "held_as"):
        meeting.held_as = tuple(meeting.types.order_by("pk").values_list("kind", flat=True))
    return meeting.held_as


def stored_record(meeting: Meeting, *, seats: tuple[Seat, ...]) -> Record:
    """Return the record as it stands, with these seats."""
    agenda = meeting.agenda.select_related("vote").prefetch_related("vote__candidates")
    return Record(
        kinds=kinds_of(meeting),
        agenda=tuple(entry_of(item, _choices(item)) for item in agenda),
        seats=seats,
        guests=tuple(Visitor(*g) for g in meeting.guests.values_list("name", "position", "leader")),
        **{
            part: rows_as(part, model.objects.filter(meeting=meeting))
            for model, part, kind in (
                (Criticism, "remarks", MeetingKind.ORG_LIFE),
                (Problem, "shortcomings", MeetingKind.ORG_LIFE),
                (Appraisal, "assessed", MeetingKind.EVALUATION),
            )
            # A part that only one kind of meeting has: others cost no statement.
            if kind in meeting.held_as
        },
        **{name: getattr(meeting, name) for name in PLAIN},
    )


def _choices(item: AgendaItem) -> tuple[Choice, ...]:
    vote = getattr(item, "vote", None)
    return tuple(Choice(one.name, one.in_favour) for one in vote.candidates.all()) if vote else ()


def entry_of(item: AgendaItem, choices: tuple[Choice, ...]) -> Entry:
    """Return an agenda item, its vote loaded, as the form would send it."""
    vote = getattr(item, "vote", None)
    return Entry(
        **{name: getattr(item, name) for name in Entry.__dataclass_fields__ if name != "ballots"},
        ballots=_ballots(vote, choices) if vote else None,
    )


def _ballots(vote: Vote, choices: tuple[Choice, ...]) -> Ballots:
    names = (name for name in Ballots.__dataclass_fields__ if name != "choices")
    return Ballots(**{name: getattr(vote, name) for name in names}, choices=choices)


PARTS = {"remarks": Remark, "shortcomings": Shortcoming, "assessed": Assessed}


def rows_as(part: str, rows: Iterable[Model]) -> tuple:
    """Return the rows of one part as its values, field by field."""
    value = PARTS[part]
    return tuple(
        value(**{name: getattr(row, name) for name in value.__dataclass_fields__}) for row in rows
    )
