"""What a branch owes by the calendar: A01-A05, A07-A09, A11, A17, A18.

Every article says 一般: a gap is a reminder with a way out and never asks for the record of a
meeting that did not take place. What is exempt or explained is no gap (`reports.standing`).
"""

from collections.abc import Iterator
from datetime import date

from meetings import hours
from meetings.rules import Span

from .base import CheckClass, Hit, _, branch_check
from .branch_facts import (
    FrequencyFacts,
    Gap,
    HoursFacts,
    PlanFacts,
    TalkFacts,
    ThemeDayFacts,
    year_in_question,
)
from .saying import day_text, names_text, span_text

HONEST = _("已召开的，如实补录并注明；没有召开的，说明原因、另定日期，不补写会议记录。")


def _gaps(facts: FrequencyFacts, kind: str, text: str) -> Iterator[Hit]:
    for gap in facts.gaps:
        if gap.kind == kind:
            yield _gap(gap, text)


def _gap(gap: Gap, text: str) -> Hit:
    values = {"span": span_text(gap.span), "held": gap.held, "needed": gap.needed}
    values["groups"] = "、".join(gap.groups)
    return Hit(f"gap:{gap.code}:{gap.span}", text, values, day=gap.span.start)


@branch_check(
    "A01",
    CheckClass.RULE,
    source="frequency",
    title=_("未按季度召开支部党员大会"),
    article=_("《中国共产党支部工作条例（试行）》第十一条"),
    advice=HONEST,
)
def assembly_missed(facts: FrequencyFacts, _threshold: int) -> Iterator[Hit]:
    yield from _gaps(
        facts,
        "assembly",
        _("%(span)s支部党员大会：应召开%(needed)s次，有记录%(held)s次，也没有说明。"),
    )


@branch_check(
    "A02",
    CheckClass.RULE,
    source="frequency",
    title=_("未按月召开支委会"),
    article=_("《中国共产党支部工作条例（试行）》第十二条"),
    advice=HONEST,
)
def committee_missed(facts: FrequencyFacts, _threshold: int) -> Iterator[Hit]:
    yield from _gaps(
        facts, "committee", _("%(span)s支委会：应召开%(needed)s次，有记录%(held)s次，也没有说明。")
    )


@branch_check(
    "A03",
    CheckClass.RULE,
    source="frequency",
    title=_("党小组会未按月召开"),
    article=_("《中国共产党支部工作条例（试行）》第十三条"),
    advice=HONEST,
)
def group_missed(facts: FrequencyFacts, _threshold: int) -> Iterator[Hit]:
    yield from _gaps(facts, "group", _("%(span)s党小组会：%(groups)s没有召开的记录，也没有说明。"))


@branch_check(
    "A04",
    CheckClass.RULE,
    source="frequency",
    title=_("未按月开展主题党日"),
    article=_(
        "《中国共产党支部工作条例（试行）》第十六条、《中国共产党党员教育管理工作条例》第十六条"
    ),
    advice=HONEST,
)
def theme_day_missed(facts: FrequencyFacts, _threshold: int) -> Iterator[Hit]:
    yield from _gaps(facts, "theme_day", _("%(span)s主题党日：没有开展的记录，也没有说明。"))


@branch_check(
    "A05",
    CheckClass.LOCAL,
    source="theme_days",
    title=_("主题党日不在固定日或顺延期内"),
    article=_("乡镇组织生活设置：固定日与顺延天数"),
    advice=_("确需提前或推后的，写一句原因即可，不必改动日期。"),
)
def theme_day_off(facts: ThemeDayFacts, _threshold: int) -> Iterator[Hit]:
    """An earlier day needs a reason as well as one after the window; a moved day is explained."""
    for found in facts.days:
        if found.is_explained or found.fixed_on <= found.day <= found.ends_on:
            continue
        yield Hit(
            f"meeting:{found.meeting_id}:off",
            _("主题党日在%(day)s开展，固定日为%(fixed)s，可顺延至%(ends)s。"),
            {
                "day": day_text(found.day),
                "fixed": day_text(found.fixed_on),
                "ends": day_text(found.ends_on),
            },
            field="day",
            day=found.day,
        )


@branch_check(
    "A07",
    CheckClass.LOCAL,
    source="frequency",
    title=_("季度没有党课，或书记全年没有讲党课"),
    article=_("《中国共产党支部工作条例（试行）》第十六条；次数按乡镇要求"),
    advice=_("年内安排一次党课即可；讲过的，在议程的“报告人”里写上姓名；没有讲的，说明原因。"),
)
def lecture_missed(facts: FrequencyFacts, _threshold: int) -> Iterator[Hit]:
    yield from _gaps(
        facts, "lecture", _("%(span)s党课：应讲%(needed)s次，有记录%(held)s次，也没有说明。")
    )
    year = year_in_question(facts.on)
    if year and facts.secretary_taught is False:
        yield Hit(
            f"lecture:{year}",
            _("%(year)s年的党课记录中，没有书记%(name)s讲的。"),
            {"year": year, "name": facts.secretary},
            day=date(year, 1, 1),
        )


