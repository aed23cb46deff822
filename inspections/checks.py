"""The checks of how problems are followed up: D01-D04, and the facts they read.

Collected at start-up by the app below (`meetings.apps`); the functions themselves are pure.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from inspections.models import BRANCH_STATES, Issue, IssueState
from inspections.rules import RECURRENCE_DAYS, days_over
from meetings.checks.base import CheckClass, Hit, _, branch_check
from meetings.checks.saying import day_text
from meetings.models import Meeting
from meetings.reports.check_sources.base import Branches, keys, sources

# How a branch calls a record that it wrote afterwards.
WRITTEN_UP = ("补记", "补录", "补写", "补填", "补做")


@dataclass(frozen=True, slots=True)
class FollowedIssue:
    """One issue of the last twelve months, or one still open, with what the checks ask about.

    `only_record` says that the only record about it was written after it was raised, of a day
    before. `earlier_on` is the day the same was raised before, within a year.
    """

    issue_id: int
    title: str
    raised_on: date
    due_on: date
    is_waiting: bool = False
    is_closed: bool = False
    closed_by_another: bool = True
    earlier_on: date | None = None
    answer: str = ""
    only_record: bool = False


@dataclass(frozen=True, slots=True)
class IssueFacts:
    on: date
    issues: tuple[FollowedIssue, ...] = ()


def _hit(issue: FollowedIssue, text: str, **values: object) -> Hit:
    return Hit(
        f"issue:{issue.issue_id}", text, {"title": issue.title, **values}, day=issue.raised_on
    )


@branch_check(
    "D01",
    CheckClass.LOCAL,
    source="issues",
    title=_("问题整改逾期，没有延期"),
    article=_("问题整改台账要求：到期销号，不能按期的说明情况并明确期限"),
    advice=_("写明整改情况申请销号；确实来不及的，请督查人员延期并写明原因。"),
)
def overdue(facts: IssueFacts, _threshold: int) -> Iterator[Hit]:
    """An extension moves the date, so what is past it has none that still holds."""
    for issue in facts.issues:
        if issue.is_waiting and (days := days_over(issue.due_on, facts.on)):
            due = day_text(issue.due_on)
            yield _hit(
                issue, _("“%(title)s”应于%(due)s前整改，已过%(days)s天。"), due=due, days=days
            )


@branch_check(
    "D02",
    CheckClass.LOCAL,
    source="issues",
    title=_("销号没有经他人复核"),
    article=_("问题整改台账要求：复核人与责任人、答复人分开"),
    advice=_("请另一位同志复核一次，把结果写进办理记录。"),
)
def closed_alone(facts: IssueFacts, _threshold: int) -> Iterator[Hit]:
    """That who answered closes it himself the database forbids; who was responsible might still."""
    for issue in facts.issues:
        if issue.is_closed and not issue.closed_by_another:
            yield _hit(issue, _("“%(title)s”销号时，复核人就是责任人或答复人。"))


@branch_check(
    "D03",
    CheckClass.LOCAL,
    source="issues",
    title=_("同类问题一年内再次出现"),
    article=_("问题整改台账要求：反复出现的问题要查原因、定长效措施"),
    advice=_("想一想为什么又出现，定一条管长远的做法，写进整改情况。"),
)
def recurring(facts: IssueFacts, _threshold: int) -> Iterator[Hit]:
    for issue in facts.issues:
        if issue.earlier_on:
            earlier = f"{issue.earlier_on.year}年{day_text(issue.earlier_on)}"
            yield _hit(issue, _("“%(title)s”在%(earlier)s也提出过。"), earlier=earlier)


@branch_check(
    "D04",
    CheckClass.SUSPICION,
    source="issues",
    title=_("整改只有补记的记录"),
    article=_("会议记录应当如实；没有召开的说明原因，不补写"),
    advice=_("确实召开过的，注明补记时间和依据；没有召开的，如实说明即可，不需要记录。"),
)
def answered_by_writing_up(facts: IssueFacts, _threshold: int) -> Iterator[Hit]:
    for issue in facts.issues:
        if issue.only_record and any(word in issue.answer for word in WRITTEN_UP):
            yield _hit(issue, _("“%(title)s”的整改只提到补记，有关记录是提出问题以后写的。"))


@sources.register("issues")
def issues(branches: Branches, on: date) -> dict[int, IssueFacts]:
    """Issues of the last twelve months and those still open, in one statement."""
    earlier = (
        Issue.objects.filter(
            branch=OuterRef("branch"),
            category=OuterRef("category"),
            title=OuterRef("title"),
            raised_at__lt=OuterRef("raised_at"),
            raised_at__gte=OuterRef("raised_at") - timedelta(days=RECURRENCE_DAYS),
        )
        .order_by("-raised_at")
        .values("raised_at")[:1]
    )
    written_since = Meeting.objects.filter(
        branch=OuterRef("branch"),
        written_at__gt=OuterRef("raised_at"),
        day__lt=OuterRef("raised_at__date"),
    )
    rows = (
        Issue.objects.filter(branch__in=keys(branches))
        .filter(
            Q(raised_at__date__gte=on - timedelta(days=RECURRENCE_DAYS))
            | ~Q(state=IssueState.CLOSED)
        )
        .annotate(earlier=Subquery(earlier), written=Exists(written_since))
        .select_related("meeting", "responsible")
        .order_by("raised_at", "pk")
    )
    found: dict[int, list[FollowedIssue]] = defaultdict(list)
    for issue in rows:
        found[issue.branch_id].append(_followed(issue, issue.earlier, issue.written))
    return {branch_id: IssueFacts(on, tuple(rows)) for branch_id, rows in found.items()}


def _followed(issue: Issue, earlier: datetime | None, is_written_since: bool) -> FollowedIssue:
    responsible = issue.responsible.user_id if issue.responsible else None
    closers = {issue.answered_by_id, responsible} - {None}
    return FollowedIssue(
        issue_id=issue.pk,
        title=issue.title,
        raised_on=timezone.localdate(issue.raised_at),
        due_on=issue.due_on,
        is_waiting=issue.state in BRANCH_STATES,
        is_closed=issue.state == IssueState.CLOSED,
        closed_by_another=issue.closed_by_id is not None and issue.closed_by_id not in closers,
        earlier_on=timezone.localdate(earlier) if earlier else None,
        answer=issue.answer,
        only_record=_only_record(issue, is_written_since),
    )


def _only_record(issue: Issue, is_written_since: bool) -> bool:
    """Say whether what is on record about the issue was written after it was raised."""
    if issue.meeting is not None:
        written_at = issue.meeting.written_at
        return written_at is not None and written_at > issue.raised_at
    return is_written_since


@sources.mended_at("issue")
def _place(_branch_id: int, rest: str) -> str:
    return reverse("inspections:issue_detail", args=[rest])
