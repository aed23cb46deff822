"""The checks of one record: for each what makes it speak, and the near misses that do not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from meetings.checks import terms
from meetings.checks.base import CheckClass, Scope, registry
from meetings.checks.facts import Alike, Earlier, Elsewhere, Named, RecordFacts
from meetings.checks.running import run_record_checks
from meetings.record import Assessed, Ballots, Choice, Entry, Record, Remark, Seat, Visitor

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
CASES: dict[str, tuple[list[RecordFacts], list[RecordFacts]]] = {
    "A06": (
        [
            facts("theme_day", of={"agenda": (FIRST, STEPS[0])}, fixed_actions=FIXED),
            facts(
                "theme_day",
                of={"agenda": (FIRST, STEPS[0], replace(STEPS[1], is_done=False))},
                fixed_actions=FIXED,
            ),
        ],
        [
            facts("theme_day", of={"agenda": (FIRST, *STEPS)}, fixed_actions=FIXED),
            facts("assembly", fixed_actions=FIXED),
        ],
    ),
    "A10": (
        [
            facts("evaluation", of=grades(*["excellent"] * 3, *["qualified"] * 5)),
            facts("evaluation", of=grades(*["qualified"] * 7, "")),
            facts("evaluation", of=grades(*["qualified"] * 8) | PROBATIONARY),
        ],
        [
            facts("evaluation", of=grades(*["excellent"] * 2, *["qualified"] * 6)),
            facts("evaluation", of=grades(*["qualified"] * 7, "") | PROBATIONARY),
        ],
    ),
    "B01": (
        [facts(of={"place": ""}), facts(of={"recorder_id": None}), facts(of={"starts_at": None})],
        [facts(), facts("talk", of={"chair_id": None, "recorder_id": None})],
    ),
    "B02": (
        [
            facts(of={"ends_at": None}),
            facts(of={"ends_at": time(19, 9)}),
            facts(of={"starts_at": time(8), "ends_at": time(16, 1)}),
        ],
        [
            facts(of={"ends_at": time(19, 10)}),
            facts(of={"starts_at": time(8), "ends_at": time(16)}),
        ],
    ),
    "B03": ([facts(told=(18, 15, 2))], [facts(told=(18, 15, 3)), facts()]),
    "B04": (
        [facts(of={"seats": SEATS[:-1]})],
        [
            facts(),
            facts(
                of={"seats": SEATS[:-1]},
                roster=(*SEATS[:-1], replace(SEATS[-1], excuse="old_or_ill")),
            ),
            facts("talk", of={"seats": SEATS[:2]}),
        ],
    ),
    "B05": (
        [facts(of=away(3, state="leave")), facts(of=away(3, state=""))],
        [facts(of=away(3, state="leave", reason="personal")), facts(of=away(3))],
    ),
    "B06": (
        [facts(guest_members=frozenset({3})), facts(outsiders=frozenset({8}))],
        [
            facts(),
            facts(of=away(3), guest_members=frozenset({3})),
            facts(of={"guests": (Visitor("方志远", "乡长"),)}),
        ],
    ),
    "B07": (
        [facts(of={"chair_id": 2}), facts(of={"chair_id": 4, "chair_note": "受书记委托"})],
        [
            facts(),
            facts(of={"chair_id": 2, "chair_note": "受书记委托"}),
            facts("theme_day", of={"chair_id": 4}),
            facts("group", of={"chair_id": 4, "chair_note": "组长外出"}),
        ],
    ),
    "B08": (
        [facts(of={"recorder_id": 1})],
        [
            facts(),
            facts("talk", of={"recorder_id": 1}),
            facts(of={"chair_id": None, "recorder_id": None}),
        ],
    ),
    "B09": (
        [facts(of={"agenda": (TOPIC, FIRST)}), facts("theme_day", of={"agenda": (*STEPS, TOPIC)})],
        [
            facts("theme_day", of={"agenda": (*STEPS, FIRST)}),
            facts("org_life", of={"agenda": (TOPIC,)}),
        ],
    ),
    "B10": (
        [
            facts(of={"agenda": (replace(FIRST, source_on=None), TOPIC)}),
            facts(of={"agenda": (replace(FIRST, speaker=""), TOPIC)}),
        ],
        [facts()],
    ),
    "B11": (
        [
            facts(of=item(minutes="大家一致同意，无异议。")),
            facts(of=item(minutes="会议认为应当清淤，并作了安排。")),
        ],
        [facts(), facts(of=item(minutes="")), facts("lecture", of=item(minutes="一致同意"))],
    ),
    "B12": (
        [facts(of=item(minutes="由张书记传达，李建国、王主任发言。"))],
        [
            facts(of=item(minutes="李建国书记讲话，党支部书记张明补充，任组长负责。")),
            facts(of=item(minutes="陈光华委员、副书记王秀英发言，副组长分工。")),
            # A whole name whose last letter is a surname, and one who was named in full before.
            facts(of=item(minutes="王安书记到会，张明发言。")),
            facts(of=item(minutes="李建国书记讲话，李书记要求月底前完成。")),
        ],
    ),
    "B13": (
        [
            facts(of={"agenda": (FIRST, replace(DECISION, ballots=None))}),
            facts(of=item(title="接收吴芳为预备党员", resolution="同意接收。")),
        ],
        [facts(of=vote()), facts(), facts("committee", of=item(title="推荐选举工作安排"))],
    ),
    "B14": (
        [facts(of=vote(ballots={"in_favour": 5, "against": 1}))],
        [facts(of=vote(ballots={"in_favour": 5, "against": 1, "abstaining": 1, "invalid": 1}))],
    ),
    "B15": (
        [
            facts(of=vote(ballots={"in_favour": 3}) | away(1, 2, 3, 4, 5)),
            facts(of=vote(ballots={"rule": "admission", "in_favour": 4}) | away(1, 2, 3, 4)),
        ],
        [
            facts(of=vote(ballots={"in_favour": 4}) | away(1, 2, 3, 4)),
            facts(of=vote(ballots={"rule": "admission", "in_favour": 5}) | away(1, 2, 3)),
        ],
    ),
    "B16": (
        [
            facts(of=vote(ballots={"in_favour": 4, "against": 4})),
            facts(of=vote(resolution="赞成票超过实到人数的半数，同意。")),
        ],
        [
            facts(of=vote(ballots={"in_favour": 5, "against": 3})),
            facts(of=vote(ballots={"in_favour": 4, "against": 4}, resolution="未通过。")),
        ],
    ),
    "B17": (
        [
            facts(of=vote(ballots={"in_favour": 9})),
            facts(
                of=vote(ballots={"in_favour": 8})
                | {"seats": (*SEATS[:7], PROBATIONER)}
                | PROBATIONARY
            ),
        ],
        [
            facts(of=vote()),
            facts(of=vote(ballots={"in_favour": 7}) | {"seats": (*SEATS[:7], PROBATIONER)}),
        ],
    ),
    "B18": (
        [
            facts(of=vote(ballots={"rule": "admission", "candidate": "吴芳"})),
            facts(
                of=vote(ballots={"rule": "admission", "is_secret": True, "candidate": "吴芳、周平"})
            ),
        ],
        [
            facts(of=vote(ballots={"rule": "admission", "is_secret": True, "candidate": "吴芳"})),
            facts(of=vote()),
        ],
    ),
    "B19": (
        [facts(of=vote(ballots={"rule": "election", "in_favour": 6}) | away(1, 2))],
        [facts(of=vote(ballots={"rule": "election", "in_favour": 7}) | away(1))],
    ),
    "B20": (
        [
            facts(
                "committee",
                of={"seats": tuple(replace(s, state="absent") for s in SEATS[:2]) + SEATS[2:3]},
            )
        ],
        [facts("committee", of={"seats": (replace(SEATS[0], state="absent"), *SEATS[1:3])})],
    ),
    "B21": (
        [facts(of=vote(), earlier_committee=())],
        [
            facts(of=vote()),
            facts(of=vote(), earlier_committee=(), committee=frozenset()),
            facts("assembly", "committee", of=vote(), earlier_committee=()),
            facts(earlier_committee=()),
        ],
    ),
    "B22": (
        [
            facts("committee", of=item(title="集体资产承包方案")),
            facts("committee", of={"agenda": (FIRST, replace(DECISION, title="低保户名单"))}),
        ],
        [
            facts("committee", of=item(title="集体资产承包方案", resolution="提交党员大会讨论。")),
            facts("committee", of=item(title="低保政策学习", resolution="")),
            facts("committee", of=item(title="集体资产承包方案"), is_village=False),
            facts("assembly", of=item(title="集体资产承包方案")),
        ],
    ),
    "B23": (
        [
            facts("committee"),
            facts("assembly", of=away(4, 5, 6, 7, 8)),
            facts("lecture", of={"agenda": (Entry("lecture", "党史一课"),)}),
        ],
        [
            facts("committee", of={"seats": SEATS[:3]}),
            facts("assembly", of=away(5, 6, 7, 8)),
            facts("lecture", of={"agenda": (Entry("lecture", "党史一课", speaker="李建国"),)}),
        ],
    ),
    "B24": (
        [
            facts(of=item(resolution="先勘察再清淤。", responsible="")),
            facts("committee", of=item(due_on=None)),
        ],
        [
            facts(),
            # The text says who and until when.
            facts(of=item(resolution="由张明负责，月底前完成。", responsible="", due_on=None)),
            facts(of=item(resolution="", responsible="", due_on=None)),
            facts("group", of=item(responsible="")),
            facts(of=vote(title="年度述职报告", resolution="", responsible="", due_on=None)),
            facts(
                of=vote(
                    ballots={"rule": "election", "choices": (Choice("张明", 8),)}, responsible=""
                )
            ),
        ],
    ),
    "C01": (
        [facts(submitted_on=DAY + timedelta(days=4))],
        [
            facts(submitted_on=DAY + timedelta(days=3)),
            facts(of={"late_note": "防汛"}, submitted_on=DAY + timedelta(days=9)),
        ],
    ),
    "C02": (
        [facts(written_at=datetime(2026, 11, 5, 12, tzinfo=UTC), written_together=3)],
        [
            facts(written_at=datetime(2026, 11, 5, 12, tzinfo=UTC), written_together=2),
            facts(written_at=datetime(2026, 11, 4, 12, tzinfo=UTC), written_together=5),
        ],
    ),
    "C03": ([facts(amended_unexplained=True)], [facts(versions=2)]),
    "C04": (
        [facts(of={"day": ON + timedelta(days=1)}), facts(branch_since=DAY + timedelta(days=1))],
        [
            facts(of={"day": ON}),
            facts(branch_since=DAY),
            facts(of={"day": ON + timedelta(days=1)}, is_submitted=False),
        ],
    ),
    "C05": (
        [facts(of=item(minutes="李建国传达二十届五中全会精神。"), documents=PAPER)],
        [
            facts(of=item(minutes="李建国传达二十届四中全会精神。"), documents=PAPER),
            facts(
                of=item(minutes="李建国传达二十届五中全会精神。") | {"day": date(2026, 10, 29)},
                documents=PAPER,
            ),
        ],
    ),
    "C06": (
        [facts(elsewhere=there(20, 21)), facts(elsewhere=there(18, 22))],
        [
            facts(elsewhere=there(21, 22)),
            facts(of=away(3, state="remote"), elsewhere=there(20, 21)),
            facts(of=away(3), elsewhere=there(20, 21)),
            facts(of={"ends_at": None}, elsewhere=there(20, 21)),
        ],
    ),
    "C07": (
        [facts(away=frozenset({3})), facts(roster=SEATS[:-1])],
        [
            facts(of=away(3, state="remote"), away=frozenset({3})),
            facts(of=away(3), away=frozenset({3})),
            facts(of=away(8), roster=SEATS[:-1]),
        ],
    ),
    "C08": ([facts(alike=(alike(0.85),))], [facts(alike=(alike(0.84), alike(0.99, is_own=False)))]),
    "C09": (
        [facts(alike=(alike(0.9, is_own=False),))],
        [facts(alike=(alike(0.84, is_own=False), alike(0.99)))],
    ),
    "C10": (
        [
            facts(of=item(minutes="王秀英说五阳村要抓紧。"), other_names=("五阳村",)),
            facts(of={"title": "9月支部党员大会"}),
            facts(of=item(minutes="2026年9月20日召开会议，王秀英发言。")),
        ],
        [
            facts(of=item(minutes="王秀英说下月赴五阳村学习。"), other_names=("五阳村",)),
            facts(of=item(minutes="王秀英说上峰村要抓紧。"), other_names=("上峰村",)),
            facts(of={"title": "10月支部党员大会"}),
            # Reported of the last month, planned for the next.
            facts(of=item(minutes="张明通报9月主题党日情况，部署11月支委会。")),
            facts(of=item(minutes="王秀英介绍五阳村的做法。"), other_names=("五阳村",)),
            facts(of=item(minutes="张明说12月5日前完成清淤。")),
        ],
    ),
    "C11": (
        [facts(of=item(title="党费收缴标准", minutes=LONG, resolution=""))],
        [
            facts(of=item(title="秸秆禁烧巡查", minutes=LONG, resolution="")),
            facts(of=item(title="党费收缴标准", minutes="张明说明年再议。", resolution="")),
        ],
    ),
    "C12": ([facts(same_day=(alike(0.9, day=DAY),))], [facts(same_day=(alike(0.8, day=DAY),))]),
    "C13": (
        [facts(signed_on=None, submitted_on=ON - timedelta(days=91))],
        [
            facts(signed_on=None, submitted_on=ON - timedelta(days=90)),
            facts(signed_on=None, submitted_on=ON - timedelta(days=366)),
            facts(signed_on=None, submitted_on=ON - timedelta(days=91), asks_signature=False),
            facts(submitted_on=ON - timedelta(days=200)),
        ],
    ),
    "C14": (
        [facts(not_made_up=frozenset({3}))],
        [
            facts(of={"day": ON - timedelta(days=30)}, not_made_up=frozenset({3})),
            facts("committee", not_made_up=frozenset({3})),
            facts(),
        ],
    ),
    "C18": (
        [facts(plan_theme="禁毒防诈宣传")],
        [facts(plan_theme="茶园清淤志愿活动"), facts(plan_theme="")],
    ),
    "C19": (
        [
            facts(has_linked_leader=True),
            facts(
                has_linked_leader=True,
                review_asked_on=DAY,
                review_decided_at=datetime(2026, 10, 21, 9, tzinfo=UTC),
            ),
            facts(has_linked_leader=True, review_asked_on=DAY),
            facts(leaders_present=((5, "方志远"),)),
        ],
        [
            facts(),
            facts(of={"day": ON - timedelta(days=7)}, has_linked_leader=True, review_asked_on=DAY),
            facts(leaders_present=((5, "方志远"),), comments=1),
            facts(has_linked_leader=True, is_submitted=False),
            facts("committee", has_linked_leader=True),
        ],
    ),
    "C20": (
        [facts(unanswered_comments=((1, "发言没有逐人记录"),))],
        [facts(unanswered_comments=((1, "茶园清淤要有时间表"),)), facts()],
    ),
    "C21": (
        [facts(open_decisions=(Earlier(7, "道路硬化占地", DAY, ("assembly",)),))],
        [
            facts(open_decisions=(Earlier(7, "茶园清淤", DAY, ("assembly",)),)),
            # Only approved, or not due yet.
            facts(open_decisions=(Earlier(7, "年度述职报告", DAY, ("assembly",)),)),
            facts(
                open_decisions=(Earlier(7, "道路硬化", DAY, ("assembly",), due_on=ON),),
            ),
            facts(
                of={"agenda": (FIRST, TOPIC, Entry("topic", "落实", follows_id=7))},
                open_decisions=(Earlier(7, "道路硬化占地", DAY, ("assembly",)),),
            ),
        ],
    ),
}
HITS = [(code, one) for code, (hits, _misses) in CASES.items() for one in hits]
MISSES = [(code, one) for code, (_hits, misses) in CASES.items() for one in misses]


def found(code: str, one: RecordFacts) -> list:
    check = registry[code]
    return list(check.find(one, check.threshold))


@pytest.mark.parametrize(("code", "one"), HITS, ids=[code for code, _one in HITS])
def test_a_defect_is_found_and_said(code, one):
    hits = found(code, one)
    assert hits
    for hit in hits:
        assert "%(" not in (hit.text % hit.values)
        assert len(hit.subject) <= 60


@pytest.mark.parametrize(("code", "one"), MISSES, ids=[code for code, _one in MISSES])
def test_a_near_miss_is_none(code, one):
    assert found(code, one) == []


def test_every_check_of_a_record_has_its_cases():
    assert {check.code for check in registry.of(Scope.RECORD)} == set(CASES)
    assert all(hits and misses for hits, misses in CASES.values())


def test_the_sound_record_has_nothing_to_say():
    class On:
        is_on, threshold = True, 0

    settings = {check.code: On() for check in registry}
    for check in registry:
        settings[check.code].threshold = check.threshold
    assert [check.code for check, _hit in run_record_checks(facts(), settings)] == []


def test_what_is_switched_off_is_not_asked():
    class Off:
        is_on, threshold = False, 0

    wrong = facts(of={"place": ""})
    assert list(run_record_checks(wrong, {check.code: Off() for check in registry})) == []


@pytest.mark.parametrize("check", list(registry), ids=lambda check: check.code)
def test_a_check_says_what_it_rests_on_and_what_helps(check):
    assert check.title
    assert check.article
    assert check.advice
    assert check.kind in CheckClass
    # Nothing here asks anybody to write down a meeting that did not take place.
    assert "补写" not in check.advice.replace("不补写", "").replace("不要补写", "")


def test_terms_are_what_a_text_is_about():
    assert terms.takes_up("王秀英说茶园清淤要抓紧", "研究茶园灌溉渠清淤工作")
    assert not terms.takes_up("学习了上级精神，大家作了讨论", "研究茶园灌溉渠清淤工作")
    assert terms.takes_up("什么都可以", "关于学习的会议")


def test_a_remark_is_part_of_what_was_said():
    said = {"remarks": (Remark(1, "张书记对群众不够耐心"),), "agenda": (FIRST,)}
    assert found("B12", facts("org_life", of=said))
