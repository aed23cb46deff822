"""Courses, and the weekly checklist (党建工作清单) with the menu it is made of."""

from .checklist import ChecklistItem, ItemState, WeeklyChecklist
from .course import Channel, Course, CourseKind, Series, Site
from .menu import ItemKind, MenuEntry, MenuState, WeeklyMenu, WeeklyPolicy

__all__ = [
    "Channel",
    "ChecklistItem",
    "Course",
    "CourseKind",
    "ItemKind",
    "ItemState",
    "MenuEntry",
    "MenuState",
    "Series",
    "Site",
    "WeeklyChecklist",
    "WeeklyMenu",
    "WeeklyPolicy",
]
