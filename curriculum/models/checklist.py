"""One branch's week: the checklist that rules, staff and colleagues' apps fill together."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q

from .menu import ItemKind


class WeeklyChecklistQuerySet(models.QuerySet["WeeklyChecklist"]):
    def visible_to(self, user) -> "WeeklyChecklistQuerySet":
        return self.filter(scope_q(user, prefix="branch__"))

    def with_progress(self) -> "WeeklyChecklistQuerySet":
        """Annotate `required` and `settled`: required items, and those no longer open."""
        required = Q(items__kind=ItemKind.REQUIRED)
        return self.annotate(
            required=Count("items", filter=required),
            settled=Count("items", filter=required & ~Q(items__state=ItemState.OPEN)),
        )


class WeeklyChecklist(models.Model):
    """The 党建工作清单 of one branch for one ISO week."""

    branch = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="checklists",
        verbose_name=_("党支部"),
    )
    monday = models.DateField(_("周一"))
    opened_at = models.DateTimeField(_("生成时间"))

    objects = WeeklyChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("党建工作清单")
        verbose_name_plural = _("党建工作清单")
        ordering = ["-monday", "branch"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "monday"], name="checklist_once_per_week"),
        ]
        indexes = [models.Index(fields=["monday", "branch"], name="checklist_by_week")]

    def __str__(self) -> str:
        return f"{self.branch} {self.monday:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("curriculum:checklist_detail", args=[self.pk])

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


class ItemState(models.TextChoices):
    OPEN = "open", _("待办")
    DONE = "done", _("已完成")
    NOT_APPLICABLE = "not_applicable", _("不适用")
    CARRIED = "carried", _("转入下周")
    RECALLED = "recalled", _("已撤回")


class ChecklistItem(models.Model):
    """One line of a branch's week: required or offered, done by evidence or by hand.

    `key` names the matter, not the week: 'meetings.owed:committee:2026-11' is the same matter in
    every week of November, so one meeting ticks it wherever it stands open.
    """

    checklist = models.ForeignKey(WeeklyChecklist, models.CASCADE, related_name="items")
    key = models.CharField(_("事项键"), max_length=120)
    kind = models.CharField(_("必做或选做"), max_length=10, choices=ItemKind.choices)
    title = models.CharField(_("事项"), max_length=200)
    detail = models.CharField(_("完成标志"), max_length=300, blank=True)
    basis = models.CharField(_("依据"), max_length=100, blank=True)
    due_on = models.DateField(_("时限"))
    # Where to act; '{branch}' stands for the branch's primary key.
    url = models.CharField(_("办理"), max_length=300, blank=True)
    state = models.CharField(
        _("状态"), max_length=15, choices=ItemState.choices, default=ItemState.OPEN
    )
    settled_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)
    # The record that ticked it, e.g. a meeting's page; empty when ticked by hand.
    evidence_url = models.CharField(_("依据记录"), max_length=300, blank=True)
    evidence_title = models.CharField(_("依据记录名称"), max_length=200, blank=True)
    # The Monday an unfinished required item came from; it is carried over once.
    carried_from = models.DateField(_("转自"), null=True, blank=True)

    class Meta:
        verbose_name = _("清单事项")
        verbose_name_plural = _("清单事项")
        ordering = ["checklist", "-kind", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "key"], name="item_once_per_checklist"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | ~Q(state="open"),
                name="item_open_is_unsettled",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_applicable") | ~Q(note=""),
                name="item_not_applicable_has_reason",
                violation_error_message=_("选择“不适用”须写明原因。"),
            ),
        ]
        indexes = [
            models.Index(fields=["key"], condition=Q(state="open"), name="item_open_by_key"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def action_url(self) -> str:
        """Where the branch acts on it; needs the checklist loaded."""
        return self.url.replace("{branch}", str(self.checklist.branch_id))

    @property
    def is_required(self) -> bool:
        return self.kind == ItemKind.REQUIRED
