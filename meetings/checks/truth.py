"""Times, papers and what follows a meeting: C01-C05, C13, C18-C21. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from . import terms
from .base import CheckClass, Hit, _, record_check
from .elements import said_in
from .facts import RecordFacts
from .saying import day_text

LOCAL_RECORDS = _("本乡镇会议记录要求")
CONTACT = _("本乡镇联系点制度")
# The routine of a committee or a group is not sent up.
REVIEWED = frozenset({"assembly", "lecture", "theme_day", "org_life", "evaluation"})
TOGETHER = 3
# Nobody is asked for the paper of a record older than that.
SIGNED_WITHIN = timedelta(days=365)


def _text(facts: RecordFacts) -> str:
    record = facts.record
    return "\n".join([record.title, *(e.title for e in record.agenda), said_in(facts)])


@record_check(
    "C01",
    CheckClass.LOCAL,
    title=_("记录交晚了"),
    article=LOCAL_RECORDS,
    advice=_("晚交照样算数，写一句原因即可。"),
)
def handed_in_late(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    handed_in, limit = facts.submitted_on, facts.submit_by
    if handed_in is None or limit is None or facts.record.late_note:
        return
    if (days := (handed_in - limit).days) > 0:
        day = day_text(limit)
        yield Hit("late", _("应于%(day)s前提交，晚了%(days)s天。"), {"day": day, "days": days})


@record_check(
    "C02",
    CheckClass.SUSPICION,
    title=_("隔了很久、几份一起写的记录"),
    article=LOCAL_RECORDS,
    advice=_("当时确实开了会的，注明是补记和依据；没有开的不要补写。"),
    threshold=15,
    unit=_("天"),
)
def written_together(facts: RecordFacts, threshold: int) -> Iterator[Hit]:
    if facts.written_at is None or facts.written_together < TOGETHER:
        return
    days = (facts.written_at.date() - facts.record.day).days
    if days > threshold:
        text = _("会后%(days)s天才写，同一小时里写了%(count)s份。")
        yield Hit("together", text, {"days": days, "count": facts.written_together})


@record_check(
    "C03",
    CheckClass.LOCAL,
    title=_("提交以后改过，没有写原因"),
    article=LOCAL_RECORDS,
    advice=_("说明改了什么、为什么改；旧的一版仍可查看。"),
)
def changed_without_reason(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    if facts.amended_unexplained:
        yield Hit(
            "changed", _("共有%(count)s版，最近一次没有写原因。"), {"count": facts.versions + 1}
        )


@record_check(
    "C04",
    CheckClass.RULE,
    title=_("会议日期不可能"),
    article=LOCAL_RECORDS,
    advice=_("核对日期；还没有开的会先作计划。"),
)
def impossible_day(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    day = facts.record.day
    if facts.is_submitted and day > facts.on:
        yield Hit("future", _("日期%(day)s还没有到。"), {"day": day_text(day)}, field="day")
    if facts.branch_since and day < facts.branch_since:
        since = day_text(facts.branch_since)
        yield Hit("before", _("支部%(since)s才成立。"), {"since": since}, field="day")


@record_check(
    "C05",
    CheckClass.SUSPICION,
    title=_("写到了开会那天还没有的文件或会议"),
    article=_("文件名录（公布日期）"),
    advice=_("核对会议日期和学习内容；名录里的日期不对，可请党建办更正。"),
)
def not_yet_issued(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    text = terms.bare(_text(facts))
    for document in facts.documents:
        spellings = [terms.bare(one) for one in (document.title, *document.spellings)]
        if document.issued_on > record.day and terms.speaks_of(text, spellings):
            yield Hit(
                f"document:{document.title}",
                _("“%(title)s”%(day)s才公布，这次会在此之前。"),
                {
                    "title": document.title,
                    "day": f"{document.issued_on.year}年{day_text(document.issued_on)}",
                },
            )
    for place, entry in enumerate(record.agenda):
        if entry.source_on and entry.source_on > record.day:
            yield Hit(
                f"source:{entry.pk or place}",
                _("“%(title)s”的日期写作%(day)s，晚于会议日期。"),
                {
                    "title": entry.title,
                    "day": f"{entry.source_on.year}年{day_text(entry.source_on)}",
                },
                entry=place,
                field="source_on",
            )


@record_check(
    "C13",
    CheckClass.LOCAL,
    title=_("打印件还没有签字"),
    article=LOCAL_RECORDS,
    advice=_("主持人、记录人在打印件上签字后，归档时填一下签字日期。"),
    threshold=90,
    unit=_("天"),
)
def not_signed(facts: RecordFacts, threshold: int) -> Iterator[Hit]:
    submitted = facts.submitted_on
    if submitted is None or facts.signed_on or not facts.asks_signature:
        return
    if timedelta(days=threshold) < facts.on - submitted <= SIGNED_WITHIN:
        yield Hit(
            "signed", _("提交%(days)s天了，没有签字日期。"), {"days": (facts.on - submitted).days}
        )


@record_check(
    "C18",
    CheckClass.LOCAL,
    title=_("主题和年度计划不一样"),
    article=_("《中国共产党支部工作条例（试行）》第十六条"),
    advice=_("临时改了主题很正常，写一句原因；或调整年度计划。"),
)
def not_as_planned(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    if facts.plan_theme and not terms.touches(_text(facts), facts.plan_theme):
        yield Hit(
            "theme", _("计划的主题是“%(theme)s”。"), {"theme": facts.plan_theme}, field="title"
        )


@record_check(
    "C19",
    CheckClass.LOCAL,
    title=_("会前没有审核主题，或领导到会后没有点评"),
    article=CONTACT,
    advice=_("不影响会议有效；下次提前送审，或请到会领导补一句点评。"),
    threshold=7,
    unit=_("天"),
)
def not_reviewed(facts: RecordFacts, threshold: int) -> Iterator[Hit]:
    record = facts.record
    if not facts.is_submitted or not REVIEWED & set(record.kinds):
        return
    is_over = facts.on > record.day + timedelta(days=threshold)
    if facts.has_linked_leader:
        decided = facts.review_decided_at
        if facts.review_asked_on is None:
            yield Hit("review", _("有联系领导，主题没有送审。"))
        elif decided is not None and decided.date() > record.day:
            yield Hit("review", _("主题是会后才审核的。"))
        elif decided is None and is_over:
            yield Hit("review", _("主题送审以后没有审核意见。"))
    if facts.leaders_present and not facts.comments and is_over:
        names = "、".join(name for _pk, name in facts.leaders_present)
        yield Hit("comment", _("%(names)s到会，会后没有点评。"), {"names": names})


@record_check(
    "C20",
    CheckClass.LOCAL,
    title=_("上次指出的不足，这次没有提到"),
    article=CONTACT,
    advice=_("在议题里说一句整改到哪一步，或直接答复那条点评。"),
)
def not_taken_up(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    text = _text(facts)
    for pk, comment in facts.unanswered_comments:
        if not terms.takes_up(text, comment):
            yield Hit(f"comment:{pk}", _("上次指出：“%(comment)s”"), {"comment": comment})


@record_check(
    "C21",
    CheckClass.LOCAL,
    title=_("上次会议的决定，这次没有通报落实情况"),
    article=_("《中国共产党支部工作条例（试行）》第十六条"),
    advice=_("在“上次决议落实情况”里点一下，写一句办到哪一步。"),
)
def not_followed(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record, text = facts.record, _text(facts)
    followed = {entry.follows_id for entry in record.agenda}
    for decided in facts.open_decisions:
        is_due = decided.due_on is None or decided.due_on <= record.day
        is_nothing = decided.due_on is None and not terms.asks_to_act(decided.title)
        is_told = (
            is_nothing
            or not is_due
            or decided.item_id in followed
            or terms.takes_up(text, decided.title)
        )
        if not is_told:
            yield Hit(
                f"decided:{decided.item_id}",
                _("%(day)s决定的“%(title)s”没有下文。"),
                {"day": day_text(decided.day), "title": decided.title},
            )
