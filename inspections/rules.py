"""Deadlines, standard findings, and what makes a problem one that came back.

Pure: values in, values out; no database, no clock, no settings. Kinds are the plain values of the
models' choices. A demand never asks for the record of a meeting that did not take place: what was
not held is explained and, where it still makes sense, held on another day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

# Days a branch has, by severity; whoever raises the issue may set another day.
DEADLINE_DAYS = {"light": 15, "medium": 10, "severe": 5}
# A returned answer is worked on for a few days, not for the whole term again.
RETURN_DAYS = 5
# The same finding at the same branch within this time is named 反复出现.
RECURRENCE_DAYS = 365


def default_due(severity: str, on: date) -> date:
    return on + timedelta(days=DEADLINE_DAYS[severity])


def due_after_return(due_on: date, on: date) -> date:
    """Return the deadline after an answer was sent back: never earlier than it was."""
    return max(due_on, on + timedelta(days=RETURN_DAYS))


def days_over(due_on: date, on: date) -> int:
    """Return by how many days the deadline has passed; 0 while it has not."""
    return max((on - due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that inspections really find, with the article it offends and what is asked for.

    `code` names it in forms and stays the same when the words change.
    """

    code: str
    category: str
    title: str
    basis: str
    demand: str


def _(text: str) -> str:
    """Mark a text for the catalogue; what is kept stays as it is, whoever shows it looks it up."""
    return text


ARTICLE_11 = "《中国共产党支部工作条例（试行）》第十一条"
ARTICLE_12 = "《中国共产党支部工作条例（试行）》第十二条"
ARTICLE_13 = "《中国共产党支部工作条例（试行）》第十三条"
ARTICLE_14 = "《中国共产党支部工作条例（试行）》第十四条"
ARTICLE_16 = "《中国共产党支部工作条例（试行）》第十六条"
EDUCATION_23 = "《中国共产党党员教育管理工作条例》第二十三条"
EDUCATION_28 = "《中国共产党党员教育管理工作条例》第二十八条"
RECORD_PRACTICE = "会议记录基本要素"

HONEST = "已召开的，如实记录并注明补记；未召开的，说明原因、另定日期，不补写会议记录。"

FINDINGS = (
    Finding("assembly_missed", "frequency", _("未按季度召开支部党员大会"), ARTICLE_11, HONEST),
    Finding("committee_missed", "frequency", _("未按月召开支委会"), ARTICLE_12, HONEST),
    Finding("group_missed", "frequency", _("党小组会未按月召开"), ARTICLE_13, HONEST),
    Finding("theme_day_missed", "frequency", _("未按月开展主题党日"), ARTICLE_16, HONEST),
    Finding(
        "elements_missing",
        "record",
        _("会议记录要素不全（地点、主持人或记录人）"),
        RECORD_PRACTICE,
        "对照原始记录补齐要素，修改处保留痕迹。",
    ),
    Finding(
        "absentees_unnamed",
        "record",
        _("会议记录缺请假人员或原因"),
        RECORD_PRACTICE,
        "按实际到会情况补注请假、缺席人员及原因类别。",
    ),
    Finding(
        "speeches_missing",
        "record",
        _("发言只写“大家一致认为”，未记个人意见"),
        RECORD_PRACTICE,
        "今后逐人记录发言要点，不同意见如实记录。",
    ),
    Finding(
        "always_present",
        "attendance",
        _("外出党员记为到会"),
        RECORD_PRACTICE,
        "核对当日实际到会人员，更正出席情况。",
    ),
    Finding(
        "home_teaching_missed",
        "attendance",
        _("年老体弱党员未送学上门"),
        EDUCATION_23,
        "确定联系人，安排送学上门或走访。",
    ),
    Finding(
        "absent_without_reason",
        "attendance",
        _("党员多次无故缺席，未提醒谈话"),
        EDUCATION_28,
        "由支部书记或委员提醒谈话，了解情况。",
    ),
    Finding(
        "quorum_unmet",
        "procedure",
        _("到会有表决权的党员未过半数仍作表决"),
        ARTICLE_11,
        "原表决无效，重新召开党员大会讨论表决。",
    ),
    Finding(
        "vote_unrecorded",
        "procedure",
        _("表决未记赞成、反对、弃权人数"),
        RECORD_PRACTICE,
        "核对后如实补记；无法核对的，在下次会议上说明。",
    ),
    Finding(
        "chair_unentrusted",
        "procedure",
        _("书记缺席，未注明委托谁主持"),
        ARTICLE_14,
        "核实后注明委托情况。",
    ),
    Finding(
        "content_thin",
        "content",
        _("会议内容空泛，未联系本支部实际"),
        ARTICLE_16,
        "下次会议前商定主题和议题，联系支部工作讨论。",
    ),
    Finding(
        "leisure_as_theme_day",
        "content",
        _("以文娱活动代替主题党日"),
        ARTICLE_16,
        "主题党日安排集中学习、过组织生活、民主议事或志愿服务。",
    ),
    Finding(
        "minutes_copied",
        "content",
        _("会议记录与往月雷同"),
        RECORD_PRACTICE,
        "核实当次会议的实际内容，说明情况。",
    ),
    Finding(
        "decision_open",
        "follow_up",
        _("会议决定的事项未落实"),
        ARTICLE_16,
        "明确责任人和完成时限，在下次会议上通报进展。",
    ),
    Finding(
        "public_missing",
        "follow_up",
        _("议定事项未按规定公开"),
        "“四议两公开”工作要求",
        "在党务公开栏公开，并在下次会议上通报。",
    ),
)
BY_CODE = {finding.code: finding for finding in FINDINGS}

# Checks (domain: 4.4) whose findings are of another category than the rest of their letter.
_CATEGORY_OF_CHECKS = {
    "other": {"A10", *(f"A{n}" for n in range(12, 17)), "C16"},
    "attendance": {"B03", "B04", "B05", "B06", "C07", "C14", "C15", "C17"},
    "procedure": {"B07", *(f"B{n}" for n in range(13, 24))},
    "record": {"C01", "C02", "C03", "C13"},
    "follow_up": {"B24", "C20", "C21"},
}
_CATEGORY_BY_LETTER = {"A": "frequency", "B": "record", "C": "content", "D": "follow_up"}


def category_of(code: str) -> str:
    """Return the category of an issue that is made of the finding of this check."""
    for category, codes in _CATEGORY_OF_CHECKS.items():
        if code in codes:
            return category
    return _CATEGORY_BY_LETTER.get(code[:1], "other")
