"""The year's plan of a branch: drafting, sending up, deciding, and what came of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from branches.exports import workbook_response
from branches.models import Organization
from branches.permissions import acts_for, has_duty
from config.http import next_url, paginate, require, wants_fragment
from meetings import permissions
from meetings.forms.plans import (
    DecisionForm,
    PlanFilterForm,
    PlanForm,
    ReturnForm,
    groups_of,
    read_ticks,
)
from meetings.models import PlanState, YearPlan
from meetings.reports.plan_pages import (
    LOOKS,
    history_of,
    plan_rows,
    plan_sheet,
    with_state,
)
from meetings.reports.plan_proposals import Line, sources_for
from meetings.reports.plans import beside
from meetings.services import plans as services


@require_GET
def year_plan_list(request: HttpRequest) -> HttpResponse:
    """All branches with the state of their plan; who has one branch is led to its plan."""
    today = timezone.localdate()
    form = PlanFilterForm(request.GET, this_year=today.year)
    year = form.chosen_year
    branches = Organization.objects.visible_to(request.user).branches().existing(today)
    page = paginate(request, with_state(branches, year, form.chosen_state).order_by("path"))
    if page.number == 1 and len(page.object_list) == 1 and not form.chosen_state:
        return _own_plan(page.object_list[0], year)
    rows = plan_rows(page.object_list, year)
    may_decide = has_duty(request.user, {"staff"})
    township = permissions.township_of(request.user)
    context = {
        "page": page,
        "form": form,
        "year": year,
        "rows": rows,
        "may_decide": may_decide,
        "may_template": township is not None and permissions.can_keep_rules(request.user, township),
        "has_waiting": may_decide
        and any(row.plan and row.plan.state == PlanState.SUBMITTED for row in rows),
    }
    return render(request, "meetings/year_plan_list.html", context)


def _own_plan(branch: Organization, year: int) -> HttpResponse:
    plan = YearPlan.objects.filter(branch=branch, year=year).first()
    return redirect(plan) if plan else redirect("meetings:year_plan_start", branch.pk, year)


@require_http_methods(["GET", "POST"])
def year_plan_start(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """A branch without a plan of the year: draft one in one tap."""
    branch = get_object_or_404(Organization.objects.visible_to(request.user).branches(), pk=pk)
    known = YearPlan.objects.filter(branch=branch, year=year).first()
    if known is not None:
        return redirect(known)
    may_keep = permissions.can_keep_plan(request.user, branch)
    is_open = year in services.years_open(timezone.localdate())
    if request.method == "POST":
        require(may_keep)
        source = request.POST.get("source", "")
        if not is_open or source not in SOURCES:
            raise Http404
        plan, _is_new = services.draft_plan(
            branch, year, source=source, by=request.user, at=timezone.now()
        )
        messages.success(request, _("计划已起草，核对修改后报送。"))
        return redirect("meetings:year_plan_edit", plan.pk)
    context = {
        "branch": branch,
        "year": year,
        "is_open": is_open,
        "sources": sources_for(branch, year) if may_keep and is_open else [],
    }
    return render(request, "meetings/year_plan_start.html", context)


SOURCES = ("template", "last_year", "rules")


@require_GET
def year_plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan beside what was held; the same page prints it in official form."""
    plan = _fetch(request, pk)
    may_decide = permissions.can_decide_plan(request.user, plan.branch)
    context = {
        "plan": plan,
        "title": services.title_of(plan),
        "look": LOOKS[PlanState(plan.state)],
        "months": beside([plan], on=timezone.localdate())[plan.pk],
        "may_keep": permissions.can_keep_plan(request.user, plan.branch),
        "may_decide": may_decide and plan.state == PlanState.SUBMITTED,
        "approve_form": DecisionForm(initial={"version": plan.version}, auto_id="approve_%s"),
        "return_form": ReturnForm(initial={"version": plan.version}, auto_id="return_%s"),
    }
    return render(request, "meetings/year_plan_detail.html", context)


@require_http_methods(["GET", "POST"])
def year_plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _fetch(request, pk)
    require(permissions.can_keep_plan(request.user, plan.branch))
    stored = [Line.of(item) for item in plan.items.all()]
    form = PlanForm(
        request.POST or None,
        lines=stored,
        seen=str(plan.version),
        state=plan.state,
        groups=groups_of(plan.branch),
    )
    context = {"plan": plan, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, plan, form)
        except services.StalePlan:
            context["mine"], context["theirs"] = form.differing(stored)
            context["is_stale"] = True
            form.take(str(plan.version))
    return render(request, "meetings/year_plan_edit.html", context)


