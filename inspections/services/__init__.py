"""Verbs that write: an issue from the day it is raised until it is closed."""

from .issues import answer_issue, close_issue, extend_issue, raise_issue, return_issue
from .origins import make_of_check, make_of_comment, make_of_problem
from .overdue import mark_overdue_issues

__all__ = [
    "answer_issue",
    "close_issue",
    "extend_issue",
    "make_of_check",
    "make_of_comment",
    "make_of_problem",
    "mark_overdue_issues",
    "raise_issue",
    "return_issue",
]
