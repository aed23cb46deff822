"""Suggestions (意见建议): from every page, open to the township, answered in the open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from branches import permissions
from branches.forms.suggestions import AnswerForm, SuggestionForm
from branches.models import Suggestion
from branches.services import suggestions as services
from config.http import paginate, require

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    suggestions = Suggestion.objects.visible_to(request.user).select_related(
        "author", "organization", "answered_by"
    )
    page = paginate(request, suggestions, size=20)
    for suggestion in page.object_list:
        suggestion.can_answer = permissions.can_answer_suggestions(
            request.user, suggestion.organization
        )
    return render(request, "branches/suggestion_list.html", {"page": page})


@require_http_methods(FORM_METHODS)
def suggestion_create(request: HttpRequest) -> HttpResponse:
    suggestion = Suggestion(organization=services.addressee(request.user))
    form = SuggestionForm(
        request.POST or None,
        instance=suggestion,
        initial={"page": request.GET.get("page", "")[:300]},
    )
    if request.method == "POST" and form.is_valid():
        if suggestion.organization_id is None:
            form.add_error("text", _("系统中还没有党组织，暂时无处受理，请联系系统管理员。"))
        else:
            services.make_suggestion(form.instance, by=request.user, at=timezone.now())
            messages.success(request, _("已提交，答复后会通知您。"))
            return redirect("branches:suggestion_list")
    return render(request, "branches/suggestion_create.html", {"form": form})


@require_http_methods(FORM_METHODS)
def suggestion_answer(request: HttpRequest, pk: int) -> HttpResponse:
    suggestion = get_object_or_404(
        Suggestion.objects.visible_to(request.user).select_related("author", "organization"),
        pk=pk,
    )
    require(permissions.can_answer_suggestions(request.user, suggestion.organization))
    form = AnswerForm(request.POST or None, instance=suggestion)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        services.answer_suggestion(suggestion, answer, by=request.user, at=timezone.now())
        messages.success(request, _("已答复。"))
        return redirect(suggestion)
    context = {"suggestion": suggestion, "form": form}
    return render(request, "branches/suggestion_answer.html", context)
