"""Who gets what at meetings: the branch and staff write, those above them read."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from meetings.models import Explanation, MeetingPhoto, MeetingState, Obligation
from meetings.rules import Span
from tests import factories
from tests.access.rows import Row, everyone, statuses

# The neighbour and staff of another township do not see the branch; the rest see no Party data.
READING = statuses(
    404,
    secretary=200,
    committee=200,
    staff=200,
    leader=200,
    township_secretary=200,
    observer=200,
)


def writing(status: int) -> tuple[int, ...]:
    return statuses(
        404,
        secretary=status,
        committee=status,
        staff=status,
        leader=403,
        township_secretary=403,
        observer=403,
    )


ARCHIVING = statuses(
    404,
    secretary=302,
    committee=403,
    staff=302,
    leader=403,
    township_secretary=403,
    observer=403,
)
# Without a branch in the link: one's own, or a list to choose from; none for those who only read.
CHOOSING = statuses(
    403, secretary=200, committee=200, neighbour=200, staff=200, stranger=200, anonymous=401
)
# A township's rules are its staff's; who has no township keeps none.
RULE_KEEPING = statuses(403, staff=200, stranger=200)
PHOTO = "meetings/access.jpg"


def build(world) -> None:
    if not default_storage.exists(PHOTO):
        default_storage.save(PHOTO, ContentFile(b"a picture"))
    day = timezone.localdate() - timedelta(days=3)
    meeting = factories.meeting(world.branch, present=(world.member,), day=day)
    world.objects["meeting"] = meeting
    world.objects["plan"] = factories.meeting(
        world.branch,
        kinds=("theme_day",),
        state=MeetingState.PLANNED,
        day=timezone.localdate() + timedelta(days=40),
    )
    world.objects["photo"] = MeetingPhoto.objects.create(
        meeting=meeting, image=PHOTO, added_at=factories.NOON
    )
    world.objects["rule"] = Obligation.objects.filter(kind="assembly", township=None).first()
    world.objects["explanation"] = Explanation.objects.create(
        branch=world.branch,
        code=world.rule.code,
        period_start=Span.containing(day, world.rule.period).start,
        kind="not_held",
        reason="防汛",
        by=world.people["secretary"],
        at=factories.NOON,
    )


def _meeting(world):
    return [world.meeting.pk]


def _plan(world):
    return [world.plan.pk]


def _photo(world):
    return [world.photo.pk]


def _gap(world):
    span = Span.containing(timezone.localdate(), world.rule.period)
    return [world.branch.pk, world.rule.code, str(span)]


REASON = {"reason": "防汛改期"}

ACCESS = {
    "meetings:meeting_list": Row("get", everyone()),
    "meetings:meeting_create": Row("get", CHOOSING),
    "meetings:meeting_plan": Row("get", CHOOSING),
    "meetings:meeting_detail": Row("get", READING, _meeting),
    "meetings:meeting_record": Row("get", writing(200), _plan),
    "meetings:meeting_withdraw": Row("post", writing(302), _meeting, REASON),
    "meetings:meeting_cancel": Row("post", writing(302), _plan, REASON),
    "meetings:meeting_archive": Row("post", ARCHIVING, _meeting),
    "meetings:photo_add": Row("post", writing(302), _meeting),
    "meetings:photo_show": Row("get", READING, _photo),
    "meetings:photo_remove": Row("post", writing(302), _photo),
    "meetings:activity_month": Row("get", everyone()),
    "meetings:explanation_create": Row("get", writing(200), _gap),
    "meetings:explanation_withdraw": Row(
        "post", writing(302), lambda world: [world.explanation.pk]
    ),
    "meetings:rule_list": Row("get", everyone()),
    "meetings:obligation_tighten": Row("get", RULE_KEEPING, lambda world: [world.rule.code]),
    "meetings:policy_edit": Row("get", RULE_KEEPING),
}
