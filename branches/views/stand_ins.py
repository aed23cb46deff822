"""Who looks after a leader's branches while he is away."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from branches import permissions
from branches.forms import carry_out
from branches.forms.stand_ins import StandInForm
from branches.leaders import linked_places, visible_leaders
from branches.models import StandIn
from branches.services import stand_ins as services
from config.http import require


@require_http_methods(["GET", "POST"])
def stand_in_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a stand-in for the leader, beneath those named already."""
    leader = _leader(request, pk)
    today = timezone.localdate()
    form = StandInForm(request.POST or None, leader=leader, on=today, initial={"from_on": today})
    if form.is_valid() and carry_out(
        form,
        services.name_stand_in,
        leader,
        by=request.user,
        at=timezone.now(),
        **form.cleaned_data,
    ):
        messages.success(request, _("已安排代为联系。"))
        return redirect("branches:stand_in_create", leader.pk)
    context = {
        "leader": leader,
        "form": form,
        "stand_ins": [
            (stand_in, stand_in.to_on - timedelta(days=1))
            for stand_in in leader.stand_ins.filter(to_on__gt=today).select_related("deputy")
        ],
        "today": today,
    }
    return render(request, "branches/stand_in_form.html", context)


@require_POST
def stand_in_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End it from today on, or drop one that has not begun."""
    seen = StandIn.objects.filter(leader__in=visible_leaders(request.user))
    stand_in = get_object_or_404(seen.select_related("leader"), pk=pk)
    leader = stand_in.leader
    require(permissions.can_name_stand_in(request.user, leader, linked_places(leader)))
    if services.end_stand_in(stand_in, on=timezone.localdate()):
        messages.success(request, _("代为联系已结束。"))
    return redirect("branches:stand_in_create", leader.pk)


def _leader(request: HttpRequest, pk: int) -> User:
    """Fetch a leader for whom the user may name a stand-in."""
    leader = get_object_or_404(visible_leaders(request.user), pk=pk)
    require(permissions.can_name_stand_in(request.user, leader, linked_places(leader)))
    return leader
