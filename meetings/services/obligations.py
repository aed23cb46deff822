"""Ticking checklists by what was held or explained, and taking a tick back when it no longer holds."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
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
    branches: "QuerySet[Organization] | None" = None,
    *,
    kinds: Collection[str] | None = None,
    at: datetime,
) -> tuple[int, int]:
    """Make the items of owed meetings say what the records say; return (ticked, reopened).

    Level-triggered: looks at every matter that stands open anywhere and at those of this week that
    a record had ticked. `branches` and `kinds` narrow it to what was just written about.
    """
    if branches is None:
        branches = Organization.objects.branches()
    on = timezone.localdate(at)
    rulebook = Rulebook.load(branches)
    is_open = Q(state=ItemState.OPEN)
    was_ticked = Q(
        checklist__monday=Week.containing(on).monday, state=ItemState.DONE, settled_by=None
    )
    items = ChecklistItem.objects.filter(
        _of_kinds(rulebook, kinds), checklist__branch__in=branches.order_by().values("pk")
    ).order_by()
    ticked = reopened = 0
    known = items.filter(is_open | was_ticked).values_list("key", "state").distinct()
    for key, state in sorted(known):
        same = items.filter(is_open if state == ItemState.OPEN else was_ticked, key=key)
        for rule, span, owing_branches in _matters(rulebook, branches, key, on):
            if state == ItemState.OPEN:
                ticked += (
                    same.filter(checklist__branch__in=_bound(branches, rule))
                    .exclude(checklist__branch__in=owing_branches)
                    .update(state=ItemState.DONE, settled_at=at, **_evidence(rule, span))
                )
            else:
                reopened += same.filter(checklist__branch__in=owing_branches).update(
                    state=ItemState.OPEN, settled_at=None, evidence_url="", evidence_title=""
                )
    return ticked, reopened


def _of_kinds(rulebook: Rulebook, kinds: Collection[str] | None) -> Q:
    """Keep the items of owed meetings, or of those whose rule asks for one of the kinds."""
    if kinds is None:
        return Q(key__startswith=KEY_PREFIX)
    found = Q(pk__in=())
    for code in {rule.code for rule in rulebook.every() if rule.kind in kinds}:
        found |= Q(key__startswith=f"{KEY_PREFIX}{code}:")
    return found


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
