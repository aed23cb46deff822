"""Whom a branch should look after: long absent, in arrears, floating. Names of members."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, DateField, Exists, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from branches.models import Exemption, ExemptionKind, FloatingContact, Membership
from branches.rules import NOT_REQUIRED, add_months
from meetings.checks.branch_facts import Absence, Arrears, CareFacts, Floating
from meetings.models import Attendance, AttendanceState, DuesArrear
from meetings.models.meeting import COUNTED_STATES

from .base import Branches, keys, sources

# An absence further back says nothing about today.
LOOK_BACK_MONTHS = 13
LONG_AGO = date(1900, 1, 1)


@sources.register("care")
def care(branches: Branches, on: date) -> dict[int, CareFacts]:
    """Four statements: absences, arrears, floating members and the members' branches."""
    absences, arrears, floating = (
        _absences(branches, on),
        _arrears(branches, on),
        _floating(branches, on),
    )
    return {
        pk: CareFacts(on, tuple(absences[pk]), tuple(arrears[pk]), tuple(floating[pk]))
        for pk in {*absences, *arrears, *floating}
    }


def _members(branches: Branches, on: date):
    return Membership.objects.in_force(on).filter(branch__in=keys(branches)).order_by()


def _absences(branches: Branches, on: date) -> dict[int, list[Absence]]:
    """Return each member's unexplained absences since he was last there or gave a reason.

    Two passes in one statement: the last day of any other row of the member, and what came after.
    """
    rows = Attendance.objects.filter(
        meeting__state__in=COUNTED_STATES,
        meeting__day__gte=add_months(on, -LOOK_BACK_MONTHS),
        meeting__day__lte=on,
    )
    unexplained = Q(state=AttendanceState.ABSENT, reason="", adjustment="", made_up_on=None) & ~Q(
        excuse__in=NOT_REQUIRED
    )
    other = (
        rows.filter(~unexplained, member=OuterRef("member"))
        .order_by("-meeting__day")
        .values("meeting__day")[:1]
    )
    missed = (
        rows.filter(unexplained, member__in=_members(branches, on).values("member"))
        .alias(seen_on=Coalesce(Subquery(other), LONG_AGO, output_field=DateField()))
        .filter(meeting__day__gt=F("seen_on"))
        .order_by()
        .values_list("member")
        .annotate(since=Min("meeting__day"), last=Max("meeting__day"), times=Count("pk"))
    )
    known = {pk: found for pk, *found in missed.filter(since__lte=add_months(on, -1))}
    found: dict[int, list[Absence]] = defaultdict(list)
    still_required = ~Exists(
        Exemption.objects.in_force(on).filter(member=OuterRef("member"), kind__in=NOT_REQUIRED)
    )
    belonging = _members(branches, on).filter(still_required, member__in=known)
    for branch_id, pk, name in belonging.order_by("member__initials", "member").values_list(
        "branch", "member", "member__name"
    ):
        found[branch_id].append(Absence(pk, name, *known[pk]))
    return found


def _arrears(branches: Branches, on: date) -> dict[int, list[Arrears]]:
    rows = (
        DuesArrear.objects.filter(
            settled_on=None,
            month__month__lte=on,
            member__memberships__in=Membership.objects.in_force(on).filter(
                branch__in=keys(branches)
            ),
        )
        .order_by("member__initials", "member")
        .values_list("member__memberships__branch", "member", "member__name")
        .annotate(since=Min("month__month"), months=Count("pk"))
    )
    found: dict[int, list[Arrears]] = defaultdict(list)
    for branch_id, *arrears in rows:
        found[branch_id].append(Arrears(*arrears))
    return found


def _floating(branches: Branches, on: date) -> dict[int, list[Floating]]:
    contacts = FloatingContact.objects.filter(member=OuterRef("member"), on__lte=on)
    abroad = Exemption.objects.in_force(on).filter(
        member=OuterRef("member"), kind=ExemptionKind.ABROAD
    )
    rows = (
        _members(branches, on)
        .filter(member__is_floating=True)
        .annotate(
            last_contact=Subquery(contacts.order_by("-on").values("on")[:1]),
            is_abroad=Exists(abroad),
        )
        .order_by("member__initials", "member")
    )
    found: dict[int, list[Floating]] = defaultdict(list)
    for branch_id, pk, name, person_id, last, is_abroad in rows.values_list(
        "branch",
        "member",
        "member__name",
        "member__contact_person",
        "last_contact",
        "is_abroad",
    ):
        found[branch_id].append(Floating(pk, name, person_id is not None, last, is_abroad))
    return found


# --- Where it is mended ---------------------------------------------------------------------------


@sources.mended_at("member")
def _member(_branch_id: int, rest: str) -> str:
    return reverse("branches:member_detail", args=[rest.partition(":")[0]])


@sources.mended_at("members")
def _members_of(branch_id: int, _rest: str) -> str:
    return f"{reverse('branches:member_list')}?branch={branch_id}"
