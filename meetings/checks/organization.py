"""How a branch is made up: A12-A16, and what its leaders and probationers wait for: D05, D06."""

from collections.abc import Iterator
from datetime import date

from branches import rules
from branches.rules import SizeHint, TermStep

from .base import CheckClass, Hit, _, branch_check
from .branch_facts import OrganizationFacts, Probationer, ProbationFacts, VisitFacts
from .saying import day_text, names_text

ROLES = {
    "secretary": _("书记"),
    "organization": _("组织委员"),
    "publicity": _("宣传委员"),
    "discipline": _("纪检委员"),
}
# 细则 art. 31: the probationary year counts from the 党员大会, and is prolonged by a year at most.
PROBATION_MONTHS = 12
PROLONGED_MONTHS = 24
MONTHS_IN_YEAR = 12


@branch_check(
    "A12",
    CheckClass.RULE,
    source="organization",
    title=_("支部届期将满或已满"),
    article=_("《中国共产党支部工作条例（试行）》第二十一条"),
    advice=_("按期准备换届；需要提前或延期的，报上级批准后在“届期”里写上批复，一般不超过1年。"),
    threshold=rules.TERM_WARNING_MONTHS,
    unit=_("个月"),
)
def term_ending(facts: OrganizationFacts, threshold: int) -> Iterator[Hit]:
    """An approval on file covers a year after the term's end (art. 21) and no more."""
    ends_on = facts.term_ends_on
    if ends_on is None or rules.add_months(facts.on, threshold) < ends_on:
        return
    has_ended = rules.term_step(ends_on, facts.on) is TermStep.ENDED
    covered = rules.add_months(ends_on, rules.TERM_EXTENSION_MONTHS)
    if facts.has_approval and facts.on <= covered:
        return
    if facts.has_approval:
        text = _("届期已于%(day)s届满，批准延期也已超过1年。")
    elif has_ended:
        text = _("届期已于%(day)s届满，没有换届记录，也没有批复。")
    else:
        text = _("届期将于%(day)s届满。")
    yield Hit(
        f"term:{ends_on:%Y-%m-%d}",
        text,
        {"day": f"{ends_on.year}年{day_text(ends_on)}"},
        day=ends_on,
    )


@branch_check(
    "A13",
    CheckClass.RULE,
    source="organization",
    title=_("书记或委员空缺"),
    article=_("《中国共产党支部工作条例（试行）》第二十一条；天数按乡镇要求"),
    advice=_("及时补选；已经补选的，在“党内职务”里登记。"),
    threshold=60,
    unit=_("天"),
)
def post_vacant(facts: OrganizationFacts, threshold: int) -> Iterator[Hit]:
    for vacancy in facts.vacancies:
        if vacancy.since and (facts.on - vacancy.since).days <= threshold:
            continue
        if vacancy.role != "secretary" and not rules.may_have_committee(facts.full):
            continue
        text = (
            _("%(role)s自%(day)s起空缺。") if vacancy.since else _("系统中没有登记在任的%(role)s。")
        )
        since = vacancy.since or facts.on
        yield Hit(
            f"post:{vacancy.role}:{vacancy.since or facts.on.year}",
            text,
            {"role": ROLES[vacancy.role], "day": f"{since.year}年{day_text(since)}"},
            day=vacancy.since or date(facts.on.year, 1, 1),
        )


def _sizes(facts: OrganizationFacts, texts: dict[SizeHint, str]) -> Iterator[Hit]:
    hints = rules.size_hints(members=facts.members, full=facts.full, committee=facts.committee)
    values = {"members": facts.members, "full": facts.full, "committee": facts.committee}
    for hint in hints:
        if hint in texts:
            yield Hit(
                f"size:{hint}:{facts.on.year}", texts[hint], values, day=date(facts.on.year, 1, 1)
            )


@branch_check(
    "A14",
    CheckClass.RULE,
    source="organization",
    title=_("支委会人数与党员人数不相称"),
    article=_("《中国共产党支部工作条例（试行）》第二十条"),
    advice=_("核对在任的委员和正式党员；登记有误的更正，确需调整的按程序补选。"),
)
def committee_size(facts: OrganizationFacts, _threshold: int) -> Iterator[Hit]:
    """Seven full members or more: three to five, at most seven; under seven: none."""
    yield from _sizes(
        facts,
        {
            SizeHint.COMMITTEE_MISSING: _("正式党员%(full)s人，没有登记支部委员会。"),
            SizeHint.COMMITTEE_SMALL: _("正式党员%(full)s人，支委会只有%(committee)s人。"),
            SizeHint.COMMITTEE_LARGE: _("支委会有%(committee)s人，一般不超过7人。"),
            SizeHint.COMMITTEE_NOT_DUE: _(
                "正式党员%(full)s人，不足7人，却登记了%(committee)s名支委。"
            ),
        },
    )


