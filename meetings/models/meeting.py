"""A meeting from its plan to its archive, with four honest dates."""

from datetime import date, datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.permissions import scope_q
from branches.rules import NOT_REQUIRED

from .attendance import PRESENT_STATES, Attendance, AttendanceState
from .kind import MeetingKind


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("已计划")
    DRAFT = "draft", _("记录中")
    RECORDED = "recorded", _("已提交")
    ARCHIVED = "archived", _("已归档")
    CANCELLED = "cancelled", _("已取消")


# A meeting in one of these states counts: it was held and its record was handed in.
COUNTED_STATES = (MeetingState.RECORDED, MeetingState.ARCHIVED)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user) -> "MeetingQuerySet":
        return self.filter(scope_q(user, prefix="branch__"))

    def usual_place(self, branch) -> str:
        """Return where the branch met last, as far as that is written down."""
        held = self.filter(branch=branch).exclude(place="").order_by("-day", "-pk")
        return held.values_list("place", flat=True).first() or ""

    def counted(self) -> "MeetingQuerySet":
        return self.filter(state__in=COUNTED_STATES)

    def late(self) -> "MeetingQuerySet":
        """Keep records handed in after the last day that was on time."""
        submitted_on = TruncDate("submitted_at", tzinfo=timezone.get_default_timezone())
        return self.alias(submitted_on=submitted_on).filter(submitted_on__gt=F("submit_by"))

    def with_attendance(self) -> "MeetingQuerySet":
        """Add 应到, 实到 and the rest to each meeting, counted from its rows and never stored.

        Subqueries and not a join: a page of the newest fifty counts the rows of those fifty alone.
        """
        expected = ~Q(excuse__in=NOT_REQUIRED)
        present = Q(state__in=PRESENT_STATES)
        return self.annotate(
            expected=_attending(expected),
            present=_attending(expected & present),
            leave=_attending(expected & Q(state=AttendanceState.LEAVE)),
            absent=_attending(expected & Q(state=AttendanceState.ABSENT)),
            voting_expected=_attending(Q(can_vote=True)),
            voting_present=_attending(Q(can_vote=True) & present),
        )

    def to_check(self) -> "MeetingQuerySet":
        """Keep the records handed in that changed since the automatic checks looked at them."""
        return self.filter(~Q(version=F("checked_version")), state__in=COUNTED_STATES)

    def newest_first(self) -> "MeetingQuerySet":
        """Order so that the index (day, pk) is walked from its end, never the whole history sorted."""
        return self.order_by("-day", "-pk")


def _attending(condition: Q) -> Coalesce:
    counted = (
        Attendance.objects.filter(condition, meeting=OuterRef("pk"))
        .order_by()
        .values("meeting")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(counted), 0)


class JointMeeting(models.Model):
    """Several branches met together: entered once, recorded for each with its own attendance."""

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("联合召开")
        verbose_name_plural = _("联合召开")

    def __str__(self) -> str:
        return f"{self.pk}"


