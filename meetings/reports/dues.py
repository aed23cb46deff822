"""Months of 党费 by branch: numbers for those above, names only for who keeps the roster."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q

from branches.models import Member, Organization
from meetings.models import DuesMonth
from meetings.rules import Span

MONTHS_SHOWN = 6


class DuesCell(NamedTuple):
    """One branch's month; `unpaid` is None while nobody went through it."""

    month: Span
    unpaid: int | None


class DuesRow(NamedTuple):
    branch: Organization
    cells: list[DuesCell]


def months_before(on: date) -> list[Span]:
    """Return the months shown, the newest first."""
    months = [Span.containing(on, "month")]
    while len(months) < MONTHS_SHOWN:
        months.append(months[-1].previous)
    return months


def dues_table(branches: Sequence[Organization], months: Sequence[Span]) -> list[DuesRow]:
    """Return the branches with how many have not paid for each month, in one statement."""
    found = DuesMonth.objects.filter(
        branch__in=branches, month__in=[month.start for month in months]
    ).annotate(unpaid=Count("arrears", filter=Q(arrears__settled_on=None)))
    unpaid = {
        (branch, month): n for branch, month, n in found.values_list("branch", "month", "unpaid")
    }
    return [
        DuesRow(branch, [DuesCell(month, unpaid.get((branch.pk, month.start))) for month in months])
        for branch in branches
    ]


class Payer(NamedTuple):
    """A member of the month's roster and the arrears, if any."""

    member: Member
    arrear_id: int | None
    settled_on: date | None

    @property
    def is_open(self) -> bool:
        return self.arrear_id is not None and self.settled_on is None


def payers(branch: Organization, month: Span, *, on: date) -> list[Payer]:
    """Return who belonged to the branch in that month, with the arrears, in two statements."""
    members = Member.objects.belonging(branch, min(month.end, on)).order_by("initials", "pk")
    arrears = _arrears(branch, month)
    return [Payer(member, *arrears.get(member.pk, (None, None))) for member in members.distinct()]


def _arrears(branch: Organization, month: Span) -> dict[int, tuple[int, date | None]]:
    rows: Iterable = DuesMonth.objects.filter(branch=branch, month=month.start).values_list(
        "arrears__member", "arrears", "arrears__settled_on"
    )
    return {member: (pk, settled_on) for member, pk, settled_on in rows if member}
