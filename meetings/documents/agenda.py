"""The agenda of a printed record: items, votes, criticism, problems and grades."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from meetings.models import (
    AgendaItem,
    AgendaKind,
    Appraisal,
    Criticism,
    Grade,
    Problem,
    Vote,
    VoteRule,
)
from meetings.record import Ballots, Seat, outcome
from meetings.reports.minutes import vote_sentence
from meetings.rules import VoteResult

from .pieces import Block, Grid, Paragraph, day_text


def item_title(item: AgendaItem) -> str:
    if item.kind == AgendaKind.TOPIC:
        return item.title
    return f"{AgendaKind(item.kind).label}：{item.title}"


def item_blocks(item: AgendaItem, seats: tuple[Seat, ...]) -> Iterator[Block]:
    who = {
        AgendaKind.FIRST_TOPIC: _("领学人"),
        AgendaKind.LECTURE: _("授课人"),
    }.get(AgendaKind(item.kind), _("报告人"))
    if item.speaker:
        yield Paragraph(item.speaker, label=who)
    if item.source_on:
        yield Paragraph(day_text(item.source_on), label=_("文件或讲话日期"))
    if item.minutes:
        yield Paragraph(item.minutes)
    if item.resolution:
        is_study = item.kind == AgendaKind.FIRST_TOPIC
        yield Paragraph(item.resolution, label=_("贯彻措施") if is_study else _("决议"))
    if item.responsible or item.due_on:
        due = _("于%(day)s前完成") % {"day": day_text(item.due_on)} if item.due_on else ""
        yield Paragraph("，".join(filter(None, [item.responsible, due])), label=_("落实责任人"))
    vote = getattr(item, "vote", None)
    if vote is not None:
        yield from _vote(vote, seats)


def _vote(vote: Vote, seats: tuple[Seat, ...]) -> Iterator[Block]:
    about = f"{vote.get_step_display()}{vote.candidate}" if vote.candidate else ""
    secrecy = _("无记名投票") if vote.is_secret else ""
    told = "，".join(filter(None, [str(vote.get_rule_display()), about, secrecy]))
    candidates = list(vote.candidates.all())
    if not candidates:
        found = outcome(Ballots(rule=vote.rule, in_favour=vote.in_favour), seats)
        told += f"。{_ballots(vote)}。{vote_sentence(vote.rule, found)}"
    yield Paragraph(_("%(vote)s。") % {"vote": told}, label=_("表决"))
    if vote.introducers:
        yield Paragraph(vote.introducers, label=_("入党介绍人"))
    if candidates:
        yield _election(candidates, seats)


def _ballots(vote: Vote) -> str:
    counted = _("赞成%(in_favour)s票，反对%(against)s票，弃权%(abstaining)s票")
    text = counted % {
        "in_favour": vote.in_favour,
        "against": vote.against,
        "abstaining": vote.abstaining,
    }
    if vote.invalid:
        text += _("，无效%(invalid)s票") % {"invalid": vote.invalid}
    return text


def _election(candidates: list, seats: tuple[Seat, ...]) -> Grid:
    rows = []
    for candidate in candidates:
        found = outcome(Ballots(rule=VoteRule.ELECTION, in_favour=candidate.in_favour), seats)
        result = {
            VoteResult.PASSED: _("得票过半数"),
            VoteResult.FAILED: _("未过半数"),
            VoteResult.INVALID: _("到会不足，选举无效"),
        }[found.result]
        rows.append((candidate.name, str(candidate.in_favour), result))
    return Grid((_("候选人"), _("得票"), _("结果")), tuple(rows), (4, 2, 4))


def fixed_blocks(items: list[AgendaItem]) -> Iterator[Block]:
    for number, item in enumerate(items, start=1):
        done = _("已开展") if item.is_done else _("未开展")
        yield Paragraph(f"{number}. {item.title}（{done}）")
        if item.minutes:
            yield Paragraph(item.minutes)


def criticism_block(row: Criticism) -> Paragraph:
    if row.target is None:
        label = _("%(name)s自我批评") % {"name": row.speaker}
    else:
        label = _("%(name)s对%(target)s") % {"name": row.speaker, "target": row.target}
    return Paragraph(row.text, label=label)


def problem_table(problems: list[Problem]) -> Grid:
    headers = (_("问题"), _("整改措施"), _("责任人"), _("时限"))
    rows = tuple(
        (
            f"{row.member}：{row.text}" if row.member else row.text,
            row.remedy,
            str(row.responsible or ""),
            f"{row.due_on:%Y-%m-%d}" if row.due_on else "",
        )
        for row in problems
    )
    return Grid(headers, rows, (36, 36, 14, 20))


def grade_table(appraisals: list[Appraisal]) -> Grid:
    grades = [str(grade.label) for grade in Grade]
    headers = (_("姓名"), *(_("%(grade)s票") % {"grade": g} for g in grades), _("评定等次"))
    rows = tuple(
        (
            row.member.name,
            *(str(getattr(row, grade)) for grade in Grade.values),
            str(row.get_grade_display()) if row.grade else _("不定等次"),
        )
        for row in appraisals
    )
    return Grid(headers, rows, (16, 14, 14, 20, 17, 19))