@branch_check(
    "A08",
    CheckClass.RULE,
    source="frequency",
    title=_("未按期召开组织生活会"),
    article=_("《中国共产党支部工作条例（试行）》第十七条"),
    advice=HONEST,
)
def org_life_missed(facts: FrequencyFacts, _threshold: int) -> Iterator[Hit]:
    yield from _gaps(
        facts, "org_life", _("%(span)s组织生活会：期限已过，没有召开的记录，也没有说明。")
    )


@branch_check(
    "A09",
    CheckClass.RULE,
    source="frequency",
    title=_("未按期开展民主评议党员"),
    article=_("《中国共产党支部工作条例（试行）》第十八条"),
    advice=HONEST,
)
def evaluation_missed(facts: FrequencyFacts, _threshold: int) -> Iterator[Hit]:
    yield from _gaps(
        facts, "evaluation", _("%(span)s民主评议党员：期限已过，没有开展的记录，也没有说明。")
    )


@branch_check(
    "A11",
    CheckClass.RULE,
    source="talks",
    title=_("谈心谈话没有覆盖"),
    article=_("《中国共产党支部工作条例（试行）》第十九条"),
    advice=_("年内找时间谈一次，电话、视频也可以；谈过的补录并注明；确实谈不了的，说明原因。"),
)
def talks_missing(facts: TalkFacts, _threshold: int) -> Iterator[Hit]:
    """From the fourth quarter on: members without any talk, and kinds of pairs without one."""
    day = date(facts.year, 1, 1)
    for member in facts.without:
        yield Hit(
            f"member:{member.member_id}:talk:{facts.year}",
            _("%(name)s：%(year)s年还没有谈心谈话记录。"),
            {"name": member.name, "year": facts.year},
            member_id=member.member_id,
            day=day,
        )
    pairs = (
        ("committee", facts.among_committee, facts.committee > 1, _("支部委员之间")),
        (
            "mixed",
            facts.with_ordinary,
            bool(facts.committee and facts.ordinary),
            _("支部委员和党员之间"),
        ),
        ("ordinary", facts.among_ordinary, facts.ordinary > 1, _("党员和党员之间")),
    )
    for key, had, possible, label in pairs:
        if possible and not had:
            yield Hit(
                f"talk:{facts.year}:{key}",
                _("%(year)s年没有%(pair)s的谈心谈话记录。"),
                {"year": facts.year, "pair": label},
                day=day,
            )


@branch_check(
    "A17",
    CheckClass.RULE,
    source="hours",
    title=_("党员学时可能不足"),
    article=_(
        "《中国共产党党员教育管理工作条例》第二十条；书记和班子成员56学时见全国党员教育培训工作规划"
    ),
    advice=_(
        "学时只由已召开的党课、主题党日推算：实际开展过而没有录入的可以补录；"
        "缺席的可以补课或送学上门。不要为凑学时写记录。"
    ),
    threshold=hours.HOURS_OF_MEMBERS,
    unit=_("学时"),
)
def hours_short(facts: HoursFacts, threshold: int) -> Iterator[Hit]:
    """Before the year is over what has been learned is carried forward to its end."""
    is_over = facts.on.year > facts.year
    gone = 365 if is_over else facts.on.timetuple().tm_yday
    short = []
    for learner in facts.learners:
        needed = hours.HOURS_OF_COMMITTEE if learner.is_leading else threshold
        if learner.minutes * 365 < needed * 60 * gone:
            short.append(learner)
    if not short:
        return
    text = (
        _("%(year)s年学时不足：%(names)s。")
        if is_over
        else _("照目前的进度，%(year)s年学时可能不足：%(names)s。")
    )
    told = [f"{it.name}（{it.minutes / 60:.1f}）" for it in short]
    values = {"year": facts.year, "names": names_text(told)}
    yield Hit(f"members:hours:{facts.year}", text, values, day=date(facts.year, 1, 1))


@branch_check(
    "A18",
    CheckClass.LOCAL,
    source="plans",
    title=_("年度组织生活计划未报"),
    article=_("乡镇要求：年初报送三会一课年度计划"),
    advice=_("从现在起的月份写起即可，不补写已经过去的月份；不单独做计划的，说明原因。"),
    threshold=31,
    unit=_("日（1月）"),
)
def plan_missing(facts: PlanFacts, threshold: int) -> Iterator[Hit]:
    if facts.on <= date(facts.on.year, 1, min(max(threshold, 1), 31)):
        return
    text = {
        "": _("还没有%(year)s年组织生活计划。"),
        "draft": _("%(year)s年组织生活计划还在起草，没有报送。"),
        "returned": _("%(year)s年组织生活计划退回修改，还没有再报。"),
    }.get(facts.state)
    if text:
        year = Span.containing(facts.on, "year")
        yield Hit(f"plan:{year}", text, {"year": facts.on.year}, day=year.start)
