"""Inbox, outbox and the working calendar. Knows no other app."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a public holiday, or a make-up working day."""

    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("节假日与调休")
        verbose_name_plural = _("节假日与调休")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user) -> "NoticeQuerySet":
        """An inbox is its owner's alone, and shows what has been delivered."""
        return self.filter(recipient=user, delivered_at__isnull=False)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(delivered_at__isnull=False, read_at=None)


class Notice(models.Model):
    """One message for one person; written in the transaction of its cause, once per key."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("收件人")
    )
    key = models.CharField(_("事由键"), max_length=120)
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("内容"), blank=True)
    url = models.CharField(_("链接"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("产生时间"))
    # Not before: a reminder waits for office hours, save what is due that day.
    due_at = models.DateTimeField(_("送达不早于"))
    delivered_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    # For the owner's own unread mark; never shown to, or counted for, anybody else.
    read_at = models.DateTimeField(_("查看时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notice_once_per_key"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(
                fields=["recipient"],
                condition=Q(read_at=None, delivered_at__isnull=False),
                name="notice_unread",
            ),
            models.Index(
                fields=["due_at"], condition=Q(delivered_at=None), name="notice_undelivered"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Channel(models.TextChoices):
    """How a notice leaves the house besides the inbox."""

    MAIL = "mail", _("电子邮件")


class Delivery(models.Model):
    """One notice on its way over one outside channel; the lease keeps two workers apart."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel.choices)
    due_at = models.DateTimeField(_("应发时间"))
    lease_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    done_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    error = models.CharField(_("最近错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("外发")
        verbose_name_plural = _("外发")
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_per_channel"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="delivery_open"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} → {self.get_channel_display()}"


def unread_count(user_ref: str) -> models.Subquery:
    """Subquery counting the unread notices of the user in the column `user_ref` of the outer query."""
    counted = (
        Notice.objects.unread()
        .filter(recipient=models.OuterRef(user_ref))
        .order_by()
        .values("recipient")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return models.Subquery(counted, output_field=models.IntegerField())
