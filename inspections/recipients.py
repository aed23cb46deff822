"""Whom an issue concerns: the branch, the township's staff, the linked leader or his stand-in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from branches.leaders import leaders_by_branch
from branches.models import Duty, DutyKind, Organization
from inspections.permissions import ANSWERING


def branch_people(branch: Organization, at: datetime) -> list[User]:
    """Return the secretary and the committee members of the branch."""
    return _people_of([branch.pk], ANSWERING, at).get(branch.pk, [])


def staff_of(branch: Organization, at: datetime) -> list[User]:
    """Return the Party-affairs staff of the branch's township."""
    township = branch.township_id
    return _people_of([township], {DutyKind.STAFF}, at).get(township, []) if township else []


def people_by_branch(branches: Iterable[Organization], at: datetime) -> dict[int, list[User]]:
    """Return for each branch everybody whom a missed deadline concerns, in four statements."""
    branches = {branch.pk: branch for branch in branches}.values()
    own = _people_of([branch.pk for branch in branches], ANSWERING, at)
    staff = _people_of({branch.township_id for branch in branches}, {DutyKind.STAFF}, at)
    leaders = leaders_by_branch(branches, on=timezone.localdate(at))
    return {
        branch.pk: [
            *own.get(branch.pk, ()),
            *staff.get(branch.township_id, ()),
            *leaders.get(branch.pk, ()),
        ]
        for branch in branches
    }


def _people_of(
    organization_ids: Iterable[int | None], kinds: set[str], at: datetime
) -> dict[int, list[User]]:
    people: dict[int, list[User]] = defaultdict(list)
    duties = Duty.objects.in_force(timezone.localdate(at)).filter(
        organization__in=[pk for pk in organization_ids if pk], kind__in=kinds
    )
    for duty in duties.select_related("user").order_by("pk"):
        people[duty.organization_id].append(duty.user)
    return people
