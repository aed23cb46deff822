"""Staff compose, publish and follow a township's weeks."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.models import Organization
from config.http import require
from curriculum import permissions, reports, services
from curriculum.forms import EntryForm, PolicyForm, PublishForm, RecallForm
from curriculum.models import ChecklistItem, MenuEntry, MenuState, WeeklyMenu
from curriculum.weekly import Week

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def menu_list(request: HttpRequest) -> HttpResponse:
    """Where staff begin: next week's menu, this week's progress, the weeks before."""
    townships = list(_townships(request))
    township = _chosen(request, townships)
    this_week = Week.containing(timezone.localdate())
    branches = _branches_of(township, this_week)
    totals = reports.week_totals(branches, until=this_week)
    menus = {
        menu.monday: menu
        for menu in WeeklyMenu.objects.filter(township=township)
        .annotate(size=Count("entries"))
        .order_by("-monday")[: reports.SHOWN_WEEKS + 1]
    }
    context = {
        "township": township,
        "townships": townships,
        "this_week": this_week,
        "next_week": this_week.next,
        "next_menu": menus.get(this_week.next.monday),
        "this_total": next((total for total in totals if total.week == this_week), None),
        "earlier": [
            (total, menus.get(total.week.monday)) for total in totals if total.week != this_week
        ],
        "can_compose": permissions.can_compose_menu(request.user, township),
        "can_set_policy": permissions.can_set_weekly_policy(request.user, township),
    }
    return render(request, "curriculum/menu_list.html", context)


@require_GET
def menu_compose(request: HttpRequest, township_pk: int, week: Week) -> HttpResponse:
    return _compose(request, _township_or_404(request, township_pk), week)


@require_POST
def menu_copy(request: HttpRequest, township_pk: int, week: Week) -> HttpResponse:
    township = _township_to_compose(request, township_pk, week)
    source = WeeklyMenu.objects.filter(township=township, monday=week.previous.monday).first()
    copied = services.copy_entries(source, into=services.menu_for(township, week)) if source else 0
    if copied:
        messages.success(request, _("已复制上周的%(count)s个事项。") % {"count": copied})
    else:
        messages.info(request, _("上周没有可以复制的事项。"))
    return redirect("curriculum:menu_compose", township.pk, week)


@require_POST
def menu_publish(request: HttpRequest, township_pk: int, week: Week) -> HttpResponse:
    township = _township_to_compose(request, township_pk, week)
    menu = services.menu_for(township, week)
    now = timezone.now()
    asked = reports.week_load(township, week)
    form = PublishForm(request.POST, instance=menu, load=asked.load, at=now)
    if not form.is_valid():
        return _compose(request, township, week, form=form, asked=asked)
    form.save()
    if publish_at := form.cleaned_data["publish_at"]:
        services.schedule_menu(menu, publish_at=publish_at, by=request.user)
        messages.success(request, _("已排定，到时自动下发。"))
        return redirect("curriculum:menu_compose", township.pk, week)
    services.publish_menu(menu, by=request.user, at=now)
    return redirect("curriculum:menu_published", township.pk, week)


@require_POST
def menu_unschedule(request: HttpRequest, township_pk: int, week: Week) -> HttpResponse:
    township = _township_to_compose(request, township_pk, week)
    menu = get_object_or_404(WeeklyMenu, township=township, monday=week.monday)
    if services.cancel_schedule(menu, by=request.user):
        messages.success(request, _("已取消定时下发。"))
    return redirect("curriculum:menu_compose", township.pk, week)


@require_GET
def menu_published(request: HttpRequest, township_pk: int, week: Week) -> HttpResponse:
    """What publishing did: for whom the entries are, and who already has them on the list."""
    township = _township_or_404(request, township_pk)
    menu = get_object_or_404(
        WeeklyMenu, township=township, monday=week.monday, state=MenuState.PUBLISHED
    )
    entries = _entries(menu)
    keys = [services.entry_key(entry) for entry in entries]
    items = list(
        ChecklistItem.objects.filter(key__in=keys, checklist__monday=week.monday)
        .select_related("checklist__branch")
        .order_by("checklist__branch__path", "pk")
    )
    context = {
        "township": township,
        "week": week,
        "menu": menu,
        "entries": entries,
        "items": items,
        "is_into_open_week": any(item.checklist.opened_at < menu.published_at for item in items),
        "policy": reports.policy_of(township),
    }
    return render(request, "curriculum/menu_published.html", context)


@require_GET
def menu_preview(
    request: HttpRequest, township_pk: int, week: Week, branch_pk: int
) -> HttpResponse:
    """The week as one branch will find it, the draft's entries included."""
    township = _township_or_404(request, township_pk)
    _refuse_past(week)
    branches = _branches_of(township, week)
    branch = get_object_or_404(branches, pk=branch_pk)
    context = {
        "township": township,
        "week": week,
        "branch": branch,
        "lines": reports.week_lines(branches.filter(pk=branch.pk), week),
    }
    return render(request, "curriculum/menu_preview.html", context)


