"""The roster: list, one member, particulars, and the lists that leave the house."""

from copy import copy
from datetime import date

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from branches import exports, permissions, rules
from branches.forms import carry_out
from branches.forms.members import MemberFilter, MemberForm, NewMemberForm, PhoneExportForm
from branches.models import Exemption, FloatingContact, Member, Organization, Post
from branches.permissions import ROSTER_KEEPING, scope_q
from branches.services import members as services
from config.http import paginate, require, wants_fragment

CONTACTS_SHOWN = 3


def kept_member(request: HttpRequest, pk: int) -> Member:
    """Fetch a member whom the user may change."""
    member = get_object_or_404(
        Member.objects.visible_to(request.user).select_related("branch", "group"), pk=pk
    )
    require(permissions.can_keep_roster(request.user, member.branch))
    return member


@require_GET
@vary_on_headers("HX-Request")
def member_list(request: HttpRequest) -> HttpResponse:
    require(permissions.can_see_roster(request.user))
    today = timezone.localdate()
    search = MemberFilter(request.GET, reader=request.user)
    page = paginate(
        request, _with_today(search.narrow(Member.objects.visible_to(request.user), today), today)
    )
    for member in page.object_list:
        member.status = member.status_on(today)
    context = {
        "filter": search,
        "page": page,
        "kept_branch": _branch_to_fill(request, search),
        "can_export_phones": permissions.can_export_phones(request.user),
        "can_import": permissions.can_import(request.user),
    }
    template = "_member_rows" if wants_fragment(request) else "member_list"
    return render(request, f"branches/{template}.html", context)


def _branch_to_fill(request: HttpRequest, search: MemberFilter) -> Organization | None:
    """Return the branch that a new member would join: the one chosen, or the secretary's own."""
    branch = search.wanted.get("branch") or permissions.duty_place(request.user, ROSTER_KEEPING)
    can_fill = branch and branch.is_branch and permissions.can_keep_roster(request.user, branch)
    return branch if can_fill else None


def _with_today(members: QuerySet[Member], today: date) -> QuerySet[Member]:
    """Load with each member the branch, the group, and the posts and exemptions in force."""
    return (
        members.select_related("branch", "group")
        .prefetch_related(
            Prefetch(
                "exemptions", queryset=Exemption.objects.in_force(today), to_attr="exemptions_today"
            ),
            Prefetch("posts", queryset=Post.objects.in_force(today), to_attr="posts_today"),
        )
        .order_by("branch__path", "initials", "pk")
    )


@require_GET
def member_export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, with masked phone numbers."""
    require(permissions.can_see_roster(request.user))
    today = timezone.localdate()
    found = MemberFilter(request.GET, reader=request.user).narrow(
        Member.objects.visible_to(request.user), today
    )
    members = found.select_related("branch", "group").order_by("branch__path", "initials", "pk")
    return exports.workbook_response(
        _("党员名册 %(day)s") % {"day": today},
        *exports.member_sheet(members.iterator(), today, masked=True),
    )


def member_export_phones(request: HttpRequest) -> HttpResponse:
    """The list with whole phone numbers: only for a reason, which the audit log keeps."""
    require(permissions.can_export_phones(request.user))
    form = PhoneExportForm(request.POST or None)
    search = MemberFilter(request.GET, reader=request.user)
    if not form.is_valid():
        return render(request, "branches/member_export.html", {"form": form, "filter": search})
    today = timezone.localdate()
    kept = Member.objects.visible_to(request.user).filter(
        scope_q(request.user, prefix="branch__", kinds=ROSTER_KEEPING)
    )
    members = search.narrow(kept, today).select_related("branch", "group")
    members = list(members.order_by("branch__path", "initials", "pk"))
    services.log_phone_export(
        permissions.duty_place(request.user, ROSTER_KEEPING),
        reason=form.cleaned_data["reason"],
        row_count=len(members),
        by=request.user,
        at=timezone.now(),
    )
    return exports.workbook_response(
        _("党员名册（含手机号码） %(day)s") % {"day": today},
        *exports.member_sheet(members, today, masked=False),
    )


@require_GET
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    member = get_object_or_404(
        Member.objects.visible_to(request.user).select_related(
            "branch__parent", "group", "user", "contact_person"
        ),
        pk=pk,
    )
    member.status = member.status_on(today)
    exemptions = list(member.exemptions.order_by("-from_on"))
    for exemption in exemptions:
        exemption.rule = rules.EXEMPTIONS[exemption.kind]
        exemption.is_over = exemption.to_on is not None and exemption.to_on <= today
    in_force = [
        (exemption.kind, exemption.approval)
        for exemption in exemptions
        if exemption.from_on <= today and not exemption.is_over
    ]
    context = {
        "member": member,
        "periods": member.memberships.select_related("branch", "group").order_by("-from_on"),
        "exemptions": exemptions,
        "contacts": _latest_contacts(member),
        "today": today,
        "posts": member.posts.select_related("organization").order_by("-from_on"),
        "can_vote": rules.can_vote(
            full_on=member.full_on, kinds=[kind for kind, _approval in in_force], day=today
        ),
        "is_required": rules.excuse_of(in_force) not in rules.NOT_REQUIRED,
        "can_keep": permissions.can_keep_roster(request.user, member.branch),
        "can_transfer": permissions.can_transfer_members(request.user, member.branch),
    }
    return render(request, "branches/member_detail.html", context)


def _latest_contacts(member: Member) -> list[FloatingContact]:
    """Return when the branch was last in touch with a floating member."""
    if not member.is_floating:
        return []
    return list(member.contacts.select_related("by")[:CONTACTS_SHOWN])


@require_POST
def contact_note(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: in touch today."""
    member = kept_member(request, pk)
    if services.note_contact(member, on=timezone.localdate(), by=request.user):
        messages.success(request, _("已记下今天联系过%(name)s。") % {"name": member})
    return redirect(member)


@require_POST
def contact_remove(request: HttpRequest, pk: int) -> HttpResponse:
    contacts = FloatingContact.objects.filter(member__in=Member.objects.visible_to(request.user))
    contact = get_object_or_404(contacts.select_related("member__branch"), pk=pk)
    require(permissions.can_keep_roster(request.user, contact.member.branch))
    contact.delete()
    return redirect(contact.member)


def member_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a new member on the roster of the branch in the address."""
    branch = get_object_or_404(
        Organization.objects.visible_to(request.user).branches().filter(dissolved_on=None), pk=pk
    )
    require(permissions.can_keep_roster(request.user, branch))
    today = timezone.localdate()
    form = NewMemberForm(request.POST or None, instance=Member(branch=branch), today=today)
    if form.is_valid() and carry_out(
        form, services.create_member, form.instance, on=form.cleaned_data["on"]
    ):
        messages.success(request, _("已登记%(name)s。") % {"name": form.instance})
        return redirect(form.instance)
    context = {"form": form, "branch": branch, "title": _("新增党员"), "submit": _("登记")}
    return render(request, "branches/member_form.html", context)


def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    member = kept_member(request, pk)
    # A refused form must not show its own half-made changes in the page's head.
    form = MemberForm(request.POST or None, instance=copy(member), today=timezone.localdate())
    if form.is_valid() and carry_out(form, services.update_member, form.instance):
        messages.success(request, _("已保存。"))
        return redirect(member)
    context = {
        "form": form,
        "member": member,
        "branch": member.branch,
        "title": _("修改基本信息"),
        "submit": _("保存"),
    }
    return render(request, "branches/member_form.html", context)
