"""Who gets what: the leader's three duties."""

from datetime import timedelta

from django.utils import timezone

from meetings.models import Comment, LeaderVisit, MeetingState, Problem, TopicReview
from tests import factories
from tests.access.rows import Row, everyone, statuses

# The neighbour and staff of another township do not see the branch; the rest see no Party data.
READERS = {
    "secretary": 200,
    "committee": 200,
    "staff": 200,
    "leader": 200,
    "township_secretary": 200,
    "observer": 200,
}
READING = statuses(404, **READERS)


def allowing(*people: str) -> tuple[int, ...]:
    """302 for these, 403 for the others who see the branch."""
    return statuses(404, **{who: 302 if who in people else 403 for who in READERS})


REVIEWING = allowing("staff", "leader", "township_secretary")
# Only who looks after the branch can have been there as its leader.
ATTENDING = allowing("leader")
ANSWERING = allowing("secretary", "committee")
RECORDING = allowing("secretary", "committee", "staff")


def build(world) -> None:
    leader, today = world.people["leader"], timezone.localdate()
    world.objects["reviewed"] = factories.meeting(
        world.branch,
        kinds=("theme_day",),
        state=MeetingState.PLANNED,
        day=today + timedelta(days=30),
    )
    world.objects["review"] = TopicReview.objects.create(
        meeting=world.reviewed,
        topic=world.reviewed.title,
        asked_by=world.people["secretary"],
        asked_at=factories.NOON,
    )
    world.objects["attended"] = factories.meeting(world.branch, day=today - timedelta(days=2))
    LeaderVisit.objects.create(meeting=world.attended, leader=leader, noted_at=factories.NOON)
    world.objects["comment"] = Comment.objects.create(
        meeting=world.attended, text="讨论不充分", by=leader, at=factories.NOON
    )
    Problem.objects.create(meeting=world.attended, position=1, text="学习抓得不紧")


def grow(world) -> None:
    leader, staff = world.people["leader"], world.people["staff"]
    today = timezone.localdate()
    for n in range(20):
        Problem.objects.create(meeting=world.attended, position=2 + n, text=f"问题{n}")
        Comment.objects.create(
            meeting=world.attended, text=f"不足{n}", by=leader, at=factories.NOON
        )
        TopicReview.objects.create(
            meeting=world.attended,
            topic=f"主题{n}",
            asked_by=world.people["secretary"],
            asked_at=factories.NOON,
            decision="returned",
            remark="再改改",
            decided_by=staff,
            decided_at=factories.NOON,
        )
        branch = factories.branch(parent=world.township)
        factories.contact_point(leader, branch)
        meeting = factories.meeting(branch, day=today - timedelta(days=1))
        LeaderVisit.objects.create(meeting=meeting, leader=leader, noted_at=factories.NOON)
        planned = factories.meeting(branch, day=today, state=MeetingState.PLANNED)
        TopicReview.objects.create(
            meeting=planned, topic="主题", asked_by=staff, asked_at=factories.NOON
        )


def _reviewed(world):
    return [world.reviewed.pk]


def _attended(world):
    return [world.attended.pk]


def _comment(world):
    return [world.comment.pk]


ACCESS = {
    "meetings:meeting_leader": Row("get", READING, _attended),
    "meetings:problem_list": Row("get", READING, _attended),
    "meetings:topic_send": Row("post", RECORDING, _reviewed),
    "meetings:topic_decide": Row(
        "post",
        REVIEWING,
        lambda world: [world.review.pk],
        lambda world: {"decision": "approved", "topic": world.review.topic},
    ),
    "meetings:visit_note": Row("post", ATTENDING, _attended),
    "meetings:visit_undo": Row("post", ATTENDING, _attended),
    "meetings:comment_add": Row("post", REVIEWING, _attended, {"phrases": ["1"]}),
    "meetings:comment_answer": Row("post", ANSWERING, _comment, {"text": "下次注意"}),
    # Nobody takes back what another one said.
    "meetings:comment_withdraw": Row("post", ATTENDING, _comment),
    "meetings:leader_list": Row("get", everyone()),
    "meetings:leader_export": Row("get", everyone()),
    "meetings:leader_board": Row("get", everyone()),
}
