"""The weekly menus and checklists of the sample township, mostly done."""

from datetime import date, datetime, timedelta
from random import Random

from accounts.models import User
from branches.models import Organization
from curriculum.models import (
    ChecklistItem,
    Course,
    ItemKind,
    ItemState,
    MenuEntry,
    MenuState,
    WeeklyChecklist,
    WeeklyMenu,
)
from curriculum.services import ensure_checklists
from curriculum.weekly import Week
from meetings.models import Meeting, MeetingKind
from meetings.rules import Span

from . import phrases
from .room import moment

WEEKS = 8


def build(township: Organization, staff: User, today: date, rng: Random) -> None:
    """The last weeks' menus and checklists, mostly done, and this week's as it stands."""
    this_week = Week.containing(today)
    weeks = [this_week]
    for _ in range(WEEKS):
        weeks.insert(0, weeks[0].previous)
    for n, week in enumerate(weeks):
        opened = moment(week.monday, 8)
        _menu(township, staff, week, opened, n)
        ensure_checklists(week, at=opened)
        _tick_meetings_held(township, week)
        _finish(township, week, rng, share=0.35 if week == this_week else 0.9)
    _draft_menu(township, this_week.next)


def _menu(township: Organization, staff: User, week: Week, at: datetime, n: int) -> None:
    menu = WeeklyMenu.objects.create(
        township=township,
        monday=week.monday,
        state=MenuState.PUBLISHED,
        published_at=at,
        published_by=staff,
    )
    _add_entries(menu, [phrases.MENU_ENTRIES[(n + i) % 5] for i in range(2)])


def _draft_menu(township: Organization, week: Week) -> None:
    menu = WeeklyMenu.objects.create(township=township, monday=week.monday)
    _add_entries(menu, [phrases.MENU_ENTRIES[0], phrases.MENU_ENTRIES[3]])


def _add_entries(menu: WeeklyMenu, entries: list[tuple]) -> None:
    for position, (title, basis, kind, detail) in enumerate(entries, start=1):
        course = Course.objects.filter(township=menu.township, title__contains=title[:4]).first()
        MenuEntry.objects.create(
            menu=menu,
            title=title,
            basis=basis,
            kind=kind,
            detail=detail,
            due_on=menu.sunday - timedelta(days=1),
            position=position,
            course=course,
        )


def _tick_meetings_held(township: Organization, week: Week) -> None:
    """What was held in the week stands ticked on it, as it would have been that evening."""
    checklists = dict(
        WeeklyChecklist.objects.filter(monday=week.monday, branch__township=township).values_list(
            "branch", "pk"
        )
    )
    rows = []
    held = Meeting.objects.filter(
        township=township, day__gte=week.monday, day__lte=week.sunday
    ).counted()
    for meeting in held.prefetch_related("types"):
        for kind in meeting.types.all():
            if kind.kind not in (MeetingKind.THEME_DAY, MeetingKind.COMMITTEE):
                continue
            span = Span.containing(meeting.day, "month")
            rows.append(
                ChecklistItem(
                    checklist_id=checklists[meeting.branch_id],
                    key=f"meetings.owed:{kind.kind}:{span}",
                    kind=ItemKind.REQUIRED,
                    title=f"{meeting.day.month}月{MeetingKind(kind.kind).label}",
                    basis="《支部工作条例》第16条"
                    if kind.kind == MeetingKind.THEME_DAY
                    else "《支部工作条例》第12条",
                    due_on=meeting.day,
                    state=ItemState.DONE,
                    settled_at=meeting.submitted_at,
                    evidence_url=meeting.get_absolute_url(),
                    evidence_title=meeting.title,
                )
            )
    ChecklistItem.objects.bulk_create(rows, ignore_conflicts=True)


def _finish(township: Organization, week: Week, rng: Random, *, share: float) -> None:
    items = ChecklistItem.objects.filter(
        checklist__monday=week.monday,
        checklist__branch__township=township,
        key__startswith="curriculum.entry:",
        state=ItemState.OPEN,
    ).order_by("pk")
    done = [item for item in items if rng.random() < share]
    for item in done:
        item.state = ItemState.DONE
        item.settled_at = moment(week.monday + timedelta(days=rng.randint(0, 1)), 16)
        item.note = "已办"
        if rng.random() < 0.06:
            item.state, item.note = ItemState.NOT_APPLICABLE, "本支部无此类对象"
    ChecklistItem.objects.bulk_update(done, ["state", "settled_at", "note"])
