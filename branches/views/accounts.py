"""Accounts and duties, kept by staff and administrators within their part of the tree."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.services import give_first_password
from branches import people, permissions
from branches.forms import carry_out
from branches.forms.accounts import AccountFilter, AccountForm, DutyForm, MemberLinkForm
from branches.models import Duty
from branches.services import accounts as services
from config.http import paginate, require

FORM_METHODS = ["GET", "HEAD", "POST"]


def _kept_account(request: HttpRequest, pk: int) -> User:
    """Fetch an account of the keeper's scope, with `open_duties`; 403 where it is not theirs."""
    require(permissions.can_list_accounts(request.user))
    seen = people.with_open_duties(
        people.accounts_kept_by(request.user), timezone.localdate()
    ).select_related("member__branch")
    account = get_object_or_404(seen, pk=pk)
    require(permissions.can_manage_account(request.user, account, account.open_duties))
    return account


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    require(permissions.can_list_accounts(request.user))
    today = timezone.localdate()
    search = AccountFilter(request.GET)
    accounts = search.narrow(people.accounts_kept_by(request.user))
    listed = people.with_open_duties(people.in_tree_order(accounts, today), today)
    page = paginate(request, listed)
    for account in page.object_list:
        account.is_kept = permissions.can_manage_account(request.user, account, account.open_duties)
    return render(request, "branches/account_list.html", {"filter": search, "page": page})


@never_cache
@sensitive_variables("password")
@require_http_methods(FORM_METHODS)
def account_create(request: HttpRequest) -> HttpResponse:
    require(permissions.can_list_accounts(request.user))
    form = AccountForm(request.POST or None)
    duty_form = DutyForm(request.POST or None, keeper=request.user)
    if request.method == "POST" and form.is_valid() & duty_form.is_valid():
        account, duty = form.instance, duty_form.instance
        passwords: list[str] = []
        if carry_out(duty_form, lambda: passwords.append(services.open_account(account, duty))):
            return _first_password(request, account, passwords[0])
    return render(request, "branches/account_new.html", {"form": form, "duty_form": duty_form})


@require_http_methods(FORM_METHODS)
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    account = _kept_account(request, pk)
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("已保存。"))
        return redirect("branches:account_edit", pk=pk)
    context = {"account": account, "form": form, "link_form": _link_form(request, account)}
    return render(request, "branches/account_edit.html", context)


@never_cache
@sensitive_variables("password")
@require_http_methods(FORM_METHODS)
def account_reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    account = _kept_account(request, pk)
    if request.method != "POST":
        return render(request, "branches/account_reset.html", {"account": account})
    password = give_first_password(account)
    return _first_password(request, account, password)


@require_POST
def account_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    account = _kept_account(request, pk)
    if services.set_active(account, False):
        messages.success(request, _("账号已停用，本人不能再登录。"))
    return redirect("branches:account_edit", pk=pk)


@require_POST
def account_activate(request: HttpRequest, pk: int) -> HttpResponse:
    account = _kept_account(request, pk)
    if services.set_active(account, True):
        messages.success(request, _("账号已重新启用。"))
    return redirect("branches:account_edit", pk=pk)


@require_POST
def account_link_member(request: HttpRequest, pk: int) -> HttpResponse:
    account = _kept_account(request, pk)
    form = _link_form(request, account)
    require(form is not None)
    if form.is_valid() and carry_out(
        form, services.link_member, account, form.cleaned_data["member"]
    ):
        messages.success(request, _("已保存。"))
        return redirect("branches:account_edit", pk=pk)
    context = {"account": account, "form": AccountForm(instance=account), "link_form": form}
    return render(request, "branches/account_edit.html", context)


@require_http_methods(FORM_METHODS)
def duty_add(request: HttpRequest, pk: int) -> HttpResponse:
    account = _kept_account(request, pk)
    form = DutyForm(request.POST or None, keeper=request.user, instance=Duty(user=account))
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and carry_out(form, services.add_duty, form.instance):
        messages.success(request, _("已增加职责。"))
        return redirect("branches:account_edit", pk=pk)
    return render(request, "branches/duty_add.html", {"account": account, "form": form})


@require_POST
def duty_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one duty from today. What else the account holds elsewhere does not matter here."""
    require(permissions.can_list_accounts(request.user))
    kept = people.accounts_kept_by(request.user)
    duty = get_object_or_404(Duty.objects.select_related("organization"), pk=pk, user__in=kept)
    require(
        duty.user_id != request.user.pk
        and permissions.can_grant(request.user, duty.kind, duty.organization)
    )
    if services.end_duty(duty, on=timezone.localdate()):
        messages.success(request, _("职责已结束，历史记录保留。"))
    return redirect("branches:account_edit", pk=duty.user_id)


def _link_form(request: HttpRequest, account: User) -> MemberLinkForm | None:
    """Return the form, or nothing for administrators, who see no members."""
    if not permissions.has_duty(request.user, permissions.ROSTER_KEEPING):
        return None
    return MemberLinkForm(
        request.POST if "member" in request.POST else None,
        account=account,
        keeper=request.user,
        initial={"member": getattr(account, "member", None)},
    )


def _first_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    """Show the password in the answer itself: it is kept nowhere and cannot be opened again."""
    context = {"account": account, "password": password}
    return render(request, "branches/account_password.html", context)
