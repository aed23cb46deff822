"""The leader's three duties: the topic before, the presence at it, the comment after."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from branches.exports import workbook_response
from branches.models import DutyKind
from branches.permissions import has_duty
from config.http import next_url, paginate, require, wants_fragment
from meetings import permissions
from meetings.followups import follow_ups
from meetings.forms.leaders import CommentForm, DecisionForm, RemarkForm, VisitForm
from meetings.models import Comment, Meeting, TopicReview
from meetings.reports.leaders import card_of, waiting
from meetings.reports.visits import points_in, visit_rows, visit_sheet
from meetings.rules import Span
from meetings.services import comments, reviews

from .fetching import fetch_meeting

EARLIEST_YEAR = 2000


@require_GET
@vary_on_headers("HX-Request")
def meeting_leader(request: HttpRequest, pk: int) -> HttpResponse:
    """The three duties at one meeting: a part of its page, and a page of its own."""
    meeting = fetch_meeting(request, pk)
    user, branch, today = request.user, meeting.branch, timezone.localdate()
    card = card_of(meeting, now=timezone.now())
    offers = follow_ups(user, card.comments)
    for comment in card.comments:
        comment.offer = offers.get(comment.pk)
    is_part = wants_fragment(request)
    context: dict[str, Any] = {
        "meeting": meeting,
        "card": card,
        "is_part": is_part,
        "here": meeting.get_absolute_url() if is_part else request.path,
        "today": today,
        "can_send": card.can_be_sent and permissions.can_send_topic(user, meeting),
        "can_review": card.open_review and permissions.can_review_topic(user, branch),
        "can_note": meeting.day <= today
        and meeting.state != "cancelled"
        and permissions.can_note_visit(user, branch),
        "has_noted": card.has_noted(user),
        "can_answer": permissions.can_answer_comment(user, branch),
    }
    if meeting.is_counted and permissions.can_comment(user, branch):
        context["comment_form"] = CommentForm()
    template = "_meeting_leader" if is_part else "meeting_leader"
    return render(request, f"meetings/{template}.html", context)


@require_GET
@vary_on_headers("HX-Request")
def problem_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The problems the branch found in itself, each one tap from the problem list."""
    meeting = fetch_meeting(request, pk)
    problems = list(meeting.problems.filter(member=None))
    for problem in problems:
        problem.meeting = meeting
    offers = follow_ups(request.user, problems)
    for problem in problems:
        problem.offer = offers.get(problem.pk)
    is_part = wants_fragment(request)
    context = {
        "meeting": meeting,
        "problems": problems,
        "here": meeting.get_absolute_url() if is_part else request.path,
    }
    template = "_problem_list" if is_part else "problem_list"
    return render(request, f"meetings/{template}.html", context)


