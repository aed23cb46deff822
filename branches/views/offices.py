"""What hangs on an organization: groups, posts, terms, contact points."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import permissions
from branches.forms import carry_out
from branches.forms.organizations import (
    ContactPointForm,
    DayForm,
    ExtendTermForm,
    GroupForm,
    PostForm,
    TermForm,
)
from branches.models import ContactPoint, Organization, PartyGroup, Post, Term
from branches.permissions import scope_q
from branches.services import organizations as services
from branches.views.organizations import kept_organization
from config.http import require


def _branch_with_roster(request: HttpRequest, pk: int) -> Organization:
    """Fetch a branch whose groups and members the user keeps."""
    branch = get_object_or_404(Organization.objects.visible_to(request.user).branches(), pk=pk)
    require(permissions.can_keep_roster(request.user, branch))
    return branch


def _group(request: HttpRequest, pk: int) -> PartyGroup:
    seen = PartyGroup.objects.filter(scope_q(request.user, prefix="branch__"), dissolved_on=None)
    group = get_object_or_404(seen.select_related("branch"), pk=pk)
    require(permissions.can_keep_roster(request.user, group.branch))
    return group


def group_create(request: HttpRequest, pk: int) -> HttpResponse:
    branch = _branch_with_roster(request, pk)
    form = GroupForm(request.POST or None, instance=PartyGroup(branch=branch))
    if form.is_valid() and carry_out(form, services.save_group, form.instance):
        messages.success(request, _("已设立%(name)s。") % {"name": form.instance})
        return redirect(branch)
    return _page(request, branch, form, _("新设党小组"), _("设立"))


def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    form = GroupForm(request.POST or None, instance=group)
    if form.is_valid() and carry_out(form, services.save_group, form.instance):
        messages.success(request, _("已保存。"))
        return redirect(group.branch)
    return _page(request, group.branch, form, _("修改党小组"), _("保存"))


def group_dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_valid() and carry_out(
        form, services.dissolve_group, group, on=form.cleaned_data["on"]
    ):
        messages.success(request, _("已撤销%(name)s。") % {"name": group})
        return redirect(group.branch)
    hint = _("组内党员仍在本支部，自该日起不编组；以前的会议记录不变。")
    title = _("撤销党小组：%(name)s") % {"name": group}
    return _page(request, group.branch, form, title, _("撤销"), hint)


def post_create(request: HttpRequest, pk: int) -> HttpResponse:
    organization = kept_organization(request, pk)
    form = PostForm(
        request.POST or None,
        organization=organization,
        initial={"on": timezone.localdate()},
    )
    if form.is_valid() and carry_out(
        form,
        services.appoint,
        organization,
        form.cleaned_data["member"],
        form.cleaned_data["role"],
        on=form.cleaned_data["on"],
    ):
        messages.success(request, _("已任职。如需登录本系统，请在“账号”中登记职责。"))
        return redirect(organization)
    return _page(request, organization, form, _("任职"), _("任职"))


def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Post.objects.filter(scope_q(request.user, prefix="organization__"), to_on=None)
    post = get_object_or_404(seen.select_related("organization", "member"), pk=pk)
    require(permissions.can_keep_organizations(request.user, post.organization))
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_valid() and carry_out(form, services.end_post, post, on=form.cleaned_data["on"]):
        messages.success(request, _("已免职。"))
        return redirect(post.organization)
    title = _("免职：%(role)s %(name)s") % {
        "role": post.get_role_display(),
        "name": post.member,
    }
    return _page(request, post.organization, form, title, _("免职"))


def term_open(request: HttpRequest, pk: int) -> HttpResponse:
    organization = kept_organization(request, pk)
    form = TermForm(request.POST or None, organization=organization)
    if form.is_valid() and carry_out(form, services.open_term, organization, **form.cleaned_data):
        messages.success(request, _("已登记新一届任期。"))
        return redirect(organization)
    return _page(request, organization, form, _("登记换届"), _("登记"))


def term_extend(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Term.objects.filter(scope_q(request.user, prefix="organization__"))
    term = get_object_or_404(seen.select_related("organization"), pk=pk)
    require(permissions.can_keep_organizations(request.user, term.organization))
    form = ExtendTermForm(request.POST or None, initial={"ends_on": term.ends_on})
    if form.is_valid() and carry_out(form, services.extend_term, term, **form.cleaned_data):
        messages.success(request, _("已登记延期。"))
        return redirect(term.organization)
    hint = _("延期换届须经上级党组织批准，一般不超过1年。")
    return _page(request, term.organization, form, _("登记延期换届"), _("登记"), hint)


def contact_point_create(request: HttpRequest, pk: int) -> HttpResponse:
    branch = kept_organization(request, pk)
    today = timezone.localdate()
    form = ContactPointForm(request.POST or None, branch=branch, on=today, initial={"on": today})
    if form.is_valid() and carry_out(
        form,
        services.link_leader,
        branch,
        form.cleaned_data["leader"],
        on=form.cleaned_data["on"],
        by=request.user,
        at=timezone.now(),
    ):
        messages.success(request, _("已设为联系点。"))
        return redirect(branch)
    return _page(request, branch, form, _("设为联系点"), _("保存"))


def contact_point_end(request: HttpRequest, pk: int) -> HttpResponse:
    seen = ContactPoint.objects.filter(scope_q(request.user, prefix="branch__"), to_on=None)
    point = get_object_or_404(seen.select_related("branch", "leader"), pk=pk)
    require(permissions.can_keep_organizations(request.user, point.branch))
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_valid() and carry_out(
        form, services.unlink_leader, point, on=form.cleaned_data["on"]
    ):
        messages.success(request, _("联系点已结束。"))
        return redirect(point.branch)
    title = _("结束联系点：%(leader)s") % {"leader": point.leader}
    return _page(request, point.branch, form, title, _("结束"))


def _page(
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
