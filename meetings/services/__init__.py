"""Verbs that write: meetings and their records, explanations, planned days, ticking checklists."""

from .obligations import settle_checklists

__all__ = ["settle_checklists"]
