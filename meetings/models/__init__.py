"""Organizational life: meetings, who was there, what was decided, and what the rules ask."""

from .archive import RecordVersion
from .attendance import AbsenceKind, Attendance, AttendanceState, Guest, MakeUp
from .check import CheckResult, CheckSetting, DatedDocument
from .delivery import CalendarFeed, Document, DocumentKind, DocumentState, FillInField
from .dues import DuesArrear, DuesMonth
from .kind import MeetingKind
from .life import Appraisal, Criticism, Grade, Problem
from .meeting import COUNTED_STATES, JointMeeting, Meeting, MeetingPhoto, MeetingState, MeetingType
from .minutes import AgendaItem, AgendaKind, Candidate, FixedAction, Vote, VoteRule, VoteStep
from .obligation import (
    ActivityPolicy,
    Body,
    Explanation,
    ExplanationKind,
    Obligation,
    Period,
    RollRule,
)
from .plan import PlanState, YearPlan, YearPlanItem, YearTemplate, YearTemplateItem
from .review import Comment, CommentKind, LeaderVisit, ReviewDecision, TopicReview
from .text import MeetingText, Prompt, SharedText, TextBand

__all__ = [
    "COUNTED_STATES",
    "AbsenceKind",
    "ActivityPolicy",
    "AgendaItem",
    "AgendaKind",
    "Appraisal",
    "Attendance",
    "AttendanceState",
    "Body",
    "CalendarFeed",
    "Candidate",
    "CheckResult",
    "CheckSetting",
    "Comment",
    "CommentKind",
    "Criticism",
    "DatedDocument",
    "Document",
    "DocumentKind",
    "DocumentState",
    "DuesArrear",
    "DuesMonth",
    "Explanation",
    "ExplanationKind",
    "FillInField",
    "FixedAction",
    "Grade",
    "Guest",
    "JointMeeting",
    "LeaderVisit",
    "MakeUp",
    "Meeting",
    "MeetingKind",
    "MeetingPhoto",
    "MeetingState",
    "MeetingText",
    "MeetingType",
    "Obligation",
    "Period",
    "PlanState",
    "Problem",
    "Prompt",
    "RecordVersion",
    "ReviewDecision",
    "RollRule",
    "SharedText",
    "TextBand",
    "TopicReview",
    "Vote",
    "VoteRule",
    "VoteStep",
    "YearPlan",
    "YearPlanItem",
    "YearTemplate",
    "YearTemplateItem",
]
