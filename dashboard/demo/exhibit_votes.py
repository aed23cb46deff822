"""清溪村党支部: a committee, and whatever can go wrong with the elements and votes of a record."""

from meetings.models import Attendance, FixedAction, Guest, VoteRule, VoteStep

from .room import Room

TALKED_OVER = (
    ("支部年度学习计划", "{1}念了初稿，{2}提出把夜校安排在农闲。"),
    ("冬季文明劝导轮值安排", "{2}建议每户门口轮一天，{1}去排表。"),
    ("党员活动室开放时间", "{1}说晚上开到九点，{0}担心用电。"),
    ("发展对象讨论", "{1}介绍了万青、万松两人的培养考察情况。"),
    ("报刊征订数量", "{2}核了去年的份数，{0}提出少订两种。"),
    ("支部委员补选人选", "{0}说明空缺职数，{1}提了两个人选。"),
)


def write(room: Room) -> None:
    _talked_over(room)
    _bare(room)
    _votes(room)
    _thin_committee(room)
    _mixed_committee(room)
    _without_quorum(room)
    _off_the_fixed_day(room)


def _talked_over(room: Room) -> None:
    """The 支委会 that takes up beforehand what the 党员大会 votes on."""
    meeting = room.hold("committee", room.ago(80), "研究提交党员大会的事项")
    room.study(meeting)
    names = [member.name for member in room.people]
    for title, minutes in TALKED_OVER:
        room.say(meeting, "topic", title, minutes.format(*names))


def _bare(room: Room) -> None:
    """Nothing is where it should be: B01-B03, B05, B08, B09, B11, B12."""
    secretary = room.people[0]
    meeting = room.hold(
        "assembly",
        room.ago(95),
        "听取文明创建进展",
        place="",
        ends_at=None,
        chair=secretary,
        recorder=secretary,
        summary="最后由王书记作了小结。",
    )
    Attendance.objects.filter(meeting=meeting, member=room.people[4]).update(state="")
    room.say(meeting, "topic", "村口花坛养护", "大家一致同意。")


def _votes(room: Room) -> None:
    """Eight full members and every number that does not fit: B13, B14, B16-B18, B21."""
    meeting = room.hold("assembly", room.ago(65), "表决近期事项")
    room.study(meeting)
    secretary, organizer = room.people[0].name, room.people[1].name
    room.say(
        meeting,
        "decision",
        "支部年度学习计划",
        f"{organizer}作了说明，{secretary}请大家提意见。",
        responsible=organizer,
        due_on=room.ago(-60),
    )
    room.decide(meeting, "冬季文明劝导轮值安排", f"{organizer}报了轮值表。", in_favour=5)
    room.decide(
        meeting,
        "党员活动室开放时间",
        f"{organizer}主张延长，{secretary}不赞成。",
        in_favour=4,
        against=4,
        resolution="表决通过，开到晚上九点。",
    )
    room.decide(
        meeting,
        "接收万青、万松为预备党员",
        f"{organizer}介绍了两人的情况。",
        rule=VoteRule.ADMISSION,
        step=VoteStep.ADMIT,
        candidate="万青、万松",
        is_secret=True,
        in_favour=8,
    )
    room.decide(meeting, "报刊征订数量", f"{organizer}念了清单。", in_favour=9)
    room.decide(meeting, "村庄地名牌样式", f"{secretary}展示了三种样式。", in_favour=8)


def _thin_committee(room: Room) -> None:
    """One of three came, and decided what is the villagers' to decide: B20, B22, B24."""
    secretary, organizer, publicist = room.people[:3]
    meeting = room.hold(
        "committee",
        room.ago(48),
        "研究近期工作",
        away={organizer: ("leave", "personal"), publicist: ("leave", "duty")},
    )
    room.study(meeting)
    room.say(
        meeting,
        "topic",
        "使用集体资金添置桌椅",
        f"{secretary.name}算了账。",
        resolution="同意添置二十套桌椅。",
        responsible=secretary.name,
        due_on=room.ago(-60),
    )
    room.say(
        meeting,
        "topic",
        "党员活动室墙面翻新",
        f"{secretary.name}去看过墙面。",
        resolution="把墙面刷白。",
    )


def _mixed_committee(room: Room) -> None:
    """A member sits in as if he were one of them, and one of them is left out: B04, B06, B07,
    B10, B23, C11; who is no member of the committee is not on its roster either: C07."""
    secretary, organizer, publicist, member = room.people[:4]
    meeting = room.hold(
        "committee",
        room.ago(44),
        "研究党员冬训",
        seats=[secretary, organizer, member],
        chair=organizer,
        recorder=publicist,
    )
    room.study(meeting, speaker="")
    Guest.objects.create(meeting=meeting, name=member.name)
    room.say(
        meeting,
        "topic",
        "党员冬训分组",
        f"{organizer.name}说起自家茶园今年的收成：春茶卖得早，价钱比去年高出两成；夏天雨水多，"
        "坡上塌了一小段石坎，请了三个工才砌好，往后想改种几亩油茶试一试，顺带在林子里养几箱蜂，蜜自家吃。",
    )


def _without_quorum(room: Room) -> None:
    """Only the three of the committee came to the 党员大会: B15, B19, B23."""
    secretary, organizer = room.people[0].name, room.people[1].name
    meeting = room.hold(
        "assembly",
        room.ago(25),
        "补选支部委员",
        away=dict.fromkeys(room.people[3:], ("leave", "duty")),
    )
    room.study(meeting)
    room.decide(meeting, "支部年度学习计划", f"{organizer}再次作了说明。", in_favour=3)
    room.decide(
        meeting,
        "支部委员补选人选",
        f"{secretary}宣布了候选人。",
        rule=VoteRule.ELECTION,
        is_secret=True,
        in_favour=3,
    )


def _off_the_fixed_day(room: Room) -> None:
    """A theme day at the month's end with one fixed step left out: A05, A06."""
    last_month = room.ago(room.today.day)
    day = room.ago(last_month.day + room.today.day).replace(day=26)
    meeting = room.hold("theme_day", day, "清扫河岸")
    room.study(meeting)
    actions = FixedAction.objects.filter(township=room.branch.township).order_by("position")
    for position, action in enumerate(actions):
        room.say(meeting, "fixed", action.name, fixed_action=action, is_done=position > 0)
