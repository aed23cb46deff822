"""Lists from spreadsheets: upload, look at what will happen, confirm, take back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from branches import exports, permissions
from branches.forms.imports import ApplyForm, UploadForm
from branches.models import ImportKind, ImportOutcome, RosterImport
from branches.roster import reports
from branches.roster.columns import template_headers
from branches.roster.reading import Unreadable
from branches.services import imports as services
from config.http import paginate, require

# What asks for attention comes first.
TABS = (
    ImportOutcome.REFUSED,
    ImportOutcome.CREATED,
    ImportOutcome.UPDATED,
    ImportOutcome.UNCHANGED,
)


def _imports(request: HttpRequest) -> QuerySet[RosterImport]:
    return RosterImport.objects.visible_to(request.user).select_related(
        "organization", "uploaded_by"
    )


def _kept_import(request: HttpRequest, pk: int) -> RosterImport:
    """Fetch an import of a part of the tree that the user keeps."""
    batch = get_object_or_404(_imports(request), pk=pk)
    require(permissions.can_keep_organizations(request.user, batch.organization))
    return batch


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    require(permissions.can_import(request.user))
    return render(
        request, "branches/import_list.html", {"page": paginate(request, _imports(request))}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_create(request: HttpRequest) -> HttpResponse:
    require(permissions.can_import(request.user))
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        places=permissions.import_places(request.user),
        initial={"kind": request.GET.get("kind") or ImportKind.ROSTER},
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data.pop("file")
        try:
            preview = services.preview_file(
                file, file.name, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            _tell_left_aside(request, preview)
            return redirect("branches:import_detail", preview.batch.pk)
    return render(request, "branches/import_create.html", {"form": form, "kinds": ImportKind})


def _tell_left_aside(request: HttpRequest, preview: services.Preview) -> None:
    if preview.identity:
        messages.info(
            request,
            _("表里有“%(columns)s”：系统不需要，没有读取，也没有保存。")
            % {"columns": "、".join(preview.identity)},
        )
    if preview.ignored:
        messages.info(
            request, _("这些列不导入：%(columns)s。") % {"columns": "、".join(preview.ignored)}
        )


@require_safe
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty sheet with the headers that are read."""
    require(permissions.can_import(request.user))
    if kind not in ImportKind:
        raise Http404
    label = ImportKind(kind).label
    return exports.workbook_response(
        _("%(kind)s模板") % {"kind": label}, template_headers(kind), []
    )


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What each row will do, or did; rows that are refused come first to the eye."""
    batch = _kept_import(request, pk)
    counts = reports.import_counts(batch)
    shown = request.GET.get("outcome", "")
    if shown not in (*ImportOutcome, "all"):
        is_open = batch.applied_at is None
        shown = ImportOutcome.REFUSED if is_open and counts[ImportOutcome.REFUSED] else "all"
    rows = batch.rows.order_by("number")
    page = paginate(request, rows if shown == "all" else rows.filter(outcome=shown))
    context = {
        "batch": batch,
        "page": page,
        "lines": reports.import_lines(batch, page.object_list),
        "shown": shown,
        "tabs": [
            ("all", _("全部"), batch.row_count),
            *((outcome, outcome.label, counts[outcome]) for outcome in TABS),
        ],
        "refused": counts[ImportOutcome.REFUSED],
        "good": counts[ImportOutcome.CREATED] + counts[ImportOutcome.UPDATED],
    }
    return render(request, "branches/import_detail.html", context)


@require_POST
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _kept_import(request, pk)
    form = ApplyForm(request.POST)
    partial = form.is_valid() and form.cleaned_data["partial"]
    try:
        if not services.apply_import(batch, by=request.user, at=timezone.now(), partial=partial):
            messages.info(request, _("这份表已经导入过了，没有重复导入。"))
    except ValidationError as error:
        _tell(request, error)
    return redirect("branches:import_detail", batch.pk)


@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _kept_import(request, pk)
    try:
        if not services.undo_import(batch, by=request.user, at=timezone.now()):
            messages.info(request, _("这份表没有导入，或已经撤销。"))
    except ValidationError as error:
        _tell(request, error, before=_("不能撤销："))
    return redirect("branches:import_detail", batch.pk)


@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a preview; one that was carried out stays."""
    batch = _kept_import(request, pk)
    if services.discard_preview(batch):
        messages.success(request, _("已放弃，什么都没有导入。"))
        return redirect("branches:import_create")
    messages.info(request, _("这份表已经导入，不能放弃；需要时可以撤销。"))
    return redirect("branches:import_detail", pk)


@require_safe
def import_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as a sheet, each with its reason, to be put right and uploaded again."""
    batch = _kept_import(request, pk)
    name = _("不予导入的行 %(day)s") % {"day": timezone.localdate(batch.uploaded_at)}
    return exports.workbook_response(name, *reports.refused_rows(batch))


def _tell(request: HttpRequest, error: ValidationError, *, before: str = "") -> None:
    messages.error(request, before + " ".join(error.messages))
