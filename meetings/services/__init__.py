"""Verbs that write: meetings and their records, explanations, planned days, ticking checklists."""

from .activity_days import ensure_activity_days, fixed_days
from .explanations import explain_gap, withdraw_explanation
from .meetings import (
    IncompleteRecord,
    amend_record,
    archive_meeting,
    cancel_meeting,
    plan_meeting,
    save_record,
    submit_record,
    withdraw_record,
)
from .obligations import settle_checklists
from .photos import add_photos, remove_photo
from .policies import replace_fixed_actions, tighten_obligation
from .reminders import send_activity_reminders
from .writing import StaleRecord

__all__ = [
    "IncompleteRecord",
    "StaleRecord",
    "add_photos",
    "amend_record",
    "archive_meeting",
    "cancel_meeting",
    "ensure_activity_days",
    "explain_gap",
    "fixed_days",
    "plan_meeting",
    "remove_photo",
    "replace_fixed_actions",
    "save_record",
    "send_activity_reminders",
    "settle_checklists",
    "submit_record",
    "tighten_obligation",
    "withdraw_explanation",
    "withdraw_record",
]
