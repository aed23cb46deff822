"""Issues raised on a branch, followed until they are closed (销号)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q


class IssueState(models.TextChoices):
    OPEN = "open", _("待整改")
    ANSWERED = "answered", _("申请销号")
    RETURNED = "returned", _("退回整改")
    CLOSED = "closed", _("已销号")


# States in which the branch has something to do.
BRANCH_STATES = (IssueState.OPEN, IssueState.RETURNED)


class IssueCategory(models.TextChoices):
    FREQUENCY = "frequency", _("召开不按时")
    RECORD = "record", _("记录不规范")
    ATTENDANCE = "attendance", _("出席与请假")
    PROCEDURE = "procedure", _("程序与表决")
    CONTENT = "content", _("内容不实")
    FOLLOW_UP = "follow_up", _("决议落实")
    OTHER = "other", _("其他")


class Severity(models.TextChoices):
    LIGHT = "light", _("一般")
    MEDIUM = "medium", _("较重")
    SEVERE = "severe", _("严重")


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user) -> "IssueQuerySet":
        return self.filter(scope_q(user, prefix="branch__"))

    def unresolved(self) -> "IssueQuerySet":
        return self.exclude(state=IssueState.CLOSED)

    def overdue(self, on: date) -> "IssueQuerySet":
        """Keep those whose branch has let the deadline pass without an answer."""
        return self.filter(state__in=BRANCH_STATES, due_on__lt=on)


class Issue(models.Model):
    """One problem found at a branch (问题清单), with its deadline and what became of it."""

    branch = models.ForeignKey(
        "branches.Organization", models.PROTECT, related_name="issues", verbose_name=_("党支部")
    )
    category = models.CharField(_("问题类别"), max_length=12, choices=IssueCategory.choices)
    severity = models.CharField(
        _("程度"), max_length=10, choices=Severity.choices, default=Severity.LIGHT
    )
    title = models.CharField(_("问题"), max_length=100)
    detail = models.TextField(_("具体情况（时间、会议、事实）"), blank=True)
    basis = models.CharField(_("依据"), max_length=100, blank=True)
    demand = models.CharField(_("整改要求"), max_length=300, blank=True)
    meeting = models.ForeignKey(
        "meetings.Meeting", models.SET_NULL, null=True, blank=True, related_name="issues"
    )
    # Where it came from: a leader's comment, a problem found at an 组织生活会, a check's result.
    comment = models.OneToOneField(
        "meetings.Comment", models.SET_NULL, null=True, blank=True, related_name="issue"
    )
    problem = models.OneToOneField(
        "meetings.Problem", models.SET_NULL, null=True, blank=True, related_name="issue"
    )
    check_result = models.OneToOneField(
        "meetings.CheckResult", models.SET_NULL, null=True, blank=True, related_name="issue"
    )
    responsible = models.ForeignKey(
        "branches.Member",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("责任人"),
    )
    due_on = models.DateField(_("整改时限"))
    state = models.CharField(
        _("状态"), max_length=10, choices=IssueState.choices, default=IssueState.OPEN
    )
    photo = models.ImageField(_("照片"), upload_to="issues/%Y/%m", blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发现人")
    )
    raised_at = models.DateTimeField(_("发现时间"))
    answer = models.TextField(_("整改情况"), blank=True)
    answer_photo = models.ImageField(_("整改照片"), upload_to="issues/%Y/%m", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("销号时间"), null=True, blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("问题")
        verbose_name_plural = _("问题")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="issue_closed_has_moment",
            ),
            # 复核人 ≠ 整改答复人: nobody checks their own work.
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("answered_by")),
                name="issue_closed_by_another",
                violation_error_message=_("销号须由整改答复人以外的人复核。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"]) | ~Q(answer=""),
                name="issue_answered_has_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "state"], name="issue_by_branch"),
            models.Index(
                fields=["due_on"],
                condition=Q(state__in=["open", "returned"]),
                name="issue_waiting_by_due",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("inspections:issue_detail", args=[self.pk])

    def is_overdue(self, on: date) -> bool:
        return self.state in BRANCH_STATES and self.due_on < on


class IssueAction(models.TextChoices):
    RAISED = "raised", _("提出")
    ANSWERED = "answered", _("答复")
    RETURNED = "returned", _("退回")
    CLOSED = "closed", _("销号")
    EXTENDED = "extended", _("延期")
    OVERDUE = "overdue", _("逾期")


class IssueEvent(models.Model):
    """One step in an issue's life; written with the step, never changed."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="events")
    action = models.CharField(_("动作"), max_length=10, choices=IssueAction.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("时间"))
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = _("问题办理记录")
        verbose_name_plural = _("问题办理记录")
        ordering = ["issue", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.issue} {self.get_action_display()}"
