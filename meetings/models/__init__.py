"""Organizational life: meetings, who was there, what was decided, and what the rules ask."""

from .attendance import AbsenceKind, Attendance, AttendanceState, Guest
from .kind import MeetingKind
from .meeting import Meeting, MeetingPhoto, MeetingState, MeetingType
from .minutes import AgendaItem, AgendaKind, FixedAction, Vote, VoteRule
from .obligation import (
    ActivityPolicy,
    Body,
    Explanation,
    ExplanationKind,
    Obligation,
    Period,
    RollRule,
)

__all__ = [
    "AbsenceKind",
    "ActivityPolicy",
    "AgendaItem",
    "AgendaKind",
    "Attendance",
    "AttendanceState",
    "Body",
    "Explanation",
    "ExplanationKind",
    "FixedAction",
    "Guest",
    "Meeting",
    "MeetingKind",
    "MeetingPhoto",
    "MeetingState",
    "MeetingType",
    "Obligation",
    "Period",
    "RollRule",
    "Vote",
    "VoteRule",
]
