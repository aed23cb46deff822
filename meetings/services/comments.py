"""会上把关、会后指出不足: a leader's own presence, his remarks, and the branch's answers."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import DutyKind
from branches.people import holding
from config.language import in_source_script
from meetings.models import Comment, CommentKind, LeaderVisit, Meeting, MeetingState
from notifications.services import notify

BRANCH_PEOPLE = {DutyKind.SECRETARY, DutyKind.COMMITTEE}


@transaction.atomic
def note_visit(meeting: Meeting, *, by: User, at: datetime) -> bool:
    """Note that the leader himself attends (列席); return False if noted, too early or cancelled.

    Never counted among 应到 or 实到, and kept apart from the guests the recorder writes down.
    """
    if not _has_begun(meeting, at):
        return False
    _visit, is_new = LeaderVisit.objects.get_or_create(
        meeting=meeting, leader=by, defaults={"noted_at": at}
    )
    return is_new


@transaction.atomic
def withdraw_visit(meeting: Meeting, *, by: User) -> bool:
    """Take back one's own note; return False if there was none."""
    return bool(LeaderVisit.objects.filter(meeting=meeting, leader=by).delete()[0])


@in_source_script
@transaction.atomic
def add_comments(
    meeting: Meeting, remarks: Iterable[tuple[str, str]], *, by: User, at: datetime
) -> list[Comment]:
    """Write down remarks, each a kind and a text, and tell the branch of all of them at once.

    Nothing is said of a meeting before its day, or of one called off.
    """
    if not _has_begun(meeting, at):
        return []
    comments = [
        Comment.objects.create(meeting=meeting, kind=kind, text=str(text), by=by, at=at)
        for kind, text in remarks
    ]
    if comments:
        today = timezone.localdate(at)
        notify(
            holding(BRANCH_PEOPLE, meeting.branch, on=today).exclude(pk=by.pk),
            key=f"meetings.comment:{comments[0].pk}",
            title=_("%(name)s点评了%(day)s的会议")
            % {"name": by, "day": date_format(meeting.day, "n月j日")},
            text="\n".join(f"{CommentKind(c.kind).label}：{c.text}" for c in comments),
            url=meeting.get_absolute_url(),
            at=at,
        )
    return comments


@in_source_script
@transaction.atomic
def answer_comment(comment: Comment, *, text: str, by: User, at: datetime) -> bool:
    """Answer what was lacking in one line; return False if it was answered, or asks for nothing."""
    if not settle_comment(comment, text=text, by=by, at=at):
        return False
    if comment.by != by:
        notify(
            [comment.by],
            key=f"meetings.comment_answered:{comment.pk}",
            title=_("%(branch)s答复了您的点评") % {"branch": comment.meeting.branch},
            text=text,
            url=reverse("meetings:meeting_leader", args=[comment.meeting_id]),
            at=at,
        )
    return True


@transaction.atomic
def settle_comment(comment: Comment, *, text: str, by: User, at: datetime) -> bool:
    """Write what became of a remark, telling nobody; return False if that is written already."""
    open_still = Comment.objects.unanswered().filter(pk=comment.pk)
    return bool(open_still.update(answer=text, answered_by=by, answered_at=at))


@transaction.atomic
def withdraw_comment(comment: Comment) -> bool:
    """Take a remark back; return False once it was answered."""
    return bool(Comment.objects.filter(pk=comment.pk, answered_at=None).delete()[0])


def _has_begun(meeting: Meeting, at: datetime) -> bool:
    return meeting.state != MeetingState.CANCELLED and meeting.day <= timezone.localdate(at)
