"""Verbs that write: opening weeks, composing menus, settling items."""

from .generation import ensure_checklists, open_due_week, settle_items
from .items import finish_item, mark_not_applicable, reopen_item
from .menus import (
    apply_entry,
    cancel_schedule,
    copy_entries,
    entry_key,
    hold_excess,
    lists_are_open,
    make_offered,
    menu_for,
    publish_due_menus,
    publish_menu,
    recall_entry,
    schedule_menu,
)
from .weeks import announce_week, open_missed_week, open_weeks

__all__ = [
    "announce_week",
    "apply_entry",
    "cancel_schedule",
    "copy_entries",
    "ensure_checklists",
    "entry_key",
    "finish_item",
    "hold_excess",
    "lists_are_open",
    "make_offered",
    "mark_not_applicable",
    "menu_for",
    "open_due_week",
    "open_missed_week",
    "open_weeks",
    "publish_due_menus",
    "publish_menu",
    "recall_entry",
    "reopen_item",
    "schedule_menu",
    "settle_items",
]
