"""A meeting in the fields of the upper platform's form, in the township's order, to copy there.

Offices type every meeting a second time into the province's platform. The default is its ten
fields in its order; a township keeps its own in `FillInField`.
"""

from collections.abc import Callable, Iterator
from datetime import time
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from branches.models import Organization
from config.language import in_source_script
from meetings.models import AgendaItem, AgendaKind, FillInField

from .minutes import Minutes, vote_sentence

# What may stand in a field, and how the platform calls it where the township says nothing else.
LABELS = {
    "title": _lazy("主题"),
    "organization": _lazy("党组织"),
    "kinds": _lazy("类型"),
    "chair": _lazy("主持人"),
    "recorder": _lazy("记录人"),
    "starts": _lazy("开始时间"),
    "ends": _lazy("结束时间"),
    "place": _lazy("地点"),
    "present_names": _lazy("参会人员"),
    "body": _lazy("正文"),
    "day": _lazy("日期"),
    "expected": _lazy("应到人数"),
    "present": _lazy("实到人数"),
    "away_count": _lazy("缺席人数"),
    "away_names": _lazy("缺席人员"),
    "guests": _lazy("列席人员"),
    "first_topic": _lazy("第一议题"),
    "resolutions": _lazy("决议"),
    "summary": _lazy("总结"),
}
DEFAULT_CODES = tuple(LABELS)[:10]
# Values of several lines, shown as such.
LONG = {"body", "present_names", "away_names", "resolutions", "summary"}


class Filled(NamedTuple):
    """One field of the platform's form with what to put in."""

    code: str
    label: str
    value: str

    @property
    def is_long(self) -> bool:
        return self.code in LONG


def fields_of(township: Organization | None) -> list[tuple[str, str]]:
    """Return code and label of the township's fields in its order; where it has none, the ten."""
    kept = FillInField.objects.filter(township=township) if township else ()
    return [(field.code, field.label) for field in kept if field.code in LABELS] or [
        (code, str(LABELS[code])) for code in DEFAULT_CODES
    ]


@in_source_script
def filled_in(minutes: Minutes, fields: list[tuple[str, str]]) -> list[Filled]:
    """Return the fields with their values, in the script that the platform reads."""
    return [Filled(code, label, VALUES[code](minutes)) for code, label in fields]


def everything(fields: list[Filled]) -> str:
    """Return all fields as one text."""
    return "\n".join(
        f"{field.label}：\n{field.value}" if field.is_long else f"{field.label}：{field.value}"
        for field in fields
    )


# --- Values -------------------------------------------------------------------------------------


def _moment(minutes: Minutes, at: time | None) -> str:
    return f"{minutes.meeting.day:%Y-%m-%d} {at:%H:%M}" if at else ""


def _away(minutes: Minutes) -> str:
    """Name who was away with the state; the reason of a leave is nobody's business up there."""
    return "、".join(f"{name}（{state}）" for name, state, _reason in minutes.away)


def _guests(minutes: Minutes) -> str:
    return "、".join(
        f"{guest.name}（{guest.position}）" if guest.position else guest.name
        for guest in minutes.guests
    )


def _first_topic(minutes: Minutes) -> str:
    found = (item for item in minutes.agenda if item.kind == AgendaKind.FIRST_TOPIC)
    return next((item.title for item in found), "")


def _resolutions(minutes: Minutes) -> str:
    return "\n".join(
        f"{item.title}：{item.resolution}" for item in minutes.items if item.resolution
    )


NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """Return the number of a heading as documents write it: 一 to 九十九."""
    tens, ones = divmod(number, 10)
    head = ("" if tens < 2 else NUMERALS[tens - 1]) + ("十" if tens else "")
    return head + (NUMERALS[ones - 1] if ones else "")


