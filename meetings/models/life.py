"""What 组织生活会 and 民主评议 write down beyond an agenda."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q


class Criticism(models.Model):
    """What one member said of himself (no target) or of another (批评与自我批评)."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="criticisms")
    position = models.PositiveSmallIntegerField(_("次序"))
    speaker = models.ForeignKey(
        "branches.Member", models.PROTECT, related_name="+", verbose_name=_("发言人")
    )
    target = models.ForeignKey(
        "branches.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("批评对象"),
    )
    text = models.TextField(_("内容"))

    class Meta:
        verbose_name = _("批评与自我批评")
        verbose_name_plural = _("批评与自我批评")
        ordering = ["meeting", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target=None) | ~Q(target=F("speaker")),
                name="criticism_of_another",
                violation_error_message=_("批评对象不能是本人；自我批评不选批评对象。"),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user) -> "ProblemQuerySet":
        return self.filter(scope_q(user, prefix="meeting__branch__"))


class Problem(models.Model):
    """A problem found at the meeting itself (查摆问题) with its remedy; may become an issue."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="problems")
    position = models.PositiveSmallIntegerField(_("次序"))
    # Whose problem it is; empty: the branch's.
    member = models.ForeignKey(
        "branches.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("党员"),
    )
    text = models.CharField(_("问题"), max_length=300)
    remedy = models.CharField(_("整改措施"), max_length=300, blank=True)
    responsible = models.ForeignKey(
        "branches.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("责任人"),
    )
    due_on = models.DateField(_("整改时限"), null=True, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("查摆问题")
        verbose_name_plural = _("查摆问题")
        ordering = ["meeting", "position", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class Grade(models.TextChoices):
    EXCELLENT = "excellent", _("优秀")
    QUALIFIED = "qualified", _("合格")
    BASIC = "basic", _("基本合格")
    UNQUALIFIED = "unqualified", _("不合格")


class Appraisal(models.Model):
    """One member at one 民主评议: the tally of the ballots and the grade that the branch gave.

    Probationary members take part and get no grade (`grade` empty).
    """

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="appraisals")
    member = models.ForeignKey(
        "branches.Member", models.PROTECT, related_name="appraisals", verbose_name=_("党员")
    )
    excellent = models.PositiveSmallIntegerField(_("优秀票"), default=0)
    qualified = models.PositiveSmallIntegerField(_("合格票"), default=0)
    basic = models.PositiveSmallIntegerField(_("基本合格票"), default=0)
    unqualified = models.PositiveSmallIntegerField(_("不合格票"), default=0)
    grade = models.CharField(_("评定等次"), max_length=12, choices=Grade.choices, blank=True)
    note = models.CharField(_("评定说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("民主评议")
        verbose_name_plural = _("民主评议")
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="appraisal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_grade_display()}"
