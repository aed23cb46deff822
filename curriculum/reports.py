"""Reads over many rows: what a week asks of each branch, how far every branch is, the week's text."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import Duty, DutyKind, Organization, OrganizationKind
from curriculum.menu import ENTRY_KEY, entry_rows
from curriculum.models import (
    ChecklistItem,
    ItemKind,
    ItemState,
    MenuEntry,
    WeeklyChecklist,
    WeeklyMenu,
    WeeklyPolicy,
)
from curriculum.weekly import ITEM_COLUMNS, Week, item_rows, weekly_menu

SHOWN_WEEKS = 8


def secretaries_of(branches: "QuerySet[Organization]", on: date) -> "QuerySet[User]":
    """Return who is secretary of one of the branches, or of the general branch above it, that day."""
    parents = branches.filter(parent__kind=OrganizationKind.GENERAL_BRANCH)
    duties = (
        Duty.objects.in_force(on)
        .filter(kind=DutyKind.SECRETARY)
        .filter(
            Q(organization__in=branches.order_by().values("pk"))
            | Q(organization__in=parents.order_by().values("parent"))
        )
    )
    return User.objects.filter(pk__in=duties.order_by().values("user"))


def audience_of(entry: MenuEntry) -> "QuerySet[Organization]":
    """Return the branches an entry is for; without a named audience, all of its township."""
    everyone = Organization.objects.branches().filter(township=entry.menu.township_id)
    named = entry.audience.order_by().values("pk")
    return everyone.filter(pk__in=named) if named.exists() else everyone


# --- What a week asks --------------------------------------------------------------------------


class Line(NamedTuple):
    """One item on one branch's list of a week, there already or still to come."""

    branch_id: int
    key: str
    kind: str
    title: str
    detail: str
    basis: str
    due_on: date
    url: str

    @property
    def is_required(self) -> bool:
        return self.kind == ItemKind.REQUIRED

    @property
    def is_entry(self) -> bool:
        """Say whether staff wrote it, rather than a rule or another app."""
        return self.key.startswith(ENTRY_KEY)


def week_lines(branches: "QuerySet[Organization]", week: Week) -> list[Line]:
    """Return every line of the branches' week: on the lists, from the rules, from the menu.

    A draft's entries count as if published, so that staff see the load before it is there. One
    statement, besides what the providers need to find their rules.
    """
    existing = ChecklistItem.objects.filter(
        checklist__monday=week.monday, checklist__branch__in=branches.order_by().values("pk")
    ).exclude(state=ItemState.RECALLED)
    menus = WeeklyMenu.objects.filter(monday=week.monday)
    sources = [
        *entry_rows(branches, menus),
        item_rows(existing, branch="checklist__branch", **{name: F(name) for name in ITEM_COLUMNS}),
        *weekly_menu.rows(branches, week),
    ]
    lines: dict[tuple[int, str], Line] = {}
    for line in _union(sources):
        lines.setdefault((line.branch_id, line.key), line)
    return sorted(lines.values(), key=lambda line: (line.kind != ItemKind.REQUIRED, line.due_on))


def _union(sources: Iterable[QuerySet]) -> list[Line]:
    """Read all item querysets in one statement, in their order."""
    columns = ", ".join(f"offered.item_{name}" for name in ITEM_COLUMNS)
    parts, params = [], []
    for place, rows in enumerate(sources):
        sql, values = rows.query.sql_with_params()
        parts.append(
            f"SELECT {place} AS place, offered.branch_ref, {columns} FROM ({sql}) AS offered"
        )
        params.extend(values)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY place", params)
        return [_line(*row[1:]) for row in cursor.fetchall()]


def _line(branch_id, key, kind, title, detail, basis, due_on, url) -> Line:
    # SQLite keeps dates as text, and a raw cursor hands them out so.
    if isinstance(due_on, str):
        due_on = date.fromisoformat(due_on)
    return Line(branch_id, key, kind, title, detail, basis, due_on, url)


