"""Forms for accounts and duties."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from branches import permissions, rules
from branches.forms import DayInput, laid_out
from branches.models import Duty, DutyKind, Member, Organization
from branches.permissions import ACCOUNT_KEEPING, ROSTER_KEEPING, scope_q
from branches.search import containing


class AccountFilter(forms.Form):
    """What narrows the list of accounts."""

    q = forms.CharField(label=_("姓名或登录名"), required=False, max_length=50)
    kind = forms.ChoiceField(
        label=_("职责"), required=False, choices=[("", _("全部职责")), *DutyKind.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部状态")), ("active", _("启用")), ("inactive", _("停用"))],
    )

    def narrow(self, accounts: QuerySet[User]) -> QuerySet[User]:
        wanted = self.cleaned_data if self.is_valid() else {}
        if words := wanted.get("q", "").strip():
            accounts = accounts.filter(containing(words, "full_name", "username"))
        if kind := wanted.get("kind"):
            in_force = Duty.objects.in_force(timezone.localdate()).filter(kind=kind)
            accounts = accounts.filter(pk__in=in_force.values("user"))
        if state := wanted.get("state"):
            accounts = accounts.filter(is_active=state == "active")
        return accounts


class AccountForm(forms.ModelForm):
    """Who signs in."""

    helper = laid_out(
        Row(Column("full_name"), Column("username")), Row(Column("phone"), Column("email"))
    )

    class Meta:
        model = User
        fields = ["full_name", "username", "phone", "email"]
        help_texts = {
            "username": _("登录时输入，建议用姓名全拼；可含字母、数字、点、横线和下划线。"),
            "phone": _("可以不填，仅供账号管理员联系本人。"),
            "email": _("可以不填，提醒邮件发往这里；本人也可在“偏好设置”中修改。"),
        }
        widgets = {
            "username": forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if not all(c.isascii() and (c.isalnum() or c in "._-") for c in username):
            raise forms.ValidationError(_("登录名只能含英文字母、数字、点、横线和下划线。"))
        if User.objects.filter(username__iexact=username).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("这个登录名已被使用。"))
        return username

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].replace(" ", "")
        if phone and not rules.is_phone(phone):
            raise forms.ValidationError(_("手机号码应为11位数字，固定电话请带区号。"))
        return phone


class DutyForm(forms.ModelForm):
    """As what somebody acts, where, and since when; offers what the keeper may give."""

    helper = laid_out(Row(Column("kind"), Column("from_on")), "organization")

    class Meta:
        model = Duty
        fields = ["kind", "organization", "from_on"]
        labels = {"from_on": _("从哪天起")}
        widgets = {"from_on": DayInput()}

    def __init__(self, *args, keeper: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.keeper = keeper
        grantable = permissions.grantable_kinds(keeper)
        self.fields["kind"].choices = [
            ("", _("请选择")),
            *(choice for choice in DutyKind.choices if choice[0] in grantable),
        ]
        organization = self.fields["organization"]
        organization.queryset = Organization.objects.filter(
            scope_q(keeper, prefix="", kinds=ACCOUNT_KEEPING), dissolved_on=None
        )
        organization.empty_label = _("请选择")
        self.fields["from_on"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind, organization = data.get("kind"), data.get("organization")
        if kind and organization and not permissions.can_grant(self.keeper, kind, organization):
            self.add_error("organization", _("您无权在这个党组织授予该职责。"))
        return data


class MemberLinkForm(forms.Form):
    """Which member the account belongs to: offered are namesakes without an account."""

    helper = laid_out()

    member = forms.ModelChoiceField(
        label=_("对应的党员"), required=False, queryset=None, empty_label=_("不关联")
    )

    def __init__(self, *args, account: User, keeper: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        field.queryset = (
            Member.objects.filter(scope_q(keeper, prefix="branch__", kinds=ROSTER_KEEPING))
            .filter(Q(user=None, left_on=None) | Q(user=account))
            .filter(Q(name=account.full_name) | Q(user=account))
            .select_related("branch")
        )
        field.label_from_instance = lambda member: f"{member.name}（{member.branch}）"
        field.help_text = _("只列出您管理范围内与账号姓名相同、尚未关联账号的党员。")
