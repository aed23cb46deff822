"""The audit log, for auditors alone: read, filter, nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from branches import audit, permissions
from branches.forms.audit import AuditFilter
from config.http import paginate, require


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    require(permissions.can_read_audit(request.user))
    search = AuditFilter(request.GET)
    page = paginate(request, search.narrow(audit.entries_for(request.user)))
    context = {"filter": search, "page": page, "lines": audit.in_words(page.object_list)}
    return render(request, "branches/audit_list.html", context)