def _save(request: HttpRequest, plan: YearPlan, form: PlanForm) -> HttpResponse:
    said = {"by": request.user, "at": timezone.now()}
    was = plan.state
    services.save_plan(
        plan,
        form.sent,
        version=form.version,
        reason=form.cleaned_data.get("reason", ""),
        is_staff=acts_for(request.user, plan.branch, {"staff"}),
        **said,
    )
    if was == PlanState.APPROVED and plan.state == PlanState.SUBMITTED:
        messages.success(request, _("修改已保存，重新报送审批。"))
    elif request.POST.get("action") != "submit":
        messages.success(request, _("计划已保存。"))
    else:
        _submit(request, plan)
    return redirect(plan)


@require_POST
def year_plan_submit(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _fetch(request, pk)
    require(permissions.can_keep_plan(request.user, plan.branch))
    _submit(request, plan)
    return redirect(plan)


def _submit(request: HttpRequest, plan: YearPlan) -> None:
    if services.submit_plan(plan, by=request.user, at=timezone.now()):
        messages.success(request, _("计划已报送。"))
    elif not plan.items.exists():
        messages.warning(request, _("计划里还没有事项，没有报送。"))


@require_POST
def year_plan_approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(
        request, pk, DecisionForm(request.POST), services.approve_plan, _("计划已批准。")
    )


@require_POST
def year_plan_return(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, ReturnForm(request.POST), services.return_plan, _("计划已退回。"))


def _decide(request: HttpRequest, pk: int, form: DecisionForm, act, done: str) -> HttpResponse:
    plan = _fetch(request, pk)
    require(permissions.can_decide_plan(request.user, plan.branch))
    if not form.is_valid():
        for error in form.errors.get("remark", [_("请重新打开页面再办理。")]):
            messages.error(request, error)
    elif act(plan, **form.cleaned_data, by=request.user, at=timezone.now()):
        messages.success(request, done)
    else:
        messages.warning(request, _("计划已有新的版本或已办理，请看过后再办。"))
    return redirect(plan)


@require_POST
def year_plan_approve_many(request: HttpRequest) -> HttpResponse:
    """Approve the plans ticked, each in the version that was shown."""
    require(has_duty(request.user, {"staff"}))
    ticked = dict(read_ticks(request.POST.getlist("plan")))
    plans = YearPlan.objects.visible_to(request.user).filter(pk__in=ticked)
    allowed = [
        plan
        for plan in plans.select_related("branch__township")
        if permissions.can_decide_plan(request.user, plan.branch)
    ]
    by, at = request.user, timezone.now()
    done = sum(services.approve_plan(p, version=ticked[p.pk], by=by, at=at) for p in allowed)
    if done < len(ticked):
        messages.warning(
            request, _("%(n)s份计划已有新的版本或已办理，没有批准。") % {"n": len(ticked) - done}
        )
    if done:
        messages.success(request, _("已批准%(n)s份计划。") % {"n": done})
    elif not ticked:
        messages.warning(request, _("请先勾选要批准的计划。"))
    return redirect(next_url(request, reverse("meetings:year_plan_list")))


@require_GET
@vary_on_headers("HX-Request")
def year_plan_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what and why; the lines of earlier versions stay readable here."""
    plan = _fetch(request, pk)
    template = "_year_plan_history" if wants_fragment(request) else "year_plan_history"
    context = {"plan": plan, "title": services.title_of(plan), "history": history_of(plan)}
    return render(request, f"meetings/{template}.html", context)


@require_GET
def year_plan_export(request: HttpRequest) -> HttpResponse:
    """The lines of all plans of a year beside what was held, as a sheet."""
    today = timezone.localdate()
    form = PlanFilterForm(request.GET, this_year=today.year)
    plans = YearPlan.objects.visible_to(request.user).filter(year=form.chosen_year)
    plans = plans.select_related("branch").order_by("branch__path")
    headers, rows = plan_sheet(list(plans), on=today)
    name = _("%(year)s年度组织生活计划") % {"year": form.chosen_year}
    return workbook_response(name, headers, rows)


def _fetch(request: HttpRequest, pk: int) -> YearPlan:
    plans = YearPlan.objects.visible_to(request.user)
    return get_object_or_404(plans.select_related("branch__township", "decided_by"), pk=pk)
