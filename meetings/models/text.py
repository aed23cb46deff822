"""A meeting's words as search and likeness read them, and the texts that many share rightly."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingText(models.Model):
    """The searchable words of one meeting; derived, rebuilt whenever the meeting was changed.

    `body` has its parts line by line as they were written; `tokens` are the bigrams of the folded
    lines and the organizations it stands below, so that one index finds words of two characters
    in any part of the tree. `place`
    is its place in time (day, then meeting): the newest come first without sorting. Kept by
    `services.indexing` alone. A migration that rebuilds this table on SQLite has to make the
    triggers of 0007 anew.
    """

    meeting = models.OneToOneField(
        "meetings.Meeting", models.CASCADE, primary_key=True, related_name="text"
    )
    place = models.BigIntegerField(unique=True)
    path = models.CharField(max_length=200)
    body = models.TextField(_("全文"))
    tokens = models.TextField()

    class Meta:
        verbose_name = _("检索文本")
        verbose_name_plural = _("检索文本")

    def __str__(self) -> str:
        return f"{self.meeting_id}"


class TextBand(models.Model):
    """One band of a meeting's MinHash: two records that share one are worth comparing."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="bands")
    # Copied, so that an index finds candidates of one township or branch without a join.
    township = models.ForeignKey(
        "branches.Organization", models.CASCADE, null=True, related_name="+"
    )
    band = models.BigIntegerField()

    class Meta:
        verbose_name = _("相似度指纹")
        verbose_name_plural = _("相似度指纹")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "band"], name="text_band_once"),
        ]
        indexes = [models.Index(fields=["township", "band", "meeting"], name="text_band_lookup")]

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.band}"


class SharedText(models.Model):
    """A text the township itself gave to all branches: likeness leaves it out of account."""

    township = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="shared_texts",
        verbose_name=_("乡镇党委"),
    )
    title = models.CharField(_("名称"), max_length=100)
    text = models.TextField(_("内容"))
    added_on = models.DateField(_("下发日期"))

    class Meta:
        verbose_name = _("统一下发文本")
        verbose_name_plural = _("统一下发文本")
        ordering = ["-added_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["township", "title"], name="shared_text_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Prompt(models.Model):
    """Questions that help to write one part of the minutes; never a text to keep as it is.

    `township` empty: the ones that come with the system.
    """

    township = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="prompts",
        verbose_name=_("乡镇党委"),
    )
    kind = models.CharField(_("会议类型"), max_length=12)
    # Which field it stands beside: first_minutes, minutes, resolution, summary …
    field = models.CharField(_("栏目"), max_length=20)
    text = models.CharField(_("提示"), max_length=200)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("记录提示")
        verbose_name_plural = _("记录提示")
        ordering = ["kind", "field", "position", "pk"]

    def __str__(self) -> str:
        return self.text