class Share(NamedTuple):
    """One matter of the week that comes by itself, and how many branches it is asked of."""

    title: str
    kind: str
    basis: str
    branches: int

    @property
    def is_required(self) -> bool:
        return self.kind == ItemKind.REQUIRED


def shares(lines: Iterable[Line]) -> list[Share]:
    """Count the branches of each matter that the week brings without staff, required first."""
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    for line in lines:
        if not line.is_entry:
            counts[line.title, line.kind, line.basis] += 1
    found = [Share(title, kind, basis, n) for (title, kind, basis), n in counts.items()]
    return sorted(found, key=lambda share: (not share.is_required, -share.branches, share.title))


class Excess(NamedTuple):
    """A branch whose week holds more required items than the township's ceiling."""

    branch: Organization
    required: int
    over: int


class Load(NamedTuple):
    """How much a week asks: the least and the most required items of a branch, and who has too much."""

    least: int
    most: int
    ceiling: int
    excess: list[Excess]


def load(branches: Iterable[Organization], lines: Iterable[Line], *, ceiling: int) -> Load:
    """Hold the required lines of each branch against the ceiling (减负: 必做 at most five a week)."""
    required = dict.fromkeys((branch.pk for branch in branches), 0)
    for line in lines:
        if line.is_required and line.branch_id in required:
            required[line.branch_id] += 1
    excess = [
        Excess(branch, required[branch.pk], required[branch.pk] - ceiling)
        for branch in branches
        if required[branch.pk] > ceiling
    ]
    counts = required.values() or [0]
    return Load(min(counts), max(counts), ceiling, excess)


class WeekLoad(NamedTuple):
    branches: list[Organization]
    lines: list[Line]
    load: Load


def week_load(
    township: Organization,
    week: Week,
    *,
    replacing: MenuEntry | None = None,
    audience: Collection[int] = (),
) -> WeekLoad:
    """Return what the week asks of every branch of the township, with its load.

    With `replacing`, the load is what it would be if that entry, saved or not, were required for
    `audience` (empty: for all).
    """
    branches = Organization.objects.branches().existing(week.monday).filter(township=township)
    lines = week_lines(branches, week)
    found = list(branches)
    if replacing is not None:
        key = f"{ENTRY_KEY}{replacing.pk}"
        lines = [line for line in lines if line.key != key]
        lines += [
            Line(branch.pk, key, ItemKind.REQUIRED, "", "", "", week.sunday, "")
            for branch in found
            if not audience or branch.pk in audience
        ]
    return WeekLoad(found, lines, load(found, lines, ceiling=policy_of(township).ceiling))


def name_excess(excess: Iterable[Excess]) -> str:
    return "、".join(
        _("%(branch)s（%(required)s项）") % {"branch": row.branch, "required": row.required}
        for row in excess
    )


def policy_of(township: Organization) -> WeeklyPolicy:
    """Return the township's settings, or the defaults; no query if `weekly_policy` is loaded."""
    try:
        return township.weekly_policy
    except WeeklyPolicy.DoesNotExist:
        return WeeklyPolicy(township=township)


# --- How far everybody is ----------------------------------------------------------------------


class BranchProgress(NamedTuple):
    """One branch's week: its checklist (None while it is not open yet) and what is still open."""

    branch: Organization
    checklist: WeeklyChecklist | None
    open_items: list[ChecklistItem]

    @property
    def is_done(self) -> bool:
        return self.checklist is not None and self.checklist.settled == self.checklist.required


def progress(branches: "QuerySet[Organization]", week: Week) -> list[BranchProgress]:
    """Return how far each branch is, in the order of the tree, in three statements."""
    pks = branches.order_by().values("pk")
    checklists = {
        row.branch_id: row
        for row in WeeklyChecklist.objects.filter(monday=week.monday, branch__in=pks)
        .with_progress()
        .order_by()
    }
    open_items = defaultdict(list)
    for item in ChecklistItem.objects.filter(
        checklist__monday=week.monday,
        checklist__branch__in=pks,
        kind=ItemKind.REQUIRED,
        state=ItemState.OPEN,
    ).order_by("due_on", "pk"):
        open_items[item.checklist_id].append(item)
    return [
        BranchProgress(branch, row, open_items[row.pk] if row else [])
        for branch in branches
        for row in [checklists.get(branch.pk)]
    ]