def body(minutes: Minutes) -> str:
    """Return the minutes as one running text: what was on the agenda, said and decided."""
    parts = []
    if minutes.fixed:
        done = "、".join(item.title for item in minutes.fixed if item.is_done)
        parts.append(_("固定动作：%(steps)s。") % {"steps": done or _("无")})
    for number, item in enumerate(minutes.items, start=1):
        parts.append(f"{numeral(number)}、{_heading(item)}")
        parts += [text for text in (item.minutes, _decided(item), _voted(item)) if text]
    parts += _life(minutes)
    if minutes.meeting.summary:
        label = _("谈话要点") if minutes.is_pair else _("主持人总结")
        parts.append(f"{label}：{minutes.meeting.summary}")
    return "\n".join(parts)


def _life(minutes: Minutes) -> Iterator[str]:
    """What an 组织生活会 and a 民主评议 have beyond the agenda."""
    for speaker, target, text in minutes.remarks:
        told = _("%(name)s对%(target)s的批评：") if target else _("%(name)s自我批评：")
        yield told % {"name": speaker, "target": target} + text
    for owner, row, _responsible in minutes.problems:
        told = _("查摆问题（%(owner)s）：%(text)s") % {
            "owner": owner or _("支部"),
            "text": row.text,
        }
        yield told + (_("整改措施：%(remedy)s") % {"remedy": row.remedy} if row.remedy else "")
    if minutes.appraisals:
        counts = "，".join(
            _("%(grade)s %(n)s 人") % {"grade": g, "n": n} for g, n in minutes.grades
        )
        yield _("民主评议结果：%(counts)s。") % {"counts": counts}


def _heading(item: AgendaItem) -> str:
    title = item.title
    if item.source_on:
        title += f"（{date_format(item.source_on, 'Y年n月j日')}）"
    if item.kind in (AgendaKind.FIRST_TOPIC, AgendaKind.LECTURE):
        title = f"{item.get_kind_display()}：{title}"
    if not item.speaker:
        return title
    role = {
        AgendaKind.FIRST_TOPIC: _("领学人：%(name)s"),
        AgendaKind.LECTURE: _("授课人：%(name)s"),
    }.get(AgendaKind(item.kind), _("报告人：%(name)s"))
    return f"{title}（{role % {'name': item.speaker}}）"


def _decided(item: AgendaItem) -> str:
    if not item.resolution:
        return ""
    is_first = item.kind == AgendaKind.FIRST_TOPIC
    return f"{_('贯彻措施') if is_first else _('决议')}：{item.resolution}"


def _voted(item: AgendaItem) -> str:
    if not item.outcome:
        return ""
    vote = item.vote
    counted = _("表决：赞成 %(a)s 票，反对 %(b)s 票，弃权 %(c)s 票") % {
        "a": vote.in_favour,
        "b": vote.against,
        "c": vote.abstaining,
    }
    if vote.invalid:
        counted += _("，无效 %(d)s 票") % {"d": vote.invalid}
    return f"{counted}。{vote_sentence(vote.rule, item.outcome)}。"


VALUES: dict[str, Callable[[Minutes], str]] = {
    "title": lambda m: m.meeting.title,
    "organization": lambda m: m.meeting.branch.name,
    "kinds": lambda m: m.kind_labels,
    "chair": lambda m: str(m.meeting.chair or ""),
    "recorder": lambda m: str(m.meeting.recorder or ""),
    "starts": lambda m: _moment(m, m.meeting.starts_at),
    "ends": lambda m: _moment(m, m.meeting.ends_at),
    "place": lambda m: m.meeting.place,
    "present_names": lambda m: "、".join(seat.name for seat in m.present),
    "body": body,
    "day": lambda m: f"{m.meeting.day:%Y-%m-%d}",
    "expected": lambda m: str(m.tally.expected),
    "present": lambda m: str(m.tally.present),
    "away_count": lambda m: str(m.tally.leave + m.tally.absent),
    "away_names": _away,
    "guests": _guests,
    "first_topic": _first_topic,
    "resolutions": _resolutions,
    "summary": lambda m: m.meeting.summary,
}
