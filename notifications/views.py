"""The inbox. There is no view of anybody else's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.http import paginate
from notifications import reports, services
from notifications.models import Notice


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    page = paginate(request, reports.inbox(request.user))
    return render(request, "notifications/notice_list.html", {"page": page})


@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice read and go where it leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.read_notice(notice, at=timezone.now())
    if url_has_allowed_host_and_scheme(notice.url, allowed_hosts={request.get_host()}):
        return redirect(notice.url)
    return redirect("notifications:notice_list")


@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    services.read_all(by=request.user, at=timezone.now())
    messages.success(request, _("已全部标为已读。"))
    return redirect("notifications:notice_list")
