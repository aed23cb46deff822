"""Short lines of many kinds, read in one statement.

A first page shows items, meetings, issues and notices beside each other. Read one by one they
would be most of what the page costs; as one UNION they are one statement.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    F,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Replace, TruncDate

from accounts.models import User
from branches.leaders import points_of
from branches.models import Organization
from curriculum.models import ChecklistItem, ItemKind, ItemState, WeeklyMenu
from curriculum.weekly import Week
from inspections.models import BRANCH_STATES, Issue, IssueState
from meetings.checks.base import CheckClass
from meetings.models import Explanation, Meeting, MeetingState, MeetingType
from meetings.reports.check_results import codes_of, results_for
from meetings.reports.leaders import waiting_rows
from meetings.rules import Span
from notifications.models import Notice

Branches = QuerySet[Organization]

# What was planned longer ago than this and never written down is found in the matrix.
PLANNED_SINCE = timedelta(days=31)
NOTICES_SINCE = timedelta(days=30)


class Line(NamedTuple):
    """One line; `number` is a primary key or, where lines are counted, how many there are."""

    what: str
    number: int
    title: str
    day: date | None
    kind: str
    state: str
    url: str
    branch_id: int | None


def read(*parts: QuerySet) -> dict[str, list[Line]]:
    """Read all parts in one statement and sort the lines by what they are, then by day."""
    found: dict[str, list[Line]] = defaultdict(list)
    first, *rest = parts
    for row in first.union(*rest, all=True) if rest else first:
        line = Line(*row)
        found[line.what].append(line)
    for lines in found.values():
        lines.sort(key=lambda line: (line.day or date.max, line.number))
    return found


def counts(lines: Iterable[Line]) -> dict[str, int]:
    """Return how many there are of each kind, for lines made by `_counted`."""
    return {line.kind: line.number for line in lines}


def _lines(rows: QuerySet, what: str, **columns: Any) -> QuerySet:
    """Shape a queryset into lines; columns not given are empty."""
    empty = Value("", output_field=TextField())
    shape = {
        "what": Value(what, output_field=TextField()),
        "number": F("pk"),
        "title": empty,
        # Typed, for PostgreSQL takes a bare NULL in a UNION for a text.
        "day": Cast(Value(None), DateField()),
        "kind": empty,
        "state": empty,
        "url": empty,
        "branch": Cast(Value(None), BigIntegerField()),
        **columns,
    }
    named = {f"line_{name}": expression for name, expression in shape.items()}
    return rows.order_by().annotate(**named).values_list(*named)


def _counted(rows: QuerySet, what: str, kind: Any) -> QuerySet:
    """Shape a queryset into one line for each `kind`, with how many rows are of it."""
    grouped = rows.order_by().annotate(kind_of=kind).values("kind_of")
    return _lines(grouped, what, number=Count("pk"), kind=F("kind_of"))


def week_items(branches: Branches, week: Week) -> QuerySet:
    """The items of the week, open and done, with the address where each is acted on."""
    items = ChecklistItem.objects.filter(
        checklist__monday=week.monday, checklist__branch__in=_keys(branches)
    ).exclude(state=ItemState.RECALLED)
    number = Cast("checklist__branch", CharField())
    return _lines(
        items,
        "item",
        title=F("title"),
        day=F("due_on"),
        kind=F("kind"),
        state=F("state"),
        # The stubs know of a fixed replacement only.
        url=Replace(F("url"), Value("{branch}"), number),  # type: ignore[arg-type]
        branch=F("checklist__branch"),
    )


def planned_meetings(branches: Branches, on: date) -> QuerySet:
    """What is planned or being written, one line a meeting."""
    meetings = Meeting.objects.filter(
        branch__in=_keys(branches),
        state__in=[MeetingState.PLANNED, MeetingState.DRAFT],
        day__gte=on - PLANNED_SINCE,
    )
    return _lines(
        meetings,
        "meeting",
        title=F("title"),
        day=F("day"),
        state=F("state"),
        branch=F("branch"),
    )


def planned_kinds(branches: Branches, view: Span) -> QuerySet:
    """What is planned or being written in `view`, one line for each kind of a meeting."""
    types = MeetingType.objects.filter(
        branch__in=_keys(branches),
        meeting__state__in=[MeetingState.PLANNED, MeetingState.DRAFT],
        meeting__day__gte=view.start,
        meeting__day__lte=view.end,
    )
    return _lines(
        types,
        "planned",
        number=F("meeting"),
        day=F("meeting__day"),
        kind=F("kind"),
        branch=F("branch"),
    )


def issues(branches: Branches, *states: str) -> QuerySet:
    found = Issue.objects.filter(branch__in=_keys(branches), state__in=states)
    return _lines(
        found,
        "issue",
        title=F("title"),
        day=F("due_on"),
        state=F("state"),
        branch=F("branch"),
    )


def issue_counts(branches: Branches, on: date) -> QuerySet:
    """How many issues wait for a branch, are overdue, or wait for a check."""
    found = Issue.objects.filter(branch__in=_keys(branches)).unresolved()
    waiting = Q(state__in=BRANCH_STATES)
    kind = Case(
        When(waiting & Q(due_on__lt=on), then=Value("overdue")),
        When(waiting, then=Value("waiting")),
        default=Value(IssueState.ANSWERED),
        output_field=TextField(),
    )
    return _counted(found, "issues", kind)


def week_counts(branches: Branches, week: Week) -> QuerySet:
    """How many required items of the week are open and how many are settled."""
    items = ChecklistItem.objects.filter(
        checklist__monday=week.monday,
        checklist__branch__in=_keys(branches),
        kind=ItemKind.REQUIRED,
    ).exclude(state=ItemState.RECALLED)
    kind = Case(
        When(state=ItemState.OPEN, then=Value("open")),
        default=Value("settled"),
        output_field=TextField(),
    )
    return _counted(items, "week", kind)


def menus(user: User, week: Week) -> QuerySet:
    """The township's menu of the week, by its state."""
    rows = WeeklyMenu.objects.visible_to(user).filter(monday=week.monday)
    return _lines(rows, "menu", state=F("state"), day=F("monday"))


