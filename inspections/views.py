"""The problem list: reading it, raising, answering, checking, and taking it along."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.exports import workbook_response
from branches.models import Organization
from config.http import next_url, paginate, require
from inspections import forms, permissions, reports, rules, services
from inspections.models import BRANCH_STATES, Issue, IssueAction, IssueState
from meetings.models import CheckResult, Comment, Meeting, Problem


@require_GET
def issue_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    everything = Issue.objects.visible_to(request.user)
    form = forms.IssueFilter(request.GET, reader=request.user)
    issues = reports.with_recurrence(form.narrow(everything, today)).select_related("branch")
    context = {
        "form": form,
        "page": paginate(request, reports.worst_first(issues, today)),
        "board": reports.board(everything, today),
        "today": today,
        "may_raise": permissions.raises_issues(request.user),
    }
    return render(request, "inspections/issue_list.html", context)


def _ledger(request: HttpRequest) -> "tuple[forms.IssueFilter, QuerySet[Issue]]":
    """Return the filter of the list and what it leaves, with all that the ledger shows."""
    today = timezone.localdate()
    form = forms.IssueFilter(request.GET, reader=request.user)
    issues = form.narrow(Issue.objects.visible_to(request.user), today)
    return form, reports.worst_first(reports.for_ledger(issues), today)


@require_GET
def issue_ledger(request: HttpRequest) -> HttpResponse:
    """The 整改台账 as it is printed, on A4 across."""
    form, issues = _ledger(request)
    page = paginate(request, issues, size=200)
    context = {"form": form, "page": page, "today": timezone.localdate()}
    return render(request, "inspections/issue_ledger.html", context)


@require_GET
def issue_export(request: HttpRequest) -> HttpResponse:
    _form, issues = _ledger(request)
    headers, lines = reports.ledger_sheet(issues.iterator(chunk_size=2000))
    return workbook_response(_("整改台账"), headers, lines)


@require_http_methods(["GET", "POST"])
def issue_create(request: HttpRequest) -> HttpResponse:
    """Raise an issue on ?branch=, or on what ?meeting= shows."""
    require(permissions.raises_issues(request.user))
    user = request.user
    meetings = Meeting.objects.visible_to(user).select_related("branch")
    meeting = _chosen(request, "meeting", meetings)
    branches = Organization.objects.visible_to(user).branches()
    branch = meeting.branch if meeting else _chosen(request, "branch", branches)
    if branch:
        require(permissions.can_raise_issue(request.user, branch))
    form = forms.IssueForm(
        request.POST or None,
        request.FILES or None,
        initial={"branch": branch},
        by=request.user,
        today=timezone.localdate(),
    )
    if form.is_valid():
        issue = services.raise_issue(
            form.cleaned_data["branch"],
            meeting=meeting if meeting and meeting.branch == form.cleaned_data["branch"] else None,
            by=request.user,
            at=timezone.now(),
            **form.issue(),
        )
        messages.success(request, _("已提出，并通知支部书记和委员。"))
        return redirect(issue)
    context = {"form": form, "branch": branch, "meeting": meeting}
    return render(request, "inspections/issue_form.html", context)


@require_POST
def issue_from_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a leader's comment on the problem list, in one tap; so the two below."""
    comments = Comment.objects.visible_to(request.user).select_related("meeting__branch", "by")
    return _made_of(request, get_object_or_404(comments, pk=pk), services.make_of_comment)


@require_POST
def issue_from_problem(request: HttpRequest, pk: int) -> HttpResponse:
    problems = Problem.objects.visible_to(request.user)
    problem = get_object_or_404(problems.select_related("meeting__branch", "responsible"), pk=pk)
    return _made_of(request, problem, services.make_of_problem)


@require_POST
def issue_from_check(request: HttpRequest, pk: int) -> HttpResponse:
    results = CheckResult.objects.visible_to(request.user).select_related("branch", "meeting")
    return _made_of(request, get_object_or_404(results, pk=pk), services.make_of_check)


def _made_of(request: HttpRequest, row: Any, make: Callable[..., Issue | None]) -> HttpResponse:
    require(permissions.can_make_issue(request.user, row))
    issue = make(row, by=request.user, at=timezone.now())
    if issue is None:
        messages.info(request, _("这一条已在问题清单中。"))
        return redirect(next_url(request, reverse("inspections:issue_list")))
    day = date_format(issue.due_on, "n月j日")
    messages.success(request, _("已列入问题清单，整改时限%(day)s。") % {"day": day})
    return redirect(next_url(request, issue.get_absolute_url()))


def _chosen(request: HttpRequest, name: str, rows: QuerySet) -> Any:
    """Return the row that the address or the form names, None where it names none."""
    pk = request.POST.get(name) or request.GET.get(name)
    if not pk:
        return None
    if not pk.isdecimal():
        raise Http404
    return get_object_or_404(rows, pk=pk)


