"""A sound record, and short ways to say one thing of it otherwise."""

from dataclasses import replace
from datetime import date, time, timedelta

from meetings.checks.facts import Alike, Earlier, Elsewhere, Named, RecordFacts
from meetings.record import Assessed, Ballots, Entry, Record, Seat

DAY, ON = date(2026, 10, 20), date(2026, 11, 24)
NAMES = {
    1: "李建国",
    2: "王秀英",
    3: "张明",
    4: "陈光华",
    5: "赵强",
    6: "孙丽",
    7: "周平",
    8: "吴芳",
}
SEATS = tuple(Seat(pk, name=name) for pk, name in NAMES.items())
FIRST = Entry(
    "first_topic", "全会精神", source_on=date(2026, 10, 1), speaker="李建国", minutes="谈了体会"
)
TOPIC = Entry(
    "topic",
    "茶园灌溉渠清淤",
    minutes="王秀英提出茶园灌溉渠先勘察再清淤，张明赞成。",
    resolution="由张明联系水利站勘察。",
    responsible="张明",
    due_on=date(2026, 10, 31),
)
VOTE = Ballots("ordinary", 8)
DECISION = replace(TOPIC, kind="decision", ballots=VOTE, resolution="同意清淤，通过。")


def record(*kinds: str, **said) -> Record:
    sound = {
        "title": "支部党员大会",
        "day": DAY,
        "starts_at": time(19),
        "ends_at": time(20, 30),
        "place": "党群服务中心",
        "chair_id": 1,
        "recorder_id": 2,
        "agenda": (FIRST, TOPIC),
        "seats": SEATS,
    }
    return Record(kinds=kinds or ("assembly",), **(sound | said))


def facts(*kinds: str, of: dict | None = None, **said) -> RecordFacts:
    """A sound record that was handed in, but for what is said of it here."""
    sound = {
        "is_submitted": True,
        "own_names": ("上峰村第一党支部",),
        "roster": SEATS,
        "full_members": 8,
        "committee": frozenset({1, 2, 3}),
        "deputies": frozenset({2}),
        "rightful_chair_id": 1,
        "names": NAMES,
        "submitted_on": DAY,
        "submit_by": DAY + timedelta(days=3),
        "signed_on": DAY,
        "is_village": True,
        "earlier_committee": (
            Earlier(1, "茶园灌溉渠清淤", DAY - timedelta(days=9), ("committee",)),
        ),
    }
    return RecordFacts(record=record(*kinds, **(of or {})), on=ON, **(sound | said))


def item(**said) -> dict:
    return {"agenda": (FIRST, replace(TOPIC, **said))}


def vote(**said) -> dict:
    ballots = {"rule": "ordinary", "in_favour": 8} | said.pop("ballots", {})
    return {"agenda": (FIRST, replace(DECISION, ballots=Ballots(**ballots), **said))}


def away(*members: int, state: str = "absent", reason: str = "", **said) -> dict:
    seats = [replace(s, state=state, reason=reason) if s.member_id in members else s for s in SEATS]
    return {"seats": tuple(seats), **said}


def alike(ratio: float, *, is_own: bool = True, day: date = date(2026, 7, 20)) -> Alike:
    return Alike(9, "支委会", "五阳村第一党支部", day, ratio, is_own)


def there(starts: int, ends: int, member: int = 3) -> tuple[Elsewhere, ...]:
    name = NAMES.get(member, "方志远")
    return (Elsewhere(member, None, name, "党课", "五阳村第一党支部", time(starts), time(ends)),)


FIXED = ((1, "集中学习"), (2, "志愿服务"))
STEPS = tuple(Entry("fixed", name, fixed_action_id=pk) for pk, name in FIXED)
PAPER = (Named("党的二十届五中全会", ("二十届五中全会",), date(2026, 10, 29)),)
LONG = (
    "王秀英介绍了今年水稻秸秆禁烧的巡查安排，每组两人，早晚各一次。张明说去年北坡起火点多，今年要加一组。"
    * 2
)
PROBATIONER = replace(SEATS[7], can_vote=False)
PROBATIONARY = {"probationary": frozenset({8})}


def grades(*given: str) -> dict:
    assessed = tuple(
        Assessed(seat.member_id, grade=grade) for seat, grade in zip(SEATS, given, strict=True)
    )
    return {"assessed": assessed}


# Code: facts that make it speak, facts that nearly do.


# Code: facts that make it speak, facts that nearly do.
Cases = dict[str, tuple[list[RecordFacts], list[RecordFacts]]]
