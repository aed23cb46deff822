"""How a period of time is called, and texts that leave the system by copying: no tracking."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.models import AgendaItem, AgendaKind, Meeting, MeetingKind
from meetings.rules import Span


def span_name(span: Span) -> str:
    """Return '2026年11月', '2026年第4季度', '2026年下半年' or '2026年'."""
    year, month = span.start.year, span.start.month
    return {
        "month": _("%(year)s年%(month)s月"),
        "quarter": _("%(year)s年第%(quarter)s季度"),
        "half_year": _("%(year)s年上半年") if month == 1 else _("%(year)s年下半年"),
        "year": _("%(year)s年"),
    }[span.period] % {"year": year, "month": month, "quarter": (month + 2) // 3}


def notice_text(meeting: Meeting, kinds: tuple[str, ...], agenda: Sequence[AgendaItem]) -> str:
    """Return the notice of a planned meeting, to paste into the members' own group.

    The first topic is named as such, so that members can read it before.
    """
    weekday = _("周%(day)s") % {"day": "一二三四五六日"[meeting.day.weekday()]}
    time = meeting.starts_at.strftime("%H:%M") if meeting.starts_at else _("另行通知")
    lines = [
        _("【会议通知】%(title)s") % {"title": meeting.title},
        _("类型：%(kinds)s") % {"kinds": "、".join(str(MeetingKind(kind).label) for kind in kinds)},
        _("时间：%(day)s（%(weekday)s）%(time)s")
        % {"day": date_format(meeting.day, "Y年n月j日"), "weekday": weekday, "time": time},
        _("地点：%(place)s") % {"place": meeting.place or _("另行通知")},
    ]
    first = next((item for item in agenda if item.kind == AgendaKind.FIRST_TOPIC), None)
    if first is not None:
        lines.append(_("第一议题：%(topic)s") % {"topic": first.title})
    if topics := [item.title for item in agenda if item is not first]:
        lines.append(_("内容："))
        lines += [f"{number}. {topic}" for number, topic in enumerate(topics, start=1)]
    lines += [
        _("请安排好时间参加；不能到会的，请提前向支部说明。"),
        str(meeting.branch),
    ]
    return "\n".join(lines)


def summary_text(
    meeting: Meeting, kinds: tuple[str, ...], agenda: Sequence[AgendaItem], *, present: int
) -> str:
    """Return what was held and decided, to paste into the group afterwards.

    It names nobody who was away, nor how many they were.
    """
    lines = [
        _("【会后小结】%(title)s") % {"title": meeting.title},
        _("%(day)s，%(branch)s召开%(kinds)s，%(count)s名党员参加。")
        % {
            "day": date_format(meeting.day, "n月j日"),
            "branch": meeting.branch,
            "kinds": "、".join(str(MeetingKind(kind).label) for kind in kinds),
            "count": present,
        },
    ]
    for number, item in enumerate(agenda, start=1):
        told = f"{number}. {item.title}"
        if item.resolution:
            told += f"：{item.resolution}"
        lines.append(told)
    lines.append(_("未到会的同志，支部会联系补学。"))
    return "\n".join(lines)
