"""What staff write into a week (菜单) before it becomes every branch's checklist."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q

from .course import Course


class ItemKind(models.TextChoices):
    REQUIRED = "required", _("必做")
    OFFERED = "offered", _("选做")


class MenuState(models.TextChoices):
    DRAFT = "draft", _("拟稿")
    PUBLISHED = "published", _("已下发")


class WeeklyPolicy(models.Model):
    """A township's own settings for its weeks: ceiling of required items, hour of publishing."""

    township = models.OneToOneField(
        "branches.Organization",
        models.CASCADE,
        related_name="weekly_policy",
        verbose_name=_("乡镇党委"),
    )
    ceiling = models.PositiveSmallIntegerField(_("每周必做上限"), default=5)
    publish_hour = models.PositiveSmallIntegerField(_("周一下发时刻（时）"), default=8)

    class Meta:
        verbose_name = _("清单设置")
        verbose_name_plural = _("清单设置")
        constraints = [
            models.CheckConstraint(
                condition=Q(ceiling__gte=1, ceiling__lte=20),
                name="weekly_policy_ceiling_sensible",
                violation_error_message=_("每周必做上限应在1到20之间。"),
            ),
            models.CheckConstraint(
                condition=Q(publish_hour__gte=0, publish_hour__lte=23),
                name="weekly_policy_hour_sensible",
                violation_error_message=_("时刻应在0到23之间。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.township)


class MenuQuerySet(models.QuerySet["WeeklyMenu"]):
    def visible_to(self, user) -> "MenuQuerySet":
        """Menus are composed at township level; branches see their checklists instead."""
        return self.filter(scope_q(user, prefix="township__"))

    def due(self, at: datetime) -> "MenuQuerySet":
        """Keep drafts set to be published whose moment has come."""
        return self.filter(state=MenuState.DRAFT, publish_at__lte=at)


class WeeklyMenu(models.Model):
    """What one township's staff ask and offer in one week, besides what the rules ask by themselves."""

    township = models.ForeignKey(
        "branches.Organization", models.CASCADE, related_name="menus", verbose_name=_("乡镇党委")
    )
    monday = models.DateField(_("周一"))
    state = models.CharField(
        _("状态"), max_length=10, choices=MenuState.choices, default=MenuState.DRAFT
    )
    # Empty while staff are still writing; beat publishes at this moment.
    publish_at = models.DateTimeField(_("定时下发"), null=True, blank=True)
    published_at = models.DateTimeField(_("下发时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("本周提示"), max_length=300, blank=True)

    objects = MenuQuerySet.as_manager()

    class Meta:
        verbose_name = _("每周菜单")
        verbose_name_plural = _("每周菜单")
        ordering = ["-monday"]
        constraints = [
            models.UniqueConstraint(fields=["township", "monday"], name="menu_once_per_week"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None)
                | Q(state="published", published_at__isnull=False),
                name="menu_published_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.township} {self.monday:%Y-%m-%d}"

    @property
    def is_late(self) -> bool:
        """Published after the week had begun its first working morning."""
        if self.published_at is None:
            return False
        limit = datetime.combine(self.monday, time(12), tzinfo=timezone.get_default_timezone())
        return self.published_at > limit

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


class MenuEntry(models.Model):
    """One item that staff wrote, for all branches of the township or for some."""

    menu = models.ForeignKey(WeeklyMenu, models.CASCADE, related_name="entries")
    title = models.CharField(_("事项"), max_length=100)
    detail = models.CharField(_("完成标志"), max_length=300, blank=True)
    basis = models.CharField(_("依据"), max_length=100, blank=True)
    kind = models.CharField(_("必做或选做"), max_length=10, choices=ItemKind.choices)
    due_on = models.DateField(_("时限"))
    course = models.ForeignKey(
        Course, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("课程")
    )
    # Empty: for every branch of the township.
    audience = models.ManyToManyField(
        "branches.Organization", blank=True, related_name="+", verbose_name=_("对象")
    )
    position = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("菜单事项")
        verbose_name_plural = _("菜单事项")
        ordering = ["menu", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="offered") | ~Q(basis=""),
                name="menu_entry_required_has_basis",
                violation_error_message=_("必做事项须写明依据。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title
