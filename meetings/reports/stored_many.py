"""Records as they stand in the database, many at once: a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from meetings.models import (
    AgendaItem,
    Appraisal,
    Candidate,
    Criticism,
    Guest,
    Meeting,
    MeetingType,
    Problem,
)
from meetings.record import Choice, Record, Seat, Visitor

from .attendance import seats_of_each
from .stored import PLAIN, entry_of, rows_as


def stored_records(meetings: Collection[Meeting]) -> dict[int, Record]:
    """Return the record of each meeting by its id, in eight statements."""
    pks = [meeting.pk for meeting in meetings]
    kinds = _each(MeetingType.objects.filter(meeting__in=pks).values_list("meeting", "kind"))
    seats: dict[int, tuple[Seat, ...]] = seats_of_each(meetings)
    guests = _each(
        Guest.objects.filter(meeting__in=pks).values_list("meeting", "name", "position", "leader")
    )
    choices = defaultdict(list)
    candidates = Candidate.objects.filter(vote__item__meeting__in=pks)
    for vote_id, *row in candidates.values_list("vote", "name", "in_favour"):
        choices[vote_id].append(Choice(*row))
    agenda = defaultdict(list)
    for item in AgendaItem.objects.filter(meeting__in=pks).select_related("vote"):
        vote = getattr(item, "vote", None)
        agenda[item.meeting_id].append(entry_of(item, tuple(choices[vote.pk]) if vote else ()))
    parts = {model: defaultdict(list) for model in (Criticism, Problem, Appraisal)}
    for model, found in parts.items():
        for row in model.objects.filter(meeting__in=pks):
            found[row.meeting_id].append(row)
    return {
        meeting.pk: Record(
            kinds=tuple(kind for (kind,) in kinds[meeting.pk]),
            agenda=tuple(agenda[meeting.pk]),
            seats=seats.get(meeting.pk, ()),
            guests=tuple(Visitor(*guest) for guest in guests[meeting.pk]),
            **{
                part: rows_as(part, parts[model][meeting.pk])
                for model, part in (
                    (Criticism, "remarks"),
                    (Problem, "shortcomings"),
                    (Appraisal, "assessed"),
                )
            },
            **{name: getattr(meeting, name) for name in PLAIN},
        )
        for meeting in meetings
    }


def _each(rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    found = defaultdict(list)
    for pk, *row in rows:
        found[pk].append(tuple(row))
    return found
