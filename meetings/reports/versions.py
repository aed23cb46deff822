"""A record as labelled texts, the way a version keeps it: to be read, not to be computed with."""

from collections.abc import Iterator

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from config.language import in_source_script
from meetings.models import AgendaItem, Meeting

from .minutes import Minutes, minutes_of, vote_sentence
from .stored import kinds_of

Text = list[tuple[str, str]]


@in_source_script
def record_text(meeting: Meeting) -> Text:
    """Return how the record reads now, as labelled texts in their order."""
    current = Meeting.objects.select_related("branch", "group", "chair", "recorder").get(
        pk=meeting.pk
    )
    kinds_of(current)
    return record_as_text(minutes_of(current, words_only=True))


def record_as_text(minutes: Minutes) -> Text:
    """Put the minutes into labelled texts. Who was away is named with the state, never the reason:
    a version is read by all who may read the meeting."""
    return [(label, text) for label, text in _lines(minutes) if text]


def _lines(minutes: Minutes) -> Iterator[tuple[str, str]]:
    meeting = minutes.meeting
    yield _("主题"), meeting.title
    yield _("党组织"), f"{meeting.branch.name} {meeting.group or ''}".strip()
    yield _("类型"), minutes.kind_labels
    yield _("时间"), _when(meeting)
    yield _("地点"), meeting.place
    yield _("主持人"), _with(meeting.chair, meeting.chair_note)
    yield _("记录人"), str(meeting.recorder or "")
    yield from _people(minutes)
    for number, item in enumerate(minutes.items, start=1):
        yield f"{number}. {item.get_kind_display()}", _item(item)
    yield (
        _("固定动作"),
        "、".join(_with(item.title, "" if item.is_done else _("未开展")) for item in minutes.fixed),
    )
    yield from _life(minutes)
    yield _("总结"), meeting.summary
    yield _("迟交说明"), meeting.late_note


def _when(meeting: Meeting) -> str:
    times = [time_format(t, "H:i") for t in (meeting.starts_at, meeting.ends_at) if t]
    return " ".join(filter(None, [date_format(meeting.day, "Y年n月j日"), "—".join(times)]))


def _with(name: object, note: object) -> str:
    """Return the name with its note in brackets; nothing where there is no name."""
    if not name:
        return ""
    return f"{name}（{note}）" if note else str(name)


def _people(minutes: Minutes) -> Iterator[tuple[str, str]]:
    if minutes.is_pair:
        yield _("参加人员"), "、".join(seat.name for seat in minutes.present)
        return
    tally = minutes.tally
    yield _("应到"), _("%(count)s人") % {"count": tally.expected}
    yield _("实到"), _("%(count)s人") % {"count": tally.present}
    yield _("到会"), "、".join(seat.name for seat in minutes.present)
    yield _("未到会"), "、".join(_with(name, state) for name, state, _reason in minutes.away)
    yield _("迟到、线上"), "、".join(_with(*pair) for pair in minutes.in_another_way)
    yield _("不作要求"), "、".join(seat.name for seat in minutes.excused_away)
    yield _("应到调整"), "、".join(_with(*pair) for pair in minutes.adjusted)
    yield _("列席"), "、".join(_with(guest.name, guest.position) for guest in minutes.guests)


def _life(minutes: Minutes) -> Iterator[tuple[str, str]]:
    """What an 组织生活会 and a 民主评议 have beyond the agenda."""
    for speaker, target, text in minutes.remarks:
        told = _("%(name)s对%(target)s的批评") if target else _("%(name)s的自我批评")
        yield told % {"name": speaker, "target": target}, text
    for owner, row, responsible in minutes.problems:
        due = date_format(row.due_on, "Y-m-d") if row.due_on else ""
        parts = [_with(row.text, owner or _("支部")), row.remedy, f"{responsible} {due}"]
        yield _("查摆问题"), "\n".join(part.strip() for part in parts if part.strip())
    yield (
        _("民主评议"),
        "\n".join(
            _("%(name)s：优秀 %(a)s，合格 %(b)s，基本合格 %(c)s，不合格 %(d)s；评定 %(grade)s")
            % {
                "name": name,
                "a": row.excellent,
                "b": row.qualified,
                "c": row.basic,
                "d": row.unqualified,
                "grade": grade or "—",
            }
            for name, row, grade in minutes.appraisals
        ),
    )


def _item(item: AgendaItem) -> str:
    day = date_format(item.source_on, "Y-m-d") if item.source_on else ""
    parts = [_with(item.title, day), item.speaker, item.minutes, item.resolution]
    if item.responsible or item.due_on:
        due = date_format(item.due_on, "Y-m-d") if item.due_on else ""
        parts.append(_("落实：%(who)s %(due)s") % {"who": item.responsible, "due": due})
    if item.outcome:
        vote = item.vote
        parts.append(vote.candidate)
        parts.append(
            _("赞成 %(a)s，反对 %(b)s，弃权 %(c)s，无效 %(d)s")
            % {"a": vote.in_favour, "b": vote.against, "c": vote.abstaining, "d": vote.invalid}
        )
        parts += [f"{one.name} {one.in_favour}" for one in item.outcome.choices]
        parts.append(vote_sentence(vote.rule, item.outcome))
    return "\n".join(part.strip() for part in parts if part)
