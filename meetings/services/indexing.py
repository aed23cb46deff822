"""Keeps the words of every meeting where search and likeness look them up: derived, rebuilt at will."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import F, QuerySet

from meetings import words
from meetings.models import Meeting, MeetingState, MeetingText, TextBand
from meetings.reports.likeness import own_runs, shared_pieces
from meetings.reports.search import kind_token, place_of, scope_tokens, time_tokens
from meetings.reports.spoken import Spoken, spoken_in

BATCH = 500
# Compared with others: what was held, or is being written down.
COMPARED = (MeetingState.DRAFT, MeetingState.RECORDED, MeetingState.ARCHIVED)


def index_meetings() -> int:
    """Read anew every meeting that was changed since it was last read; return how many.

    Level-triggered: whatever is behind is brought in step, in batches of one transaction each, and
    a meeting that is changed meanwhile stays behind for the next time.
    """
    return _in_batches(Meeting.objects.exclude(version=F("indexed_version")))


def index_moved() -> int:
    """Read anew the meetings of branches that have moved in the tree; return how many."""
    return _in_batches(Meeting.objects.exclude(text=None).exclude(text__path=F("branch__path")))


def _in_batches(behind: "QuerySet[Meeting]") -> int:
    done = 0
    while batch := list(
        behind.select_related("branch").prefetch_related("types").order_by("pk")[:BATCH]
    ):
        _index(batch)
        done += len(batch)
    return done


@transaction.atomic
def _index(meetings: list[Meeting]) -> None:
    spoken = spoken_in(meetings)
    MeetingText.objects.bulk_create(
        (_text(meeting, spoken[meeting.pk]) for meeting in meetings),
        update_conflicts=True,
        unique_fields=["meeting"],
        update_fields=["place", "path", "body", "tokens"],
    )
    TextBand.objects.filter(meeting__in=[meeting.pk for meeting in meetings]).delete()
    TextBand.objects.bulk_create(
        TextBand(meeting=meeting, township_id=meeting.township_id, band=band)
        for meeting, found in _bands(meetings, spoken)
        for band in sorted(set(found))
    )
    for meeting in meetings:
        meeting.indexed_version = meeting.version
    Meeting.objects.bulk_update(meetings, ["indexed_version"])


def _text(meeting: Meeting, spoken: Spoken) -> MeetingText:
    tokens = set(time_tokens(meeting.day))
    tokens |= set(scope_tokens(meeting.branch.path))
    tokens |= {kind_token(each.kind) for each in meeting.types.all()}
    for line in spoken.lines:
        tokens |= words.bigrams(words.folded(line))
    return MeetingText(
        meeting=meeting,
        place=place_of(meeting.day, meeting.pk),
        path=meeting.branch.path,
        body="\n".join(spoken.lines),
        tokens=" ".join(sorted(tokens)),
    )


def _bands(
    meetings: list[Meeting], spoken: dict[int, Spoken]
) -> Iterator[tuple[Meeting, tuple[int, ...]]]:
    compared = [meeting for meeting in meetings if meeting.state in COMPARED]
    shared = shared_pieces({meeting.township_id for meeting in compared})
    for meeting in compared:
        common = shared[meeting.township_id]
        yield meeting, words.bands(own_runs(spoken[meeting.pk].said, meeting.branch, common))
