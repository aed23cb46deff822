"""Verbs that write: opening weeks, composing menus, settling items, keeping courses."""

from .generation import ensure_checklists, open_due_week, settle_items

__all__ = ["ensure_checklists", "open_due_week", "settle_items"]
