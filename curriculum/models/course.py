"""The catalogue: 八都菜谱, the practical courses and the sites they are held at."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.permissions import TOWNSHIP_READING, duties_of


def township_q(user) -> Q:
    """Keep rows of the townships that the user's duties lie in or above; the catalogue is open
    to everyone who works there."""
    reach = Q(pk__in=())
    for duty in duties_of(user):
        organization = duty.organization
        if organization.township_id:
            reach |= Q(township=organization.township_id)
        elif duty.kind in TOWNSHIP_READING:
            reach |= Q(township__parent=organization.pk)
    return reach


class TownshipQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(township_q(user))


class CourseKind(models.TextChoices):
    THEORY = "theory", _("理论")
    PRACTICE = "practice", _("实务")


class Channel(models.TextChoices):
    ON_SITE = "on_site", _("线下")
    ONLINE = "online", _("线上")


class Series(models.Model):
    """A series of courses, such as 八都菜谱 or the practical courses."""

    township = models.ForeignKey(
        "branches.Organization", models.CASCADE, related_name="series", verbose_name=_("乡镇党委")
    )
    name = models.CharField(_("系列"), max_length=50)
    description = models.CharField(_("说明"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)

    objects = TownshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("课程系列")
        verbose_name_plural = _("课程系列")
        ordering = ["township", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "name"],
                name="series_name_once",
                violation_error_message=_("已有同名系列。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place where practical courses are held (实训基地)."""

    township = models.ForeignKey(
        "branches.Organization", models.CASCADE, related_name="sites", verbose_name=_("乡镇党委")
    )
    name = models.CharField(_("教学点"), max_length=50)
    theme = models.CharField(_("教育主题"), max_length=50, blank=True)
    address = models.CharField(_("地址"), max_length=100, blank=True)
    capacity = models.PositiveSmallIntegerField(_("可容纳人数"), null=True, blank=True)
    opening_hours = models.CharField(_("开放时间"), max_length=100, blank=True)

    objects = TownshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("教学点")
        verbose_name_plural = _("教学点")
        ordering = ["township", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "name"],
                name="site_name_once",
                violation_error_message=_("已有同名教学点。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    """One course that a week's items can offer."""

    township = models.ForeignKey(
        "branches.Organization", models.CASCADE, related_name="courses", verbose_name=_("乡镇党委")
    )
    series = models.ForeignKey(
        Series, models.PROTECT, related_name="courses", verbose_name=_("系列")
    )
    title = models.CharField(_("课程名称"), max_length=100)
    field = models.CharField(_("领域"), max_length=20, blank=True)
    kind = models.CharField(_("理论或实务"), max_length=10, choices=CourseKind.choices)
    channel = models.CharField(
        _("线上或线下"), max_length=10, choices=Channel.choices, default=Channel.ON_SITE
    )
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=1, default=1)
    outline = models.TextField(_("内容提要"), blank=True)
    link = models.URLField(_("学习材料链接"), blank=True)
    site = models.ForeignKey(
        Site,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="courses",
        verbose_name=_("教学点"),
    )
    lecturer = models.CharField(_("授课人"), max_length=50, blank=True)
    suits = models.CharField(_("适合对象"), max_length=100, blank=True)
    is_open = models.BooleanField(_("可选"), default=True)

    objects = TownshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("课程")
        verbose_name_plural = _("课程")
        ordering = ["series", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "title"],
                name="course_title_once",
                violation_error_message=_("已有同名课程。"),
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24),
                name="course_hours_sensible",
                violation_error_message=_("学时应大于0、不超过24。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("curriculum:course_detail", args=[self.pk])
