"""Records to try the checks on: a sound 支委会 and 党员大会, and ways to spoil one thing in them."""

from dataclasses import replace
from datetime import date, time

from meetings.checks.base import registry
from meetings.checks.facts import RecordFacts
from meetings.record import Ballots, Entry, Record, Seat

ON = date(2026, 11, 24)
DAY = date(2026, 11, 10)
NAMES = {
    1: "王建国", 2: "李明", 3: "陈秀英", 4: "赵强", 5: "孙丽", 6: "周军", 7: "吴艳", 8: "郑勇",
    9: "冯涛", 10: "韩敏",
}  # fmt: skip
COMMITTEE = frozenset({1, 2, 3})


def seat(pk: int, state: str = "present", **said) -> Seat:
    return Seat(member_id=pk, name=NAMES.get(pk, f"党员{pk}"), state=state, **said)


def seats(present: int = 10, *, leave: int = 0, voters: int | None = None) -> tuple[Seat, ...]:
    """The first `present` came, the next `leave` had leave; the first `voters` have the vote."""
    total = present + leave
    may = total if voters is None else voters
    came = [seat(pk, can_vote=pk <= may) for pk in range(1, present + 1)]
    away = [
        seat(pk, "leave", reason="personal", can_vote=pk <= may)
        for pk in range(present + 1, total + 1)
    ]
    return (*came, *away)


FIRST = Entry(
    kind="first_topic",
    title="学习党的二十届四中全会精神",
    source_on=date(2025, 10, 23),
    speaker="王建国",
)
TOPIC = Entry(
    kind="topic",
    title="研究冬季森林防火值班",
    minutes="李明提出夜间两人一组巡山。陈秀英说祠堂边要加一处水源。",
)
ASSEMBLY = Record(
    kinds=("assembly",),
    title="支部党员大会",
    day=DAY,
    starts_at=time(19, 0),
    ends_at=time(20, 30),
    place="党群服务中心",
    chair_id=1,
    recorder_id=2,
    agenda=(FIRST, TOPIC),
    seats=seats(),
)
SOUND = RecordFacts(
    record=ASSEMBLY,
    on=ON,
    meeting_id=12,
    is_submitted=True,
    branch_name="西河村第一党支部",
    own_names=("西河村第一党支部", "西河村"),
    other_names=("上峰村第一党支部", "上峰村", "东馆村党支部", "东馆村"),
    branch_since=date(2005, 6, 1),
    roster=seats(),
    full_members=10,
    committee=COMMITTEE,
    rightful_chair_id=1,
    names=NAMES,
    is_village=True,
)


def facts(change: dict | None = None, /, **record) -> RecordFacts:
    """The sound assembly with this said otherwise; `change` is about what surrounds it."""
    known = replace(SOUND, **(change or {}))
    return replace(known, record=replace(known.record, **record))


def committee(change: dict | None = None, /, **record) -> RecordFacts:
    """The sound 支委会, said otherwise."""
    three = seats(3)
    known = {"roster": three} | (change or {})
    return facts(known, **({"kinds": ("committee",), "seats": three, "title": "支委会"} | record))


def item(change: dict | None = None, /, **entry) -> RecordFacts:
    """The sound assembly with one item said otherwise."""
    return facts(change, agenda=(FIRST, replace(TOPIC, **entry)))


def vote(
    in_favour: int = 10,
    against: int = 0,
    abstaining: int = 0,
    *,
    rule: str = "ordinary",
    people: tuple[Seat, ...] = (),
    change: dict | None = None,
    entry: dict | None = None,
    **ballots,
) -> RecordFacts:
    """The assembly decides one item: of ten who all came, unless other people are given."""
    cast = Ballots(rule, in_favour, against, abstaining, **ballots)
    said = {
        "kind": "decision",
        "title": "支部年度学习计划",
        "resolution": "通过。由李明负责，12月20日前落实。",
        "ballots": cast,
    }
    one = replace(TOPIC, **(said | (entry or {})))
    return facts(change, agenda=(FIRST, one), seats=people or seats())


def found(code: str, known: RecordFacts) -> list[str]:
    check = registry[code]
    return [hit.subject for hit in check.find(known, check.threshold)]


def texts(code: str, known: RecordFacts) -> list[str]:
    check = registry[code]
    return [
        hit.text % hit.values if hit.values else hit.text
        for hit in check.find(known, check.threshold)
    ]


Cases = dict[str, list[tuple[RecordFacts, list[str]]]]


def rows(cases: Cases) -> list[tuple[str, RecordFacts, list[str]]]:
    return [(code, known, wanted) for code, of in cases.items() for known, wanted in of]
