"""Accounts and duties: who signs in, and for which part of the tree they act.

Every refusal is a ValidationError with a Chinese sentence, at a field where there is one.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import give_first_password
from branches.models import Duty, DutyKind, Member, Organization, OrganizationKind

COMMITTEES = {OrganizationKind.TOWNSHIP, OrganizationKind.COUNTY}
BRANCHES = {OrganizationKind.BRANCH, OrganizationKind.GENERAL_BRANCH}
# For which kinds of organization one can act in which way.
PLACES = {
    DutyKind.STAFF: COMMITTEES,
    DutyKind.TOWNSHIP_SECRETARY: {OrganizationKind.TOWNSHIP},
    DutyKind.LEADER: {OrganizationKind.TOWNSHIP},
    DutyKind.SECRETARY: BRANCHES,
    DutyKind.COMMITTEE: BRANCHES,
    DutyKind.OBSERVER: {OrganizationKind.COUNTY},
    DutyKind.ADMINISTRATOR: COMMITTEES,
    DutyKind.AUDITOR: COMMITTEES,
}
# Who keeps the accounts is not who reads the log of it (GB/T 22239: separated administrators).
SEPARATED = {
    DutyKind.ADMINISTRATOR: DutyKind.AUDITOR,
    DutyKind.AUDITOR: DutyKind.ADMINISTRATOR,
}


@transaction.atomic
def open_account(account: User, duty: Duty) -> str:
    """Save a new account with its first duty; return its first password, to be shown once."""
    account.set_unusable_password()
    account.save()
    password = give_first_password(account)
    duty.user = account
    add_duty(duty)
    return password


@transaction.atomic
def add_duty(duty: Duty) -> Duty:
    """Give a duty from a day on, where its kind has a place and nothing forbids it."""
    # Held until the end, so that two duties that exclude each other cannot be given side by side.
    User.objects.select_for_update().get(pk=duty.user_id)
    _check_place(DutyKind(duty.kind), duty.organization)
    _check_separation(duty)
    duty.full_clean()
    duty.save()
    return duty


def end_duty(duty: Duty, *, on: date) -> bool:
    """End a duty, so that it no longer holds on that day; return False if it had ended before."""
    if duty.to_on is not None and duty.to_on <= on:
        return False
    duty.to_on = max(on, duty.from_on)
    duty.save(update_fields=["to_on"])
    return True


def set_active(account: User, is_active: bool) -> bool:
    """Close or reopen an account; closing ends its sessions. Return whether anything changed."""
    if account.is_active == is_active:
        return False
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    return True


@transaction.atomic
def link_member(account: User, member: Member | None) -> bool:
    """Tie the account to the member it belongs to, or to none; return whether anything changed."""
    linked = Member.objects.filter(user=account).first()
    if linked == member:
        return False
    if linked:
        linked.user = None
        linked.save(update_fields=["user"])
    if member:
        member.user = account
        member.save(update_fields=["user"])
    return True


def _check_place(kind: DutyKind, organization: Organization) -> None:
    if organization.kind not in PLACES[kind]:
        names = "、".join(str(place.label) for place in OrganizationKind if place in PLACES[kind])
        raise ValidationError(
            {
                "organization": _("“%(duty)s”只能设在：%(places)s。")
                % {"duty": kind.label, "places": names}
            }
        )
    if organization.dissolved_on:
        raise ValidationError({"organization": _("该党组织已撤销。")})


def _check_separation(duty: Duty) -> None:
    excluded = SEPARATED.get(DutyKind(duty.kind))
    if excluded is None:
        return
    overlapping = Duty.objects.filter(
        Q(to_on=None) | Q(to_on__gt=duty.from_on), user=duty.user, kind=excluded
    )
    if overlapping.exists():
        raise ValidationError({"kind": _("系统管理员与审计管理员不得由同一人担任。")})
