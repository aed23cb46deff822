"""Whom a branch should look after early: C15-C17. Read by those who keep the roster alone.

None of this is a label on a member: the earlier a talk, the less it comes to art. 31 of the
《中国共产党党员教育管理工作条例》.
"""

from collections.abc import Iterator

from branches.rules import add_months

from .base import CheckClass, Hit, _, branch_check
from .branch_facts import CareFacts
from .saying import day_text

# After so many months a member is spoken of again: early care, care, and the limit of art. 31 (6).
STEPS = (5, 6)
# Who missed nothing lately has either come back or is not asked any more.
LATELY_MONTHS = 2


def _step(months: int, first: int) -> int:
    """Return the highest step reached, or 0."""
    return max((step for step in (first, *STEPS) if step <= months), default=0)


@branch_check(
    "C15",
    CheckClass.RULE,
    source="care",
    title=_("较长时间没有参加组织生活"),
    article=_("《中国共产党党员教育管理工作条例》第二十九条、第三十一条"),
    advice=_(
        "先关心谈一次，了解情况；有原因的补记请假类别，年老体弱的登记免除情形，外出的落实联系人。"
    ),
    threshold=3,
    unit=_("个月"),
)
def long_absent(facts: CareFacts, threshold: int) -> Iterator[Hit]:
    """Absent without any reason given from every meeting; leave, making up and art. 23 end it."""
    for absence in facts.absences:
        months = 0
        while add_months(absence.since, months + 1) <= facts.on:
            months += 1
        is_live = absence.last_on >= add_months(facts.on, -LATELY_MONTHS)
        if is_live and (step := _step(months, threshold)):
            yield Hit(
                f"member:{absence.member_id}:absent:{absence.since}:{step}",
                _("%(name)s：自%(day)s起满%(step)s个月没有参加组织生活，也没有登记原因。"),
                {"name": absence.name, "day": day_text(absence.since), "step": step},
                member_id=absence.member_id,
                day=absence.since,
            )


@branch_check(
    "C16",
    CheckClass.RULE,
    source="care",
    title=_("党费有几个月没有交"),
    article=_("《中国共产党党员教育管理工作条例》第三十一条"),
    advice=_("提醒补交，有困难的按规定少交或免交；补交后在“党费”里点一下。"),
    threshold=3,
    unit=_("个月"),
)
def dues_open(facts: CareFacts, threshold: int) -> Iterator[Hit]:
    for arrears in facts.arrears:
        if step := _step(arrears.months, threshold):
            yield Hit(
                f"member:{arrears.member_id}:dues:{arrears.since}:{step}",
                _("%(name)s：自%(year)s年%(month)s月起，已有%(step)s个月党费没有交。"),
                {
                    "name": arrears.name,
                    "year": arrears.since.year,
                    "month": arrears.since.month,
                    "step": step,
                },
                member_id=arrears.member_id,
                day=arrears.since,
            )


@branch_check(
    "C17",
    CheckClass.RULE,
    source="care",
    title=_("流动党员没有联系人，或较久没有联系"),
    article=_("《中国共产党党员教育管理工作条例》第三十三条、第三十四条"),
    advice=_("明确一名联系人；联系过的，在党员页记一笔日期。"),
    threshold=6,
    unit=_("个月"),
)
def floating_alone(facts: CareFacts, threshold: int) -> Iterator[Hit]:
    """Abroad it is half a year at the most, whatever the township sets (art. 34)."""
    for member in facts.floating:
        months = min(threshold, 6) if member.is_abroad else threshold
        last = member.last_contact_on
        state = str(last or "never")
        if not member.has_contact_person:
            state = "alone"
            text = _("流动党员%(name)s还没有明确联系人。")
        elif last is None:
            text = _("流动党员%(name)s还没有联系记录。")
        elif add_months(last, months) < facts.on:
            text = _("流动党员%(name)s：上次联系是%(day)s，已超过%(months)s个月。")
        else:
            continue
        yield Hit(
            f"member:{member.member_id}:floating:{state}",
            text,
            {
                "name": member.name,
                "day": f"{last.year}年{day_text(last)}" if last else "",
                "months": months,
            },
            member_id=member.member_id,
            day=last or facts.on.replace(month=1, day=1),
        )
