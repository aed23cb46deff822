"""Verbs that write: meetings and their records, explanations, planned days, ticking checklists."""

from .activity_days import ensure_activity_days, fixed_day, fixed_days
from .explanations import explain_gap, withdraw_explanation
from .obligations import settle_checklists
from .policies import replace_fixed_actions, tighten_obligation
from .reminders import send_activity_reminders

__all__ = [
    "ensure_activity_days",
    "explain_gap",
    "fixed_day",
    "fixed_days",
    "replace_fixed_actions",
    "send_activity_reminders",
    "settle_checklists",
    "tighten_obligation",
    "withdraw_explanation",
]
