"""The township's template of a year's plan: one table, saved and published."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from branches.models import Organization
from config.http import require
from meetings import permissions
from meetings.forms.plans import TemplateForm
from meetings.models import YearTemplate
from meetings.reports import Rulebook
from meetings.reports.plan_proposals import Line, from_earlier_template, from_rules
from meetings.services import year_templates as services
from meetings.services.plans import StalePlan, years_open

# What a new template may begin with.
BEGINNINGS = {
    "rules": gettext_lazy("按制度要求"),
    "last_year": gettext_lazy("按上年模板"),
    "empty": gettext_lazy("空白"),
}


@require_http_methods(["GET", "POST"])
def year_template_edit(request: HttpRequest, year: int) -> HttpResponse:
    """A new template begins with the rules in force, last year's template, or nothing."""
    township = _township(request)
    _check_year(year)
    template = YearTemplate.objects.filter(township=township, year=year).first()
    stored = [Line.of(item) for item in template.items.all()] if template else []
    begin = request.GET.get("from", "rules")
    seen = services.state_of(template, stored)
    form = TemplateForm(
        request.POST or None,
        lines=stored if template else _beginning(township, year, begin),
        seen=seen,
        initial={"note": template.note if template else ""},
    )
    context = {
        "template": template,
        "township": township,
        "year": year,
        "form": form,
        "begin": begin,
        "beginnings": [(name, str(label)) for name, label in BEGINNINGS.items()],
        "years": years_open(timezone.localdate()),
    }
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, township, year, form)
        except StalePlan:
            context["mine"], context["theirs"] = form.differing(stored)
            context["is_stale"] = True
            form.take(seen)
    return render(request, "meetings/year_template_edit.html", context)


def _save(
    request: HttpRequest, township: Organization, year: int, form: TemplateForm
) -> HttpResponse:
    by, at = request.user, timezone.now()
    said = form.cleaned_data
    template = services.save_template(
        township, year, form.sent, note=said["note"], seen=said["seen"], by=by, at=at
    )
    if request.POST.get("action") != "publish":
        messages.success(request, _("模板已保存。"))
    elif form.sent:
        services.publish_template(template, by=by, at=at)
        messages.success(request, _("模板已发布，各支部可据此起草。"))
    else:
        messages.warning(request, _("模板里还没有事项，没有发布。"))
    return redirect("meetings:year_template_edit", year)


def _township(request: HttpRequest) -> Organization:
    township = permissions.township_of(request.user)
    require(township is not None and permissions.can_keep_rules(request.user, township))
    return township


def _check_year(year: int) -> None:
    if year not in years_open(timezone.localdate()):
        raise Http404


def _beginning(township: Organization, year: int, begin: str) -> list[Line]:
    if begin == "last_year":
        return from_earlier_template(year, township.pk)
    if begin == "empty":
        return []
    branches = Organization.objects.branches().filter(township=township)
    return from_rules(Rulebook.load(branches), township.pk, year)
