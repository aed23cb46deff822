"""Whether the month's 党费 is settled: a tick, no amounts, exceptions only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q


class DuesMonthQuerySet(models.QuerySet["DuesMonth"]):
    def visible_to(self, user) -> "DuesMonthQuerySet":
        return self.filter(scope_q(user, prefix="branch__"))


class DuesMonth(models.Model):
    """A branch went through its members for one month; who has not paid has a row of arrears."""

    branch = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="dues_months",
        verbose_name=_("党支部"),
    )
    month = models.DateField(_("月份"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("登记时间"))

    objects = DuesMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("党费登记")
        verbose_name_plural = _("党费登记")
        ordering = ["branch", "-month"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "month"], name="dues_month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="dues_month_is_its_first"),
        ]

    def __str__(self) -> str:
        return f"{self.branch} {self.month:%Y-%m}"


class DuesArrear(models.Model):
    """One member's month that is still open, or was paid later."""

    month = models.ForeignKey(DuesMonth, models.CASCADE, related_name="arrears")
    member = models.ForeignKey("branches.Member", models.CASCADE, related_name="dues_arrears")
    settled_on = models.DateField(_("补交日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("未交党费")
        verbose_name_plural = _("未交党费")
        ordering = ["month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["month", "member"], name="dues_arrear_once"),
        ]
        indexes = [
            models.Index(fields=["member"], condition=Q(settled_on=None), name="dues_arrear_open"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.month_id}"