@branch_check(
    "A15",
    CheckClass.RULE,
    source="organization",
    title=_("支部党员人数过多或过少"),
    article=_("《中国共产党支部工作条例（试行）》约第四、五条"),
    advice=_("超过50人的，商上级分设；正式党员不足3人的，与邻近单位联合设立。"),
)
def branch_size(facts: OrganizationFacts, _threshold: int) -> Iterator[Hit]:
    yield from _sizes(
        facts,
        {
            SizeHint.TOO_MANY: _("党员%(members)s人，支部一般不超过50人。"),
            SizeHint.TOO_FEW_FULL: _("正式党员%(full)s人，不足3人。"),
        },
    )


@branch_check(
    "A16",
    CheckClass.RULE,
    source="organization",
    title=_("党员没有编入党小组"),
    article=_("《中国共产党党员教育管理工作条例》第二十五条"),
    advice=_("在党员名册里编入一个党小组。"),
)
def ungrouped(facts: OrganizationFacts, _threshold: int) -> Iterator[Hit]:
    """Only where there are groups.

    A member in two branches cannot be: the database keeps one open membership per member.
    """
    if facts.has_groups and facts.ungrouped:
        yield Hit(
            f"members:ungrouped:{facts.on.year}",
            _("没有编入党小组：%(names)s。"),
            {"names": names_text(facts.ungrouped)},
            day=date(facts.on.year, 1, 1),
        )


@branch_check(
    "D05",
    CheckClass.LOCAL,
    source="visits",
    title=_("联系领导到会不够"),
    article=_("联系点制度；次数按乡镇要求"),
    advice=_("到会后在会议页记一笔即可；因故不能到会的，可请人代为联系或说明原因。"),
)
def leader_not_seen(facts: VisitFacts, _threshold: int) -> Iterator[Hit]:
    """Compare with the share of the year's visits that the time gone by asks for."""
    for leader in facts.leaders:
        since = max(leader.since, date(facts.on.year, 1, 1))
        gone = (facts.on.year - since.year) * MONTHS_IN_YEAR + facts.on.month - since.month
        asked = leader.asked * gone // MONTHS_IN_YEAR
        if leader.attended < asked:
            yield Hit(
                f"leader:{leader.leader_id}:{facts.on.year}",
                _("%(name)s今年到会%(attended)s次，每年应到%(asked)s次。"),
                {"name": leader.name, "attended": leader.attended, "asked": leader.asked},
                day=date(facts.on.year, 1, 1),
            )


@branch_check(
    "D06",
    CheckClass.RULE,
    source="probation",
    title=_("发展党员环节超过期限"),
    article=_("《中国共产党发展党员工作细则》（2026年修订）第三十一至三十三条"),
    advice=_("核对转正申请、党员大会决议和上级批复；已经转正的，在名册里更新转正日期。"),
    threshold=3,
    unit=_("个月"),
)
def step_overdue(facts: ProbationFacts, threshold: int) -> Iterator[Hit]:
    """As far as the system knows: the roster's dates and the votes on record.

    `threshold` is the time that the upper committee has to approve a 转正 (art. 33).
    """
    for person in facts.probationers:
        if text := _overdue_step(person, facts.on, threshold):
            step = person.decisions[-1][0] if person.decisions else "none"
            yield Hit(
                f"member:{person.member_id}:probation:{step}",
                text,
                {"name": person.name, "months": threshold},
                member_id=person.member_id,
                day=person.joined_on,
            )


def _overdue_step(person: Probationer, on: date, threshold: int) -> str:
    step, day = person.decisions[-1] if person.decisions else ("", person.joined_on)
    if step == "confirm":
        is_late = rules.add_months(day, threshold) < on
        return _("%(name)s：转正决议已超过%(months)s个月，名册里仍是预备党员。") if is_late else ""
    if step == "revoke":
        is_late = rules.add_months(day, threshold) < on
        return _("%(name)s：已决定取消预备党员资格，仍在名册里。") if is_late else ""
    months = PROLONGED_MONTHS if step == "prolong" else PROBATION_MONTHS
    if rules.add_months(person.joined_on, months) >= on:
        return ""
    if step == "prolong":
        return _("%(name)s：延长的预备期已满，没有转正或取消资格的表决记录。")
    return _("%(name)s：预备期已满一年，没有转正、延长或取消资格的表决记录。")
