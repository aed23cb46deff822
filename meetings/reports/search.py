"""Finding words in what was planned, said and decided, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import F

from accounts.models import User
from branches import paths
from branches.permissions import READING, duties_of
from meetings import words
from meetings.models import Meeting

from .spoken import spoken_in

# How many places are read of the index where some may be no find.
LOOK = 60
# Changed a moment ago and not in the index yet: looked through one by one.
NOT_INDEXED_AT_MOST = 200
PLACES_A_DAY = 10**9
SHORTEST = 2


def place_of(day: date, meeting_id: int) -> int:
    """Return a meeting's place in time: by day, then by key."""
    return day.toordinal() * PLACES_A_DAY + meeting_id


def kind_token(kind: str) -> str:
    """Return the token of a kind of meeting: longer than any pair of characters, so never one."""
    return f"kind{kind.replace('_', '')}"


def scope_token(organization_id: int) -> str:
    return f"o{paths.segment(organization_id)}"


def scope_tokens(path: str) -> list[str]:
    """Return the tokens of the organizations that a branch of this path stands below."""
    return [f"o{part[-paths.SEGMENT_WIDTH :]}" for part in paths.upwards(path)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words of two characters or more, below one of these organizations.

    `kind` empty: all kinds of meetings. `since` and `until` are days, both included.
    """

    words: tuple[str, ...]
    scopes: tuple[str, ...]
    kind: str = ""
    since: date = date(1921, 7, 1)
    until: date = date(2999, 12, 31)

    @classmethod
    def read(
        cls,
        user: User,
        typed: str,
        *,
        branch: int | None = None,
        kind: str = "",
        year: int | None = None,
    ) -> "Wanted":
        """Read what somebody typed; words of one character are left out."""
        found = tuple(w for w in map(words.folded, typed.split()) if len(w) >= SHORTEST)
        own = (duty.organization_id for duty in duties_of(user) if duty.kind in READING)
        below = [branch] if branch else dict.fromkeys(own)
        scopes = tuple(scope_token(pk) for pk in below)
        if year is None:
            return cls(found, scopes, kind)
        return cls(found, scopes, kind, date(year, 1, 1), date(year, 12, 31))

    @property
    def is_exact(self) -> bool:
        """Whether the index alone can tell: a word of two characters is one pair."""
        return all(len(word) == SHORTEST for word in self.words)

    def is_in(self, text: str) -> bool:
        """Say whether all words stand in lines of a text: pairs of characters may stand apart."""
        missing = [word for word in self.words if word not in text]
        lines = [words.folded(line) for line in text.splitlines()] if missing else []
        return all(any(word in line for line in lines) for word in missing)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of finds, newest first; `after` is the place from which the next goes on."""

    meetings: list[Meeting]
    after: int | None = None


def newest(
    user: User, wanted: Wanted, *, on: date, before: int | None = None, limit: int = 20
) -> Found:
    """Return the newest meetings in which all words stand, each with its `body` and `place_in_time`.

    The index gives places in time, the words themselves are checked on the texts; what the index
    does not know yet is read as it is. Always the same few statements: where pairs that stand apart
    took the place of finds, the page is shorter and `after` leads on. `on` is today.
    """
    if not wanted.words or not wanted.scopes:
        return Found([])
    before = before or place_of(wanted.until + timedelta(days=1), 0)
    look = limit + 1 if wanted.is_exact else max(LOOK, limit + 1)
    places, pks = _look_up(wanted, on=on, before=before, limit=look)
    behind = _not_indexed(user, wanted, pks)
    read = {meeting.pk for meeting in behind}
    rows = [*behind, *(row for row in _read(user, places) if row.pk not in read)]
    found = sorted(
        (row for row in rows if row.place_in_time < before and wanted.is_in(row.body)),
        key=lambda row: -row.place_in_time,
    )
    end = places[-1] if len(places) == look else 0
    found = [row for row in found if row.place_in_time >= end]
    if len(found) > limit:
        return Found(found[:limit], found[limit - 1].place_in_time)
    return Found(found, end or None)


def _read(user: User, places: list[int]) -> Iterable[Meeting]:
    if not places:
        return ()
    rows = Meeting.objects.visible_to(user).filter(text__place__in=places)
    return (
        rows.annotate(body=F("text__body"), place_in_time=F("text__place"))
        .order_by()
        .select_related("branch")
        .only("title", "day", "state", "branch__name", "branch__short_name", "branch__path")
    )


def _not_indexed(user: User, wanted: Wanted, pks: list[int]) -> list[Meeting]:
    """Read what was changed since the index was last brought in step: nothing, as a rule."""
    if not pks:
        return []
    behind = Meeting.objects.visible_to(user).filter(
        pk__in=pks, day__gte=wanted.since, day__lte=wanted.until
    )
    if wanted.kind:
        behind = behind.filter(types__kind=wanted.kind)
    meetings = [
        meeting
        for meeting in behind.select_related("branch").order_by()
        if set(scope_tokens(meeting.branch.path)) & set(wanted.scopes)
    ]
    spoken = spoken_in(meetings) if meetings else {}
    for meeting in meetings:
        meeting.body = "\n".join(spoken[meeting.pk].lines)
        meeting.place_in_time = place_of(meeting.day, meeting.pk)
    return meetings


# What the index does not know yet; asked in the same statement.
BEHIND = """SELECT id, -1 FROM (
SELECT id FROM meetings_meeting WHERE NOT (version = (indexed_version)) ORDER BY id DESC LIMIT %s
) AS behind"""
SQLITE = """SELECT place, 0 AS stage FROM (
SELECT rowid AS place FROM meetings_search WHERE meetings_search MATCH %s
AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT %s) AS found"""
# GIN gives what it finds unsorted: of a common word the last days are enough, and only what is
# rarer is looked for further back. (`place + 0`, for a walk down the places would end soon only for
# words that are common everywhere, and the planner cannot tell: 防汛 and 秸秆 never meet.)
POSTGRESQL = """SELECT place FROM meetings_meetingtext WHERE meetings_tokens(tokens) @> %s
AND meetings_tokens(tokens) && %s AND place + 0 >= %s AND place + 0 < %s"""
LATEST_DAYS, LATEST_MONTHS, YEAR_MONTHS, MONTHS_AHEAD = 8, 2, 12, 15


def time_tokens(day: date) -> list[str]:
    """Return the tokens of a meeting's day and month."""
    return [f"day{day:%Y%m%d}", f"month{day:%Y%m}"]


def _windows(on: date, before: int) -> list[list[str]]:
    """Return the tokens of the last days, months and year up to a place; what is planned, too."""
    last = date.fromordinal(min(before // PLACES_A_DAY, date.max.toordinal()))
    here = min(on, last)
    month = here.year * 12 + here.month - 1
    days = (here + timedelta(days=n) for n in range(1 - LATEST_DAYS, 32))
    ahead = range(month + 1, month + MONTHS_AHEAD if last > on else month + 1)
    return [
        [f"day{day:%Y%m%d}" for day in days] + _months(ahead),
        *(
            _months(range(month - count + 1, month + 1)) + _months(ahead)
            for count in (LATEST_MONTHS, YEAR_MONTHS)
        ),
    ]


def _months(months: Iterable[int]) -> list[str]:
    return [f"month{month // 12}{month % 12 + 1:02}" for month in months]


def _look_up(wanted: Wanted, *, on: date, before: int, limit: int) -> tuple[list[int], list[int]]:
    """Ask the engine's own index for the newest places that have all pairs of the words.

    With them the meetings that are not in the index as they are now.
    """
    tokens = sorted(set().union(*map(words.bigrams, wanted.words)))
    if wanted.kind:
        tokens.append(kind_token(wanted.kind))
    between = (place_of(wanted.since, 0), before)
    if connection.vendor == "sqlite":
        match = f"({' OR '.join(wanted.scopes)}) AND {' AND '.join(tokens)}"
        statement, said = SQLITE, [match, *between, limit]
    else:
        what = [tokens, list(wanted.scopes), *between]
        statement, said = _by_windows(what, _windows(on, before), limit)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} UNION ALL {BEHIND}", [*said, NOT_INDEXED_AT_MOST])
        rows = cursor.fetchall()
    # Each window has all that the one before it had.
    widest = max((window for _number, window in rows), default=0)
    places = sorted((number for number, at in rows if at == widest >= 0), reverse=True)
    return places, [number for number, at in rows if at < 0]


def _by_windows(what: list, windows: list[list[str]], limit: int) -> tuple[str, list]:
    """Write the statement that looks further back only where the windows before found too little."""
    parts, said = [], []
    for number, window in enumerate([*windows, None]):
        part = POSTGRESQL
        said += what
        if window is not None:
            part += " AND meetings_tokens(tokens) && %s"
            said.append(window)
        for earlier in range(number):
            part += f" AND (SELECT count(*) FROM window_{earlier}) < %s"  # noqa: S608
            said.append(limit)
        parts.append(f"window_{number} AS MATERIALIZED ({part} ORDER BY place + 0 DESC LIMIT %s)")
        said.append(limit)
    selects = [f"SELECT place, {n} FROM window_{n}" for n in range(len(parts))]  # noqa: S608
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(selects)}", said