@require_POST
def topic_send(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(_meetings(request), pk=pk)
    require(permissions.can_send_topic(request.user, meeting))
    if reviews.send_topic(meeting, by=request.user, at=timezone.now()):
        messages.success(request, _("主题已送审。"))
    else:
        messages.info(request, _("这个主题已送审或已审核。"))
    return _back(request, meeting)


@require_POST
def topic_decide(request: HttpRequest, pk: int) -> HttpResponse:
    seen = TopicReview.objects.visible_to(request.user)
    review = get_object_or_404(seen.select_related("meeting__branch"), pk=pk)
    require(permissions.can_review_topic(request.user, review.meeting.branch))
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _refused(request, review.meeting, form)
    said = form.cleaned_data
    # Somebody may have changed the topic after this page was opened.
    review.topic = said.pop("topic")
    if reviews.decide_topic(review, by=request.user, at=timezone.now(), **said):
        messages.success(request, _("审核意见已告知支部。"))
    else:
        messages.warning(request, _("主题刚刚改过，或已有人审核，请再看一遍。"))
    return _back(request, review.meeting)


@require_POST
def visit_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Note one's own presence, with a remark on the spot where there is one."""
    meeting = get_object_or_404(_meetings(request), pk=pk)
    require(permissions.can_note_visit(request.user, meeting.branch))
    form = VisitForm(request.POST)
    if not form.is_valid():
        return _refused(request, meeting, form)
    said = {"by": request.user, "at": timezone.now()}
    if comments.note_visit(meeting, **said) | bool(
        comments.add_comments(meeting, form.remarks(), **said)
    ):
        messages.success(request, _("已记下。"))
    else:
        messages.warning(request, _("会议还没有召开，或已登记过到会。"))
    return _back(request, meeting)


@require_POST
def visit_undo(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(_meetings(request), pk=pk)
    require(permissions.can_note_visit(request.user, meeting.branch))
    if comments.withdraw_visit(meeting, by=request.user):
        messages.success(request, _("已撤销到会登记。"))
    return _back(request, meeting)


@require_POST
def comment_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(_meetings(request), pk=pk)
    require(permissions.can_comment(request.user, meeting.branch))
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _refused(request, meeting, form)
    comments.add_comments(meeting, form.remarks(), by=request.user, at=timezone.now())
    messages.success(request, _("点评已告知支部。"))
    return _back(request, meeting)


@require_POST
def comment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    require(permissions.can_answer_comment(request.user, comment.meeting.branch))
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _refused(request, comment.meeting, form)
    if comments.answer_comment(comment, by=request.user, at=timezone.now(), **form.cleaned_data):
        messages.success(request, _("答复已告知点评的领导。"))
    else:
        messages.warning(request, _("这一条已经答复过了。"))
    return _back(request, comment.meeting)


@require_POST
def comment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _comment(request, pk)
    require(permissions.can_withdraw_comment(request.user, comment))
    if comments.withdraw_comment(comment):
        messages.success(request, _("点评已撤回。"))
    else:
        messages.warning(request, _("支部已经答复，不能再撤回。"))
    return _back(request, comment.meeting)


@require_GET
def leader_board(request: HttpRequest) -> HttpResponse:
    """What waits for the person, oldest first, over all branches he looks after."""
    today = timezone.localdate()
    lines = waiting(request.user, on=today)
    context = {
        "waiting": [line for line in lines if line.what != "held"],
        "held": [line for line in lines if line.what == "held"],
        "today": today,
        "has_points": request.user.contact_points.in_force(today).exists(),
    }
    return render(request, "meetings/leader_board.html", context)


@require_GET
def leader_list(request: HttpRequest) -> HttpResponse:
    """Each leader's attendance at the branches linked to him in a year."""
    year = _year(request)
    page = paginate(request, points_in(year, request.user))
    context = {
        "page": page,
        "rows": visit_rows(page.object_list, year),
        "year": year,
        "today": timezone.localdate(),
        "keeps_points": has_duty(request.user, {DutyKind.STAFF}),
    }
    return render(request, "meetings/leader_list.html", context)


@require_GET
def leader_export(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    rows = visit_rows(points_in(year, request.user), year)
    title = _("联系领导到会情况 %(year)s") % {"year": year}
    return workbook_response(title, *visit_sheet(rows))


def _year(request: HttpRequest) -> Span:
    """Return the year of the address, the present one for none or nonsense."""
    this_year = timezone.localdate().year
    asked = request.GET.get("year", "")
    number = int(asked) if asked.isascii() and asked.isdigit() else this_year
    return Span.parse(str(number if EARLIEST_YEAR <= number <= this_year else this_year))


def _meetings(request: HttpRequest) -> QuerySet[Meeting]:
    return Meeting.objects.visible_to(request.user).select_related("branch__township")


def _comment(request: HttpRequest, pk: int) -> Comment:
    seen = Comment.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("meeting__branch", "by"), pk=pk)


def _refused(request: HttpRequest, meeting: Meeting, form) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, errors[0])
    return _back(request, meeting)


def _back(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    return redirect(next_url(request, meeting.get_absolute_url()))
