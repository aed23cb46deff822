"""What the rules ask, since when, and what a branch says about a gap."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q
from config.language import in_source_script
from meetings import rules
from notifications.workdays import Workdays

from .kind import MeetingKind


class Body(models.TextChoices):
    """Who owes it: decides which branches the rule applies to on a date."""

    BRANCH = "branch", _("支部")
    COMMITTEE = "committee", _("支委会")
    GROUP = "group", _("党小组")


class Period(models.TextChoices):
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季度")
    HALF_YEAR = "half_year", _("半年")
    YEAR = "year", _("年")


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def in_force(self, on) -> "ObligationQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def for_township(self, township_id: int | None) -> "ObligationQuerySet":
        """Keep the national rules and the township's own."""
        return self.filter(Q(township=None) | Q(township=township_id))


class Obligation(models.Model):
    """One version of one rule: so many meetings of a kind per period, from a body, by an article.

    A change is a new row with a later `valid_from`, so that last year is judged by last year's
    rule. A township's own row of the same code must ask at least as much: checked in services.
    """

    code = models.SlugField(_("代码"), max_length=30)
    township = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("乡镇党委"),
    )
    kind = models.CharField(_("类型"), max_length=12, choices=MeetingKind.choices)
    body = models.CharField(_("主体"), max_length=10, choices=Body.choices, default=Body.BRANCH)
    period = models.CharField(_("周期"), max_length=10, choices=Period.choices)
    times = models.PositiveSmallIntegerField(_("次数"), default=1)
    article = models.CharField(_("依据"), max_length=100)
    # Deadline before the period's end, e.g. day 10 (+ roll) is not it: this is a month/day of a
    # year's rule that the yearly notice sets (组织生活会、民主评议); empty: end of the period.
    due_month = models.PositiveSmallIntegerField(_("截止月"), null=True, blank=True)
    due_day = models.PositiveSmallIntegerField(_("截止日"), null=True, blank=True)
    # The deadline falls into the following year (民主评议 is often finished by March).
    due_next_year = models.BooleanField(_("次年截止"), default=False)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("制度要求")
        verbose_name_plural = _("制度要求")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "township", "valid_from"], name="obligation_version_once"
            ),
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                condition=Q(township=None),
                name="obligation_national_version_once",
            ),
            models.CheckConstraint(
                condition=Q(times__gte=1),
                name="obligation_asks_something",
                violation_error_message=_("次数至少为1。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="obligation_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
        ]

    @in_source_script
    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.times}/{self.get_period_display()}"

    @property
    def label(self) -> str:
        return str(MeetingKind(self.kind).label)

    def window(self, span: rules.Span) -> rules.Window:
        """The days on which meetings count for this version in `span`."""
        return rules.window(span, self.due_month, self.due_day, next_year=bool(self.due_next_year))


class ExplanationKind(models.TextChoices):
    NOT_HELD = "not_held", _("未召开")
    MOVED = "moved", _("改期")
    WAIVED = "waived", _("经同意免除")


class ExplanationQuerySet(models.QuerySet["Explanation"]):
    def visible_to(self, user) -> "ExplanationQuerySet":
        return self.filter(scope_q(user, prefix="branch__"))


class Explanation(models.Model):
    """A reasoned answer to a gap; it closes the gap, and no record is asked for afterwards."""

    branch = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="explanations",
        verbose_name=_("党支部"),
    )
    code = models.SlugField(_("制度代码"), max_length=30)
    # First day of the period it speaks of.
    period_start = models.DateField(_("所属周期"))
    kind = models.CharField(_("说明类别"), max_length=10, choices=ExplanationKind.choices)
    reason = models.CharField(_("原因"), max_length=300)
    moved_to = models.DateField(_("改期至"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("说明时间"))

    objects = ExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = _("说明")
        verbose_name_plural = _("说明")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "code", "period_start"], name="explanation_once"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="explanation_has_reason",
                violation_error_message=_("请写明原因。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="moved") | Q(moved_to__isnull=False),
                name="explanation_moved_has_day",
                violation_error_message=_("改期须写明新的日期。"),
            ),
        ]
        indexes = [models.Index(fields=["branch", "period_start"], name="explanation_by_branch")]

    @in_source_script
    def __str__(self) -> str:
        what = MeetingKind(self.code).label if self.code in MeetingKind.values else self.code
        return f"{self.branch} {what} {self.period_start:%Y-%m-%d}"


class RollRule(models.TextChoices):
    """What happens when the fixed day is not a working day."""

    NONE = "none", _("不顺延")
    NEXT_WORKING = "next_working", _("顺延至下一个工作日")
    HOLIDAYS_ONLY = "holidays_only", _("仅法定节假日顺延，周末照常")


class ActivityPolicy(models.Model):
    """A township's own settings for the fixed day and for handing in records."""

    township = models.OneToOneField(
        "branches.Organization",
        models.CASCADE,
        related_name="activity_policy",
        verbose_name=_("乡镇党委"),
    )
    day = models.PositiveSmallIntegerField(_("固定日"), default=10)
    roll = models.CharField(
        _("遇非工作日"), max_length=15, choices=RollRule.choices, default=RollRule.HOLIDAYS_ONLY
    )
    window_days = models.PositiveSmallIntegerField(_("顺延不超过（天）"), default=7)
    submit_within = models.PositiveSmallIntegerField(_("提交时限（工作日）"), default=3)
    starts_at = models.TimeField(_("默认开始时间"), default="19:00")
    # Practice, no national number: how often a leader attends each linked branch.
    visits_a_year = models.PositiveSmallIntegerField(_("联系领导每年到会（次）"), default=4)

    class Meta:
        verbose_name = _("组织生活设置")
        verbose_name_plural = _("组织生活设置")
        constraints = [
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=28),
                name="activity_policy_day_sensible",
                violation_error_message=_("固定日应在1到28之间。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.township)

    def fixed_day(self, month: rules.Span, workdays: Workdays) -> rules.FixedDay:
        """The day that the township's rule gives for the month."""
        return rules.fixed_day(
            month,
            day=self.day,
            roll=self.roll,
            window_days=self.window_days,
            is_working=workdays.is_working,
            is_holiday=workdays.is_holiday,
        )
