"""Documents that a person asked for: the list, one while it is made, the file."""

import logging
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from kombu.exceptions import OperationalError

from branches.models import Organization, OrganizationKind
from config.http import paginate, require, wants_fragment
from meetings import permissions
from meetings.documents import fonts
from meetings.forms.documents import DocumentForm, MinutesForm
from meetings.models import (
    CalendarFeed,
    Document,
    DocumentKind,
    DocumentState,
    Meeting,
    MeetingState,
)
from meetings.services import documents as services
from meetings.tasks import make_documents
from meetings.views.feeds import address, feed_form

log = logging.getLogger(__name__)

PDF = "application/pdf"
CONTENT_TYPES = {
    DocumentKind.MINUTES_DOCX: (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    DocumentKind.MINUTES_PDF: PDF,
    DocumentKind.HANDBOOK: PDF,
    DocumentKind.ATTENDANCE: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    DocumentKind.ACTIVITY: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ROWS = 20


@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    organizations = list(_organizations(request))
    documents = Document.objects.visible_to(request.user).select_related("branch", "meeting")
    feeds = CalendarFeed.objects.filter(owner=request.user, revoked_at=None)
    branches = [o for o in organizations if o.is_branch]
    context = {
        "page": paginate(request, documents, size=ROWS),
        "form": _form(organizations),
        "feed_form": feed_form(request, branches),
        "feeds": [
            (feed, address(request, feed))
            for feed in feeds.select_related("branch").order_by("branch__path")
        ],
        "why_no_pdf": fonts.why_no_pdf(),
        "has_branches": bool(branches),
        "has_townships": len(branches) < len(organizations),
    }
    return render(request, "meetings/document_list.html", context)


@require_POST
def document_ask(request: HttpRequest) -> HttpResponse:
    organizations = {o.pk: o for o in _organizations(request)}
    form = _form(organizations.values(), request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择文件、党组织和年度。"))
        return redirect("meetings:document_list")
    said = form.cleaned_data
    organization = organizations[said["organization"]]
    require(permissions.can_ask_document(request.user, said["kind"], organization))
    if said["kind"] == DocumentKind.HANDBOOK and not organization.is_branch:
        messages.error(request, _("工作手册按党支部生成，请选择一个党支部。"))
        return redirect("meetings:document_list")
    document = services.ask_document(
        said["kind"], organization, year=said["year"], by=request.user, at=timezone.now()
    )
    return _made_soon(document)


@require_POST
def minutes_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for one record as Word or PDF; there is none of what was not written down."""
    meetings = Meeting.objects.visible_to(request.user).filter(written_at__isnull=False)
    meeting = get_object_or_404(
        meetings.exclude(state=MeetingState.CANCELLED).select_related("branch"), pk=pk
    )
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return redirect(meeting)
    kind = form.cleaned_data["kind"]
    require(permissions.can_ask_document(request.user, kind, meeting.branch))
    document = services.ask_document(
        kind, meeting.branch, meeting=meeting, by=request.user, at=timezone.now()
    )
    return _made_soon(document)


@require_GET
@never_cache
@vary_on_headers("HX-Request")
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far it is; the part that changes asks again by itself and opens the file at last."""
    document = _fetch(request, pk)
    is_fragment = wants_fragment(request)
    template = "_document_state" if is_fragment else "document_detail"
    context = {"document": document, "opens": is_fragment}
    return render(request, f"meetings/{template}.html", context)


@require_POST
def document_retry(request: HttpRequest, pk: int) -> HttpResponse:
    document = _fetch(request, pk)
    require(permissions.can_take_document(request.user, document))
    services.retry_document(document, at=timezone.now())
    return _made_soon(document)


@require_GET
@never_cache
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the file to who asked for it, while he may read what it is made of."""
    readable = Organization.objects.visible_to(request.user)
    document = get_object_or_404(
        Document.objects.visible_to(request.user)
        .filter(state=DocumentState.READY, branch__in=readable)
        .select_related("branch"),
        pk=pk,
    )
    require(permissions.can_take_document(request.user, document))
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": request.path})
    try:
        with document.file.open("rb") as file:
            content = BytesIO(file.read())
    except FileNotFoundError as error:
        raise Http404 from error
    kind = CONTENT_TYPES[DocumentKind(document.kind)]
    return FileResponse(
        content, as_attachment=kind != PDF, filename=document.name, content_type=kind
    )


def _fetch(request: HttpRequest, pk: int) -> Document:
    documents = Document.objects.visible_to(request.user)
    return get_object_or_404(documents.select_related("branch", "meeting"), pk=pk)


def _organizations(request: HttpRequest):
    """Return the branches and townships that the person reads."""
    kinds = (OrganizationKind.TOWNSHIP, OrganizationKind.BRANCH)
    organizations = Organization.objects.visible_to(request.user)
    return organizations.filter(kind__in=kinds).order_by("path")


def _form(organizations, data=None) -> DocumentForm:
    named = [(o.pk, str(o)) for o in organizations]
    return DocumentForm(named, timezone.localdate().year, data)


def _made_soon(document: Document) -> HttpResponse:
    try:
        make_documents.delay()
    except OperationalError:
        # Without the queue nobody is woken; beat looks once a minute all the same.
        log.warning("No doorbell for document %s", document.pk, exc_info=True)
    return redirect(document)
