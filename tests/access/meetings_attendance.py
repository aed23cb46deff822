"""Who gets what: attendance, make-ups, sign-in sheets, versions, joint meetings, dues."""

from datetime import timedelta

from django.utils import timezone

from meetings.models import (
    Attendance,
    DuesArrear,
    DuesMonth,
    JointMeeting,
    Meeting,
    MeetingState,
    RecordVersion,
)
from meetings.rules import Span
from tests import factories
from tests.access.meetings import READING, RULE_KEEPING, writing
from tests.access.rows import Row, everyone, statuses

# The roster with its names: leaders and observers read numbers only.
ROSTER = statuses(
    404,
    secretary=200,
    committee=200,
    staff=200,
    leader=403,
    township_secretary=200,
    observer=403,
)
DUES_KEEPING = statuses(
    404,
    secretary=200,
    committee=403,
    staff=200,
    leader=403,
    township_secretary=403,
    observer=403,
)
# An arrear names a member: who does not keep the roster does not learn that it is there.
ARREAR = statuses(404, secretary=302, staff=302)
# One list for all branches that somebody records for; rows of others are passed over.
NOTING = statuses(403, secretary=302, committee=302, neighbour=302, staff=302, stranger=302)


def build(world) -> None:
    today = timezone.localdate()
    lesson = factories.meeting(
        world.branch,
        kinds=("theme_day",),
        state=MeetingState.DRAFT,
        day=today - timedelta(days=4),
        joint=JointMeeting.objects.create(
            created_by=world.people["secretary"], created_at=factories.NOON
        ),
    )
    held = factories.meeting(world.branch, kinds=("lecture",), day=today - timedelta(days=5))
    world.objects["lesson"], world.objects["lecture"] = lesson, held
    world.objects["missed"] = Attendance.objects.create(
        meeting=held, member=factories.member(world.branch), state="absent"
    )
    world.objects["made_up"] = Attendance.objects.create(
        meeting=held,
        member=factories.member(world.branch),
        state="absent",
        made_up_on=today,
        made_up_how="session",
    )
    world.objects["record_version"] = _version(held, world, 1)
    month = DuesMonth.objects.create(
        branch=world.branch,
        month=today.replace(day=1),
        noted_by=world.people["secretary"],
        noted_at=factories.NOON,
    )
    world.objects["arrear"] = DuesArrear.objects.create(
        month=month, member=factories.member(world.branch)
    )


def _version(meeting: Meeting, world, number: int) -> RecordVersion:
    return RecordVersion.objects.create(
        meeting=meeting,
        number=number,
        content=[["主题", "旧的主题"]],
        replaced_at=factories.NOON,
        replaced_by=world.people["secretary"],
        reason="漏记",
    )


def grow(world) -> None:
    """Twenty more who missed the lecture, versions, branches of the joint meeting and arrears."""
    for n in range(20):
        Attendance.objects.create(
            meeting=world.lecture, member=factories.member(world.branch), state="absent"
        )
        excused = factories.member(world.branch)
        Attendance.objects.create(
            meeting=world.lecture,
            member=excused,
            state="leave",
            reason="old_or_ill",
            excuse="old_or_ill",
        )
        _version(world.lecture, world, 10 + n)
        other = factories.branch(f"联合第{n}党支部", parent=world.township)
        factories.meeting(
            other, kinds=("theme_day",), state=MeetingState.DRAFT, joint=world.lesson.joint
        )
        DuesArrear.objects.create(month=world.arrear.month, member=excused)


def _lecture(world):
    return [world.lecture.pk]


def _lesson(world):
    return [world.lesson.pk]


def _month(world):
    return [world.branch.pk, str(Span.containing(timezone.localdate(), "month"))]


ACCESS: dict[str, Row] = {
    "meetings:make_up_list": Row("get", everyone()),
    "meetings:make_up_note": Row("post", NOTING, data=lambda w: {"one": f"{w.missed.pk}:session"}),
    "meetings:make_up_undo": Row("post", writing(302), lambda world: [world.made_up.pk]),
    "meetings:meeting_make_ups": Row("get", READING, _lecture),
    "meetings:make_up_sheet": Row("get", READING, _lecture),
    "meetings:sign_in_sheet": Row("get", ROSTER, _lecture),
    "meetings:version_list": Row("get", READING, _lecture),
    "meetings:version_detail": Row("get", READING, lambda world: [world.record_version.pk]),
    "meetings:joint_detail": Row("get", READING, _lesson),
    "meetings:joint_create": Row("get", writing(200), _lesson),
    "meetings:joint_submit": Row("post", writing(302), _lesson),
    "meetings:fill_in_sheet": Row("get", writing(200), _lecture),
    "meetings:fill_in_edit": Row("get", RULE_KEEPING),
    "meetings:dues_list": Row("get", everyone()),
    "meetings:dues_month": Row("get", DUES_KEEPING, _month),
    "meetings:dues_settle": Row("post", ARREAR, lambda world: [world.arrear.pk]),
    "meetings:dues_reopen": Row("post", ARREAR, lambda world: [world.arrear.pk]),
}