class WeekTotal(NamedTuple):
    """The required items of all branches in one week, and how many were settled."""

    week: Week
    branches: int
    required: int
    settled: int


def week_totals(branches: "QuerySet[Organization]", *, until: Week) -> list[WeekTotal]:
    """Return the last weeks up to `until`, newest first, in one statement."""
    required = Q(items__kind=ItemKind.REQUIRED)
    rows = (
        WeeklyChecklist.objects.filter(
            branch__in=branches.order_by().values("pk"),
            monday__lte=until.monday,
            monday__gt=until.monday - timedelta(weeks=SHOWN_WEEKS),
        )
        .order_by("-monday")
        .values("monday")
        .annotate(
            branches=Count("branch", distinct=True),
            required=Count("items", filter=required),
            settled=Count("items", filter=required & ~Q(items__state=ItemState.OPEN)),
        )
        .values_list("monday", "branches", "required", "settled")
    )
    return [WeekTotal(Week(monday), *counts) for monday, *counts in rows]


# --- One branch's page -------------------------------------------------------------------------


class Arranged(NamedTuple):
    """The items of one list as its page shows them."""

    required: list[ChecklistItem]
    offered: list[ChecklistItem]
    settled: list[ChecklistItem]
    gone: list[ChecklistItem]  # carried into the next week, or recalled

    @property
    def required_total(self) -> int:
        counted = (*self.required, *self.settled)
        return sum(item.is_required for item in counted)

    @property
    def required_settled(self) -> int:
        return sum(item.is_required for item in self.settled)


def arrange(items: Iterable[ChecklistItem]) -> Arranged:
    found = Arranged([], [], [], [])
    for item in items:
        if item.state in (ItemState.DONE, ItemState.NOT_APPLICABLE):
            found.settled.append(item)
        elif item.state in (ItemState.CARRIED, ItemState.RECALLED):
            found.gone.append(item)
        elif item.is_required:
            found.required.append(item)
        else:
            found.offered.append(item)
    return found


def week_text(checklist: WeeklyChecklist, items: Iterable[ChecklistItem], *, note: str = "") -> str:
    """Write the week as plain numbered text for the branch's group chat.

    It names matters and dates and nothing else: no person, no link that would ask for an account.
    """
    listed = [item for item in items if item.state not in (ItemState.RECALLED, ItemState.CARRIED)]
    span = _("%(first)s—%(last)s") % {
        "first": date_format(checklist.monday, "n月j日"),
        "last": date_format(checklist.sunday, "n月j日"),
    }
    parts = [_("【党建工作清单】%(branch)s %(span)s") % {"branch": checklist.branch, "span": span}]
    if note:
        parts.append(note)
    for kind in ItemKind:
        chosen = [item for item in listed if item.kind == kind]
        if chosen:
            parts.append(_("%(kind)s：") % {"kind": kind.label})
            parts.extend(_numbered(chosen, checklist.branch_id))
    return "\n".join(parts)


def is_excused(item: ChecklistItem, branch_id: int) -> bool:
    """Say whether an explanation closed the matter: then it was not done, and nothing says so."""
    url = weekly_menu.excuse_url(item.key, branch_id)
    return bool(url) and item.evidence_url == url


def _numbered(items: list[ChecklistItem], branch_id: int) -> Iterable[str]:
    for number, item in enumerate(items, 1):
        word = _("已说明") if is_excused(item, branch_id) else item.get_state_display()
        mark = "" if item.state == ItemState.OPEN else f"（{word}）"
        until = _("%(day)s前") % {"day": date_format(item.due_on, "n月j日")}
        yield f"{number}. {item.title}（{until}）{mark}"
