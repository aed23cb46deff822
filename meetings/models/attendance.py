"""Who was there: a snapshot of that day's roster with an explicit row for everyone expected."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AttendanceState(models.TextChoices):
    PRESENT = "present", _("到会")
    LATE = "late", _("迟到")
    REMOTE = "remote", _("线上参加")
    LEAVE = "leave", _("请假")
    ABSENT = "absent", _("缺席")


PRESENT_STATES = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.REMOTE)


class AbsenceKind(models.TextChoices):
    """A category of reason, never a diagnosis (personal information protection)."""

    SICK = "sick", _("病假")
    PERSONAL = "personal", _("事假")
    DUTY = "duty", _("公差")
    AWAY = "away", _("外出务工")
    OLD_OR_ILL = "old_or_ill", _("年老体弱")
    OTHER = "other", _("其他")


class MakeUp(models.TextChoices):
    SESSION = "session", _("补课")
    HOME_VISIT = "home_visit", _("送学上门")


class Attendance(models.Model):
    """One member at one meeting. `excuse` and `can_vote` are that day's roster, kept as it was."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="attendance")
    member = models.ForeignKey(
        "branches.Member", models.PROTECT, related_name="attendance", verbose_name=_("党员")
    )
    state = models.CharField(
        _("到会情况"),
        max_length=10,
        choices=AttendanceState.choices,
        default=AttendanceState.PRESENT,
    )
    reason = models.CharField(_("原因"), max_length=12, choices=AbsenceKind.choices, blank=True)
    # Exemption kind in force that day; empty: expected (应到).
    excuse = models.CharField(_("免除情形"), max_length=20, blank=True)
    can_vote = models.BooleanField(_("有表决权"), default=True)
    # Why this member was not expected this one time, e.g. by consent of an election's meeting.
    adjustment = models.CharField(_("应到调整说明"), max_length=100, blank=True)
    made_up_on = models.DateField(_("补课日期"), null=True, blank=True)
    made_up_how = models.CharField(_("补课方式"), max_length=12, choices=MakeUp.choices, blank=True)

    class Meta:
        verbose_name = _("出席")
        verbose_name_plural = _("出席")
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(state__in=["leave", "absent"]) | Q(reason=""),
                name="attendance_reason_only_when_away",
            ),
            models.CheckConstraint(
                condition=~Q(state="leave") | ~Q(reason=""),
                name="attendance_leave_has_reason",
                violation_error_message=_("请假须选择原因。"),
            ),
        ]
        indexes = [models.Index(fields=["member", "state"], name="attendance_by_member")]

    def __str__(self) -> str:
        return f"{self.member} {self.get_state_display()}"

    @property
    def is_present(self) -> bool:
        return self.state in PRESENT_STATES


class Guest(models.Model):
    """Somebody sitting in (列席): never counted among those present."""

    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="guests")
    name = models.CharField(_("姓名"), max_length=50)
    position = models.CharField(_("职务"), max_length=50, blank=True)
    # A leader of the contact point, when the guest is one.
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("列席人员")
        verbose_name_plural = _("列席人员")
        ordering = ["meeting", "pk"]

    def __str__(self) -> str:
        return self.name
