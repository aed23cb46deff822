"""The honest way out of a gap: a reason instead of a record."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from branches.models import Organization
from meetings.models import CheckResult, Explanation, ExplanationKind
from meetings.rules import Span

from .obligations import settle_checklists


@transaction.atomic
def explain_gap(
    branch: Organization,
    *,
    code: str,
    span: Span,
    kind: str,
    reason: str,
    moved_to: date | None = None,
    by: User,
    at: datetime,
) -> Explanation:
    """Close the gap of `code` in `span` with a reason; a second one replaces the first.

    No record is ever asked for afterwards. Both stand in the audit log.
    """
    explanation, _created = Explanation.objects.update_or_create(
        branch=branch,
        code=code,
        period_start=span.start,
        defaults={
            "kind": kind,
            "reason": reason,
            "moved_to": moved_to if kind == ExplanationKind.MOVED else None,
            "by": by,
            "at": at,
        },
    )
    settle_checklists(Organization.objects.filter(pk=branch.pk), at=at)
    # The checks would find the same when they next run; until then nobody is asked again.
    CheckResult.objects.filter(
        branch=branch, subject=gap_subject(code, span), explained_at=None
    ).delete()
    return explanation


@transaction.atomic
def withdraw_explanation(explanation: Explanation, *, at: datetime) -> None:
    """Take an explanation back: the matter is open again."""
    branch = Organization.objects.filter(pk=explanation.branch_id)
    explanation.delete()
    settle_checklists(branch, at=at)


def gap_subject(code: str, span: Span) -> str:
    """Return the subject under which the automatic checks keep a gap."""
    return f"gap:{code}:{span}"
