"""枫林村党支部: members to look after, problems followed badly, and words taken from next door."""

from datetime import date, timedelta

from accounts.models import User
from inspections.models import Issue, IssueState
from meetings.models import Appraisal, DuesArrear, DuesMonth, Grade
from meetings.rules import Span

from .exhibit_truth import LANES
from .room import Room, moment

FLOATING, ABSENT, IN_ARREARS = 4, 3, 2


def write(room: Room, *, staff: User, deputy: User) -> None:
    _graded(room)
    _absent(room)
    _in_arrears(room)
    _copied(room)
    _issues(room, staff=staff, deputy=deputy)


def _graded(room: Room) -> None:
    """Everyone is excellent, the probationary member as well: A10."""
    meeting = room.hold("evaluation", room.ago(15), "民主评议党员")
    Appraisal.objects.bulk_create(
        Appraisal(meeting=meeting, member=member, excellent=len(room.people), grade=Grade.EXCELLENT)
        for member in room.people
    )
    meeting.attendance.filter(member=room.people[ABSENT]).update(state="absent")


def _absent(room: Room) -> None:
    """One member has not been there for three months and nobody knows why: C15."""
    for days in (100, 60):
        room.hold(
            "org_life",
            room.ago(days),
            "征求意见建议",
            away={room.people[ABSENT]: ("absent", "")},
        )


def _in_arrears(room: Room) -> None:
    """Four months of 党费 open: C16."""
    month = Span.containing(room.today, "month")
    for _n in range(4):
        month = month.previous
        noted = DuesMonth.objects.create(
            branch=room.branch,
            month=month.start,
            noted_by=room.user,
            noted_at=moment(month.end, 18),
        )
        DuesArrear.objects.create(month=noted, member=room.people[IN_ARREARS])


def _copied(room: Room) -> None:
    """What 桂竹村 wrote stands here as well, with other names: C09."""
    meeting = room.hold(
        "org_life", room.ago(55), "整修巷道", away={room.people[ABSENT]: ("absent", "")}
    )
    room.say(meeting, "topic", "巷道整修", LANES.format(room.people[0].name))


def _issues(room: Room, *, staff: User, deputy: User) -> None:
    """D01: overdue. D02: closed by who was responsible. D03: raised again. D04: only written up."""
    written_up = room.hold(
        "org_life",
        room.ago(33),
        "安全专题组织生活会",
        written_at=moment(room.ago(8)),
        submitted_at=moment(room.ago(8), 22),
        late_note="会后外出，回来照笔记录入。",
        away={room.people[ABSENT]: ("absent", "")},
    )
    secretary = room.people[0]

    def raised(days: int, title: str, due_on: date, **fields) -> None:
        Issue.objects.create(
            branch=room.branch,
            category="record",
            title=title,
            due_on=due_on,
            raised_by=staff,
            raised_at=moment(room.ago(days), 10),
            **fields,
        )

    def closed(days: int, answer: str, by: User) -> dict:
        answered = moment(room.ago(days), 10) + timedelta(days=3)
        return {
            "state": IssueState.CLOSED,
            "answer": answer,
            "answered_by": deputy,
            "answered_at": answered,
            "closed_by": by,
            "closed_at": answered + timedelta(days=1),
        }

    raised(20, "公示栏没有更新", room.ago(6))
    raised(
        30,
        "会议记录本缺页",
        room.ago(20),
        responsible=secretary,
        **closed(30, "缺页已找到，重新装订。", room.user),
    )
    for days in (150, 40):
        raised(
            days,
            "请假人员没有写原因",
            room.ago(days - 10),
            **closed(days, "已按请假类别登记。", staff),
        )
    raised(
        10,
        "安全专题组织生活会没有记录",
        room.ago(-5),
        state=IssueState.ANSWERED,
        answer="已补记这次会议。",
        answered_by=deputy,
        answered_at=moment(room.ago(7), 9),
        meeting=written_up,
    )
