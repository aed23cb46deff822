"""What the linked leaders of the sample township did: topics read, meetings attended, remarks."""

from datetime import date, timedelta
from random import Random

from accounts.models import User
from branches.models import Organization, StandIn
from inspections.services.origins import make_of_comment
from meetings.models import (
    Comment,
    CommentKind,
    LeaderVisit,
    Meeting,
    MeetingKind,
    MeetingState,
    ReviewDecision,
    TopicReview,
)

from . import phrases
from .history import Branch
from .room import moment

KINDS = MeetingKind


def build(people: dict[str, User], branches: list[Branch], *, today: date, rng: Random) -> None:
    send_topics_up(branches, people["lingdao1"], today)
    attend_and_comment(branches, people["dangjian"], today, rng)
    StandIn.objects.create(
        leader=people["lingdao2"],
        deputy=people["lingdao3"],
        from_on=today - timedelta(days=5),
        to_on=today + timedelta(days=20),
        reason="外出培训",
    )


def send_topics_up(branches: list[Branch], leader: User, today: date) -> None:
    """Topics of meetings to come: waiting, returned, approved."""
    yesterday = moment(today - timedelta(days=1), 9)
    planned = Meeting.objects.filter(
        branch__in=[branch.pk for branch in branches], state=MeetingState.PLANNED, day__gte=today
    )
    user_of = {branch.pk: branch.user_id for branch in branches}
    for n, meeting in enumerate(planned.order_by("day", "pk")[:6]):
        decided = (ReviewDecision.APPROVED, ReviewDecision.RETURNED)[n % 2] if n < 4 else ""
        TopicReview.objects.create(
            meeting=meeting,
            topic=meeting.title,
            asked_by_id=user_of[meeting.branch_id],
            asked_at=yesterday,
            decision=decided,
            remark="请加上冬修水利的议题。" if decided == ReviewDecision.RETURNED else "",
            decided_by=leader if decided else None,
            decided_at=yesterday + timedelta(hours=8) if decided else None,
        )


def attend_and_comment(branches: list[Branch], staff: User, today: date, rng: Random) -> None:
    """Each leader was there most quarters and said something about every other visit."""
    new_year = date(today.year, 1, 1)
    comments: list[Comment] = []
    taken: set[tuple[int, date]] = set()
    for n, branch in enumerate(branches):
        leader = Organization.objects.get(pk=branch.pk).contact_points.first().leader
        held = Meeting.objects.counted().filter(
            branch=branch.pk, day__gte=new_year, day__lt=today - timedelta(days=8)
        )
        wanted = 2 if n == 4 else 4
        held = list(held.exclude(types__kind=KINDS.TALK).order_by("day", "pk"))
        for visited in held[n % 4 :: max(len(held) // (wanted + 1), 1)][: wanted + 1]:
            if (leader.pk, visited.day) in taken:
                continue
            taken.add((leader.pk, visited.day))
            at = moment(visited.day, 21, 30)
            LeaderVisit.objects.create(meeting=visited, leader=leader, noted_at=at)
            kind, text, answer = rng.choice(phrases.COMMENTS)
            is_answered = bool(answer) and rng.random() < 0.9
            comments.append(
                Comment(
                    meeting=visited,
                    kind=kind,
                    text=text,
                    by=leader,
                    at=at,
                    answer=answer if is_answered else "",
                    answered_by_id=branch.user_id if is_answered else None,
                    answered_at=at + timedelta(days=2) if is_answered else None,
                )
            )
    Comment.objects.bulk_create(comments)
    last = Meeting.objects.counted().filter(branch=branches[0].pk).newest_first().first()
    comment = Comment.objects.create(
        meeting=last,
        kind=CommentKind.LACKING,
        text="签到表和记录本上的人数不一致，请核对。",
        by=staff,
        at=moment(today - timedelta(days=1), 10),
    )
    make_of_comment(comment, by=staff, at=moment(today - timedelta(days=1), 11))
