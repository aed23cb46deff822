"""Members, where they belonged when, and what excuses them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.permissions import ROSTER_READING, scope_q
from branches.search import containing
from config.language import in_source_script

from .duty import PeriodQuerySet


class Sex(models.TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class MemberStatus(models.TextChoices):
    """Full or probationary; follows from `full_on` on the day in question."""

    FULL = "full", _("正式党员")
    PROBATIONARY = "probationary", _("预备党员")


class MembershipEnd(models.TextChoices):
    """Why a membership period ended."""

    TRANSFER = "transfer", _("转出")
    REGROUP = "regroup", _("调整党小组")
    DECEASED = "deceased", _("去世")
    LEFT = "left", _("出党")
    OTHER = "other", _("其他")


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, user) -> "MemberQuerySet":
        """Leaders and observers read numbers, not the roster."""
        return self.filter(scope_q(user, prefix="branch__", kinds=ROSTER_READING))

    def belonging(self, branch, on: date) -> "MemberQuerySet":
        """Keep who belonged to `branch` on that day, whatever happened since."""
        return self.filter(
            Q(memberships__to_on=None) | Q(memberships__to_on__gt=on),
            memberships__branch=branch,
            memberships__from_on__lte=on,
        )

    def search(self, words: str) -> "MemberQuerySet":
        """Match a part of the name, in either script, or the first letters of its pinyin."""
        return self.filter(containing(words, "name") | Q(initials__istartswith=words))


class Member(models.Model):
    """One Party member. Members do not sign in; a `user` is tied only to those who also do."""

    name = models.CharField(_("姓名"), max_length=50)
    initials = models.CharField(_("拼音首字母"), max_length=20, blank=True, editable=False)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex.choices, blank=True)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    education = models.CharField(_("学历"), max_length=20, blank=True)
    work = models.CharField(_("工作岗位"), max_length=50, blank=True)
    phone = models.CharField(_("手机号码"), max_length=20, blank=True)
    joined_on = models.DateField(_("入党日期"))
    full_on = models.DateField(_("转正日期"), null=True, blank=True)
    is_floating = models.BooleanField(_("流动党员"), default=False)
    floating_to = models.CharField(_("流动去向"), max_length=100, blank=True)
    # Who keeps in touch with a floating member (党员教育管理工作条例 art. 33).
    contact_person = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="keeps_contact_with",
        verbose_name=_("联系人"),
    )
    # The present branch (or the last one), kept with the open membership by services.py.
    branch = models.ForeignKey(
        "branches.Organization",
        models.PROTECT,
        related_name="members",
        verbose_name=_("所在党支部"),
    )
    group = models.ForeignKey(
        "branches.PartyGroup",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("党小组"),
    )
    left_on = models.DateField(_("离开日期"), null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="member",
        verbose_name=_("登录账号"),
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("党员")
        verbose_name_plural = _("党员")
        ordering = ["branch", "initials", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "name", "born_on"],
                condition=Q(left_on=None),
                name="member_once_per_branch",
                violation_error_message=_("该支部已有同名且出生日期相同的党员。"),
            ),
            models.CheckConstraint(
                condition=Q(full_on=None) | Q(full_on__gte=F("joined_on")),
                name="member_full_after_joining",
                violation_error_message=_("转正日期不能早于入党日期。"),
            ),
            models.CheckConstraint(
                condition=Q(born_on=None) | Q(joined_on__gt=F("born_on")),
                name="member_joined_after_birth",
                violation_error_message=_("入党日期不能早于出生日期。"),
            ),
        ]
        indexes = [models.Index(fields=["branch", "left_on"], name="member_by_branch")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("branches:member_detail", args=[self.pk])

    def status_on(self, day: date) -> MemberStatus:
        is_full = self.full_on is not None and self.full_on <= day
        return MemberStatus.FULL if is_full else MemberStatus.PROBATIONARY

    @property
    def masked_phone(self) -> str:
        """The number with its middle hidden: lists never show it whole."""
        if len(self.phone) < 8:
            return self.phone[:1] + "*" * (len(self.phone) - 1)
        return f"{self.phone[:3]}****{self.phone[-4:]}"


class Membership(models.Model):
    """A member belonged to a branch (and group) from one day until the day before another."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    branch = models.ForeignKey(
        "branches.Organization",
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("党支部"),
    )
    group = models.ForeignKey(
        "branches.PartyGroup",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("党小组"),
    )
    from_on = models.DateField(_("自"))
    to_on = models.DateField(_("至"), null=True, blank=True)
    end_reason = models.CharField(
        _("结束原因"), max_length=20, choices=MembershipEnd.choices, blank=True
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织关系")
        verbose_name_plural = _("组织关系")
        ordering = ["member", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="membership_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(to_on=None),
                name="membership_one_open_per_member",
                violation_error_message=_("一名党员同时只能隶属一个党支部。"),
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "from_on", "to_on"], name="membership_by_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.member} @ {self.branch} {self.from_on:%Y-%m-%d}"


class FloatingContact(models.Model):
    """The branch was in touch with a floating member on that day."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="contacts")
    on = models.DateField(_("联系日期"))
    note = models.CharField(_("联系情况"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("流动党员联系")
        verbose_name_plural = _("流动党员联系")
        ordering = ["member", "-on", "-pk"]
        indexes = [models.Index(fields=["member", "on"], name="floating_contact_by_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.on:%Y-%m-%d}"


class ExemptionKind(models.TextChoices):
    """What excuses a member, and from what (domain: regulation articles in `rules.EXEMPTIONS`)."""

    OLD_OR_ILL = "old_or_ill", _("年老体弱、行动不便、患重病")
    CANNOT_EXPRESS = "cannot_express", _("不能表达本人意志")
    ABROAD = "abroad", _("自费出国半年以上")
    CUSTODY = "custody", _("被羁押或服刑")
    BEDRIDDEN = "bedridden", _("长期卧床")
    AWAY = "away", _("外出半年以上未转组织关系")
    SUSPENDED = "suspended", _("停止行使党员权利（如留党察看）")


class Exemption(models.Model):
    """A dated, reasoned exemption of one member. Holds a category, never a diagnosis."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="exemptions")
    kind = models.CharField(_("情形"), max_length=20, choices=ExemptionKind.choices)
    from_on = models.DateField(_("自"))
    to_on = models.DateField(_("至"), null=True, blank=True)
    approval = models.CharField(_("批准（上级同意、会议通过）"), max_length=200, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("免除情形")
        verbose_name_plural = _("免除情形")
        ordering = ["member", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="exemption_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
        ]
        indexes = [models.Index(fields=["member", "from_on"], name="exemption_by_member")]

    @in_source_script
    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}"


class PostRole(models.TextChoices):
    SECRETARY = "secretary", _("书记")
    DEPUTY = "deputy", _("副书记")
    ORGANIZATION = "organization", _("组织委员")
    PUBLICITY = "publicity", _("宣传委员")
    DISCIPLINE = "discipline", _("纪检委员")
    COMMITTEE = "committee", _("委员")


class Post(models.Model):
    """A member holds a post in a committee for a period."""

    organization = models.ForeignKey(
        "branches.Organization", models.CASCADE, related_name="posts", verbose_name=_("党组织")
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="posts", verbose_name=_("党员"))
    role = models.CharField(_("职务"), max_length=20, choices=PostRole.choices)
    from_on = models.DateField(_("自"))
    to_on = models.DateField(_("至"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("党内职务")
        verbose_name_plural = _("党内职务")
        ordering = ["organization", "from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="post_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(to_on=None, role="secretary"),
                name="post_one_secretary",
                violation_error_message=_("该党组织已有在任书记。"),
            ),
            models.UniqueConstraint(
                fields=["organization", "member", "role"],
                condition=Q(to_on=None),
                name="post_once_while_open",
                violation_error_message=_("该党员已任此职务。"),
            ),
        ]

    @in_source_script
    def __str__(self) -> str:
        return f"{self.organization} {self.get_role_display()} {self.member}"
