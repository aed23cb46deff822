"""What can become an issue in one tap: a leader's comment, a problem the branch found, a check's hit.

Each once; afterwards the offer is a link to the issue.
"""

from typing import Any, NamedTuple

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from inspections import permissions
from inspections.models import Issue
from meetings.followups import FollowUp, register
from meetings.models import CheckResult, Comment, Problem


class Origin(NamedTuple):
    """How issues name their origin of one model, and where the tap goes."""

    field: str
    route: str


ORIGINS: dict[type[Model], Origin] = {
    Comment: Origin("comment", "inspections:issue_from_comment"),
    Problem: Origin("problem", "inspections:issue_from_problem"),
    CheckResult: Origin("check_result", "inspections:issue_from_check"),
}


@register
def issue_offers(user: User, rows: list[Any]) -> dict[int, FollowUp]:
    """Offer an issue for each row that the user may make one of, or lead to the one there is."""
    origin = ORIGINS.get(type(rows[0]))
    if origin is None:
        return {}
    made = dict(
        Issue.objects.visible_to(user)
        .filter(**{f"{origin.field}__in": [row.pk for row in rows]})
        .values_list(origin.field, "pk")
    )
    offers = {}
    for row in rows:
        if row.pk in made:
            url = reverse("inspections:issue_detail", args=[made[row.pk]])
            offers[row.pk] = FollowUp(url, _("已列入问题清单"), is_done=True)
        elif permissions.can_make_issue(user, row):
            url = reverse(origin.route, args=[row.pk])
            offers[row.pk] = FollowUp(url, _("列入问题清单"), is_done=False)
    return offers
