"""How often each leader attended the branches linked to him in a year, against what is asked.

A list to see by, never a ranking: it stands in the order of names.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import ContactPoint, StandIn
from branches.permissions import READING, scope_q
from meetings.models import COUNTED_STATES, Guest, LeaderVisit
from meetings.rules import Span

from .sheet import policy_of


class VisitRow(NamedTuple):
    """One leader at one branch: the meetings he attended, and those attended in his stead."""

    point: ContactPoint
    attended: int
    asked: int
    last_on: date | None
    in_his_stead: list[tuple[str, int]]


def points_in(year: Span, user: User) -> QuerySet[ContactPoint]:
    """Return the contact points of the year that the user may see, by leader and branch.

    A leader sees his own and those of whom he stood in for; the rest see their part of the tree.
    """
    in_year = Q(to_on=None) | Q(to_on__gt=year.start)
    later = ContactPoint.objects.filter(
        in_year,
        leader=OuterRef("leader"),
        branch=OuterRef("branch"),
        from_on__gt=OuterRef("from_on"),
        from_on__lte=year.end,
    )
    stood_in = _stand_ins(year).filter(deputy=user.pk).order_by().values("leader")
    seen = scope_q(user, prefix="branch__", kinds=READING - {"leader"})
    return (
        ContactPoint.objects.filter(in_year, ~Exists(later), from_on__lte=year.end)
        .filter(seen | Q(leader=user.pk) | Q(leader__in=stood_in))
        .select_related("leader", "branch__township__activity_policy")
        .order_by("leader__full_name", "leader", "branch__path", "pk")
    )


def visit_rows(points: Iterable[ContactPoint], year: Span) -> list[VisitRow]:
    """Count for each point the meetings attended, in two statements for any number of them.

    A meeting counts once its record was handed in, whoever noted that the leader was there.
    """
    points = list(points)
    stand_ins = defaultdict(list)
    named = _stand_ins(year).filter(leader__in={point.leader_id for point in points})
    for stand_in in named.select_related("deputy").order_by("from_on", "pk"):
        stand_ins[stand_in.leader_id].append(stand_in)
    days = _days({point.branch_id for point in points}, year)
    rows = []
    for point in points:
        own = days[point.branch_id, point.leader_id]
        stead: dict[str, int] = {}
        for stand_in in stand_ins[point.leader_id]:
            there = days[point.branch_id, stand_in.deputy_id]
            times = sum(stand_in.from_on <= day < stand_in.to_on for day in there)
            name = stand_in.deputy.full_name
            stead[name] = stead.get(name, 0) + times
        asked = policy_of(point.branch).visits_a_year
        rows.append(VisitRow(point, len(own), asked, max(own, default=None), list(stead.items())))
    return rows


def _stand_ins(year: Span) -> QuerySet[StandIn]:
    return StandIn.objects.filter(from_on__lte=year.end, to_on__gt=year.start)


def _days(branch_ids: Collection[int], year: Span) -> dict[tuple[int, int], list[date]]:
    """Return the days of the meetings that each leader attended at each branch."""
    held = {
        "meeting__branch__in": branch_ids,
        "meeting__state__in": COUNTED_STATES,
        "meeting__day__gte": year.start,
        "meeting__day__lte": year.end,
    }
    columns = ("meeting__branch", "leader", "meeting", "meeting__day")
    noted = LeaderVisit.objects.filter(**held).order_by().values_list(*columns)
    written = Guest.objects.filter(leader__isnull=False, **held).order_by().values_list(*columns)
    days = defaultdict(list)
    # A UNION without ALL: a meeting that both wrote down is one.
    for branch_id, leader_id, _meeting, day in noted.union(written):
        days[branch_id, leader_id].append(day)
    return days


def visit_sheet(rows: Iterable[VisitRow]) -> tuple[list[str], Iterable[tuple[Any, ...]]]:
    """Return header and lines of the list as a spreadsheet."""
    headers = [
        _("联系领导"),
        _("乡镇"),
        _("党支部"),
        _("联系自"),
        _("联系至"),
        _("到会次数"),
        _("每年应到"),
        _("最近到会"),
        _("代为到会"),
    ]
    lines = (
        (
            row.point.leader.full_name,
            row.point.branch.township.short_name if row.point.branch.township else "",
            row.point.branch.name,
            row.point.from_on,
            row.point.to_on,
            row.attended,
            row.asked,
            row.last_on,
            "、".join(f"{name}{times}" for name, times in row.in_his_stead),
        )
        for row in rows
    )
    return headers, lines
