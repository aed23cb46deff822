"""The tree: list, one organization, and what staff change about it."""

from copy import copy

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from branches import exports, permissions, reports
from branches.forms import carry_out
from branches.forms.organizations import DayForm, MoveForm, OrganizationFilter, OrganizationForm
from branches.leaders import with_stand_in
from branches.models import DutyKind, Organization
from branches.services import organizations as services
from config.http import paginate, require, wants_fragment


@require_GET
@vary_on_headers("HX-Request")
def organization_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    search = OrganizationFilter(request.GET)
    page = paginate(request, _listed(request, search, today))
    context = {
        "filter": search,
        "page": page,
        "rows": reports.organization_rows(page.object_list, today),
        "kept_place": permissions.duty_place(request.user, {DutyKind.STAFF}),
    }
    template = "_organization_rows" if wants_fragment(request) else "organization_list"
    return render(request, f"branches/{template}.html", context)


@require_GET
def organization_export(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    found = list(_listed(request, OrganizationFilter(request.GET), today).select_related("parent"))
    rows = reports.organization_rows(found, today)
    return exports.workbook_response(
        _("党组织信息 %(day)s") % {"day": today}, *exports.organization_sheet(rows)
    )


def _listed(request: HttpRequest, search: OrganizationFilter, today):
    seen = Organization.objects.visible_to(request.user)
    return search.narrow(reports.with_secretary_and_term(seen, today), today)


@require_GET
def organization_detail(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    organization = get_object_or_404(
        reports.with_secretary_and_term(
            Organization.objects.visible_to(request.user), today
        ).select_related("parent__parent__parent"),
        pk=pk,
    )
    children = [] if organization.is_branch else list(_children(organization, today))
    rows = reports.organization_rows([organization, *children], today)
    parent = organization.parent
    posts = list(organization.posts.in_force(today).select_related("member"))
    context = {
        "organization": organization,
        # A secretary sees no page above the own branch, so no way up is offered there.
        "parent": parent
        if parent and permissions.can_see_organization(request.user, parent)
        else None,
        "row": rows[0],
        "children": rows[1:],
        "posts": posts,
        "groups": _groups(organization, today) if organization.is_branch else (),
        "terms": organization.terms.all(),
        "contact_points": with_stand_in(organization.contact_points.in_force(today), on=today),
        "hints": reports.size_hints(organization, rows[0].headcount, posts),
        "can_keep": permissions.can_keep_organizations(request.user, organization),
        "can_keep_roster": permissions.can_keep_roster(request.user, organization),
        "can_see_members": permissions.can_see_members(request.user, organization),
    }
    return render(request, "branches/organization_detail.html", context)


def _children(organization: Organization, today):
    below = Organization.objects.filter(parent=organization).existing(today)
    return reports.with_secretary_and_term(below, today)


def _groups(branch: Organization, today):
    in_force = Q(memberships__to_on=None) | Q(memberships__to_on__gt=today)
    return (
        branch.groups.filter(dissolved_on=None)
        .select_related("leader")
        .annotate(
            member_count=Count("memberships", filter=in_force & Q(memberships__from_on__lte=today))
        )
        .order_by("pk")
    )


def kept_organization(request: HttpRequest, pk: int) -> Organization:
    """Fetch an organization that the user may change."""
    seen = Organization.objects.visible_to(request.user).select_related("parent")
    organization = get_object_or_404(seen, pk=pk)
    require(permissions.can_keep_organizations(request.user, organization))
    return organization


def organization_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Set up an organization below the one in the address."""
    parent = kept_organization(request, pk)
    form = OrganizationForm(request.POST or None, instance=Organization(parent=parent))
    if form.is_valid() and carry_out(form, services.create_organization, form.instance):
        messages.success(request, _("已设立%(name)s。") % {"name": form.instance})
        return redirect(form.instance)
    return _form_page(request, parent, form, _("新设党组织"), _("设立"))


def organization_edit(request: HttpRequest, pk: int) -> HttpResponse:
    organization = kept_organization(request, pk)
    # A refused form must not show its own half-made changes in the page's head.
    form = OrganizationForm(request.POST or None, instance=copy(organization))
    if form.is_valid() and carry_out(form, services.update_organization, form.instance):
        messages.success(request, _("已保存。"))
        return redirect(organization)
    return _form_page(request, organization, form, _("修改基本信息"), _("保存"))


def organization_move(request: HttpRequest, pk: int) -> HttpResponse:
    organization = kept_organization(request, pk)
    form = MoveForm(request.POST or None, organization=organization, by=request.user)
    if form.is_valid() and carry_out(
        form,
        services.move_organization,
        copy(organization),
        form.cleaned_data["parent"],
        by=request.user,
    ):
        messages.success(request, _("已移到%(name)s之下。") % {"name": form.cleaned_data["parent"]})
        return redirect(organization)
    return _form_page(request, organization, form, _("调整隶属关系"), _("移动"))


def organization_dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    organization = kept_organization(request, pk)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_valid() and carry_out(
        form, services.dissolve_organization, copy(organization), on=form.cleaned_data["on"]
    ):
        messages.success(request, _("已撤销。"))
        return redirect(organization)
    hint = _(
        "撤销前须先转出全部党员、撤销或移走下级党组织。职务、联系点和账号职责同日结束，历史记录保留。"
    )
    return _form_page(request, organization, form, _("撤销党组织"), _("撤销"), hint)


def _form_page(
    request: HttpRequest, organization: Organization, form, title: str, submit: str, hint: str = ""
) -> HttpResponse:
    context = {
        "organization": organization,
        "form": form,
        "title": title,
        "submit": submit,
        "hint": hint,
    }
    return render(request, "branches/organization_form.html", context)
