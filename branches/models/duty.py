"""Who acts for which part of the tree, since when."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.language import in_source_script


class DutyKind(models.TextChoices):
    STAFF = "staff", _("党务工作者")
    TOWNSHIP_SECRETARY = "township_secretary", _("乡镇党委书记")
    LEADER = "leader", _("联系领导")
    SECRETARY = "secretary", _("支部书记")
    COMMITTEE = "committee", _("支部委员")
    OBSERVER = "observer", _("县级观察员")
    ADMINISTRATOR = "administrator", _("系统管理员")
    AUDITOR = "auditor", _("审计管理员")


class PeriodQuerySet(models.QuerySet):
    """Rows that hold from `from_on` until the day before `to_on` (open while it is empty)."""

    def in_force(self, on: date):
        return self.filter(Q(to_on=None) | Q(to_on__gt=on), from_on__lte=on)


class Duty(models.Model):
    """A user acts as `kind` for an organization and everything below it, for a period."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="duties", verbose_name=_("用户")
    )
    kind = models.CharField(_("职责"), max_length=20, choices=DutyKind.choices)
    organization = models.ForeignKey(
        "branches.Organization", models.PROTECT, related_name="duties", verbose_name=_("党组织")
    )
    from_on = models.DateField(_("自"))
    to_on = models.DateField(_("至"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("职责")
        verbose_name_plural = _("职责")
        ordering = ["user", "from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="duty_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "organization"],
                condition=Q(to_on=None),
                name="duty_once_while_open",
                violation_error_message=_("该用户已担任这项职责。"),
            ),
        ]
        indexes = [models.Index(fields=["organization", "kind"], name="duty_by_organization")]

    @in_source_script
    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()} {self.organization}"


class ContactPoint(models.Model):
    """A township leader is linked to a branch (联系点) for a period."""

    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="contact_points",
        verbose_name=_("联系领导"),
    )
    branch = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="contact_points",
        verbose_name=_("党支部"),
    )
    from_on = models.DateField(_("自"))
    to_on = models.DateField(_("至"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("联系点")
        verbose_name_plural = _("联系点")
        ordering = ["branch", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="contact_point_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.UniqueConstraint(
                fields=["leader", "branch"],
                condition=Q(to_on=None),
                name="contact_point_once_while_open",
                violation_error_message=_("这位领导已联系该支部。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader} → {self.branch}"


class StandIn(models.Model):
    """While a leader is away another one looks after the branches linked to him."""

    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="stand_ins",
        verbose_name=_("联系领导"),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="standing_in_for",
        verbose_name=_("代为联系"),
    )
    from_on = models.DateField(_("自"))
    # As everywhere the day after the last one; a stand-in always ends.
    to_on = models.DateField(_("至"))
    reason = models.CharField(_("原因"), max_length=100, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("代为联系")
        verbose_name_plural = _("代为联系")
        ordering = ["leader", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gt=F("from_on")),
                name="stand_in_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("leader")),
                name="stand_in_is_another",
                violation_error_message=_("代为联系的须是另一位领导。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.leader}"
