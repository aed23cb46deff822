"""The fixed day of a month over all branches, and a township's own rules."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.models import Organization
from branches.permissions import RECORDING, has_duty
from config.http import next_url, require
from meetings import permissions, services
from meetings.forms.policies import ActivityPolicyForm, ExplanationForm, ObligationForm
from meetings.models import ActivityPolicy, Explanation, FixedAction, MeetingKind
from meetings.reports import Rulebook, activity_days, cell_of, sentence
from meetings.rules import Span, State


def _span_or_404(text: str) -> Span:
    try:
        return Span.parse(text)
    except ValueError as error:
        raise Http404 from error


@require_GET
def activity_month(request: HttpRequest) -> HttpResponse:
    """Each branch's 主题党日 of a month: planned, held or explained."""
    today = timezone.localdate()
    text = request.GET.get("month", "")
    month = _span_or_404(text) if text else Span.containing(today, "month")
    branches = Organization.objects.visible_to(request.user).branches().existing(month.end)
    rows = activity_days(branches, Span.containing(month.start, "month"))
    context = {
        "month": month,
        "rows": rows,
        "today": today,
        "may_record": has_duty(request.user, RECORDING),
    }
    return render(request, "meetings/activity_month.html", context)


@require_http_methods(["GET", "POST"])
def explanation_create(request: HttpRequest, pk: int, code: str, span: str) -> HttpResponse:
    """Say why something was not held; that closes the gap."""
    branches = Organization.objects.visible_to(request.user).branches()
    branch = get_object_or_404(branches, pk=pk)
    require(permissions.can_explain_gap(request.user, branch))
    period = _span_or_404(span)
    cell = cell_of(branch, code, period, on=timezone.localdate())
    if cell is None:
        raise Http404
    back = next_url(request, branch.get_absolute_url())
    known = None
    if request.method == "POST" or cell.state == State.EXPLAINED:
        on_file = Explanation.objects.filter(branch=branch, code=code, period_start=period.start)
        known = on_file.first()
    form = ExplanationForm(
        request.POST or None,
        instance=known,
        may_waive=permissions.can_waive_obligation(request.user, branch),
    )
    if request.method == "POST" and form.is_valid():
        services.explain_gap(
            branch, code=code, span=period, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("已说明，这一项不再催办。"))
        return redirect(back)
    context = {
        "form": form,
        "back": back,
        "branch": branch,
        "cell": cell,
        "sentence": sentence(cell),
        "known": known,
        "span": period,
    }
    return render(request, "meetings/explanation_form.html", context)


@require_POST
def explanation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    explanation = get_object_or_404(
        Explanation.objects.visible_to(request.user).select_related("branch"), pk=pk
    )
    require(permissions.can_explain_gap(request.user, explanation.branch))
    branch = explanation.branch
    services.withdraw_explanation(explanation, at=timezone.now())
    messages.success(request, _("说明已撤回，这一项恢复为待办。"))
    return redirect(branch)


@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """The rules in force for the person's township, each with its article and since when."""
    township = permissions.township_of(request.user)
    today = timezone.localdate()
    policy = ActivityPolicy.objects.filter(township=township).first() or ActivityPolicy()
    context = {
        "township": township,
        "rules": Rulebook.load().in_force(township.pk if township else None, today),
        "policy": policy,
        "actions": FixedAction.objects.filter(township=township).in_force(today),
        "days": services.fixed_days(policy, Span.containing(today, "year")),
        "may_keep": township is not None and permissions.can_keep_rules(request.user, township),
    }
    return render(request, "meetings/rule_list.html", context)


@require_http_methods(["GET", "POST"])
def obligation_tighten(request: HttpRequest, code: str) -> HttpResponse:
    """Ask more than the regulation does, from a day on."""
    township = permissions.township_of(request.user)
    require(township is not None and permissions.can_keep_rules(request.user, township))
    today = timezone.localdate()
    in_force = Rulebook.load().in_force(township.pk, today)
    rule = next((rule for rule in in_force if rule.code == code), None)
    if rule is None:
        raise Http404
    initial = {"times": rule.times, "period": rule.period, "valid_from": today}
    form = ObligationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.tighten_obligation(township, code=code, **form.cleaned_data)
            return redirect("meetings:rule_list")
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "rule": rule, "kind": MeetingKind(rule.kind).label}
    return render(request, "meetings/obligation_form.html", context)


@require_http_methods(["GET", "POST"])
def policy_edit(request: HttpRequest) -> HttpResponse:
    """The township's fixed day, what happens on holidays, and its fixed actions."""
    township = permissions.township_of(request.user)
    require(township is not None and permissions.can_keep_rules(request.user, township))
    today = timezone.localdate()
    policy = ActivityPolicy.objects.filter(township=township).first()
    actions = FixedAction.objects.filter(township=township).in_force(today)
    initial = {
        "actions": "\n".join(actions.values_list("name", flat=True)),
        "actions_from": today,
    }
    form = ActivityPolicyForm(
        request.POST or None,
        instance=policy or ActivityPolicy(township=township),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        services.replace_fixed_actions(
            township, form.cleaned_data["actions"], from_on=form.cleaned_data["actions_from"]
        )
        return redirect("meetings:rule_list")
    return render(request, "meetings/policy_form.html", {"form": form, "township": township})
