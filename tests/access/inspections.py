"""Who gets what at the problem list."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from inspections.models import IssueState
from meetings.models import CheckResult, Comment, Problem
from tests import factories
from tests.access.rows import Row, everyone, statuses

READERS = {
    "secretary": 200,
    "committee": 200,
    "staff": 200,
    "leader": 200,
    "township_secretary": 200,
    "observer": 200,
}
# The neighbour and staff of another township do not see the branch; the rest see no Party data.
READING = statuses(404, **READERS)
ANSWERING = statuses(
    404,
    secretary=302,
    committee=302,
    staff=403,
    leader=403,
    township_secretary=403,
    observer=403,
)
STEERING = statuses(
    404,
    secretary=403,
    committee=403,
    staff=302,
    leader=302,
    township_secretary=302,
    observer=403,
)


# A branch carries the problems that it found in itself to the list on its own.
OWN_PROBLEMS = statuses(
    404,
    secretary=302,
    committee=403,
    staff=302,
    leader=302,
    township_secretary=302,
    observer=403,
)
PHOTO = "issues/access.jpg"


def build(world) -> None:
    if not default_storage.exists(PHOTO):
        default_storage.save(PHOTO, ContentFile(b"a picture"))
    raiser = world.people["staff"]
    world.objects["issue"] = factories.issue(
        world.branch,
        raised_by=raiser,
        photo=PHOTO,
        due_on=timezone.localdate() + timedelta(days=5),
    )
    world.objects["answered_issue"] = factories.issue(
        world.branch,
        raised_by=raiser,
        title="已答复的问题",
        state=IssueState.ANSWERED,
        answer="已补记请假人员。",
        answer_photo=PHOTO,
        answered_by=world.people["secretary"],
        answered_at=factories.NOON,
    )
    meeting = factories.meeting(world.branch, kinds=("org_life",))
    world.objects["lacking"] = Comment.objects.create(
        meeting=meeting, text="讨论不充分", by=world.people["leader"], at=factories.NOON
    )
    world.objects["problem"] = Problem.objects.create(
        meeting=meeting, position=1, text="学习抓得不紧", remedy="每月集中学习"
    )
    world.objects["finding"] = CheckResult.objects.create(
        branch=world.branch,
        code="A01",
        subject="access",
        text="第三季度没有党员大会的记录",
        day=timezone.localdate(),
        found_at=factories.NOON,
    )


def _issue(world):
    return [world.issue.pk]


def _answered(world):
    return [world.answered_issue.pk]


ACCESS = {
    "inspections:issue_list": Row("get", everyone()),
    "inspections:issue_ledger": Row("get", everyone()),
    "inspections:issue_export": Row("get", everyone()),
    "inspections:issue_create": Row(
        "post",
        statuses(403, staff=302, leader=302, township_secretary=302, stranger=404),
        data=lambda world: {
            "branch": world.branch.pk,
            "finding": "committee_missed",
            "severity": "light",
        },
    ),
    "inspections:issue_from_comment": Row("post", STEERING, lambda world: [world.lacking.pk]),
    "inspections:issue_from_problem": Row("post", OWN_PROBLEMS, lambda world: [world.problem.pk]),
    "inspections:issue_from_check": Row("post", STEERING, lambda world: [world.finding.pk]),
    "inspections:issue_detail": Row("get", READING, args=_issue),
    "inspections:issue_answer": Row("post", ANSWERING, args=_issue, data={"text": "已补记。"}),
    "inspections:issue_return": Row(
        "post",
        STEERING,
        args=_answered,
        data={"note": "缺原因", "due_on": date(2099, 1, 1)},
    ),
    "inspections:issue_close": Row("post", STEERING, args=_answered),
    "inspections:issue_extend": Row(
        "post",
        STEERING,
        args=_issue,
        data={"reason": "汛期", "due_on": date(2099, 1, 1)},
    ),
    "inspections:issue_photo": Row("get", READING, args=_issue),
    "inspections:issue_answer_photo": Row("get", READING, args=_answered),
}
