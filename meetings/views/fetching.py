"""What an address names, as the person may see it: one meeting with its kinds, or a branch."""

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from branches.models import Organization
from branches.permissions import RECORDING, duties_of, scope_q
from config.http import paginate, require
from meetings.models import Meeting, YearPlanItem


def fetch_meeting(request: HttpRequest, pk: int) -> Meeting:
    """Return the meeting with its kinds as `held_as`, in one statement: a row for each kind."""
    rows = (
        Meeting.objects.visible_to(request.user)
        .filter(pk=pk)
        .select_related(
            "branch__township__activity_policy", "group", "chair", "recorder", "submitted_by"
        )
        .annotate(kind=F("types__kind"))
        .order_by("types__pk")
    )
    if not (found := list(rows)):
        raise Http404
    found[0].held_as = tuple(row.kind for row in found if row.kind)
    return found[0]


def branch_asked(request: HttpRequest) -> Organization | None:
    """Return the branch of the link, or the only one the person records for."""
    branches = (
        Organization.objects.visible_to(request.user)
        .branches()
        .select_related("township__activity_policy")
    )
    if pk := number_in(request.GET.get("branch")):
        return get_object_or_404(branches, pk=pk)
    own = {d.organization_id for d in duties_of(request.user) if d.kind in RECORDING}
    return branches.filter(pk=own.pop()).first() if len(own) == 1 else None


def plan_item_asked(request: HttpRequest) -> YearPlanItem | None:
    """Return the line of the year's plan that the link names, with its branch."""
    pk = number_in(request.GET.get("item"))
    if pk is None:
        return None
    items = YearPlanItem.objects.filter(scope_q(request.user, prefix="plan__branch__"))
    return get_object_or_404(
        items.select_related("plan__branch__township__activity_policy", "group"), pk=pk
    )


def choose_branch(request: HttpRequest) -> HttpResponse:
    """Ask for which branch, where the person records for several."""
    require(records_anywhere(request.user))
    branches = Organization.objects.filter(scope_q(request.user, prefix="", kinds=RECORDING))
    branches = branches.branches().existing(timezone.localdate()).order_by("path")
    return render(request, "meetings/meeting_branch.html", {"page": paginate(request, branches)})


def records_anywhere(user) -> bool:
    return any(duty.kind in RECORDING for duty in duties_of(user))


def number_in(text: str | None) -> int | None:
    """Read an id from a link or a field; nonsense is none."""
    return int(text) if text and text.isascii() and text.isdigit() else None
