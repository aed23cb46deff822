"""Composing and publishing a township's week, and putting things right after publishing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import Organization
from config.language import in_source_script
from curriculum.menu import ENTRY_KEY
from curriculum.models import (
    ChecklistItem,
    ItemKind,
    ItemState,
    MenuEntry,
    MenuState,
    WeeklyChecklist,
    WeeklyMenu,
)
from curriculum.reports import audience_of, secretaries_of, week_load
from curriculum.weekly import Week
from notifications.services import notify

from .generation import ensure_checklists
from .trace import trace


def menu_for(township: Organization, week: Week) -> WeeklyMenu:
    """Return the township's menu of the week; make an empty draft where there is none."""
    menu, _created = WeeklyMenu.objects.get_or_create(township=township, monday=week.monday)
    return menu


@transaction.atomic
def copy_entries(source: WeeklyMenu, *, into: WeeklyMenu) -> int:
    """Copy the entries of another week that `into` does not have; return how many.

    Deadlines keep their weekday; closed courses are left out.
    """
    if into.state != MenuState.DRAFT:
        return 0
    shift = into.monday - source.monday
    known = set(into.entries.values_list("title", flat=True))
    copied = 0
    for entry in source.entries.select_related("course").prefetch_related("audience"):
        if entry.title in known:
            continue
        audience = list(entry.audience.all())
        course = entry.course if entry.course and entry.course.is_open else None
        copy = MenuEntry.objects.create(
            menu=into,
            title=entry.title,
            detail=entry.detail,
            basis=entry.basis,
            kind=entry.kind,
            due_on=entry.due_on + shift,
            course=course,
            position=entry.position,
        )
        copy.audience.set(audience)
        copied += 1
    return copied


@transaction.atomic
def make_offered(entry: MenuEntry, *, by: User, at: datetime) -> bool:
    """Turn a required entry into an offered one, on open lists too; False if it was offered."""
    if entry.kind == ItemKind.OFFERED:
        return False
    entry.kind = ItemKind.OFFERED
    entry.save(update_fields=["kind"])
    apply_entry(entry, by=by, at=at)
    return True


# --- Publishing --------------------------------------------------------------------------------


def schedule_menu(menu: WeeklyMenu, *, publish_at: datetime, by: User) -> bool:
    """Let beat publish the draft at that moment in the name of `by`; False if it is no draft."""
    return _plan(menu, publish_at, by=by)


def cancel_schedule(menu: WeeklyMenu, *, by: User) -> bool:
    """Take the draft back from beat; False if it was published meanwhile."""
    return _plan(menu, None, by=by)


@transaction.atomic
def _plan(menu: WeeklyMenu, publish_at: datetime | None, *, by: User) -> bool:
    planned = WeeklyMenu.objects.filter(pk=menu.pk, state=MenuState.DRAFT).update(
        publish_at=publish_at, published_by=by if publish_at else None
    )
    if not planned:
        return False
    trace(menu, by=by, publish_at=(menu.publish_at, publish_at))
    menu.publish_at = publish_at
    return True


def hold_excess(menu: WeeklyMenu, *, by: User) -> bool:
    """Take a draft back from beat when a branch is over the ceiling; return whether it was.

    Its author confirmed other numbers than these when setting the moment.
    """
    if menu.publish_at is None:
        return False
    asked = week_load(menu.township, Week(menu.monday))
    return bool(asked.load.excess) and cancel_schedule(menu, by=by)


@in_source_script
@transaction.atomic
def publish_menu(menu: WeeklyMenu, *, by: User | None, at: datetime) -> bool:
    """Publish the draft; return False if it was published already.

    Before its week opens, the entries wait for Monday. Once the lists are open they are added at
    once, and the secretaries of the branches that got something, and they alone, are told.
    """
    claimed = WeeklyMenu.objects.filter(pk=menu.pk, state=MenuState.DRAFT).update(
        state=MenuState.PUBLISHED, published_at=at, published_by=by, publish_at=None
    )
    if not claimed:
        return False
    trace(menu, by=by, state=(MenuState.DRAFT, MenuState.PUBLISHED))
    menu.refresh_from_db()
    if lists_are_open(menu, at=at):
        added = _add_to_lists(menu, _items_of(menu.entries.all()), at=at)
        _tell(
            added,
            key=f"curriculum.menu:{menu.pk}",
            title=_("本周党建工作清单有新增事项"),
            text="\n".join(menu.entries.values_list("title", flat=True)),
            at=at,
        )
    return True


def publish_due_menus(*, at: datetime) -> int:
    """Publish every draft whose moment has come, in the name of who set it; return how many."""
    due = WeeklyMenu.objects.due(at).select_related("published_by")
    return sum(publish_menu(menu, by=menu.published_by, at=at) for menu in due)


