"""Texts that look copied, or speak of somewhere else: C08-C12. Suspicions, all of them. Pure."""

from collections.abc import Iterable, Iterator

from . import terms
from .base import CheckClass, Hit, _, record_check
from .elements import said_in
from .facts import Alike, RecordFacts
from .saying import day_text

LOCAL_RECORDS = _("本乡镇会议记录要求")
# So short a text says nothing about whether it keeps to its topic.
TELLING_LENGTH = 80


def _alike(rows: Iterable[Alike], threshold: int) -> Iterator[tuple[Alike, dict]]:
    """Yield who is alike beyond the threshold in percent; the first is enough to look at."""
    for row in sorted(rows, key=lambda row: -row.ratio)[:1]:
        percent = round(100 * row.ratio)
        if percent >= threshold:
            told = {
                "branch": row.branch,
                "title": row.title,
                "day": f"{row.day.year}年{day_text(row.day)}",
                "percent": percent,
            }
            yield row, told


@record_check(
    "C08",
    CheckClass.SUSPICION,
    title=_("和本支部以前的记录很像"),
    article=LOCAL_RECORDS,
    advice=_("内容确实相近的，补上这次不同的地方；谁说了什么、定了什么，每次总有不同。"),
    threshold=85,
    unit=_("%"),
)
def like_an_earlier_one(facts: RecordFacts, threshold: int) -> Iterator[Hit]:
    own = [row for row in facts.alike if row.is_own_branch and row.day != facts.record.day]
    for row, told in _alike(own, threshold):
        text = _("与%(day)s“%(title)s”有%(percent)s%%相同。")
        yield Hit(f"like:{row.meeting_id}", text, told)


@record_check(
    "C09",
    CheckClass.SUSPICION,
    title=_("和其他支部的记录很像"),
    article=LOCAL_RECORDS,
    advice=_("乡里统一下发的内容可请党建办登记为统一文本；讨论和决定写本支部自己的。"),
    threshold=85,
    unit=_("%"),
)
def like_another_branch(facts: RecordFacts, threshold: int) -> Iterator[Hit]:
    others = [row for row in facts.alike if not row.is_own_branch]
    for row, told in _alike(others, threshold):
        text = _("与%(branch)s%(day)s“%(title)s”有%(percent)s%%相同。")
        yield Hit(f"like:{row.meeting_id}", text, told)


@record_check(
    "C10",
    CheckClass.SUSPICION,
    title=_("文中有别的村、支部的名称或别的月份"),
    article=LOCAL_RECORDS,
    advice=_("核对是不是沿用了别处的文字；确实提到的不用改。"),
)
def speaks_of_elsewhere(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    text = "\n".join([record.title, *(e.title for e in record.agenda), said_in(facts)])
    for name in terms.names_left_in(text, facts.own_names, facts.other_names):
        yield Hit(f"name:{name}", _("文中写的是“%(name)s”。"), {"name": name})
    day = f"{record.day.year}年{day_text(record.day)}"
    titles = "\n".join([record.title, *(e.title for e in record.agenda)])
    for month in terms.other_months(titles, said_in(facts), record.day):
        told = {"day": day, "month": month}
        yield Hit(f"month:{month}", _("会议在%(day)s，文中写的是“%(month)s”。"), told)


@record_check(
    "C11",
    CheckClass.SUSPICION,
    title=_("写的内容和议题没有关系"),
    article=LOCAL_RECORDS,
    advice=_("核对是不是填错了栏目；内容对的不用改。"),
)
def off_the_topic(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    for place, entry in enumerate(facts.record.agenda):
        text = f"{entry.minutes}\n{entry.resolution}"
        if entry.kind in ("fixed", "first_topic") or len(text) < TELLING_LENGTH:
            continue
        if not terms.touches(text, entry.title):
            told = {"title": entry.title}
            text = _("“%(title)s”下面写的内容没有提到它。")
            yield Hit(f"item:{entry.pk or place}", text, told, place, "minutes")


@record_check(
    "C12",
    CheckClass.SUSPICION,
    title=_("同一天几种会议写了一样的内容"),
    article=LOCAL_RECORDS,
    advice=_("合在一起开的，记一份、类型多选即可，各项要求都算数。"),
    threshold=85,
    unit=_("%"),
)
def one_text_for_several(facts: RecordFacts, threshold: int) -> Iterator[Hit]:
    for row, told in _alike(facts.same_day, threshold):
        text = _("与同一天的“%(title)s”有%(percent)s%%相同。")
        yield Hit(f"like:{row.meeting_id}", text, told)
