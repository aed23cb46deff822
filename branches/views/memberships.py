"""Where a member belongs from when, and what excuses one: each change is dated and kept."""

from copy import copy

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import permissions
from branches.forms import carry_out
from branches.forms.members import ExemptionForm, LeaveForm, RegroupForm, TransferForm
from branches.forms.organizations import DayForm
from branches.models import DutyKind, Exemption, Member, Organization
from branches.permissions import scope_q
from branches.services import members as services
from branches.views.members import kept_member
from config.http import require


def _branches_in_hand(request: HttpRequest) -> QuerySet[Organization]:
    """Branches that the user keeps as staff: a secretary alone cannot fill a neighbour's roster."""
    return Organization.objects.branches().filter(
        scope_q(request.user, prefix="", kinds={DutyKind.STAFF}), dissolved_on=None
    )


def member_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    member = kept_member(request, pk)
    require(permissions.can_transfer_members(request.user, member.branch))
    form = TransferForm(
        request.POST or None,
        branches=_branches_in_hand(request).exclude(pk=member.branch_id),
        initial={"on": timezone.localdate()},
    )
    if form.is_valid() and carry_out(
        form,
        services.transfer_member,
        copy(member),
        **form.cleaned_data,
        by=request.user,
        at=timezone.now(),
    ):
        messages.success(
            request, _("已转入%(branch)s。") % {"branch": form.cleaned_data["to_branch"]}
        )
        return redirect(member)
    hint = _("自转入日期起在新支部计应到；以前会议的应到人数不变。在原支部的职务同日结束。")
    return _page(request, member, form, _("转接组织关系"), _("转接"), hint)


def member_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who had left comes back: the same person, with the history kept."""
    member = kept_member(request, pk)
    require(permissions.can_transfer_members(request.user, member.branch))
    form = TransferForm(
        request.POST or None,
        branches=_branches_in_hand(request),
        initial={"on": timezone.localdate(), "to_branch": member.branch_id},
    )
    if form.is_valid() and carry_out(
        form, services.return_member, copy(member), **form.cleaned_data
    ):
        messages.success(
            request, _("已转回%(branch)s。") % {"branch": form.cleaned_data["to_branch"]}
        )
        return redirect(member)
    return _page(request, member, form, _("转回"), _("转回"))


def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    member = kept_member(request, pk)
    form = LeaveForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_valid() and carry_out(form, services.end_membership, member, **form.cleaned_data):
        messages.success(request, _("%(name)s已不在名册。") % {"name": member})
        return redirect(member)
    hint = _("转往本系统以外的组织、去世或出党的，在此登记。记录保留，可在“已离开”中查到。")
    return _page(request, member, form, _("移出名册"), _("移出"), hint)


def member_regroup(request: HttpRequest, pk: int) -> HttpResponse:
    member = kept_member(request, pk)
    form = RegroupForm(
        request.POST or None,
        branch=member.branch,
        initial={"on": timezone.localdate(), "group": member.group_id},
    )
    if form.is_valid() and carry_out(
        form, services.regroup_member, copy(member), **form.cleaned_data
    ):
        messages.success(request, _("已保存。"))
        return redirect(member)
    return _page(request, member, form, _("调整党小组"), _("保存"))


def exemption_create(request: HttpRequest, pk: int) -> HttpResponse:
    member = kept_member(request, pk)
    form = ExemptionForm(request.POST or None, instance=Exemption(member=member))
    if form.is_valid() and carry_out(form, services.add_exemption, form.instance):
        messages.success(request, _("已登记。"))
        return redirect(member)
    hint = _("年老体弱、行动不便、患重病的党员，参加组织活动不作硬性要求，缺席不算问题。")
    return _page(request, member, form, _("登记免除情形"), _("登记"), hint)


def exemption_end(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Exemption.objects.filter(member__in=Member.objects.visible_to(request.user), to_on=None)
    exemption = get_object_or_404(seen.select_related("member__branch"), pk=pk)
    member = exemption.member
    require(permissions.can_keep_roster(request.user, member.branch))
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_valid() and carry_out(
        form, services.end_exemption, exemption, on=form.cleaned_data["on"]
    ):
        messages.success(request, _("已结束。"))
        return redirect(member)
    title = _("结束免除情形：%(kind)s") % {"kind": exemption.get_kind_display()}
    return _page(request, member, form, title, _("结束"))


def _page(
    request: HttpRequest, member: Member, form, title: str, submit: str, hint: str = ""
) -> HttpResponse:
    context = {
        "member": member,
        "branch": member.branch,
        "form": form,
        "title": title,
        "submit": submit,
        "hint": hint,
    }
    return render(request, "branches/member_form.html", context)
