"""The tree of Party organizations, kept as a materialised path."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches import paths
from branches.permissions import scope_q


class OrganizationKind(models.TextChoices):
    COUNTY = "county", _("县委")
    TOWNSHIP = "township", _("乡镇党委")
    GENERAL_BRANCH = "general_branch", _("党总支")
    BRANCH = "branch", _("党支部")


class BranchType(models.TextChoices):
    VILLAGE = "village", _("村")
    COMMUNITY = "community", _("社区")
    OFFICE = "office", _("机关")
    INSTITUTION = "institution", _("事业单位")
    ENTERPRISE = "enterprise", _("两新组织")
    RETIRED = "retired", _("离退休")
    FLOATING = "floating", _("流动党员")


# Term of office in years by branch type (支部工作条例 art. 21).
TERM_YEARS = {BranchType.VILLAGE: 5, BranchType.COMMUNITY: 5}
DEFAULT_TERM_YEARS = 3


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, user) -> "OrganizationQuerySet":
        return self.filter(scope_q(user, prefix=""))

    def within(self, organization: "Organization") -> "OrganizationQuerySet":
        """Keep `organization` and everything below it."""
        return self.filter(path__gte=organization.path, path__lt=paths.end(organization.path))

    def branches(self) -> "OrganizationQuerySet":
        """Keep the branches, where organizational life happens."""
        return self.filter(kind=OrganizationKind.BRANCH)

    def townships(self) -> "OrganizationQuerySet":
        return self.filter(kind=OrganizationKind.TOWNSHIP)

    def existing(self, on: date) -> "OrganizationQuerySet":
        """Keep those already established and not yet dissolved on that day."""
        return self.filter(
            Q(established_on=None) | Q(established_on__lte=on),
            Q(dissolved_on=None) | Q(dissolved_on__gt=on),
        )


class Organization(models.Model):
    """One Party organization: the county or township committee, a general branch or a branch."""

    code = models.CharField(
        _("组织编码"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("这个组织编码已被使用。")},
    )
    kind = models.CharField(_("组织类别"), max_length=20, choices=OrganizationKind.choices)
    branch_type = models.CharField(
        _("支部类型"), max_length=20, choices=BranchType.choices, blank=True
    )
    name = models.CharField(_("党组织全称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=50)
    initials = models.CharField(_("拼音首字母"), max_length=50, blank=True, editable=False)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级党组织"),
    )
    path = models.CharField(_("路径"), max_length=60, unique=True, editable=False)
    # The township above (or itself), so that a list of a township needs no walk up the tree.
    township = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    established_on = models.DateField(_("成立日期"), null=True, blank=True)
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("党组织")
        verbose_name_plural = _("党组织")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="organization_name_once_per_parent",
                violation_error_message=_("同一上级党组织下已有同名党组织。"),
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on=None)
                | Q(established_on=None)
                | Q(dissolved_on__gt=F("established_on")),
                name="organization_dissolved_after_established",
                violation_error_message=_("撤销日期应晚于成立日期。"),
            ),
        ]
        indexes = [models.Index(fields=["township", "kind"], name="organization_by_township")]

    def __str__(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("branches:organization_detail", args=[self.pk])

    @property
    def is_branch(self) -> bool:
        return self.kind == OrganizationKind.BRANCH

    @property
    def term_years(self) -> int:
        """Years of a full term (支部工作条例 art. 21: 村、社区5年, others 3)."""
        return TERM_YEARS.get(self.branch_type, DEFAULT_TERM_YEARS)


class PartyGroup(models.Model):
    """A Party group (党小组) inside a branch."""

    branch = models.ForeignKey(
        Organization, models.CASCADE, related_name="groups", verbose_name=_("党支部")
    )
    name = models.CharField(_("党小组"), max_length=50)
    leader = models.ForeignKey(
        "branches.Member",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_groups",
        verbose_name=_("组长"),
    )
    established_on = models.DateField(_("成立日期"), null=True, blank=True)
    dissolved_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("党小组")
        verbose_name_plural = _("党小组")
        ordering = ["branch", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "name"],
                name="group_name_once_per_branch",
                violation_error_message=_("这个支部已有同名党小组。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """One term of office (届期) of a committee, from one election to the next."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="terms", verbose_name=_("党组织")
    )
    starts_on = models.DateField(_("本届开始"))
    ends_on = models.DateField(_("本届届满"))
    # Art. 21: an early or late election needs approval; the date and number are noted here.
    extension_note = models.CharField(_("提前或延期批复"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("届期")
        verbose_name_plural = _("届期")
        ordering = ["organization", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="term_ends_after_start",
                violation_error_message=_("届满日期应晚于开始日期。"),
            ),
            models.UniqueConstraint(
                fields=["organization", "starts_on"],
                name="term_once_per_start",
                violation_error_message=_("已有同日开始的届期。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.starts_on:%Y-%m-%d}—{self.ends_on:%Y-%m-%d}"
