"""Who was there: B03-B06, C06, C07, C14. Nobody whom art. 23 excuses is ever a defect. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from branches.rules import add_months
from meetings.record import Gathering, Seat

from .base import CheckClass, Hit, _, record_check
from .facts import Elsewhere, RecordFacts
from .saying import names_text

PRACTICE = _("会议记录基本要素")
# A meeting of which only the beginning is known takes half an hour at least.
SHORTEST = timedelta(minutes=30)
# Kinds at which something is taught.
LEARNING = frozenset({"lecture", "theme_day", "assembly", "group"})
# Nobody is asked to make up what lies further back.
MAKE_UP_MONTHS = 6


def _is_talk(facts: RecordFacts) -> bool:
    """At a 谈心谈话 nobody is expected but those who talk."""
    return facts.record.gathering is Gathering.PAIR


def _names(facts: RecordFacts, seats: Iterable[Seat]) -> str:
    return names_text([seat.name or facts.names.get(seat.member_id, "") for seat in seats])


@record_check(
    "B03",
    CheckClass.RULE,
    title=_("应到、实到、未到的人数对不上"),
    article=_("会议记录基本要素：应到＝实到＋未到"),
    advice=_("逐人核对到会情况；人数由系统按名单计算，不用手填。"),
)
def numbers_do_not_add_up(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """Counted from the seats of our own form they always do; a record from elsewhere states them."""
    if _is_talk(facts):
        return
    expected, present, away = facts.counted
    if expected == present + away:
        return
    if present + away < expected:
        text = _("应到%(expected)s人，实到%(present)s人，未到会只记了%(away)s人。")
    else:
        text = _("应到%(expected)s人，实到%(present)s人，未到会却记了%(away)s人。")
    yield Hit("counts", text, {"expected": expected, "present": present, "away": away})


@record_check(
    "B04",
    CheckClass.RULE,
    title=_("应到名单和当天的党员名册对不上"),
    article=_("《中国共产党支部工作条例（试行）》第十一条至第十三条"),
    advice=_("点“修改”重新核对应到名单；有人依规定不计入应到的，写明原因。"),
)
def not_the_roster(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """An explained adjustment keeps its seat. Who is there without belonging is told by C07."""
    if _is_talk(facts) or not facts.roster:
        return
    listed = {seat.member_id for seat in facts.record.seats}
    belonging = {seat.member_id for seat in facts.roster}
    missing = [s for s in facts.roster if s.is_expected and s.member_id not in listed]
    surplus = [
        seat
        for seat in facts.record.seats
        if seat.is_expected and not seat.is_present and seat.member_id not in belonging
    ]
    expected = sum(seat.is_expected for seat in facts.roster)
    if missing and listed:
        values = {"expected": expected, "names": _names(facts, missing)}
        yield Hit("missing", _("当天名册应到%(expected)s人，应到名单中没有%(names)s。"), values)
    if surplus:
        values = {"expected": expected, "names": _names(facts, surplus)}
        yield Hit("surplus", _("当天名册应到%(expected)s人，名册上没有%(names)s。"), values)
    adjusted = sum(bool(seat.adjustment) for seat in facts.record.seats)
    if facts.told is not None and facts.told[0] != expected - adjusted:
        values = {"expected": expected - adjusted, "told": facts.told[0]}
        yield Hit("told", _("按当天名册应到%(expected)s人，记录写的是%(told)s人。"), values)


@record_check(
    "B05",
    CheckClass.RULE,
    title=_("未到会的人没有写姓名或原因"),
    article=PRACTICE,
    advice=_("给未到会的党员选一个请假类别；只写类别，不写病情。"),
)
def absent_unnamed(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """无故缺席 is an answer; leave without its category, or no state at all, is none."""
    if _is_talk(facts):
        return
    unknown = [
        seat
        for seat in facts.record.seats
        if seat.is_expected and (not seat.state or (seat.state == "leave" and not seat.reason))
    ]
    if unknown:
        yield Hit("reason", _("%(names)s没有写未到会的原因。"), {"names": _names(facts, unknown)})
    named = sum(s.is_expected and not s.is_present for s in facts.record.seats)
    if facts.told is not None and facts.told[2] > named:
        values = {"away": facts.told[2], "named": named}
        yield Hit("unnamed", _("未到会%(away)s人，写了姓名的只有%(named)s人。"), values)


@record_check(
    "B06",
    CheckClass.RULE,
    title=_("列席人员记在了实到人数里"),
    article=_("《中国共产党支部工作条例（试行）》约第十五条；列席不计入应到、实到"),
    advice=_("联系领导和其他支部的人只记列席；在自己的支部才计入应到、实到。"),
)
def guest_counted(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    if _is_talk(facts):
        return
    present = [seat for seat in facts.record.seats if seat.is_present]
    both = [seat for seat in present if seat.member_id in facts.guest_members]
    if both:
        values = {"names": _names(facts, both)}
        yield Hit("both", _("%(names)s既列席，又计入实到。"), values, field="guests")
    strangers = [s for s in present if s.member_id in facts.outsiders and s not in both]
    if strangers:
        values = {"names": _names(facts, strangers)}
        yield Hit("outsiders", _("%(names)s属于其他支部，却计入实到。"), values)


def _overlaps(facts: RecordFacts, other: Elsewhere) -> bool:
    """Compare the times as far as both are known; one of the same branch in the same room is no
    other place."""
    record = facts.record
    if record.starts_at is None or other.starts_at is None:
        return False
    if other.branch == facts.branch_name and other.place == record.place:
        return False
    mine = _times(record.day, record.starts_at, record.ends_at)
    theirs = _times(record.day, other.starts_at, other.ends_at)
    return mine[0] < theirs[1] and theirs[0] < mine[1]


def _times(day: date, starts_at: time, ends_at: time | None) -> tuple[datetime, datetime]:
    start = datetime.combine(day, starts_at)
    return start, datetime.combine(day, ends_at) if ends_at else start + SHORTEST


@record_check(
    "C06",
    CheckClass.SUSPICION,
    title=_("同一人同一时间在两处到会"),
    article=_("会议记录真实性：不得代签"),
    advice=_("核对两边的到会名单和时间；有一边是线上参加的，改记“线上参加”。"),
)
def in_two_places(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """Members present in person, leaders who sat in. Taking part remotely is no place."""
    in_person = {
        seat.member_id for seat in facts.record.seats if seat.is_present and seat.state != "remote"
    }
    leaders = {pk for pk, _name in facts.leaders_present}
    for other in facts.elsewhere:
        is_here = other.member_id in in_person or other.leader_id in leaders
        if is_here and _overlaps(facts, other):
            yield Hit(
                f"elsewhere:{other.member_id or 0}:{other.leader_id or 0}:{other.meeting}",
                _("%(name)s同一时间还记在%(branch)s的“%(meeting)s”。"),
                {"name": other.name, "branch": other.branch, "meeting": other.meeting},
                member_id=other.member_id,
            )


@record_check(
    "C07",
    CheckClass.SUSPICION,
    title=_("登记不在本地或不在本支部的人记为到会"),
    article=_("会议记录真实性：不得代签"),
    advice=_("当天确实到会的，说明一句即可；线上参加的，改记“线上参加”。"),
)
def present_though_away(facts: RecordFacts, _threshold: int) -> Iterator[Hit]:
    """The kind of the registration is not said: it may be a matter of health."""
    if _is_talk(facts):
        return
    here = {seat.member_id for seat in facts.roster}
    for seat in facts.record.seats:
        if not seat.is_present or seat.state == "remote":
            continue
        name = seat.name or facts.names.get(seat.member_id, "")
        if seat.member_id in facts.away:
            text = _("%(name)s：按登记当天不在本地或不便到会，却记为现场到会。")
        elif here and seat.member_id not in here | facts.outsiders:
            text = _("%(name)s当天不在名册上，却记为到会。")
        else:
            continue
        yield Hit(f"away:{seat.member_id}", text, {"name": name}, member_id=seat.member_id)


@record_check(
    "C14",
    CheckClass.LOCAL,
    title=_("缺席的党员还没有补学"),
    article=_("《中国共产党党员教育管理工作条例》第二十三条；补学期限按乡镇要求"),
    advice=_("找个时间补学，在“补学”里点一下；年老体弱的送学上门，不作硬性要求。"),
    threshold=30,
    unit=_("天"),
)
def not_made_up(facts: RecordFacts, threshold: int) -> Iterator[Hit]:
    day, on = facts.record.day, facts.on
    is_asked = (on - day).days > threshold and add_months(day, MAKE_UP_MONTHS) >= on
    is_lesson = bool(LEARNING & set(facts.record.kinds))
    if facts.is_submitted and is_lesson and is_asked and facts.not_made_up:
        away = [seat for seat in facts.record.seats if seat.member_id in facts.not_made_up]
        if away:
            values = {"names": _names(facts, away), "days": threshold}
            yield Hit("make_up", _("%(names)s缺席后%(days)s天还没有补学。"), values)
