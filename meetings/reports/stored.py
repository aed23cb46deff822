"""A record as it stands in the database, as the values that the logging form would send."""

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


def stored_record(meeting: Meeting, *, seats: tuple[Seat, ...]) -> Record:
    """Return the record with these seats; `held_as` are the meeting's kinds."""
    agenda = meeting.agenda.select_related("vote").prefetch_related("vote__candidates")
    return Record(
        kinds=meeting.held_as,
        agenda=tuple(_entry(item) for item in agenda),
        seats=seats,
        guests=tuple(Visitor(*g) for g in meeting.guests.values_list("name", "position", "leader")),
        remarks=_rows(meeting, Criticism, Remark, MeetingKind.ORG_LIFE),
        shortcomings=_rows(meeting, Problem, Shortcoming, MeetingKind.ORG_LIFE),
        assessed=_rows(meeting, Appraisal, Assessed, MeetingKind.EVALUATION),
        **{name: getattr(meeting, name) for name in PLAIN},
    )


def _entry(item: AgendaItem) -> Entry:
    vote = getattr(item, "vote", None)
    return Entry(
        **{name: getattr(item, name) for name in Entry.__dataclass_fields__ if name != "ballots"},
        ballots=_ballots(vote) if vote else None,
    )


def _ballots(vote: Vote) -> Ballots:
    return Ballots(
        **{name: getattr(vote, name) for name in Ballots.__dataclass_fields__ if name != "choices"},
        choices=tuple(Choice(one.name, one.in_favour) for one in vote.candidates.all()),
    )


def _rows(meeting: Meeting, model, value, kind: str) -> tuple:
    """Read one part that only a kind of meeting has; others cost no statement."""
    if kind not in meeting.held_as:
        return ()
    names = value.__dataclass_fields__
    return tuple(
        value(**{name: getattr(row, name) for name in names})
        for row in model.objects.filter(meeting=meeting)
    )
