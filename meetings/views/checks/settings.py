"""A township's own switches, dated documents and shared texts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.models import Organization
from config.http import paginate, require
from meetings import permissions, tasks
from meetings.forms.checks import CheckSettingsForm, DatedDocumentForm, SharedTextForm
from meetings.models import DatedDocument, SharedText
from meetings.reports.check_results import CLASSES
from meetings.reports.check_settings import settings_for
from meetings.services import checks


def _township(request: HttpRequest) -> Organization:
    """Return the township whose checks the person keeps."""
    township = permissions.township_of(request.user)
    require(township is not None and permissions.can_keep_rules(request.user, township))
    return township


@require_http_methods(["GET", "POST"])
def check_settings(request: HttpRequest) -> HttpResponse:
    """All checks with their article, switch and number."""
    township = _township(request)
    form = CheckSettingsForm(settings_for(township.pk), request.POST or None)
    if request.method == "POST" and form.is_valid():
        if checks.set_checks(township, form.wanted(), at=timezone.now()):
            tasks.check_township.delay(township.pk)
            messages.success(request, _("自查设置已保存，几分钟后按新的设置重新检查。"))
        return redirect("meetings:check_settings")
    rows = [(*row, *CLASSES[row[0].kind]) for row in form.rows]
    context = {"form": form, "rows": rows, "township": township}
    return render(request, "meetings/check_settings.html", context)


@require_GET
def check_documents(request: HttpRequest) -> HttpResponse:
    """Documents and meetings with the day they became public; the national ones are read-only."""
    township = _township(request)
    page = paginate(request, DatedDocument.objects.for_township(township.pk))
    return render(request, "meetings/check_documents.html", {"page": page, "township": township})


@require_http_methods(["GET", "POST"])
def check_document_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a document of the township's own, or change one."""
    township = _township(request)
    instance = DatedDocument(township=township)
    if pk is not None:
        instance = get_object_or_404(DatedDocument, pk=pk, township=township)
    form = DatedDocumentForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        form.save()
        checks.look_again(township, at=timezone.now())
        return redirect("meetings:check_documents")
    return render(request, "meetings/check_document_form.html", {"form": form})


@require_POST
def check_document_delete(request: HttpRequest, pk: int) -> HttpResponse:
    township = _township(request)
    get_object_or_404(DatedDocument, pk=pk, township=township).delete()
    checks.look_again(township, at=timezone.now())
    messages.success(request, _("已删除。"))
    return redirect("meetings:check_documents")


@require_GET
def check_texts(request: HttpRequest) -> HttpResponse:
    """Texts that the township itself gave to all branches."""
    township = _township(request)
    page = paginate(request, SharedText.objects.filter(township=township))
    return render(request, "meetings/check_texts.html", {"page": page, "township": township})


@require_http_methods(["GET", "POST"])
def check_text_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add such a text, or change one."""
    township = _township(request)
    instance = SharedText(township=township, added_on=timezone.localdate())
    if pk is not None:
        instance = get_object_or_404(SharedText, pk=pk, township=township)
    form = SharedTextForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        form.save()
        checks.look_again(township, at=timezone.now())
        return redirect("meetings:check_texts")
    return render(request, "meetings/check_text_form.html", {"form": form})


@require_POST
def check_text_delete(request: HttpRequest, pk: int) -> HttpResponse:
    township = _township(request)
    get_object_or_404(SharedText, pk=pk, township=township).delete()
    checks.look_again(township, at=timezone.now())
    messages.success(request, _("已删除。"))
    return redirect("meetings:check_texts")