@require_GET
def menu_progress(request: HttpRequest, township_pk: int, week: Week) -> HttpResponse:
    township = _township_or_404(request, township_pk)
    rows = reports.progress(_branches_of(township, week), week)
    opened = [row.checklist for row in rows if row.checklist]
    only_open = "open" in request.GET
    context = {
        "township": township,
        "week": week,
        "today": timezone.localdate(),
        "rows": [row for row in rows if not row.is_done] if only_open else rows,
        "only_open": only_open,
        "required": sum(row.required for row in opened),
        "settled": sum(row.settled for row in opened),
    }
    return render(request, "curriculum/menu_progress.html", context)


@form_page
def entry_create(request: HttpRequest, township_pk: int, week: Week) -> HttpResponse:
    township = _township_to_compose(request, township_pk, week)
    form = EntryForm(request.POST or None, township=township, week=week)
    if form.is_valid():
        form.instance.menu = services.menu_for(township, week)
        return _save_entry(request, form)
    context = {"form": form, "township": township, "week": week}
    return render(request, "curriculum/entry_form.html", context)


@form_page
def entry_edit(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry_to_compose(request, pk)
    menu, week = entry.menu, Week(entry.menu.monday)
    form = EntryForm(request.POST or None, instance=entry, township=entry.menu.township, week=week)
    if form.is_valid():
        return _save_entry(request, form)
    context = {
        "form": form,
        "entry": entry,
        "menu": menu,
        "recall_form": RecallForm(),
        "township": menu.township,
        "week": week,
    }
    return render(request, "curriculum/entry_form.html", context)


@require_POST
def entry_offer(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry_to_compose(request, pk)
    if services.make_offered(entry, by=request.user, at=timezone.now()):
        messages.success(request, _("已改为选做。"))
    return redirect("curriculum:menu_compose", entry.menu.township_id, Week(entry.menu.monday))


@require_POST
def entry_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry out; after publishing only with a reason, which the branches read."""
    entry = _entry_to_compose(request, pk)
    menu, week = entry.menu, Week(entry.menu.monday)
    form = RecallForm(request.POST)
    if menu.state == MenuState.PUBLISHED and not form.is_valid():
        context = {
            "form": EntryForm(instance=entry, township=menu.township, week=week),
            "entry": entry,
            "menu": menu,
            "recall_form": form,
            "township": menu.township,
            "week": week,
        }
        return render(request, "curriculum/entry_form.html", context)
    reason = form.data.get("reason", "")
    told = services.recall_entry(entry, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _concerning(_("已删除事项。"), told))
    return redirect("curriculum:menu_compose", menu.township_id, week)


@form_page
def policy_edit(request: HttpRequest, township_pk: int) -> HttpResponse:
    township = _township_or_404(request, township_pk)
    require(permissions.can_set_weekly_policy(request.user, township))
    form = PolicyForm(request.POST or None, instance=reports.policy_of(township))
    if form.is_valid():
        form.save()
        messages.success(request, _("设置已保存。"))
        return redirect("curriculum:menu_list")
    return render(request, "curriculum/policy_form.html", {"form": form, "township": township})


def _townships(request: HttpRequest) -> "QuerySet[Organization]":
    visible = Organization.objects.townships().visible_to(request.user)
    return visible.select_related("weekly_policy")


def _chosen(request: HttpRequest, townships: list[Organization]) -> Organization:
    """Return the township that ?township= names, else the first; nobody's page is a 404."""
    wanted = request.GET.get("township")
    for township in townships:
        if wanted in (None, "", str(township.pk)):
            return township
    raise Http404


def _township_or_404(request: HttpRequest, pk: int) -> Organization:
    return get_object_or_404(_townships(request), pk=pk)


def _township_to_compose(request: HttpRequest, pk: int, week: Week) -> Organization:
    township = _township_or_404(request, pk)
    require(permissions.can_compose_menu(request.user, township))
    _refuse_past(week)
    return township


def _entry_to_compose(request: HttpRequest, pk: int) -> MenuEntry:
    menus = WeeklyMenu.objects.visible_to(request.user).order_by().values("pk")
    entries = MenuEntry.objects.filter(menu__in=menus)
    entry = get_object_or_404(entries.select_related("menu__township__weekly_policy"), pk=pk)
    require(permissions.can_compose_menu(request.user, entry.menu.township))
    _refuse_past(Week(entry.menu.monday))
    return entry


def _refuse_past(week: Week) -> None:
    if week.sunday < timezone.localdate():
        raise PermissionDenied(_("这一周已经结束，清单不再改动。"))


def _branches_of(township: Organization, week: Week) -> "QuerySet[Organization]":
    return Organization.objects.branches().existing(week.sunday).filter(township=township)


def _entries(menu: WeeklyMenu | None) -> list[MenuEntry]:
    if menu is None:
        return []
    entries = menu.entries.select_related("course").annotate(reach=Count("audience"))
    return list(entries.order_by("kind", "position", "pk").reverse())


def _save_entry(request: HttpRequest, form: EntryForm) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        entry = form.save()
        told = services.apply_entry(entry, by=request.user, at=now)
        held = services.hold_excess(entry.menu, by=request.user)
    messages.success(request, _concerning(_("事项已保存。"), told))
    if held:
        messages.warning(
            request, _("有党支部的必做事项超过上限，定时下发已取消，请核对后重新排定。")
        )
    return redirect("curriculum:menu_compose", entry.menu.township_id, Week(entry.menu.monday))


def _concerning(text: str, told: int) -> str:
    """Add how many branches were told, where the lists are out already."""
    if not told:
        return text
    return text + _("本周清单已更新，已告知相关的%(count)s个党支部。") % {"count": told}


def _compose(
    request: HttpRequest,
    township: Organization,
    week: Week,
    *,
    form: PublishForm | None = None,
    asked: reports.WeekLoad | None = None,
) -> HttpResponse:
    menu = WeeklyMenu.objects.filter(township=township, monday=week.monday).first()
    is_over = week.sunday < timezone.localdate()
    if asked is None and not is_over:
        asked = reports.week_load(township, week)
    can_compose = asked is not None and permissions.can_compose_menu(request.user, township)
    is_draft = menu is None or menu.state == MenuState.DRAFT
    if form is None and asked and can_compose and is_draft:
        blank = menu or WeeklyMenu(township=township, monday=week.monday)
        form = PublishForm(instance=blank, load=asked.load, at=timezone.now())
    context = {
        "township": township,
        "week": week,
        "menu": menu,
        "entries": _entries(menu),
        "shares": reports.shares(asked.lines) if asked else (),
        "branches": asked.branches if asked else (),
        "load": asked.load if asked else None,
        "form": form,
        "is_over": is_over,
        "is_draft": is_draft,
        "can_compose": can_compose,
    }
    return render(request, "curriculum/menu_compose.html", context)