def notices(user: User, on: date) -> QuerySet:
    """What the person has not read yet."""
    rows = Notice.objects.visible_to(user).unread().filter(created_at__date__gte=on - NOTICES_SINCE)
    return _lines(rows, "notice", title=F("title"), day=TruncDate("created_at"), url=F("url"))


def found_by_checks(user: User, branches: Branches) -> QuerySet:
    """One line for each check that found what nobody has explained; suspicions are no part of it."""
    found = results_for(user).open().filter(branch__in=_keys(branches))
    return _counted(found.exclude(code__in=codes_of(CheckClass.SUSPICION)), "check", F("code"))


def linked_branches(user: User, on: date) -> QuerySet:
    """The branches a leader looks after (联系点), as a stand-in too; `number` is the linked one."""
    return _lines(points_of(user, on=on), "link", number=F("leader"), branch=F("branch"))


def waits(user: User, on: date) -> list[QuerySet]:
    """What waits for a leader, a part for each sort; `boards.waits_of` reads them back.

    `number` is the meeting, `kind` the sort, `state` the meeting's day, `url` the branch's name.
    """
    return [
        _lines(
            rows,
            "wait",
            number=F("wait_meeting"),
            title=F("wait_title"),
            day=F("wait_day"),
            kind=Value(sort, output_field=TextField()),
            state=Cast("wait_held", TextField()),
            url=F("wait_where"),
            branch=F("wait_branch"),
        )
        for sort, rows in waiting_rows(user, on=on).items()
    ]


def organization_names(organizations: "QuerySet[Organization]") -> QuerySet:
    """Organizations by name; `url` holds the path, by which they are sorted."""
    return _lines(organizations, "name", title=F("short_name"), url=F("path"))


def trail(branch_pk: int, *, kind: str, code: str, first: date, last: date, spans: list[date]):
    """Everything behind one cell: the branch's meetings of the kind, and its explanations."""
    meetings = Meeting.objects.filter(
        branch=branch_pk, types__kind=kind, day__gte=first, day__lte=last
    ).exclude(state=MeetingState.CANCELLED)
    explained = Explanation.objects.filter(branch=branch_pk, code=code, period_start__in=spans)
    return (
        organization_names(Organization.objects.filter(pk=branch_pk)),
        _lines(meetings, "meeting", title=F("title"), day=F("day"), state=F("state")),
        _lines(
            explained,
            "explanation",
            title=F("reason"),
            day=F("period_start"),
            kind=F("kind"),
            state=F("by__full_name"),
        ),
    )


def _keys(branches: Branches) -> QuerySet:
    return branches.order_by().values("pk")
