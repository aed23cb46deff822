"""The elements of a record: A06, B01, B02, B07-B13, B23, B24 (domain: 4.1, 4.3). Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from meetings.record import NEEDS_FIRST_TOPIC, Entry, Gathering, outcome
from meetings.rules import VoteResult

from . import terms
from .base import CheckClass, Hit, _, record_check
from .facts import RecordFacts

LONGEST = timedelta(hours=8)
CHAIRED = frozenset({"assembly", "committee", "group"})
DISCUSSING = frozenset({"assembly", "committee", "group", "org_life"})
PRACTICE = _("会议记录基本要素")


def said_in(facts: RecordFacts) -> str:
    """Return everything written down of what was said."""
    record = facts.record
    parts = [part for e in record.agenda for part in (e.minutes, e.resolution)]
    parts += [remark.text for remark in record.remarks]
    return "\n".join(part for part in [*parts, record.summary] if part)


def people(facts: RecordFacts) -> list[str]:
    """Return the full names of everybody who may have spoken."""
    return [*facts.names.values(), *(guest.name for guest in facts.record.guests)]


def items(facts: RecordFacts) -> Iterator[tuple[int, Entry]]:
    """Yield the further items with their place in the agenda: topics and decisions."""
    for place, entry in enumerate(facts.record.agenda):
        if entry.kind in ("topic", "decision"):
            yield place, entry


@record_check(
    "A06",
    CheckClass.LOCAL,
    title=_("“5+X”缺固定动作"),
    article=_("本乡镇“5+X”固定动作"),
    advice=_("没有开展的如实勾为未开展，并写一句原因；不要补做记录。"),
)
def fixed_action_missing(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    if "theme_day" not in record.kinds:
        return
    done = {e.fixed_action_id for e in record.agenda if e.kind == "fixed" and e.is_done}
    for pk, name in facts.fixed_actions:
        if pk not in done:
            yield Hit(
                f"fixed:{pk}",
                _("固定动作“%(name)s”没有记为已开展。"),
                {"name": name},
                field="fixed",
            )


@record_check(
    "B01",
    CheckClass.RULE,
    title=_("时间、地点、主持人或记录人没有写"),
    article=PRACTICE,
    advice=_("对照当天情况补上；记不清的写明“不详”的原因。"),
)
def element_missing(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    is_talk = record.gathering is Gathering.PAIR
    for value, field, text in (
        (record.starts_at, "starts_at", _("没有写开始时间。")),
        (record.place, "place", _("没有写地点。")),
        (record.chair_id, "chair", _("没有写主持人。")),
        (record.recorder_id, "recorder", _("没有写记录人。")),
    ):
        if not value and not (is_talk and field in ("chair", "recorder")):
            yield Hit(field, text, field=field)


@record_check(
    "B02",
    CheckClass.SUSPICION,
    title=_("结束时间没有写，或会议长得、短得少见"),
    article=PRACTICE,
    advice=_("核对起止时间；确实如此的不用改，可写一句说明。"),
    threshold=10,
    unit=_("分钟"),
)
def unusual_length(facts: RecordFacts, threshold: int) -> Iterator[Hit]:
    record = facts.record
    if record.gathering is Gathering.PAIR or record.starts_at is None:
        return
    if record.ends_at is None:
        yield Hit("length", _("没有写结束时间。"), field="ends_at")
        return
    start, end = (datetime.combine(record.day, t) for t in (record.starts_at, record.ends_at))
    minutes = int((end - start).total_seconds() // 60)
    if minutes < threshold or end - start > LONGEST:
        yield Hit("length", _("会议记为%(minutes)s分钟。"), {"minutes": minutes}, field="ends_at")


@record_check(
    "B07",
    CheckClass.RULE,
    title=_("主持人不是书记（组长），也没有写委托"),
    article=_("《中国共产党支部工作条例（试行）》第十四条"),
    advice=_("书记不能到会时可委托副书记或委员主持，在“主持说明”里写一句受谁委托。"),
)
def chaired_by_another(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    chair, rightful = record.chair_id, facts.rightful_chair_id
    if not CHAIRED & set(record.kinds) or chair is None or rightful in (None, chair):
        return
    name = facts.names.get(chair, "")
    if not record.chair_note:
        yield Hit(
            "chair", _("由%(name)s主持，没有写受谁委托。"), {"name": name}, field="chair_note"
        )
    elif "group" not in record.kinds and chair not in facts.committee | facts.deputies:
        yield Hit("chair", _("主持的%(name)s不是副书记或委员。"), {"name": name}, field="chair")


@record_check(
    "B08",
    CheckClass.SUSPICION,
    title=_("主持人和记录人是同一人"),
    article=PRACTICE,
    advice=_("一般由另一人记录；人少确实由一人兼的，不用改。"),
)
def one_for_both(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    chair = record.chair_id
    if chair is None or chair != record.recorder_id:
        return
    if record.gathering is not Gathering.PAIR:
        name = facts.names.get(chair, "")
        yield Hit("recorder", _("%(name)s既主持又记录。"), {"name": name}, field="recorder")


@record_check(
    "B09",
    CheckClass.LOCAL,
    title=_("第一项不是“第一议题”"),
    article=_("本乡镇“第一议题”制度"),
    advice=_("学了的写在第一项；没有学的不要补写。"),
)
def first_topic_not_first(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    if not NEEDS_FIRST_TOPIC & set(record.kinds) or not record.agenda:
        return
    others = [e for e in record.agenda if e.kind != "fixed"]
    if others and others[0].kind != "first_topic":
        yield Hit(
            "first", _("第一项是“%(title)s”。"), {"title": others[0].title}, field="first_title"
        )


@record_check(
    "B10",
    CheckClass.LOCAL,
    title=_("“第一议题”没有文件日期或领学人"),
    article=_("本乡镇“第一议题”制度"),
    advice=_("补上学的是哪天的讲话或文件、谁领学。"),
)
def first_topic_incomplete(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    for place, entry in enumerate(facts.record.agenda):
        if entry.kind != "first_topic":
            continue
        for value, field, text in (
            (entry.source_on, "source_on", _("“第一议题”没有写文件或讲话的日期。")),
            (entry.speaker, "speaker", _("“第一议题”没有写领学人。")),
        ):
            if not value:
                yield Hit(f"first:{field}", text, entry=place, field=field)


@record_check(
    "B11",
    CheckClass.SUSPICION,
    title=_("没有记下任何人的发言"),
    article=PRACTICE,
    advice=_("谁说了什么，记一两句要点；有不同意见的如实记。"),
)
def nobody_speaks(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """Of the items with minutes: an item that says nothing but that all agreed, or a record in
    which nobody is named. Minutes that were not written are no defect."""
    record = facts.record
    if not DISCUSSING & set(record.kinds):
        return
    written = [(place, entry) for place, entry in items(facts) if entry.minutes]
    empty = [(place, entry) for place, entry in written if terms.only_agrees(entry.minutes)]
    for place, entry in empty:
        yield Hit(
            f"item:{entry.pk or place}",
            _("“%(title)s”只写了一致同意，看不出谁说了什么。"),
            {"title": entry.title},
            place,
            "minutes",
        )
    said = "".join(entry.minutes for _place, entry in written)
    if written and not empty and not record.remarks and not terms.names_any(said, people(facts)):
        yield Hit("nobody", _("发言要点里没有写到任何人的姓名。"), field="minutes")


@record_check(
    "B12",
    CheckClass.SUSPICION,
    title=_("发言人只写了姓和职务"),
    article=PRACTICE,
    advice=_("写全名，如“张某某”；过些年换了人也看得懂。"),
)
def called_by_title(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    for called in terms.called_by_title(said_in(facts), people(facts)):
        yield Hit(f"called:{called}", _("文中写作“%(called)s”。"), {"called": called})


@record_check(
    "B23",
    CheckClass.RULE,
    title=_("会议类型和参加人员对不上"),
    article=_("《中国共产党支部工作条例（试行）》第十一条至第十三条、第十六条"),
    advice=_("核对会议类型和到会名单；党课写明题目和授课人。"),
)
def kind_does_not_fit(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    present = {seat.member_id for seat in record.seats if seat.is_present}
    others = present - facts.committee
    if "committee" in record.kinds and facts.committee and others:
        values = {"present": len(present), "others": len(others)}
        text = _("支委会到会%(present)s人，其中%(others)s人不是委员；不是委员的记列席。")
        yield Hit("committee", text, values, field="kinds")
    expected = {seat.member_id for seat in facts.roster if seat.is_expected}
    is_whole = "assembly" in record.kinds and bool(expected - facts.committee)
    if is_whole and present and present <= facts.committee:
        yield Hit("assembly", _("党员大会只有委员到会。"), field="kinds")
    if "lecture" in record.kinds:
        lecture = next((e for e in record.agenda if e.kind == "lecture"), None)
        if lecture is None or not (lecture.title and lecture.speaker):
            yield Hit("lecture", _("党课没有题目或授课人。"), field="lecture_title")


@record_check(
    "B24",
    CheckClass.LOCAL,
    title=_("决定没有责任人或时限"),
    article=_("本乡镇会议记录要求"),
    advice=_("写明谁去办、什么时候办完；只是表态的不用写。"),
)
def nobody_carries_it_out(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    record = facts.record
    if not {"assembly", "committee"} & set(record.kinds):
        return
    for place, entry in items(facts):
        is_vote = entry.kind == "decision" and terms.asks_to_act(entry.title)
        is_decided = is_vote or bool(entry.resolution)
        if is_decided and _lacks_who_or_when(facts, entry):
            yield Hit(
                f"item:{entry.pk or place}",
                _("“%(title)s”的决定没有写由谁办或什么时候办。"),
                {"title": entry.title},
                place,
                "responsible",
            )


def _lacks_who_or_when(facts: RecordFacts, entry: Entry) -> bool:
    """Say whether a decision asks somebody to act and does not say who or until when.

    Votes on persons carry themselves out, and what was not passed needs nobody.
    """
    ballots = entry.ballots
    if ballots is not None:
        is_passed = outcome(ballots, facts.record.seats).result is VoteResult.PASSED
        if ballots.rule in ("admission", "election") or not is_passed:
            return False
    said = f"{entry.resolution}\n{entry.minutes}"
    has_person = bool(entry.responsible) or terms.names_responsible(said)
    has_time = entry.due_on is not None or terms.names_time(said)
    return not (has_person and has_time)
