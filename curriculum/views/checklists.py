"""One branch's week, and what is said about its items."""

from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from branches.models import DutyKind, Organization
from branches.permissions import scope_q
from config.http import paginate, require, wants_fragment
from curriculum import permissions, reports, services
from curriculum.forms import FinishForm, NotApplicableForm
from curriculum.models import ChecklistItem, MenuState, WeeklyChecklist, WeeklyMenu
from curriculum.weekly import Week, weekly_menu

OWN = {DutyKind.SECRETARY, DutyKind.COMMITTEE}


class Refused(NamedTuple):
    """An answer that was not accepted: shown again at its item."""

    item: ChecklistItem
    form: forms.Form
    action: str


@require_GET
def checklist_current(request: HttpRequest) -> HttpResponse:
    """This week of the person's own branch; with several, or none of one's own, a choice."""
    week = Week.containing(timezone.localdate())
    own = list(_branches(request, kinds=OWN)[:2])
    if len(own) == 1:
        checklist = _checklists(request).filter(branch=own[0], monday=week.monday).first()
        if checklist:
            return _page(request, checklist)
        return _not_open(request, own[0], week)
    choice = _branches(request, kinds=OWN) if own else Organization.objects.visible_to(request.user)
    page = paginate(request, choice.branches().existing(week.sunday))
    rows = reports.progress(Organization.objects.filter(pk__in=[b.pk for b in page]), week)
    return render(
        request, "curriculum/checklist_choose.html", {"page": page, "rows": rows, "week": week}
    )


@require_GET
def checklist_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(_checklists(request), pk=pk))


@require_POST
@vary_on_headers("HX-Request")
def item_finish(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item_or_404(request, pk)
    require(permissions.can_tick_items(request.user, item.checklist.branch))
    form = FinishForm(request.POST, item=item)
    if not form.is_valid():
        return _answer(request, item, refused=Refused(item, form, "finish"))
    done = services.finish_item(
        item, note=form.cleaned_data["note"], by=request.user, at=timezone.now()
    )
    return _answer(request, item, said=_("已办结。") if done else "")


@require_POST
@vary_on_headers("HX-Request")
def item_not_applicable(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item_or_404(request, pk)
    require(permissions.can_tick_items(request.user, item.checklist.branch))
    if excuse := weekly_menu.excuse_url(item.key, item.checklist.branch_id):
        # One way out: an explanation, so that next Monday does not ask again.
        return _go(request, excuse)
    form = NotApplicableForm(request.POST)
    if not form.is_valid():
        return _answer(request, item, refused=Refused(item, form, "not_applicable"))
    done = services.mark_not_applicable(
        item, reason=form.cleaned_data["note"], by=request.user, at=timezone.now()
    )
    return _answer(request, item, said=_("已注明不适用。") if done else "")


@require_POST
@vary_on_headers("HX-Request")
def item_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item_or_404(request, pk)
    require(permissions.can_reopen_item(request.user, item))
    done = services.reopen_item(item, by=request.user)
    return _answer(request, item, said=_("已撤销，事项恢复为待办。") if done else "")


def _branches(request: HttpRequest, *, kinds: set[str]) -> "QuerySet[Organization]":
    return Organization.objects.branches().filter(scope_q(request.user, prefix="", kinds=kinds))


def _checklists(request: HttpRequest) -> "QuerySet[WeeklyChecklist]":
    return WeeklyChecklist.objects.visible_to(request.user).select_related("branch")


def _item_or_404(request: HttpRequest, pk: int) -> ChecklistItem:
    visible = ChecklistItem.objects.filter(scope_q(request.user, prefix="checklist__branch__"))
    return get_object_or_404(visible.select_related("checklist__branch", "settled_by"), pk=pk)


def _answer(
    request: HttpRequest, item: ChecklistItem, *, said: str = "", refused: Refused | None = None
) -> HttpResponse:
    """Send the item's row back to htmx, the whole page to a browser without scripts."""
    if wants_fragment(request):
        item.refresh_from_db(fields=["state"])
        _with_excuses([item], item.checklist)
        items = item.checklist.items.all()
        context = _abilities(request, item.checklist) | {
            "item": item,
            "refused": refused,
            "items": reports.arrange(items),
        }
        return render(request, "curriculum/_item_answer.html", context)
    if refused:
        return _page(request, item.checklist, refused=refused)
    if said:
        messages.success(request, said)
    return redirect(f"{item.checklist.get_absolute_url()}#item-{item.pk}")


def _go(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if wants_fragment(request) else redirect(url)


def _with_excuses(items: list[ChecklistItem], checklist: WeeklyChecklist) -> list[ChecklistItem]:
    """Tell each item where it is explained that it was not done; the page leads back here."""
    back = urlencode({"next": checklist.get_absolute_url()})
    for item in items:
        url = weekly_menu.excuse_url(item.key, checklist.branch_id)
        item.excuse_url = f"{url}?{back}" if url else ""
        item.is_excused = reports.is_excused(item, checklist.branch_id)
    return items


def _abilities(request: HttpRequest, checklist: WeeklyChecklist) -> dict:
    return {
        "today": timezone.localdate(),
        "can_tick": permissions.can_tick_items(request.user, checklist.branch),
    }


def _page(
    request: HttpRequest, checklist: WeeklyChecklist, *, refused: Refused | None = None
) -> HttpResponse:
    items = _with_excuses(list(checklist.items.select_related("settled_by")), checklist)
    note = _note(checklist)
    neighbours = _neighbours(checklist)
    context = _abilities(request, checklist) | {
        "checklist": checklist,
        "week": Week(checklist.monday),
        "items": reports.arrange(items),
        "note": note,
        "text": reports.week_text(checklist, items, note=note),
        "previous": neighbours.get(checklist.monday - timedelta(weeks=1)),
        "next": neighbours.get(checklist.monday + timedelta(weeks=1)),
        "refused": refused,
    }
    return render(request, "curriculum/checklist_detail.html", context)


def _not_open(request: HttpRequest, branch: Organization, week: Week) -> HttpResponse:
    last = _checklists(request).filter(branch=branch, monday__lt=week.monday).first()
    context = {"branch": branch, "week": week, "last": last}
    return render(request, "curriculum/checklist_not_open.html", context)


def _neighbours(checklist: WeeklyChecklist) -> dict:
    """Return {monday: checklist} of the weeks before and after."""
    around = [checklist.monday + timedelta(weeks=n) for n in (-1, 1)]
    rows = WeeklyChecklist.objects.filter(branch=checklist.branch_id, monday__in=around)
    return {row.monday: row for row in rows}


def _note(checklist: WeeklyChecklist) -> str:
    """What staff wrote above this week for all branches."""
    menus = WeeklyMenu.objects.filter(
        township=checklist.branch.township_id, monday=checklist.monday, state=MenuState.PUBLISHED
    )
    return menus.values_list("note", flat=True).first() or ""
