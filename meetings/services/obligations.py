"""Ticking checklists by what was held or explained, and taking a tick back when it no longer holds."""

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Left
from django.urls import reverse
from django.utils import timezone

from branches.models import Organization
from curriculum.models import ChecklistItem, ItemState
from curriculum.weekly import Week
from meetings.models import Body, Explanation, MeetingType, Obligation
from meetings.reports import Rulebook
from meetings.reports.owed import owing
from meetings.rules import Span

KEY_PREFIX = "meetings.owed:"
TITLE_LENGTH: int = ChecklistItem._meta.get_field("evidence_title").max_length or 0


@transaction.atomic
def settle_checklists(
    branches: "QuerySet[Organization] | None" = None, *, at: datetime
) -> tuple[int, int]:
    """Make the items of owed meetings say what the records say; return (ticked, reopened).

    Level-triggered: looks at every matter that stands open anywhere and at those of this week that
    a record had ticked. `branches` narrows it to those just written about.
    """
    if branches is None:
        branches = Organization.objects.branches()
    on = timezone.localdate(at)
    rulebook = Rulebook.load(branches)
    items = ChecklistItem.objects.filter(
        key__startswith=KEY_PREFIX, checklist__branch__in=branches.order_by().values("pk")
    ).order_by()
    ticked = reopened = 0
    still_open = items.filter(state=ItemState.OPEN)
    for key in still_open.values_list("key", flat=True).distinct():
        for rule, span, owing_branches in _matters(rulebook, branches, key, on):
            done = still_open.filter(key=key, checklist__branch__in=_bound(branches, rule)).exclude(
                checklist__branch__in=owing_branches
            )
            ticked += done.update(state=ItemState.DONE, settled_at=at, **_evidence(rule, span))
    ticked_here = items.filter(
        checklist__monday=Week.containing(on).monday, state=ItemState.DONE, settled_by=None
    )
    for key in ticked_here.values_list("key", flat=True).distinct():
        for _rule, _span, owing_branches in _matters(rulebook, branches, key, on):
            reopened += ticked_here.filter(key=key, checklist__branch__in=owing_branches).update(
                state=ItemState.OPEN, settled_at=None, evidence_url="", evidence_title=""
            )
    return ticked, reopened


def _matters(rulebook: Rulebook, branches: "QuerySet[Organization]", key: str, on):
    code, _sep, span_text = key.removeprefix(KEY_PREFIX).partition(":")
    span = Span.parse(span_text)
    for rule, bound in rulebook.bound(branches, span.start):
        if rule.code == code:
            yield rule, span, owing(bound, rule, span, on=on).order_by().values("pk")


def _bound(branches: "QuerySet[Organization]", rule: Obligation):
    if rule.township_id is not None:
        branches = branches.filter(township=rule.township_id)
    return branches.order_by().values("pk")


def _evidence(rule: Obligation, span: Span) -> dict:
    """Name the latest meeting that counts or, where none does, the explanation that was given."""
    window = rule.window(span)
    held = MeetingType.objects.filter(
        # The item's branch, the long way round: an UPDATE may not follow the item's own relations.
        branch__checklists=OuterRef("checklist"),
        kind=rule.kind,
        counted_on__gte=window.start,
        counted_on__lte=window.deadline,
    ).order_by("-counted_on", "-pk")
    before, after = reverse("meetings:meeting_detail", args=[0]).split("0")
    held = held.annotate(
        url=Concat(Value(before), Cast("meeting", CharField()), Value(after)),
        title=F("meeting__title"),
    )
    explained = Explanation.objects.filter(
        branch__checklists=OuterRef("checklist"), code=rule.code, period_start=span.start
    )
    path = reverse("meetings:explanation_create", args=[0, rule.code, span])
    before, after = path.split("/0/")
    explained = explained.annotate(
        url=Concat(Value(f"{before}/"), Cast("branch", CharField()), Value(f"/{after}")),
        title=Left("reason", TITLE_LENGTH),
    )
    # Where several groups owe one each, the meeting of one does not make up for another's.
    first, second = (explained, held) if rule.body == Body.GROUP else (held, explained)
    return {
        f"evidence_{name}": Coalesce(
            Subquery(first.values(name)[:1]), Subquery(second.values(name)[:1]), Value("")
        )
        for name in ("url", "title")
    }
