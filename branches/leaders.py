"""Who looks after which branch on a day: its linked leaders, and who stands in for them.

A leader who is away keeps his contact points; what has to be told goes to the stand-in meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from branches.models import ContactPoint, Organization, StandIn
from branches.permissions import scope_q


def points_of(user: User, *, on: date) -> QuerySet[ContactPoint]:
    """Return the contact points the user looks after that day: own ones, and as a stand-in."""
    away = StandIn.objects.in_force(on).filter(deputy=user.pk).values("leader")
    return ContactPoint.objects.in_force(on).filter(Q(leader=user.pk) | Q(leader__in=away))


def with_stand_in(points: QuerySet[ContactPoint], *, on: date) -> QuerySet[ContactPoint]:
    """Load the leaders, and add the name of who stands in that day and the day it ends."""
    away = StandIn.objects.in_force(on).filter(leader=OuterRef("leader")).order_by("pk")
    return points.select_related("leader").annotate(
        deputy_name=Subquery(away.values("deputy__full_name")[:1]),
        deputy_to_on=Subquery(away.values("to_on")[:1]),
    )


def linked_branches(user: User) -> set[int]:
    """Return the branches the user looks after today; read once per user object."""
    if not hasattr(user, "linked_today"):
        points = points_of(user, on=timezone.localdate())
        linked = set(points.values_list("branch", flat=True))
        user.linked_today = linked  # type: ignore[attr-defined]
    return user.linked_today  # type: ignore[attr-defined]


def leaders_by_branch(branch_ids: Iterable[int], *, on: date) -> dict[int, list[User]]:
    """Return for each branch whom to tell that day, in two statements.

    The stand-in takes the place of the leader who is away; who left the house is told nothing.
    """
    points = list(
        ContactPoint.objects.in_force(on)
        .filter(branch__in=list(branch_ids))
        .select_related("leader")
        .order_by("pk")
    )
    away = (
        StandIn.objects.in_force(on)
        .filter(leader__in={point.leader_id for point in points})
        .select_related("deputy")
    )
    deputies = {stand_in.leader_id: stand_in.deputy for stand_in in away.order_by("pk")}
    found: dict[int, list[User]] = defaultdict(list)
    for point in points:
        leader = deputies.get(point.leader_id, point.leader)
        if leader.is_active and leader not in found[point.branch_id]:
            found[point.branch_id].append(leader)
    return {pk: leaders for pk, leaders in found.items() if leaders}


def visible_leaders(user: User) -> QuerySet[User]:
    """Return the people who look after a branch that the user sees, today or later."""
    points = ContactPoint.objects.filter(
        Q(to_on=None) | Q(to_on__gt=timezone.localdate()), scope_q(user, prefix="branch__")
    )
    return User.objects.filter(pk__in=points.values("leader"))


def linked_places(leader: User) -> list[Organization]:
    """Return the branches that are the leader's own contact points today or later."""
    points = ContactPoint.objects.filter(
        Q(to_on=None) | Q(to_on__gt=timezone.localdate()), leader=leader
    )
    return [point.branch for point in points.select_related("branch")]
