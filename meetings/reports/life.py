"""What a record has beyond its agenda: criticism, problems, grades, and the names of an election."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import CharField, DateField, IntegerField, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from meetings.models import (
    AgendaItem,
    Appraisal,
    Candidate,
    Criticism,
    Meeting,
    MeetingKind,
    Problem,
    VoteRule,
)
from meetings.record import Choice, TalkPair


class Said(NamedTuple):
    """One row of 批评与自我批评."""

    pk: int
    speaker_id: int
    target_id: int | None
    text: str


class Found(NamedTuple):
    """One row of 查摆问题."""

    pk: int
    member_id: int | None
    responsible_id: int | None
    text: str
    remedy: str
    due_on: date | None


class Graded(NamedTuple):
    """One member's ballots and grade."""

    member_id: int
    excellent: int
    qualified: int
    basic: int
    unqualified: int
    grade: str
    note: str


@dataclass(frozen=True)
class Life:
    remarks: tuple[Said, ...] = ()
    shortcomings: tuple[Found, ...] = ()
    assessed: tuple[Graded, ...] = ()
    # The names on the ballots, by the item voted on.
    choices: dict[int, tuple[Choice, ...]] | None = None

    def choices_of(self, item: AgendaItem) -> tuple[Choice, ...]:
        return (self.choices or {}).get(item.pk, ())


NO_LIFE = Life()
PARTS = frozenset({MeetingKind.ORG_LIFE, MeetingKind.EVALUATION})


def life_of(meeting: Meeting, agenda: tuple[AgendaItem, ...], kinds: tuple[str, ...]) -> Life:
    """Read all of it in one statement, and in none where the kinds and votes have nothing of it."""
    has_election = any(_is_election(item) for item in agenda)
    if meeting.pk is None or not (PARTS & set(kinds) or has_election):
        return NO_LIFE
    rows = _remarks(meeting).union(
        _shortcomings(meeting), _assessed(meeting), _choices(meeting), all=True
    )
    found: dict[str, list[tuple]] = defaultdict(list)
    for what, *row in sorted(rows, key=lambda row: (row[0], row[1], row[2])):
        found[what].append(tuple(row))
    choices: dict[int, tuple[Choice, ...]] = {}
    for _place, _pk, item_id, _who, name, _more, in_favour, *_rest in found["choice"]:
        choices[item_id] = (*choices.get(item_id, ()), Choice(name, in_favour))
    return Life(
        remarks=tuple(Said(pk, a, b, text) for _place, pk, a, b, text, *_rest in found["remark"]),
        shortcomings=tuple(
            Found(pk, a, b, text, more, due_on)
            for _place, pk, a, b, text, more, *_numbers, due_on in found["problem"]
        ),
        assessed=tuple(
            Graded(a, *numbers, grade, note)
            for _place, _pk, a, _b, grade, note, *numbers, _due_on in found["appraisal"]
        ),
        choices=choices,
    )


def _is_election(item: AgendaItem) -> bool:
    vote = getattr(item, "vote", None)
    return vote is not None and vote.rule == VoteRule.ELECTION


_NO_NUMBER = Cast(Value(None), IntegerField())
_NO_DAY = Cast(Value(None), DateField())
_ZERO = Value(0, output_field=IntegerField())


def _columns(rows, what: str, *columns):
    """Bring one of the four tables to the columns that they share: place, row, two ids, two texts,
    four numbers, a day."""
    return rows.order_by().values_list(Value(what, output_field=CharField()), *columns)


def _text(name: str):
    return Cast(name, TextField()) if name else Value("", output_field=TextField())


def _remarks(meeting: Meeting):
    return _columns(
        Criticism.objects.filter(meeting=meeting),
        "remark", "position", "pk", "speaker", "target", _text("text"), _text(""),
        _ZERO, _ZERO, _ZERO, _ZERO, _NO_DAY,
    )  # fmt: skip


def _shortcomings(meeting: Meeting):
    return _columns(
        Problem.objects.filter(meeting=meeting),
        "problem", "position", "pk", "member", "responsible", _text("text"), _text("remedy"),
        _ZERO, _ZERO, _ZERO, _ZERO, "due_on",
    )  # fmt: skip


def _assessed(meeting: Meeting):
    return _columns(
        Appraisal.objects.filter(meeting=meeting),
        "appraisal", _ZERO, "pk", "member", _NO_NUMBER, _text("grade"), _text("note"),
        "excellent", "qualified", "basic", "unqualified", _NO_DAY,
    )  # fmt: skip


def _choices(meeting: Meeting):
    return _columns(
        Candidate.objects.filter(vote__item__meeting=meeting),
        "choice", "position", "pk", "vote__item", _NO_NUMBER, _text("name"), _text(""),
        "in_favour", _ZERO, _ZERO, _ZERO, _NO_DAY,
    )  # fmt: skip


def pair_name(pair: TalkPair) -> str:
    """Name a 谈心谈话 by the pair that it was between."""
    return {
        TalkPair.COMMITTEE: _("支委之间谈心谈话"),
        TalkPair.MIXED: _("支委与党员谈心谈话"),
        TalkPair.MEMBERS: _("党员之间谈心谈话"),
    }[pair]
