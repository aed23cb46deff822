"""Who still owes a meeting, as a set: the SQL twin of `standing`, for what is done in bulk.

`standing` judges and explains cell by cell; the weekly menu and the ticking of checklists need
only the set of branches, for thousands of branches at once. A test holds the two together.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from branches.models import Membership, Organization, PartyGroup
from meetings import rules
from meetings.models import Body, Explanation, MeetingType, Obligation, Period
from meetings.rules import Span, Window

from .rulebook import Rulebook


class Owed(NamedTuple):
    """One rule in one span with the branches that have neither met nor explained it."""

    rule: Obligation
    span: Span
    window: Window
    branches: "QuerySet[Organization]"

    @property
    def key(self) -> str:
        """Name of the matter on a checklist, the same in every week of the span."""
        return f"meetings.owed:{self.rule.code}:{self.span}"


def owed(
    branches: "QuerySet[Organization]", *, on: date, rulebook: Rulebook | None = None
) -> Iterator[Owed]:
    """Yield every rule that binds some of the branches, in its span that `on` lies in.

    A rule with a deadline in the next year is yielded for both years while both are open. Who asks
    about several days hands the rulebook in.
    """
    rulebook = rulebook or Rulebook.load(branches)
    for period in Period.values:
        for span in (Span.containing(on, period).previous, Span.containing(on, period)):
            for rule, bound in rulebook.bound(branches, span.start):
                window = rule.window(span)
                if rule.period == period and window.start <= on <= window.deadline:
                    yield Owed(rule, span, window, owing(bound, rule, span, on=on))


def owing(
    branches: "QuerySet[Organization]", rule: Obligation, span: Span, *, on: date
) -> "QuerySet[Organization]":
    """Keep the branches that owe `rule` in `span`, judged by their members and groups on `on`."""
    window = rule.window(span)
    open_branches = branches.existing(on).exclude(
        Exists(
            Explanation.objects.filter(
                branch=OuterRef("pk"), code=rule.code, period_start=span.start
            )
        )
    )
    if rule.body == Body.GROUP:
        idle = _held_fewer(PartyGroup.objects.all(), rule, window, of="group").filter(
            Q(established_on=None) | Q(established_on__lte=on),
            Q(dissolved_on=None) | Q(dissolved_on__gt=on),
            branch=OuterRef("pk"),
        )
        return open_branches.filter(Exists(idle))
    found = _held_fewer(open_branches, rule, window, of="branch")
    if rule.body == Body.COMMITTEE:
        found = found.filter(Exists(_last_full_member_needed(on)))
    return found


def _held_fewer(rows: QuerySet, rule: Obligation, window: Window, *, of: str) -> QuerySet:
    held = MeetingType.objects.filter(
        kind=rule.kind,
        counted_on__gte=window.start,
        counted_on__lte=window.deadline,
        **{of: OuterRef("pk")},
    )
    if rule.times == 1:
        return rows.exclude(Exists(held))
    return rows.annotate(held=_count(held, of)).filter(held__lt=rule.times)


def _last_full_member_needed(on: date) -> QuerySet:
    """The seventh full member, where there is one: who has found seven need not count the rest."""
    belonging = Membership.objects.in_force(on).filter(
        branch=OuterRef("pk"), member__full_on__lte=on
    )
    return belonging.order_by()[rules.COMMITTEE_FROM_FULL_MEMBERS - 1 :]


def _count(rows: QuerySet, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
