"""The agenda in its order, what was said and decided, and the votes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class FixedActionQuerySet(models.QuerySet["FixedAction"]):
    def in_force(self, on) -> "FixedActionQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


class FixedAction(models.Model):
    """One of the five fixed steps of the 5+X day, as a township keeps them over time."""

    township = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="fixed_actions",
        verbose_name=_("乡镇党委"),
    )
    name = models.CharField(_("固定动作"), max_length=50)
    position = models.PositiveSmallIntegerField(_("次序"))
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)

    objects = FixedActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("固定动作")
        verbose_name_plural = _("固定动作")
        ordering = ["township", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="fixed_action_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgendaKind(models.TextChoices):
    FIRST_TOPIC = "first_topic", _("第一议题")
    FIXED = "fixed", _("固定动作")
    OPTIONAL = "optional", _("自选动作（X）")
    TOPIC = "topic", _("议题")
    DECISION = "decision", _("表决事项")
    LECTURE = "lecture", _("党课")


class AgendaItem(models.Model):
    """One item of a meeting's agenda with its minutes."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("类别"), max_length=12, choices=AgendaKind.choices)
    title = models.CharField(_("议题"), max_length=200)
    # First topic: what was studied and when it was said or issued.
    source_on = models.DateField(_("文件或讲话日期"), null=True, blank=True)
    speaker = models.CharField(_("领学人/报告人"), max_length=50, blank=True)
    minutes = models.TextField(_("发言要点"), blank=True)
    resolution = models.TextField(_("决议/贯彻措施"), blank=True)
    fixed_action = models.ForeignKey(
        FixedAction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    course = models.ForeignKey(
        "curriculum.Course", models.SET_NULL, null=True, blank=True, related_name="agenda_items"
    )
    # Who carries a decision out, and until when.
    responsible = models.CharField(_("落实责任人"), max_length=50, blank=True)
    due_on = models.DateField(_("落实时限"), null=True, blank=True)
    # This item reports on what an earlier meeting decided (决议落实).
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followed_by"
    )
    # A fixed step that was left out says so: ticked off by default, never forced.
    is_done = models.BooleanField(_("已开展"), default=True)

    class Meta:
        verbose_name = _("议程")
        verbose_name_plural = _("议程")
        ordering = ["meeting", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(kind="first_topic"),
                name="agenda_one_first_topic",
                violation_error_message=_("一次会议只有一个“第一议题”。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class VoteRule(models.TextChoices):
    """Which arithmetic decides (支部工作条例 art. 11; 发展党员工作细则; 基层组织选举工作条例)."""

    ORDINARY = "ordinary", _("一般决议")
    ADMISSION = "admission", _("接收预备党员或转正")
    ELECTION = "election", _("选举")
    COMMITTEE = "committee", _("支委会决定")


class VoteStep(models.TextChoices):
    """What a vote on one person is about (发展党员工作细则)."""

    ADMIT = "admit", _("接收预备党员")
    CONFIRM = "confirm", _("按期转正")
    PROLONG = "prolong", _("延长预备期")
    REVOKE = "revoke", _("取消预备党员资格")


class Vote(models.Model):
    """The ballots on one agenda item. Quorum and result are computed, never entered.

    在场有表决权的人 = 赞成 + 反对 + 弃权 + 无效票. An admission names one person: several are
    discussed and voted on one by one.
    """

    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="vote")
    rule = models.CharField(_("表决类型"), max_length=12, choices=VoteRule.choices)
    is_secret = models.BooleanField(_("无记名投票"), default=False)
    in_favour = models.PositiveSmallIntegerField(_("赞成"))
    against = models.PositiveSmallIntegerField(_("反对"), default=0)
    abstaining = models.PositiveSmallIntegerField(_("弃权"), default=0)
    invalid = models.PositiveSmallIntegerField(_("无效票"), default=0)
    step = models.CharField(_("发展党员环节"), max_length=10, choices=VoteStep.choices, blank=True)
    candidate = models.CharField(_("表决对象"), max_length=50, blank=True)
    introducers = models.CharField(_("入党介绍人"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("表决")
        verbose_name_plural = _("表决")
        constraints = [
            models.CheckConstraint(
                condition=~Q(rule="admission") | Q(is_secret=True),
                name="vote_admission_is_secret",
                violation_error_message=_("接收预备党员和转正须无记名投票。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.in_favour}/{self.against}/{self.abstaining}"


class Candidate(models.Model):
    """One name on the ballot of an election; whether elected is computed, never entered."""

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="candidates")
    position = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("候选人"), max_length=50)
    in_favour = models.PositiveSmallIntegerField(_("得票"))

    class Meta:
        verbose_name = _("候选人")
        verbose_name_plural = _("候选人")
        ordering = ["vote", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "name"], name="candidate_once"),
        ]

    def __str__(self) -> str:
        return self.name
