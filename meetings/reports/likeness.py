"""Which records read alike: candidates by shared bands, then compared for real."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q

from branches.models import Organization
from meetings import words
from meetings.checks.facts import Alike
from meetings.models import DatedDocument, FixedAction, Meeting, Prompt, SharedText

from .spoken import spoken_in

# How far back a copied record is looked for.
YEARS_BACK = 3
# Of each band only the newest: a text that thousands share shows itself in the first few.
NEWEST_OF_BAND = 40
COMPARED_AT_MOST = 20
# SQLite joins no more than 500 selects in one statement.
ASKED_AT_ONCE = 500 // words.BANDS


@dataclass(frozen=True, slots=True)
class Asked:
    """A record to find others like: it need not be saved yet.

    `said` is its minutes, resolutions and summary; `joint_id` the meeting it was held as part of.
    """

    township_id: int | None
    branch_id: int
    day: date
    said: str
    meeting_id: int | None = None
    joint_id: int | None = None


def shared_pieces(townships: Collection[int | None]) -> dict[int | None, tuple[str, ...]]:
    """Return, for each township, what its branches share rightly: four statements."""
    own = Q(township__in=[pk for pk in townships if pk])
    texts: dict[int | None, list[str]] = defaultdict(list)
    for rows in (
        SharedText.objects.filter(own).values_list("township", "text"),
        FixedAction.objects.filter(own).values_list("township", "name"),
        Prompt.objects.filter(own | Q(township=None)).values_list("township", "text"),
        DatedDocument.objects.filter(own | Q(township=None)).values_list("township", "title"),
    ):
        for township, text in rows.order_by():
            texts[township].append(text)
    everyones = texts.pop(None, [])
    return {pk: words.pieces([*everyones, *texts.get(pk, ())]) for pk in townships}


def alike(asked: Asked) -> list[Alike]:
    """Return the records of the township that read like this one, most alike first."""
    return alike_each([asked])[0]


def alike_each(asked: Iterable[Asked]) -> list[list[Alike]]:
    """Answer for several records at once, in eight statements and one for each forty of them."""
    asked = list(asked)
    shared = shared_pieces({one.township_id for one in asked})
    branches = Organization.objects.in_bulk({one.branch_id for one in asked})
    runs = [
        own_runs(one.said, branches.get(one.branch_id), shared[one.township_id]) for one in asked
    ]
    near = []
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = slice(start, start + ASKED_AT_ONCE)
        near += _candidates(asked[some], [words.bands(found) for found in runs[some]])
    wanted = {pk for found in near for pk in found}
    meetings = {
        meeting.pk: meeting
        for meeting in Meeting.objects.filter(pk__in=wanted)
        .select_related("branch")
        .only("title", "day", "summary", "joint", "township", "branch__name", "branch__short_name")
    }
    spoken = spoken_in(list(meetings.values())) if meetings else {}
    others: dict[int, frozenset[str]] = {}
    answers = []
    for one, mine, found in zip(asked, runs, near, strict=True):
        rows = []
        for pk in found:
            meeting = meetings.get(pk)
            if meeting is None or not _is_compared(one, meeting):
                continue
            if pk not in others:
                common = shared.get(meeting.township_id, ())
                others[pk] = own_runs(spoken[pk].said, meeting.branch, common)
            ratio = words.likeness(mine, others[pk])
            rows.append(
                Alike(
                    meeting_id=pk,
                    title=meeting.title,
                    branch=meeting.branch.short_name,
                    day=meeting.day,
                    ratio=ratio,
                    is_own_branch=meeting.branch_id == one.branch_id,
                )
            )
        answers.append(sorted(rows, key=lambda row: (-row.ratio, row.meeting_id)))
    return answers


def own_runs(said: str, branch: Organization | None, shared: tuple[str, ...]) -> frozenset[str]:
    """Return what a branch said in runs of characters, without what is shared and its own name."""
    text = words.without(words.bare(said), shared)
    if branch is not None:
        text = words.without(text, words.names(branch.name, branch.short_name))
    return words.shingles(text)


def _is_compared(asked: Asked, meeting: Meeting) -> bool:
    """Leave out the record itself, its joint meeting's others, later ones and long past ones."""
    is_joint = asked.joint_id is not None and meeting.joint_id == asked.joint_id
    is_near = asked.day - timedelta(days=366 * YEARS_BACK) <= meeting.day <= asked.day
    return meeting.pk != asked.meeting_id and not is_joint and is_near


# A walk down the index for each band, however many records share it.
BAND = """SELECT * FROM (SELECT CAST(%s AS integer) AS number, meeting_id FROM meetings_textband
WHERE township_id = %s AND band = %s ORDER BY meeting_id DESC LIMIT %s) AS newest"""


def _candidates(asked: Sequence[Asked], bands: Sequence[tuple[int, ...]]) -> list[list[int]]:
    """Return, for each record, the meetings that share most bands with it, newer before older."""
    parameters = [
        (number, one.township_id, band, NEWEST_OF_BAND)
        for number, (one, found) in enumerate(zip(asked, bands, strict=True))
        if one.township_id is not None
        for band in found
    ]
    shared: list[Counter[int]] = [Counter() for _one in asked]
    if parameters:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([BAND] * len(parameters)), sum(parameters, ()))
            for number, pk in cursor.fetchall():
                shared[number][pk] += 1
    return [
        sorted(found.keys() - {one.meeting_id}, key=lambda pk: (-found[pk], -pk))[:COMPARED_AT_MOST]
        for one, found in zip(asked, shared, strict=True)
    ]
