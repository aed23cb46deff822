"""Forms for the tree and for groups, posts, terms and contact points."""

from datetime import date

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from branches import paths, rules
from branches.forms import DayInput, laid_out
from branches.models import (
    BranchType,
    Duty,
    DutyKind,
    Member,
    Organization,
    OrganizationKind,
    PartyGroup,
    PostRole,
)
from branches.permissions import scope_q
from branches.search import containing


class OrganizationFilter(forms.Form):
    """What narrows the list of organizations; everything may stay empty."""

    q = forms.CharField(label=_("名称或拼音首字母"), required=False, max_length=50)
    kind = forms.ChoiceField(
        label=_("组织类别"),
        required=False,
        choices=[("", _("全部类别")), *OrganizationKind.choices],
    )
    type = forms.ChoiceField(
        label=_("支部类型"), required=False, choices=[("", _("全部类型")), *BranchType.choices]
    )
    only = forms.ChoiceField(
        label=_("情况"),
        required=False,
        choices=[
            ("", _("全部现有")),
            ("ending", _("届期将满或已满")),
            ("dissolved", _("已撤销")),
        ],
    )

    def narrow(self, organizations: QuerySet, on: date) -> QuerySet:
        """Apply the filter to organizations read by `reports.with_secretary_and_term`."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if words := wanted.get("q", "").strip():
            organizations = organizations.filter(
                containing(words, "name", "short_name") | Q(initials__istartswith=words)
            )
        if kind := wanted.get("kind"):
            organizations = organizations.filter(kind=kind)
        if branch_type := wanted.get("type"):
            organizations = organizations.filter(branch_type=branch_type)
        if wanted.get("only") == "dissolved":
            return organizations.filter(dissolved_on__lte=on)
        if wanted.get("only") == "ending":
            last_day = rules.add_months(on, rules.TERM_WARNING_MONTHS)
            organizations = organizations.filter(term_ends_on__lte=last_day)
        return organizations.existing(on)


class OrganizationForm(forms.ModelForm):
    """Particulars of an organization; where it stands in the tree changes by moving it."""

    helper = laid_out()

    class Meta:
        model = Organization
        fields = [
            "name",
            "short_name",
            "kind",
            "branch_type",
            "code",
            "established_on",
            "note",
        ]
        widgets = {"established_on": DayInput()}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch_type"].help_text = _("党支部必填：决定任期（村、社区5年，其他3年）。")
        self.fields["branch_type"].choices = [("", _("请选择")), *BranchType.choices]
        if self.instance.pk:
            # Whether it holds members or organizations follows from its kind.
            del self.fields["kind"]
        else:
            self.fields["code"].required = False
            self.fields["code"].help_text = _("留空则按上级编码自动编号。")
            parent = self.instance.parent
            self.fields["kind"].choices = [
                (value, label)
                for value, label in OrganizationKind.choices
                if rules.may_stand_below(value, parent.kind)
            ]

    def clean(self) -> dict:
        data = super().clean()
        kind = data.get("kind") or self.instance.kind
        if kind == OrganizationKind.BRANCH and not data.get("branch_type"):
            self.add_error("branch_type", _("请选择支部类型。"))
        return data


class MoveForm(forms.Form):
    helper = laid_out()
    parent = forms.ModelChoiceField(
        label=_("新的上级党组织"), queryset=None, empty_label=_("请选择")
    )

    def __init__(self, *args, organization: Organization, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = (
            Organization.objects.filter(scope_q(by, prefix="", kinds={DutyKind.STAFF}))
            .filter(
                dissolved_on=None,
                kind__in=rules.MAY_STAND_BELOW[organization.kind] - {None},
            )
            .exclude(path__gte=organization.path, path__lt=paths.end(organization.path))
        )


class DayForm(forms.Form):
    """One day: from when something no longer holds."""

    helper = laid_out()
    on = forms.DateField(label=_("日期"), widget=DayInput())


class GroupForm(forms.ModelForm):
    helper = laid_out()

    class Meta:
        model = PartyGroup
        fields = ["name", "leader", "established_on"]
        widgets = {"established_on": DayInput()}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = Member.objects.filter(
            branch=self.instance.branch_id, left_on=None
        )
        self.fields["leader"].empty_label = _("暂不确定")


class MemberChoiceField(forms.ModelChoiceField):
    """A member with the branch beside the name, where members of several are offered."""

    def label_from_instance(self, member: Member) -> str:
        return f"{member.name}（{member.branch}）"


class PostForm(forms.Form):
    helper = laid_out()
    role = forms.ChoiceField(label=_("职务"), choices=PostRole.choices)
    member = MemberChoiceField(label=_("任职党员"), queryset=None, empty_label=_("请选择"))
    on = forms.DateField(label=_("任职日期"), widget=DayInput())

    def __init__(self, *args, organization: Organization, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = (
            Member.objects.filter(
                branch__path__gte=organization.path,
                branch__path__lt=paths.end(organization.path),
                left_on=None,
                full_on__isnull=False,
            )
            .select_related("branch")
            .order_by("branch__path", "initials", "pk")
        )
        self.fields["role"].help_text = _("任命新书记时，现任书记的任期同日结束。")


class TermForm(forms.Form):
    helper = laid_out()
    starts_on = forms.DateField(label=_("本届开始（选举日期）"), widget=DayInput())
    ends_on = forms.DateField(label=_("本届届满"), widget=DayInput(), required=False)
    note = forms.CharField(label=_("提前或延期批复"), max_length=200, required=False)

    def __init__(self, *args, organization: Organization, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].help_text = _("留空则按%(years)d年任期计算。") % {
            "years": organization.term_years
        }
        self.fields["note"].help_text = _("如提前换届，请写批复文号和日期。")


class ExtendTermForm(forms.Form):
    helper = laid_out()
    ends_on = forms.DateField(label=_("延期至"), widget=DayInput())
    note = forms.CharField(
        label=_("批复"), max_length=200, help_text=_("上级党组织批复的文号和日期。")
    )


class ContactPointForm(forms.Form):
    helper = laid_out()
    leader = forms.ModelChoiceField(label=_("联系领导"), queryset=None, empty_label=_("请选择"))
    on = forms.DateField(label=_("自"), widget=DayInput())

    def __init__(self, *args, branch: Organization, on: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        above = (
            Duty.objects.in_force(on)
            .filter(
                kind__in=[DutyKind.LEADER, DutyKind.TOWNSHIP_SECRETARY],
                organization__path__in=paths.upwards(branch.path),
            )
            .values("user")
        )
        self.fields["leader"].queryset = User.objects.filter(is_active=True, pk__in=above).order_by(
            "full_name"
        )
        self.fields["leader"].help_text = _("没有要找的人？请先在“账号”中为其登记联系领导职责。")
