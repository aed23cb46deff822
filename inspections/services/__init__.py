"""Verbs that write: an issue from the day it is raised until it is closed."""

from .issues import answer_issue, close_issue, extend_issue, raise_issue, return_issue
from .overdue import mark_overdue_issues

__all__ = [
    "answer_issue",
    "close_issue",
    "extend_issue",
    "mark_overdue_issues",
    "raise_issue",
    "return_issue",
]
