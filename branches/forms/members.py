"""Forms for members: particulars, where they belong, what excuses them."""

from datetime import date
from functools import cached_property

from crispy_forms.layout import Fieldset, Row
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from branches import rules
from branches.forms import DayInput, laid_out
from branches.models import (
    Exemption,
    ExemptionKind,
    Member,
    MembershipEnd,
    MemberStatus,
    Organization,
    PartyGroup,
)
from branches.models.member import Sex
from branches.permissions import ROSTER_READING, scope_q
from branches.rules import DateFault

DATE_FAULTS = {
    DateFault.IN_FUTURE: _("日期在将来，请核对。"),
    DateFault.BEFORE_BIRTH: _("入党日期不能早于出生日期。"),
    DateFault.UNDER_AGE: _("入党时未满18周岁，请核对出生日期和入党日期。"),
    DateFault.BEFORE_JOINING: _("转正日期不能早于入党日期。"),
}


class MemberFilter(forms.Form):
    """What narrows the list of members; groups are offered once a branch is chosen."""

    q = forms.CharField(label=_("姓名或拼音首字母"), required=False, max_length=50)
    branch = forms.ModelChoiceField(
        label=_("党支部"), required=False, queryset=None, empty_label=_("全部支部")
    )
    group = forms.ModelChoiceField(
        label=_("党小组"), required=False, queryset=None, empty_label=_("全部小组")
    )
    status = forms.ChoiceField(
        label=_("人员类别"), required=False, choices=[("", _("全部类别")), *MemberStatus.choices]
    )
    only = forms.ChoiceField(
        label=_("情况"),
        required=False,
        choices=[
            ("", _("全部在册")),
            ("floating", _("流动党员")),
            ("exempt", _("有免除情形")),
            ("left", _("已离开")),
        ],
    )

    def __init__(self, *args, reader: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = self.branches = (
            Organization.objects.branches()
            .filter(scope_q(reader, prefix="", kinds=ROSTER_READING))
            .filter(dissolved_on=None)
        )
        branch_id = self.data.get("branch", "")
        self.fields["group"].queryset = (
            PartyGroup.objects.filter(
                branch__in=self.branches.filter(pk=branch_id), dissolved_on=None
            ).order_by("pk")
            if branch_id.isdecimal()
            else PartyGroup.objects.none()
        )

    @cached_property
    def wanted(self) -> dict:
        return self.cleaned_data if self.is_valid() else {}

    def narrow(self, members: QuerySet, on: date) -> QuerySet:
        wanted = self.wanted
        if words := wanted.get("q", "").strip():
            members = members.search(words)
        if branch := wanted.get("branch"):
            members = members.filter(branch=branch)
        if group := wanted.get("group"):
            members = members.filter(group=group)
        if status := wanted.get("status"):
            full = Q(full_on__lte=on)
            members = members.filter(full if status == MemberStatus.FULL else ~full)
        only = wanted.get("only", "")
        if only == "floating":
            members = members.filter(is_floating=True)
        if only == "exempt":
            in_force = Exemption.objects.in_force(on).filter(member=OuterRef("pk"))
            members = members.filter(Exists(in_force))
        return members.filter(left_on__isnull=only != "left")


PERSON = Fieldset(
    _("基本情况"),
    Row("name", "sex"),
    Row("ethnicity", "born_on"),
    Row("education", "work"),
    "phone",
)
PARTY = Fieldset(_("党籍"), Row("joined_on", "full_on"))
FLOATING = Fieldset(_("流动"), "is_floating", Row("floating_to", "contact_person"))


class MemberForm(forms.ModelForm):
    """Particulars of a member. Never an ID number, never a diagnosis."""

    helper = laid_out(PERSON, PARTY, FLOATING, "note")

    class Meta:
        model = Member
        fields = [
            "name",
            "sex",
            "ethnicity",
            "born_on",
            "education",
            "work",
            "phone",
            "joined_on",
            "full_on",
            "is_floating",
            "floating_to",
            "contact_person",
            "note",
        ]
        widgets = {
            "born_on": DayInput(),
            "joined_on": DayInput(),
            "full_on": DayInput(),
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }
        help_texts = {
            "full_on": _("预备党员留空。"),
            "contact_person": _("支部明确专人联系（教育管理条例第32至34条）。"),
        }

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["sex"].choices = [("", _("未填")), *Sex.choices]
        self.fields["contact_person"].queryset = Member.objects.filter(
            branch=self.instance.branch_id, left_on=None, is_floating=False
        ).exclude(pk=self.instance.pk)
        self.fields["contact_person"].empty_label = _("未明确")

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].replace(" ", "")
        if phone and not rules.is_phone(phone):
            raise forms.ValidationError(_("请填写11位手机号码，或带区号的固定电话。"))
        return phone

    def clean(self) -> dict:
        data = super().clean()
        faults = rules.date_faults(
            born_on=data.get("born_on"),
            joined_on=data.get("joined_on"),
            full_on=data.get("full_on"),
            on=self.today,
        )
        for field, fault in faults.items():
            self.add_error(field, DATE_FAULTS[fault])
        if data.get("floating_to") and not data.get("is_floating"):
            self.add_error("is_floating", _("填写了流动去向，请勾选流动党员，或清空去向。"))
        if data.get("contact_person") and not data.get("is_floating"):
            self.add_error("is_floating", _("选择了联系人，请勾选流动党员，或清空联系人。"))
        return data


