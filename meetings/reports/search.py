"""Finding words in what was planned, said and decided, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import F

from accounts.models import User
from branches import paths
from branches.models import Organization
from branches.permissions import READING, duties_of
from meetings import words
from meetings.models import Meeting

from .spoken import spoken_in

# What is read of the index at first, and how much more each time that was not enough.
FIRST_LOOK, WIDER = 60, 8
LOOKS = 3
# Changed a moment ago and not in the index yet: looked through one by one.
NOT_INDEXED_AT_MOST = 50
PLACES_A_DAY = 10**9
SHORTEST = 2


def place_of(day: date, meeting_id: int) -> int:
    """Return a meeting's place in time: by day, then by key."""
    return day.toordinal() * PLACES_A_DAY + meeting_id


def scope_tokens(path: str) -> list[str]:
    """Return the tokens of the organizations that a branch of this path stands below."""
    return [f"o{part[-paths.SEGMENT_WIDTH :]}" for part in paths.upwards(path)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words of two characters or more, below one of these organizations.

    `since` and `until` are days, both included.
    """

    words: tuple[str, ...]
    scopes: tuple[str, ...]
    since: date = date(1921, 7, 1)
    until: date = date(2999, 12, 31)

    @classmethod
    def read(
        cls, user: User, typed: str, *, branch: Organization | None = None, year: int | None = None
    ) -> "Wanted":
        """Read what somebody typed; words of one character are left out."""
        found = tuple(w for w in map(words.folded, typed.split()) if len(w) >= SHORTEST)
        below = (
            [branch] if branch else [d.organization for d in duties_of(user) if d.kind in READING]
        )
        scopes = tuple(dict.fromkeys(scope_tokens(place.path)[-1] for place in below))
        if year is None:
            return cls(found, scopes)
        return cls(found, scopes, date(year, 1, 1), date(year, 12, 31))

    def is_in(self, text: str) -> bool:
        """Say whether all words stand in a text: pairs of characters may stand apart."""
        text = "\n".join(map(words.folded, text.splitlines()))
        return all(word in text for word in self.words)


def newest(user: User, wanted: Wanted, *, before: int | None, limit: int) -> list[Meeting]:
    """Return the newest meetings in which all words stand, each with its `body` and `place`.

    In two statements as a rule: the index gives places in time, the words themselves are checked
    on the texts. `before` is the place after which a page goes on.
    """
    if not wanted.words or not wanted.scopes:
        return []
    found = [] if before else _not_indexed(user, wanted)
    known = {meeting.pk for meeting in found}
    look = max(FIRST_LOOK, limit * 2)
    for _ in range(LOOKS):
        places = _places(wanted, before=before, limit=look)
        for meeting in _read(user, places):
            if meeting.pk not in known and wanted.is_in(meeting.body):
                found.append(meeting)
        if len(found) >= limit or len(places) < look:
            break
        before, look = places[-1], look * WIDER
    return sorted(found, key=lambda meeting: -meeting.place_in_time)[:limit]


def _read(user: User, places: list[int]) -> Iterator[Meeting]:
    if not places:
        return iter(())
    rows = Meeting.objects.visible_to(user).filter(text__place__in=places)
    return (
        rows.annotate(body=F("text__body"), place_in_time=F("text__place"))
        .order_by("-text__place")
        .select_related("branch")
        .iterator()
    )


def _not_indexed(user: User, wanted: Wanted) -> list[Meeting]:
    """Look through what was changed since the index was last brought in step: none, as a rule."""
    behind = (
        Meeting.objects.visible_to(user)
        .exclude(version=F("indexed_version"))
        .filter(day__gte=wanted.since, day__lte=wanted.until)
        .select_related("branch")
        .order_by("-pk")[:NOT_INDEXED_AT_MOST]
    )
    meetings = [m for m in behind if set(scope_tokens(m.branch.path)) & set(wanted.scopes)]
    if not meetings:
        return []
    spoken = spoken_in(meetings)
    found = []
    for meeting in meetings:
        meeting.body = "\n".join(spoken[meeting.pk].lines)
        meeting.place_in_time = place_of(meeting.day, meeting.pk)
        if wanted.is_in(meeting.body):
            found.append(meeting)
    return found


SQLITE = """SELECT rowid FROM meetings_search WHERE meetings_search MATCH %s
AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"""
POSTGRESQL = """SELECT place FROM meetings_meetingtext
WHERE string_to_array(tokens, ' ') @> %s AND string_to_array(tokens, ' ') && %s
AND place >= %s AND place < %s ORDER BY place DESC LIMIT %s"""


def _places(wanted: Wanted, *, before: int | None, limit: int) -> list[int]:
    """Ask the engine's own index for the newest places that have all pairs of the words."""
    pairs = sorted(set().union(*map(words.bigrams, wanted.words)))
    since = place_of(wanted.since, 0)
    until = before or place_of(wanted.until + timedelta(days=1), 0)
    if connection.vendor == "sqlite":
        match = f"({' OR '.join(wanted.scopes)}) AND {' AND '.join(pairs)}"
        statement, said = SQLITE, [match]
    else:
        statement, said = POSTGRESQL, [pairs, list(wanted.scopes)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*said, since, until, limit])
        return [place for (place,) in cursor.fetchall()]
