"""Help while writing: questions beside the minutes, usual topics, decisions still to report on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from branches.models import Organization
from config.http import require, wants_fragment
from meetings import permissions
from meetings.forms.fields import parse_day
from meetings.forms.prompts import PromptsForm
from meetings.models import MeetingKind
from meetings.record import Gathering, gathering
from meetings.reports.decisions import open_decisions, title_of_report
from meetings.reports.prompts import FIELDS, TOGETHER, fields_of, prompts_of
from meetings.services import prompts as services

from .fetching import number_in


def _branch(request: HttpRequest, pk: int) -> Organization:
    branches = Organization.objects.visible_to(request.user).branches()
    return get_object_or_404(branches, pk=pk)


def _kinds(request: HttpRequest) -> list[str]:
    return [kind for kind in MeetingKind.values if kind in request.GET.getlist("kinds")]


@require_GET
@vary_on_headers("HX-Request")
def prompt_help(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions beside one field of a record of the branch."""
    branch = _branch(request, pk)
    field = request.GET.get("field", "")
    fields = TOGETHER.get(field, (field,))
    context = {
        "branch": branch,
        "prompts": prompts_of(branch.township_id, _kinds(request), fields),
        "shows_fields": len(fields) > 1,
    }
    template = "_prompts" if wants_fragment(request) else "prompt_help"
    return render(request, f"meetings/{template}.html", context)


@require_GET
@vary_on_headers("HX-Request")
def item_suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """Titles that are usual for these kinds, and decisions of earlier meetings to report on."""
    branch = _branch(request, pk)
    require(permissions.can_record_meetings(request.user, branch))
    kinds, meeting = _kinds(request), number_in(request.GET.get("meeting"))
    decisions = open_decisions(
        branch,
        gathering(kinds) or Gathering.BRANCH,
        group_id=number_in(request.GET.get("group")),
        before=parse_day(request.GET.get("day")) or timezone.localdate(),
        but=meeting,
    )
    usual = prompts_of(branch.township_id, kinds, ["title"])
    context = {
        "branch": branch,
        "meeting_pk": meeting,
        "kinds": kinds,
        "decisions": [(item, title_of_report(item)) for item in decisions],
        "titles": list(dict.fromkeys(text for one in usual for text in one.texts)),
    }
    template = "_item_suggestions" if wants_fragment(request) else "item_suggestions"
    return render(request, f"meetings/{template}.html", context)


@require_GET
def prompt_list(request: HttpRequest) -> HttpResponse:
    """All questions, and which of them are the township's own."""
    township = permissions.township_of(request.user)
    found = prompts_of(township.pk if township else None, MeetingKind.values)
    known = {(one.kind, one.field): one for one in found}
    context = {
        "kinds": [
            (kind, kind.label, [(f, FIELDS[f], known.get((kind, f))) for f in fields_of(kind)])
            for kind in MeetingKind
        ],
        "may_keep": township is not None and permissions.can_keep_rules(request.user, township),
    }
    return render(request, "meetings/prompt_list.html", context)


@require_http_methods(["GET", "POST"])
def prompt_edit(request: HttpRequest, kind: str, field: str) -> HttpResponse:
    """Keep the township's own questions of one field."""
    township = permissions.township_of(request.user)
    require(township is not None and permissions.can_keep_rules(request.user, township))
    if kind not in MeetingKind.values or field not in fields_of(kind):
        raise Http404
    found = prompts_of(township.pk, [kind], [field])
    initial = {"texts": "\n".join(found[0].texts) if found else ""}
    form = PromptsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        texts = form.cleaned_data["texts"]
        services.replace_prompts(township, kind=kind, field=field, texts=texts)
        return redirect("meetings:prompt_list")
    context = {"form": form, "kind_label": MeetingKind(kind).label, "field_label": FIELDS[field]}
    return render(request, "meetings/prompt_form.html", context)
