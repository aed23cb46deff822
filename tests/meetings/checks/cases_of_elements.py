"""What the checks of elements, people and votes find in a record, and what they pass over."""

from dataclasses import replace
from datetime import time

from meetings.record import Choice, Entry, Visitor

from .said import (
    DECISION,
    FIRST,
    FIXED,
    PROBATIONARY,
    PROBATIONER,
    SEATS,
    STEPS,
    TOPIC,
    Cases,
    away,
    facts,
    grades,
    item,
    vote,
)

CASES: Cases = {
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
}
