"""A linked leader's three duties: the topic before, the presence at it, the comment after."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q


class ReviewDecision(models.TextChoices):
    APPROVED = "approved", _("同意")
    RETURNED = "returned", _("退回修改")


class TopicReviewQuerySet(models.QuerySet["TopicReview"]):
    def visible_to(self, user) -> "TopicReviewQuerySet":
        return self.filter(scope_q(user, prefix="meeting__branch__"))

    def waiting(self) -> "TopicReviewQuerySet":
        return self.filter(decided_at=None)


class TopicReview(models.Model):
    """One round of 会前审核: the topic of a planned meeting, sent up and answered.

    It never blocks the meeting: a round still open when the meeting begins reads 未及时审核.
    """

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="reviews")
    # As it was sent, for the title may be changed afterwards.
    topic = models.CharField(_("送审主题"), max_length=100)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("送审时间"))
    decision = models.CharField(
        _("意见"), max_length=10, choices=ReviewDecision.choices, blank=True
    )
    remark = models.CharField(_("审核意见"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)

    objects = TopicReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("主题审核")
        verbose_name_plural = _("主题审核")
        ordering = ["meeting", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(decided_at=None),
                name="topic_review_one_open",
                violation_error_message=_("这次会议的主题已在审核中。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="", decided_by=None)
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
                name="topic_review_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(decision="returned") | ~Q(remark=""),
                name="topic_review_returned_says_why",
                violation_error_message=_("退回须写明意见。"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(decided_at=None), name="topic_review_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.topic


class LeaderVisit(models.Model):
    """A leader says that he was there himself; the recorder's list of guests is kept apart."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="leader_visits")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leader_visits"
    )
    noted_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("领导到会")
        verbose_name_plural = _("领导到会")
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "leader"], name="leader_visit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.leader} @ {self.meeting_id}"


class CommentKind(models.TextChoices):
    ON_SPOT = "on_spot", _("会上提醒")
    LACKING = "lacking", _("会后指出不足")
    GOOD = "good", _("好的做法")


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user) -> "CommentQuerySet":
        return self.filter(scope_q(user, prefix="meeting__branch__"))

    def unanswered(self) -> "CommentQuerySet":
        return self.exclude(kind=CommentKind.GOOD).filter(answered_at=None)


class Comment(models.Model):
    """One remark of a leader or of staff on a meeting; what was lacking may become an issue."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="comments")
    kind = models.CharField(
        _("类别"), max_length=10, choices=CommentKind.choices, default=CommentKind.LACKING
    )
    text = models.CharField(_("内容"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    answer = models.CharField(_("支部答复"), max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("点评")
        verbose_name_plural = _("点评")
        ordering = ["meeting", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="comment_says_something",
                violation_error_message=_("请写下内容。"),
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__gte=F("at")) & ~Q(answer="")),
                name="comment_answered_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["at"],
                condition=Q(answered_at=None) & ~Q(kind="good"),
                name="comment_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
