"""Suggestions and complaints (意见建议) about the system itself, answered in the open."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches import paths
from branches.permissions import duties_of


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user) -> "SuggestionQuerySet":
        """Open to everyone whose duty lies in the same township or above it."""
        reach = Q(author=user)
        for duty in duties_of(user):
            place = duty.organization
            if place.township_id:
                reach |= Q(organization=place.township_id)
            else:
                reach |= Q(
                    organization__path__gte=place.path, organization__path__lt=paths.end(place.path)
                )
        return self.filter(reach)


class Suggestion(models.Model):
    """One remark from any page; everyone of the township reads it and its answer."""

    organization = models.ForeignKey(
        "branches.Organization", models.CASCADE, related_name="suggestions"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="suggestions",
        verbose_name=_("提出人"),
    )
    page = models.CharField(_("所在页面"), max_length=300, blank=True)
    text = models.TextField(_("意见建议"), max_length=2000)
    created_at = models.DateTimeField(_("提出时间"))
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("意见建议")
        verbose_name_plural = _("意见建议")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False),
                name="suggestion_answered_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30]

    def get_absolute_url(self) -> str:
        return f"{reverse('branches:suggestion_list')}#suggestion-{self.pk}"
