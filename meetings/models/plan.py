"""The year's plan of organizational life: a township's template, each branch's own plan."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q

from .kind import MeetingKind


class YearTemplateQuerySet(models.QuerySet["YearTemplate"]):
    def visible_to(self, user) -> "YearTemplateQuerySet":
        return self.filter(scope_q(user, prefix="township__"))

    def published(self) -> "YearTemplateQuerySet":
        return self.filter(published_at__isnull=False)


class YearTemplate(models.Model):
    """What the township proposes for a year: months × obligations, with themes."""

    township = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="year_templates",
        verbose_name=_("乡镇党委"),
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    note = models.TextField(_("说明"), blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = YearTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度计划模板")
        verbose_name_plural = _("年度计划模板")
        ordering = ["-year", "township"]
        constraints = [
            models.UniqueConstraint(fields=["township", "year"], name="year_template_once"),
        ]

    def __str__(self) -> str:
        return f"{self.township} {self.year}"


class MonthItem(models.Model):
    """What both a template and a plan say of one meeting in one month."""

    month = models.PositiveSmallIntegerField(_("月份"))
    kind = models.CharField(_("类型"), max_length=12, choices=MeetingKind.choices)
    theme = models.CharField(_("主题"), max_length=100, blank=True)
    note = models.CharField(_("安排"), max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["month", "pk"]


class YearTemplateItem(MonthItem):
    """One line of a template."""

    template = models.ForeignKey(YearTemplate, models.CASCADE, related_name="items")

    class Meta(MonthItem.Meta):
        verbose_name = _("模板事项")
        verbose_name_plural = _("模板事项")
        constraints = [
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12), name="template_item_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.get_kind_display()} {self.theme}"


class PlanState(models.TextChoices):
    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待审批")
    RETURNED = "returned", _("退回修改")
    APPROVED = "approved", _("已批准")


class YearPlanQuerySet(models.QuerySet["YearPlan"]):
    def visible_to(self, user) -> "YearPlanQuerySet":
        return self.filter(scope_q(user, prefix="branch__"))


class YearPlan(models.Model):
    """One branch's plan for a year; after approval a change says why and is approved anew."""

    branch = models.ForeignKey(
        "branches.Organization", models.CASCADE, related_name="year_plans", verbose_name=_("党支部")
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    state = models.CharField(
        _("状态"), max_length=10, choices=PlanState.choices, default=PlanState.DRAFT
    )
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("起草时间"))
    submitted_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    remark = models.CharField(_("审批意见"), max_length=300, blank=True)
    # Raised by one with each save, as a meeting's.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = YearPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度计划")
        verbose_name_plural = _("年度计划")
        ordering = ["-year", "branch"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "year"], name="year_plan_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "approved"]) | Q(submitted_at__isnull=False),
                name="year_plan_submitted_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(remark=""),
                name="year_plan_returned_says_why",
                violation_error_message=_("退回须写明意见。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:year_plan_detail", args=[self.pk])


class YearPlanItem(MonthItem):
    """One meeting that a branch plans; the meeting that starts from it points here."""

    plan = models.ForeignKey(YearPlan, models.CASCADE, related_name="items")
    group = models.ForeignKey(
        "branches.PartyGroup", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(MonthItem.Meta):
        verbose_name = _("计划事项")
        verbose_name_plural = _("计划事项")
        constraints = [
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12), name="plan_item_month"
            ),
        ]
        indexes = [models.Index(fields=["plan", "month"], name="plan_item_by_month")]

    def __str__(self) -> str:
        return f"{self.month} {self.get_kind_display()} {self.theme}"