class NewMemberForm(MemberForm):
    """A member who joins the roster, with the group and the day from when on."""

    helper = laid_out(PERSON, PARTY, Fieldset(_("编入支部"), Row("on", "group")), FLOATING, "note")

    on = forms.DateField(
        label=_("编入本支部日期"), widget=DayInput(), help_text=_("新转入的填转入日期。")
    )

    class Meta(MemberForm.Meta):
        fields = [*MemberForm.Meta.fields[:-1], "group", "note"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = PartyGroup.objects.filter(
            branch=self.instance.branch_id, dissolved_on=None
        ).order_by("pk")
        self.fields["group"].empty_label = _("不编组")


class TransferForm(forms.Form):
    """Into another branch; also for somebody who left and comes back."""

    helper = laid_out()

    to_branch = forms.ModelChoiceField(
        label=_("转入党支部"), queryset=None, empty_label=_("请选择")
    )
    on = forms.DateField(label=_("转入日期"), widget=DayInput())
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args, branches: QuerySet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_branch"].queryset = branches


class LeaveForm(forms.Form):
    """Off the roster. Regrouping is no way of leaving."""

    helper = laid_out()

    reason = forms.ChoiceField(
        label=_("原因"),
        choices=[
            (value, label)
            for value, label in MembershipEnd.choices
            if value != MembershipEnd.REGROUP
        ],
    )
    on = forms.DateField(label=_("离开日期"), widget=DayInput())
    note = forms.CharField(
        label=_("说明"), max_length=200, required=False, help_text=_("如转往何处。")
    )


class RegroupForm(forms.Form):
    helper = laid_out()
    group = forms.ModelChoiceField(
        label=_("党小组"), queryset=None, required=False, empty_label=_("不编组")
    )
    on = forms.DateField(label=_("调整日期"), widget=DayInput())

    def __init__(self, *args, branch: Organization, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = PartyGroup.objects.filter(
            branch=branch, dissolved_on=None
        ).order_by("pk")


class ExemptionForm(forms.ModelForm):
    """A category with its days; approval where elections and admissions are to leave one out."""

    helper = laid_out("kind", Row("from_on", "to_on"), "approval", "note")

    class Meta:
        model = Exemption
        fields = ["kind", "from_on", "to_on", "approval", "note"]
        widgets = {"from_on": DayInput(), "to_on": DayInput()}
        help_texts = {
            "to_on": _("到这一天为止（不含），长期的留空。"),
            "approval": _(
                "选举和接收、转正表决时不计入应到会人数的，须经上级同意、会议通过；"
                "未填批准的仍计入。"
            ),
            "note": _("只写类别以外必要的说明，不写病情。"),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("请选择")), *ExemptionKind.choices]


class PhoneExportForm(forms.Form):
    helper = laid_out()
    reason = forms.CharField(
        label=_("导出原因"),
        min_length=4,
        max_length=200,
        help_text=_("完整手机号码属于个人信息，导出人、时间和原因记入审计日志。"),
    )
