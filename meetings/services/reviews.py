"""会前审核: a planned meeting's topic goes to the linked leader, who approves or returns it.

A round never blocks the meeting; one that is still open when it begins reads 未及时审核.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from branches.leaders import leaders_by_branch
from branches.models import DutyKind
from branches.people import holding
from config.language import in_source_script
from meetings.models import Meeting, MeetingState, ReviewDecision, TopicReview
from meetings.record import Gathering, gathering
from meetings.reports.leaders import reviewers
from notifications.services import notify

BRANCH_PEOPLE = {DutyKind.SECRETARY, DutyKind.COMMITTEE}


@in_source_script
@transaction.atomic
def send_topic(meeting: Meeting, *, by: User, at: datetime) -> bool:
    """Send the topic up; return False if it lies there already, was approved, or it is too late.

    A round that is still open takes over a topic that was changed meanwhile. Whoever looks after
    the branch that day is told: its leaders, their stand-ins, or the township's staff.
    """
    if meeting.state != MeetingState.PLANNED:
        return False
    rounds = TopicReview.objects.filter(meeting=meeting)
    known = rounds.filter(Q(decided_at=None) | Q(decision=ReviewDecision.APPROVED))
    if known.filter(topic=meeting.title).exists():
        return False
    sent = {"topic": meeting.title, "asked_by": by, "asked_at": at}
    if not rounds.waiting().update(**sent) and not _opened(meeting, sent):
        return False
    _tell_reviewers(rounds.waiting().get(), meeting, by=by, at=at)
    return True


def _opened(meeting: Meeting, sent: dict) -> bool:
    """Open a round unless somebody else does so at this moment."""
    try:
        with transaction.atomic():
            TopicReview.objects.create(meeting=meeting, **sent)
    except IntegrityError:
        return False
    return True


def _tell_reviewers(review: TopicReview, meeting: Meeting, *, by: User, at: datetime) -> None:
    today = timezone.localdate(at)
    notify(
        [person for person in reviewers(meeting.branch, on=today) if person != by],
        key=f"meetings.topic_sent:{review.pk}:{at:%Y%m%d%H%M%S}",
        title=_("请审核主题：%(topic)s") % {"topic": review.topic},
        text=_("%(branch)s，%(day)s召开。")
        % {"branch": meeting.branch, "day": date_format(meeting.day, "n月j日")},
        url=reverse("meetings:meeting_leader", args=[meeting.pk]),
        at=at,
        urgent=meeting.day <= today,
    )


@in_source_script
@transaction.atomic
def decide_topic(
    review: TopicReview, *, decision: str, remark: str = "", by: User, at: datetime
) -> bool:
    """Approve the topic or return it with a remark; return False if somebody was quicker.

    May come after the meeting, and is then shown as such. The branch is told.
    """
    decided = TopicReview.objects.filter(pk=review.pk, decided_at=None, topic=review.topic).update(
        decision=decision, remark=remark, decided_by=by, decided_at=at
    )
    if not decided:
        return False
    meeting = review.meeting
    title = {
        ReviewDecision.APPROVED: _("主题已审核同意：%(topic)s"),
        ReviewDecision.RETURNED: _("主题退回修改：%(topic)s"),
    }[ReviewDecision(decision)] % {"topic": review.topic}
    today = timezone.localdate(at)
    people = holding(BRANCH_PEOPLE, meeting.branch, on=today)
    notify(
        people.exclude(pk=by.pk),
        key=f"meetings.topic_decided:{review.pk}",
        title=title,
        text=remark,
        url=meeting.get_absolute_url(),
        at=at,
        urgent=meeting.day <= today,
    )
    return True


def send_plan(meeting: Meeting, *, kinds: Collection[str], by: User, at: datetime) -> bool:
    """Send a new plan's topic up by itself; return whether that was done.

    Only where a leader looks after the branch: elsewhere the branch sends what it wants to. A talk
    between two has no topic to review, nor has a plan made for a day that is past.
    """
    today = timezone.localdate(at)
    if gathering(kinds) is Gathering.PAIR or meeting.day < today:
        return False
    if not leaders_by_branch([meeting.branch_id], on=today):
        return False
    return send_topic(meeting, by=by, at=at)
