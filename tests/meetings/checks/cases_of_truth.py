"""What the checks of time, texts and what follows find in a record, and what they pass over."""

from datetime import UTC, date, datetime, timedelta

from meetings.checks.facts import Earlier
from meetings.record import Entry

from .said import (
    DAY,
    FIRST,
    LONG,
    ON,
    PAPER,
    SEATS,
    TOPIC,
    Cases,
    alike,
    away,
    facts,
    item,
    there,
)

CASES: Cases = {
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
