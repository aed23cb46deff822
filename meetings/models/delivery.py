"""How a record leaves the system: the upper platform's form, documents, calendar feeds."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class FillInField(models.Model):
    """One field of the upper platform's form, in the township's order; no rows: the default ten."""

    township = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="fill_in_fields",
        verbose_name=_("乡镇党委"),
    )
    code = models.CharField(_("内容"), max_length=20)
    label = models.CharField(_("平台上的名称"), max_length=30)
    position = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = _("填报栏目")
        verbose_name_plural = _("填报栏目")
        ordering = ["township", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["township", "code"], name="fill_in_field_once"),
        ]

    def __str__(self) -> str:
        return self.label


class DocumentKind(models.TextChoices):
    MINUTES_DOCX = "minutes_docx", _("会议记录（Word）")
    MINUTES_PDF = "minutes_pdf", _("会议记录（PDF）")
    HANDBOOK = "handbook", _("党支部工作手册（PDF）")
    ATTENDANCE = "attendance", _("出席台账（Excel）")
    ACTIVITY = "activity", _("5+X台账（Excel）")


class DocumentState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("生成中")
    READY = "ready", _("已完成")
    FAILED = "failed", _("未成功")


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user) -> "DocumentQuerySet":
        """A document is its requester's alone."""
        return self.filter(asked_by=user)

    def unfinished(self) -> "DocumentQuerySet":
        return self.filter(state__in=[DocumentState.QUEUED, DocumentState.RUNNING])


class Document(models.Model):
    """A document that somebody asked for and the worker makes; the lease keeps two workers apart."""

    kind = models.CharField(_("文件"), max_length=15, choices=DocumentKind.choices)
    branch = models.ForeignKey(
        "branches.Organization", models.CASCADE, related_name="+", verbose_name=_("党组织")
    )
    meeting = models.ForeignKey(
        "meetings.Meeting", models.CASCADE, null=True, blank=True, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(
        _("状态"), max_length=10, choices=DocumentState.choices, default=DocumentState.QUEUED
    )
    percent = models.PositiveSmallIntegerField(_("进度"), default=0)
    lease_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    file = models.FileField(_("文件"), upload_to="documents/%Y/%m", blank=True)
    name = models.CharField(_("文件名"), max_length=150, blank=True)
    error = models.CharField(_("原因"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(finished_at__isnull=False) & ~Q(file="")),
                name="document_ready_has_file",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="document_percent_sensible"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=["queued", "running"]),
                name="document_unfinished",
            ),
            models.Index(fields=["asked_by", "-asked_at"], name="document_of_person"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("meetings:document_detail", args=[self.pk])


def feed_token() -> str:
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """A private address from which a phone's calendar reads; `branch` empty: all of the person's.

    Read with the rights that the owner has on that day; revoked, it answers like no feed at all.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds"
    )
    branch = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("党支部"),
    )
    token = models.CharField(max_length=64, unique=True, default=feed_token, editable=False)
    created_at = models.DateTimeField(_("创建时间"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")
        ordering = ["owner", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "branch"],
                condition=Q(revoked_at=None),
                name="calendar_feed_one_a_branch",
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(revoked_at=None, branch=None),
                name="calendar_feed_one_for_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner}"
