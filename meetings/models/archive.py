"""What a record said before it was changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RecordVersion(models.Model):
    """A record that was handed in, as it read until it was changed: who, when, why.

    `content` is the whole record as labelled texts in their order, frozen: a picture to read, not
    data to compute with.
    """

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    content = models.JSONField(_("内容"))
    was_archived = models.BooleanField(_("归档后修改"), default=False)
    replaced_at = models.DateTimeField(_("修改时间"))
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("修改原因"), max_length=200)

    class Meta:
        verbose_name = _("历史版本")
        verbose_name_plural = _("历史版本")
        ordering = ["meeting", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="record_version_once"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="record_version_says_why",
                violation_error_message=_("请写明修改原因。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} v{self.number}"
