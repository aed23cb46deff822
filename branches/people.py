"""Which users act where: for lists of accounts, and for those who have to be told."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import User
from branches.models import Duty, Organization
from branches.permissions import ACCOUNT_KEEPING, scope_q


def holding(kinds: Collection[str], organization: Organization, *, on: date) -> QuerySet[User]:
    """Return the active users with such a duty for exactly this organization."""
    duties = Duty.objects.in_force(on).filter(
        organization=organization, kind__in=kinds, user=OuterRef("pk")
    )
    return User.objects.filter(Exists(duties), is_active=True)


def accounts_kept_by(keeper: User) -> QuerySet[User]:
    """Return the accounts that have, or once had, a duty in the keeper's part of the tree."""
    within = Duty.objects.filter(
        scope_q(keeper, prefix="organization__", kinds=ACCOUNT_KEEPING), user=OuterRef("pk")
    )
    return User.objects.filter(Exists(within))


def in_tree_order(accounts: QuerySet[User], on: date) -> QuerySet[User]:
    """Sort by the uppermost place where each acts, then by name; who acts nowhere comes last."""
    places = (
        Duty.objects.in_force(on)
        .filter(user=OuterRef("pk"))
        .order_by("organization__path")
        .values("organization__path")
    )
    return accounts.annotate(place=Subquery(places[:1])).order_by(
        F("place").asc(nulls_last=True), "full_name", "pk"
    )


def with_open_duties(accounts: QuerySet[User], on: date) -> QuerySet[User]:
    """Load into `open_duties` of each account what it has or will have, with the organizations."""
    duties = (
        Duty.objects.filter(Q(to_on=None) | Q(to_on__gt=on))
        .select_related("organization")
        .order_by("organization__path", "kind")
    )
    return accounts.prefetch_related(Prefetch("duties", duties, to_attr="open_duties"))