def lists_are_open(menu: WeeklyMenu, *, at: datetime) -> bool:
    """Say whether the branches have their lists of the menu's week, and the week is not over."""
    is_over = menu.sunday < timezone.localdate(at)
    return (
        not is_over
        and WeeklyChecklist.objects.filter(
            monday=menu.monday, branch__township=menu.township_id
        ).exists()
    )


# --- After publishing --------------------------------------------------------------------------


@in_source_script
@transaction.atomic
def apply_entry(entry: MenuEntry, *, by: User, at: datetime) -> int:
    """Bring open lists in line with an entry added or corrected after publishing.

    Open items take over its text, branches that are no longer meant lose it, new ones get it; what
    is done stays done. Those for whom something changed are told. Returns how many branches.
    """
    menu = entry.menu
    if menu.state != MenuState.PUBLISHED or not lists_are_open(menu, at=at):
        return 0
    items = _items_of([entry])
    audience = audience_of(entry).order_by().values("pk")
    meant = items.filter(checklist__branch__in=audience)
    removed = items.filter(state=ItemState.OPEN).exclude(checklist__branch__in=audience)
    touched = _recall(removed, reason=_("不再面向本支部"), by=by, at=at)
    touched |= _change(
        meant.filter(state=ItemState.RECALLED),
        state=ItemState.OPEN,
        settled_at=None,
        settled_by=None,
        note="",
    )
    touched |= _change(meant.filter(state=ItemState.OPEN).exclude(_same(entry)), **_texts(entry))
    touched |= _add_to_lists(menu, items, at=at)
    _tell(
        touched,
        key=f"curriculum.entry:{entry.pk}:{at.timestamp():.0f}",
        title=_("党建工作清单有变动：%(title)s") % {"title": entry.title},
        at=at,
    )
    return len(touched)


@in_source_script
@transaction.atomic
def recall_entry(entry: MenuEntry, *, reason: str, by: User, at: datetime) -> int:
    """Take an entry out of the menu and its open items off the lists; return how many branches.

    What is done stays done; the entry itself remains in the audit log.
    """
    touched = _recall(_items_of([entry]).filter(state=ItemState.OPEN), reason=reason, by=by, at=at)
    _tell(
        touched,
        key=f"curriculum.entry_recalled:{entry.pk}",
        title=_("党建工作清单事项已撤回：%(title)s") % {"title": entry.title},
        text=reason,
        at=at,
    )
    entry.delete()
    return len(touched)


def _texts(entry: MenuEntry) -> dict:
    """What an item takes over from its entry."""
    return {
        "kind": entry.kind,
        "title": entry.title,
        "detail": entry.detail,
        "basis": entry.basis,
        "due_on": entry.due_on,
        "url": reverse("curriculum:course_detail", args=[entry.course_id])
        if entry.course_id
        else "",
    }


def _same(entry: MenuEntry) -> Q:
    return Q(**_texts(entry))


def entry_key(entry: MenuEntry) -> str:
    """Return the key of the items that came from an entry."""
    return f"{ENTRY_KEY}{entry.pk}"


def _items_of(entries: Iterable[MenuEntry]) -> "QuerySet[ChecklistItem]":
    return ChecklistItem.objects.filter(key__in=[entry_key(entry) for entry in entries]).order_by()


def _branches_of(items: "QuerySet[ChecklistItem]") -> set[int]:
    return set(items.values_list("checklist__branch", flat=True))


def _change(items: "QuerySet[ChecklistItem]", **values) -> set[int]:
    """Update the items and return the branches they belong to."""
    touched = _branches_of(items)
    items.update(**values)
    return touched


def _recall(items: "QuerySet[ChecklistItem]", *, reason: str, by: User, at: datetime) -> set[int]:
    return _change(items, state=ItemState.RECALLED, settled_at=at, settled_by=by, note=reason)


def _add_to_lists(menu: WeeklyMenu, items: "QuerySet[ChecklistItem]", *, at: datetime) -> set[int]:
    """Let the open week take in what it lacks; return the branches that got some of `items`."""
    known = list(items.values_list("pk", flat=True))
    township = Organization.objects.filter(pk=menu.township_id)
    ensure_checklists(Week(menu.monday), at=at, townships=township)
    return _branches_of(items.exclude(pk__in=known))


def _tell(branch_ids: set[int], *, key: str, title: str, text: str = "", at: datetime) -> None:
    """Write to the secretaries of these branches, and to nobody else."""
    if not branch_ids:
        return
    branches = Organization.objects.filter(pk__in=branch_ids)
    notify(
        secretaries_of(branches, timezone.localdate(at)),
        key=key,
        title=title,
        text=text,
        url=reverse("curriculum:checklist_current"),
        at=at,
    )
