"""桂竹村党支部: what a reader doubts, and what should have followed and did not."""

from datetime import time, timedelta

from branches.models import ContactPoint
from meetings.models import (
    Comment,
    CommentKind,
    DatedDocument,
    ReviewDecision,
    TopicReview,
    YearPlanItem,
)

from .room import Room, moment

LANES = (
    "{}先说了巷道整修的进度：东头三条巷道已经铺完碎石，西头两条还等着接排水管。随后有人提出先把"
    "老人多的那条巷道做好，晚上走路才不摔跤；也有人担心碎石路雨天打滑，主张铺成水泥的。大家又说到"
    "垃圾桶放在哪里合适，最后商定靠墙摆放，夏天每天清一次，冬天隔天清一次。巷口两棵香樟不砍，"
    "只把压着电线的枝子剪掉；剪枝那天请电工到场，先断电再上梯子。"
)
BRIDGE = (
    "{1}报告了小桥护栏检修：两处焊缝裂开，雨天孩子上学路过很危险。{0}说护栏要在开学前焊好，"
    "检修那几天由党员轮流在桥头看护，把绕行的路口写在木牌上，请各家提醒老人孩子绕行小桥。"
)
NEW_PLAN = "自查示例镇防汛预案（新版）"


def write(room: Room, *, staff, leader) -> None:
    _followed_by_nothing(room, staff)
    _one_text_for_two(room)
    _learning(room)
    _written_together(room)
    _linked(room, leader)
    _told_wrongly(room)
    _yet_to_come(room)


def _names(room: Room) -> list[str]:
    return [member.name for member in room.people]


def _followed_by_nothing(room: Room, staff) -> None:
    """The same words again; the decision and the comment of the first time are not taken up:
    C08, C20, C21."""
    lanes = LANES.format(room.people[0].name)
    first = room.hold("assembly", room.ago(90), "商量巷道整修")
    room.study(first)
    room.say(first, "topic", "巷道整修", lanes)
    room.say(
        first,
        "topic",
        "修好村部路灯",
        f"{room.people[1].name}认领了这件事。",
        responsible=room.people[1].name,
        due_on=room.ago(70),
    )
    Comment.objects.create(
        meeting=first,
        kind=CommentKind.LACKING,
        text="签到表上有代签笔迹",
        by=staff,
        at=moment(room.ago(88), 10),
    )
    again = room.hold("assembly", room.ago(60), "再谈巷道整修")
    room.study(again)
    room.say(again, "topic", "巷道整修", lanes)


def _one_text_for_two(room: Room) -> None:
    """Two kinds on one day, each with a record of its own and the same words: C12."""
    bridge = BRIDGE.format(*_names(room))
    first = room.hold("assembly", room.ago(50), "小桥护栏检修", ends_at=time(20, 0))
    room.study(first)
    room.say(first, "topic", "小桥护栏检修", bridge)
    second = room.hold(
        "org_life",
        room.ago(50),
        "查摆小桥护栏检修",
        starts_at=time(20, 10),
        ends_at=time(21, 0),
    )
    room.say(second, "topic", "小桥护栏检修", bridge)


def _learning(room: Room) -> None:
    """Lectures not signed, late, missed, held in two places at once, not as planned: C01, C06,
    C13, C14, C18."""
    room.train(room.ago(105), "党史故事", signed_on=None)
    missed = {room.people[3]: ("leave", "duty")}
    room.train(room.ago(45), "田间课堂", away=missed)
    room.train(room.ago(40), "急救常识", place="村部会议室")
    room.train(room.ago(40), "用电常识", starts_at=time(9, 0), place="文化广场")
    line = YearPlanItem.objects.filter(plan__branch=room.branch).first()
    room.train(room.ago(27), "种植技术", plan_item=line)
    room.train(room.ago(26), "法律常识", submitted_at=moment(room.ago(19)))


def _told_wrongly(room: Room) -> None:
    """A paper not issued yet, a village of others, somebody not a member yet: C05, C07, C10."""
    DatedDocument.objects.create(
        township=room.branch.township, title=NEW_PLAN, issued_on=room.ago(30)
    )
    room.add_member("万山", is_full=False, joined_on=room.ago(1))
    meeting = room.hold("assembly", room.ago(35), "讨论值守安排")
    room.study(meeting)
    room.say(
        meeting,
        "topic",
        "值守安排",
        f"{room.people[1].name}念了《{NEW_PLAN}》，要求石门村全体党员轮流值守。",
    )


def _linked(room: Room, leader) -> None:
    """A linked leader to whom one topic was sent and the next was not: C19."""
    ContactPoint.objects.create(leader=leader, branch=room.branch, from_on=room.ago(18))
    reviewed = room.train(room.ago(16), "政策解读")
    TopicReview.objects.create(
        meeting=reviewed,
        topic=reviewed.title,
        asked_by=room.user,
        asked_at=moment(room.ago(18), 9),
        decision=ReviewDecision.APPROVED,
        decided_by=leader,
        decided_at=moment(room.ago(17), 9),
    )
    room.train(room.ago(12), "惠农问答")


def _written_together(room: Room) -> None:
    """Three evenings written down weeks later in one sitting, one of them changed since: C02, C03."""
    sitting = moment(room.ago(2), 20)
    for days, title in ((24, "生态课"), (23, "民法课"), (22, "消防课")):
        meeting = room.train(
            room.ago(days),
            title,
            written_at=sitting,
            submitted_at=sitting + timedelta(minutes=30),
            late_note="记录人住院，出院后照笔记录入。",
        )
    meeting.amended_at = sitting + timedelta(minutes=50)
    meeting.save(update_fields=["amended_at"])


def _yet_to_come(room: Room) -> None:
    """A record of an evening that is still to come: C04."""
    entered = moment(room.today, 0)
    room.train(room.ago(-3), "防火课", written_at=entered, submitted_at=entered)
