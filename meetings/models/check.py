"""What the automatic checks found, what a branch said about it, and a township's own settings."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q


class CheckSetting(models.Model):
    """A township's own switch and threshold for one check; without a row its default holds."""

    township = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="check_settings",
        verbose_name=_("乡镇党委"),
    )
    code = models.CharField(_("检查项"), max_length=4)
    is_on = models.BooleanField(_("启用"), default=True)
    # In the unit that the check names; empty: its default.
    threshold = models.PositiveIntegerField(_("数值"), null=True, blank=True)

    class Meta:
        verbose_name = _("自查设置")
        verbose_name_plural = _("自查设置")
        ordering = ["township", "code"]
        constraints = [
            models.UniqueConstraint(fields=["township", "code"], name="check_setting_once"),
        ]

    def __str__(self) -> str:
        return self.code


class CheckResultQuerySet(models.QuerySet["CheckResult"]):
    def visible_to(self, user) -> "CheckResultQuerySet":
        return self.filter(scope_q(user, prefix="branch__"))

    def open(self) -> "CheckResultQuerySet":
        """Keep what still holds and has not been explained."""
        return self.filter(is_current=True, explained_at=None)


class CheckResult(models.Model):
    """One thing that a check found about a branch or a meeting, until it is mended or explained.

    Derived: `refresh_checks` makes and drops rows at any time. An explanation stays with its row,
    so that the same hit is not asked about again. Rows are never added up into a score.
    """

    branch = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="check_results",
        verbose_name=_("党支部"),
    )
    meeting = models.ForeignKey(
        "meetings.Meeting", models.CASCADE, null=True, blank=True, related_name="check_results"
    )
    code = models.CharField(_("检查项"), max_length=4)
    # What it is about within the branch, e.g. 'meeting:12:agenda:3', '2026-11', 'member:7'.
    subject = models.CharField(_("对象"), max_length=80)
    text = models.CharField(_("情况"), max_length=300)
    # The day it speaks of: the meeting's, or the first of the period.
    day = models.DateField(_("日期"))
    found_at = models.DateTimeField(_("发现时间"))
    is_current = models.BooleanField(_("仍存在"), default=True)
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    explained_at = models.DateTimeField(_("说明时间"), null=True, blank=True)

    objects = CheckResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("自查结果")
        verbose_name_plural = _("自查结果")
        ordering = ["-day", "code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "code", "subject"], name="check_result_once"),
            models.CheckConstraint(
                condition=Q(explained_at=None, reason="")
                | (Q(explained_at__isnull=False) & ~Q(reason="")),
                name="check_result_explained_whole",
                violation_error_message=_("请写明原因。"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["branch", "day"],
                condition=Q(is_current=True, explained_at=None),
                name="check_result_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text[:40]}"


class DatedDocumentQuerySet(models.QuerySet["DatedDocument"]):
    def for_township(self, township_id: int | None) -> "DatedDocumentQuerySet":
        return self.filter(Q(township=None) | Q(township=township_id))


class DatedDocument(models.Model):
    """A document, meeting or plenum with the day it became public: nobody studied it before."""

    township = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="dated_documents",
        verbose_name=_("乡镇党委"),
    )
    title = models.CharField(_("名称"), max_length=100)
    # Other ways in which records name it, one a line.
    aliases = models.TextField(_("其他写法"), blank=True)
    issued_on = models.DateField(_("公布日期"))

    objects = DatedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件名录")
        verbose_name_plural = _("文件名录")
        ordering = ["-issued_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["township", "title"], name="dated_document_once"),
            models.UniqueConstraint(
                fields=["title"], condition=Q(township=None), name="dated_document_national_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title