def _issue(request: HttpRequest, pk: int) -> Issue:
    people = ("raised_by", "answered_by", "closed_by", "responsible")
    issues = reports.with_recurrence(Issue.objects.visible_to(request.user))
    return get_object_or_404(issues.select_related("branch", "meeting", *people), pk=pk)


@require_GET
def issue_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _issue(request, pk))


def _show(request: HttpRequest, issue: Issue, **bound: Any) -> HttpResponse:
    """Render the issue with the forms for what this person may do now; `bound` replaces some."""
    user, today = request.user, timezone.localdate()
    events = list(issue.events.select_related("by"))
    waits_for_branch = issue.state in BRANCH_STATES
    waits_for_check = issue.state == IssueState.ANSWERED
    may_steer = permissions.can_raise_issue(user, issue.branch)
    offered: dict[str, Any] = {}
    if waits_for_branch and permissions.can_answer_issue(user, issue):
        offered["answer_form"] = forms.AnswerForm(issue=issue)
    if waits_for_check and may_steer:
        offered["return_form"] = forms.ReturnForm(issue=issue, today=today)
        if issue.answered_by_id != user.pk:
            offered["close_form"] = forms.CloseForm()
    extended = any(event.action == IssueAction.EXTENDED for event in events)
    if waits_for_branch and may_steer and not extended:
        offered["extend_form"] = forms.ExtendForm(issue=issue, today=today)
    context = {
        "issue": issue,
        "events": events,
        "today": today,
        "days_over": rules.days_over(issue.due_on, today) if waits_for_branch else 0,
        "checks_own": waits_for_check and may_steer and issue.answered_by_id == user.pk,
        **offered,
        **bound,
    }
    return render(request, "inspections/issue_detail.html", context)


def _done(request: HttpRequest, issue: Issue, done: bool, text: str) -> HttpResponse:
    """Go back to the issue and say what happened; somebody else may have been quicker."""
    if done:
        messages.success(request, text)
    else:
        messages.warning(request, _("这个问题的状态刚刚变了，请核对下面的办理记录。"))
    return redirect(issue)


@require_POST
def issue_answer(request: HttpRequest, pk: int) -> HttpResponse:
    issue = _issue(request, pk)
    require(permissions.can_answer_issue(request.user, issue))
    form = forms.AnswerForm(request.POST, request.FILES, issue=issue)
    if not form.is_valid():
        return _show(request, issue, answer_form=form)
    done = services.answer_issue(issue, by=request.user, at=timezone.now(), **form.cleaned_data)
    return _done(request, issue, done, _("已提交，等待复核销号。"))


@require_POST
def issue_return(request: HttpRequest, pk: int) -> HttpResponse:
    issue = _issue(request, pk)
    require(permissions.can_return_issue(request.user, issue))
    form = forms.ReturnForm(request.POST, issue=issue, today=timezone.localdate())
    if not form.is_valid():
        return _show(request, issue, return_form=form)
    done = services.return_issue(issue, by=request.user, at=timezone.now(), **form.cleaned_data)
    return _done(request, issue, done, _("已退回，并通知支部。"))


@require_POST
def issue_close(request: HttpRequest, pk: int) -> HttpResponse:
    issue = _issue(request, pk)
    require(permissions.can_close_issue(request.user, issue))
    form = forms.CloseForm(request.POST)
    if not form.is_valid():
        return _show(request, issue, close_form=form)
    try:
        done = services.close_issue(issue, by=request.user, at=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(issue)
    return _done(request, issue, done, _("已销号。"))


@require_POST
def issue_extend(request: HttpRequest, pk: int) -> HttpResponse:
    issue = _issue(request, pk)
    require(permissions.can_extend_issue(request.user, issue))
    form = forms.ExtendForm(request.POST, issue=issue, today=timezone.localdate())
    if not form.is_valid():
        return _show(request, issue, extend_form=form)
    done = services.extend_issue(issue, by=request.user, at=timezone.now(), **form.cleaned_data)
    return _done(request, issue, done, _("已延期，并通知支部。一个问题只能延期一次。"))


@require_GET
def issue_photo(request: HttpRequest, pk: int) -> HttpResponse:
    return _picture(get_object_or_404(Issue.objects.visible_to(request.user), pk=pk).photo)


@require_GET
def issue_answer_photo(request: HttpRequest, pk: int) -> HttpResponse:
    return _picture(get_object_or_404(Issue.objects.visible_to(request.user), pk=pk).answer_photo)


def _picture(file: FieldFile) -> HttpResponse:
    """Send a kept photo, always a JPEG of our own making; no other address leads to it."""
    if not file:
        raise Http404
    with file.open("rb") as picture:
        response = HttpResponse(picture.read(), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