class Meeting(models.Model):
    """One meeting or activity of a branch, of one or several kinds at once.

    Four dates are kept apart: `day` (held on), `written_at` (first saved as a record),
    `submitted_at` and `amended_at`. 应到 and 实到 are never stored: they are counted from attendance.
    """

    branch = models.ForeignKey(
        "branches.Organization", models.PROTECT, related_name="meetings", verbose_name=_("党支部")
    )
    # Copied from the branch, so that a township's newest meetings need no walk over its branches.
    township = models.ForeignKey(
        "branches.Organization", models.PROTECT, null=True, related_name="+", editable=False
    )
    group = models.ForeignKey(
        "branches.PartyGroup",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("党小组"),
    )
    title = models.CharField(_("主题"), max_length=100)
    state = models.CharField(
        _("状态"), max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    # Planned day until it was held, then the day it was held on.
    day = models.DateField(_("日期"))
    starts_at = models.TimeField(_("开始时间"), null=True, blank=True)
    ends_at = models.TimeField(_("结束时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=100, blank=True)
    chair = models.ForeignKey(
        "branches.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主持人"),
    )
    recorder = models.ForeignKey(
        "branches.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("记录人"),
    )
    # Who chaired on the secretary's behalf says so here (支部工作条例 art. 14).
    chair_note = models.CharField(_("主持说明"), max_length=100, blank=True)
    summary = models.TextField(_("主持人总结"), blank=True)
    # What a generator planned, e.g. 'theme_day:2026-12': planning twice adds nothing.
    # NULL, not '', where nothing was generated: only then may a branch have many of them.
    plan_key = models.CharField(  # noqa: DJ001
        _("计划键"), max_length=60, null=True, blank=True, editable=False
    )
    # The line of the year's plan it started from.
    plan_item = models.ForeignKey(
        "meetings.YearPlanItem", models.SET_NULL, null=True, blank=True, related_name="meetings"
    )
    joint = models.ForeignKey(
        JointMeeting, models.SET_NULL, null=True, blank=True, related_name="meetings"
    )
    # The day on which chair and recorder signed the printed copy.
    signed_on = models.DateField(_("签字日期"), null=True, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField(_("记录时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    amended_at = models.DateTimeField(_("修改时间"), null=True, blank=True)
    # The last day on which handing in is on time, fixed when the record is first submitted.
    submit_by = models.DateField(_("应提交于"), null=True, blank=True)
    late_note = models.CharField(_("迟交说明"), max_length=200, blank=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    # Raised by one with each save; a form made from an older version is not written over a newer.
    version = models.PositiveIntegerField(default=1, editable=False)
    # The version that the automatic checks last looked at; 0: to be looked at in any case.
    checked_version = models.PositiveIntegerField(default=0, editable=False)

    # The version that search has read.
    indexed_version = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("会议")
        verbose_name_plural = _("会议")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "plan_key"], name="meeting_planned_once"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("结束时间应晚于开始时间。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["recorded", "archived"])
                | Q(
                    submitted_at__isnull=False,
                    submit_by__isnull=False,
                    starts_at__isnull=False,
                    chair__isnull=False,
                    recorder__isnull=False,
                ),
                name="meeting_recorded_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="meeting_cancelled_has_reason",
                violation_error_message=_("取消会议须写明原因。"),
            ),
        ]
        indexes = [
            models.Index(fields=["day", "id"], name="meeting_newest"),
            models.Index(
                fields=["id"],
                condition=~Q(version=F("indexed_version")),
                name="meeting_to_index",
            ),
            models.Index(fields=["township", "day", "id"], name="meeting_newest_in_township"),
            models.Index(fields=["branch", "day"], name="meeting_by_branch"),
            # Without the state: SQLite finds a partial index only by what has no parameter.
            models.Index(
                fields=["id"],
                condition=~Q(version=F("checked_version")),
                name="meeting_to_check",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting_detail", args=[self.pk])

    @property
    def starts(self) -> datetime:
        """The planned or actual beginning as a local moment; 00:00 while no time is known."""
        return datetime.combine(
            self.day, self.starts_at or time(0), tzinfo=timezone.get_default_timezone()
        )

    @property
    def is_counted(self) -> bool:
        return self.state in COUNTED_STATES

    @property
    def is_late(self) -> bool:
        """Handed in after the last day that is on time; shown, and counted apart."""
        if self.submitted_at is None or self.submit_by is None:
            return False
        return timezone.localtime(self.submitted_at).date() > self.submit_by

    @property
    def days_late(self) -> int:
        """Whole days between the last day that was on time and the one it was handed in on."""
        if not self.is_late:
            return 0
        return (timezone.localtime(self.submitted_at).date() - self.submit_by).days

    def days_after(self, moment: datetime) -> int:
        """Whole local days from the day it was held to `moment`."""
        return (timezone.localtime(moment).date() - self.day).days


class MeetingType(models.Model):
    """The meeting is (also) of this kind; `day` is set while it counts towards an obligation."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="types")
    kind = models.CharField(_("类型"), max_length=12, choices=MeetingKind.choices)
    # Copied from the meeting so that the matrix is one index-only aggregate; kept by services.py.
    branch = models.ForeignKey("branches.Organization", models.PROTECT, related_name="+")
    group = models.ForeignKey(
        "branches.PartyGroup", models.PROTECT, null=True, blank=True, related_name="+"
    )
    counted_on: "models.DateField[date | None]" = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("会议类型")
        verbose_name_plural = _("会议类型")
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind"], name="meeting_type_once"),
            models.CheckConstraint(
                condition=Q(kind="group", group__isnull=False) | (~Q(kind="group") & Q(group=None)),
                name="meeting_type_group_names_group",
                violation_error_message=_("党小组会须选择党小组。"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["branch", "kind", "counted_on", "group"], name="meeting_type_compliance"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class MeetingPhoto(models.Model):
    """A picture that helps to remember; never required, never counted."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="photos")
    image = models.ImageField(_("照片"), upload_to="meetings/%Y/%m")
    caption = models.CharField(_("说明"), max_length=100, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("照片")
        verbose_name_plural = _("照片")
        ordering = ["meeting", "pk"]

    def __str__(self) -> str:
        return self.caption or f"{self.meeting_id}"
