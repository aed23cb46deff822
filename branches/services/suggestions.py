"""Suggestions: made from any page, answered in the open."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from branches import people
from branches.models import DutyKind, Organization, Suggestion
from branches.permissions import duties_of
from config.language import in_source_script
from notifications.services import notify


def addressee(author: User) -> Organization | None:
    """Return whom the author's suggestions go to: the township of a duty, else the committee above.

    Somebody without a duty turns to the uppermost committee.
    """
    for duty in duties_of(author):
        return duty.organization.township or duty.organization
    return Organization.objects.filter(parent=None).order_by("path").first()


@in_source_script
@transaction.atomic
def make_suggestion(suggestion: Suggestion, *, by: User, at: datetime) -> Suggestion:
    """Save a suggestion and tell those who answer it."""
    suggestion.author = by
    suggestion.created_at = at
    suggestion.save()
    notify(
        people.holding(
            {DutyKind.STAFF, DutyKind.ADMINISTRATOR},
            suggestion.organization,
            on=timezone.localdate(at),
        ).exclude(pk=by.pk),
        key=f"branches.suggestion:{suggestion.pk}",
        title=_("有新的意见建议待答复"),
        text=suggestion.text[:100],
        url=suggestion.get_absolute_url(),
        at=at,
    )
    return suggestion


@in_source_script
@transaction.atomic
def answer_suggestion(suggestion: Suggestion, answer: str, *, by: User, at: datetime) -> None:
    """Answer, or correct the answer; the author is told the first time."""
    suggestion.answer = answer
    suggestion.answered_by = by
    suggestion.answered_at = at
    suggestion.save(update_fields=["answer", "answered_by", "answered_at"])
    if suggestion.author_id != by.pk:
        notify(
            [suggestion.author],
            key=f"branches.suggestion_answered:{suggestion.pk}",
            title=_("您的意见建议已有答复"),
            text=answer[:100],
            url=suggestion.get_absolute_url(),
            at=at,
        )
