"""Who may see and do what. Everything follows from the duties in force today."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from branches import paths

if TYPE_CHECKING:
    from accounts.models import User
    from branches.models import Duty, Organization

# What each duty may do below its organization. Plain strings: models import this module.
READING = {"staff", "township_secretary", "leader", "secretary", "committee", "observer"}
TOWNSHIP_READING = {"staff", "township_secretary", "leader", "observer"}
RECORDING = {"staff", "secretary", "committee"}
STEERING = {"staff", "township_secretary"}
ACCOUNT_KEEPING = {"staff", "administrator"}
# Leaders and observers read organizations and their numbers, not the list of members with phones.
ROSTER_READING = {"staff", "township_secretary", "secretary", "committee"}
ROSTER_KEEPING = {"staff", "secretary"}


def duties_of(user: "User") -> "list[Duty]":
    """Return the duties in force today, each with its organization; read once per user object."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "duties_today"):
        user.duties_today = list(  # type: ignore[attr-defined]  # DutyBackend's
            user.duties.in_force(timezone.localdate()).select_related("organization")
        )
    return user.duties_today  # type: ignore[attr-defined]


def has_duty(user: "User", kinds: Collection[str]) -> bool:
    return any(duty.kind in kinds for duty in duties_of(user))


def acts_for(user: "User", organization: "Organization", kinds: Collection[str]) -> bool:
    """Say whether one of the user's duties of these kinds covers the organization."""
    return any(
        duty.kind in kinds and paths.contains(duty.organization.path, organization.path)
        for duty in duties_of(user)
    )


def duty_place(user: "User", kinds: Collection[str]) -> "Organization | None":
    """Return the uppermost organization for which the user holds a duty of these kinds."""
    places = [duty.organization for duty in duties_of(user) if duty.kind in kinds]
    return min(places, key=lambda place: (len(place.path), place.path), default=None)


def scope_q(user: "User", *, prefix: str, kinds: Collection[str] = READING) -> Q:
    """Return the condition that keeps rows below the organizations of the user's duties.

    `prefix` leads from the row to its organization, e.g. "branch__". A user without such a duty
    sees nothing.
    """
    reach = Q(pk__in=())
    for path in _outermost(d.organization.path for d in duties_of(user) if d.kind in kinds):
        reach |= Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": paths.end(path)})
    return reach


def _outermost(all_paths: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for path in sorted(set(all_paths)):
        if not (kept and paths.contains(kept[-1], path)):
            kept.append(path)
    return kept


def can_see_organization(user: "User", organization: "Organization") -> bool:
    return acts_for(user, organization, READING)


def can_keep_organizations(user: "User", organization: "Organization") -> bool:
    """Keep the tree, posts, terms, contact points and imports of this part of it."""
    return acts_for(user, organization, {"staff"})


def can_name_stand_in(user: "User", leader: "User", linked: "Iterable[Organization]") -> bool:
    """Name who looks after a leader's branches while he is away: he himself, or their staff."""
    return user.pk == leader.pk or all(
        can_keep_organizations(user, organization) for organization in linked
    )


def can_keep_roster(user: "User", branch: "Organization") -> bool:
    """Keep members, groups and exemptions of a branch."""
    return acts_for(user, branch, ROSTER_KEEPING)


def can_keep_accounts(user: "User", organization: "Organization") -> bool:
    return acts_for(user, organization, ACCOUNT_KEEPING)


# What each keeper of accounts may give and take. Administrators see no Party data themselves, and
# nobody gives a duty to, or takes one from, his own account.
GRANTABLE = {
    "staff": {"secretary", "committee", "leader"},
    "administrator": {
        "staff",
        "township_secretary",
        "leader",
        "secretary",
        "committee",
        "observer",
        "administrator",
        "auditor",
    },
}


def can_list_accounts(user: "User") -> bool:
    return has_duty(user, ACCOUNT_KEEPING)


def grantable_kinds(user: "User") -> set[str]:
    return set().union(*(GRANTABLE.get(duty.kind, ()) for duty in duties_of(user)))


def can_grant(user: "User", kind: str, organization: "Organization") -> bool:
    """Say whether the user may give or end a duty of this kind for this organization."""
    keepers = {keeper for keeper, kinds in GRANTABLE.items() if kind in kinds}
    return acts_for(user, organization, keepers)


def can_manage_account(user: "User", account: "User", duties: "Iterable[Duty]") -> bool:
    """Say whether the user may edit the account, reset its password or deactivate it.

    `duties` are those of the account that have not ended. All of them have to be in the user's
    gift: who may not make an administrator may not take over an administrator's account either.
    """
    return user.pk != account.pk and all(
        can_grant(user, duty.kind, duty.organization) for duty in duties
    )


def can_keep_calendar(user: "User") -> bool:
    """Keep the public holidays, which hold for the whole installation."""
    return has_duty(user, ACCOUNT_KEEPING)


def can_answer_suggestions(user: "User", organization: "Organization") -> bool:
    return acts_for(user, organization, {"staff", "administrator"})


def can_read_audit(user: "User") -> bool:
    return has_duty(user, {"auditor"})


def can_see_roster(user: "User") -> bool:
    """Open the list of members; which of them is shown follows from where the duty lies."""
    return has_duty(user, ROSTER_READING)


def can_see_members(user: "User", branch: "Organization") -> bool:
    return acts_for(user, branch, ROSTER_READING)


def can_export_phones(user: "User") -> bool:
    """Take a list with whole phone numbers out of the house; asks for a reason and leaves a trace."""
    return has_duty(user, ROSTER_KEEPING)


def can_transfer_members(user: "User", *branches: "Organization") -> bool:
    """Move a member from one branch to another: both ends have to be in the user's hands."""
    return all(can_keep_organizations(user, branch) for branch in branches)


def import_places(user: "User") -> "list[Organization]":
    """Return the parts of the tree that the user may import lists into, the uppermost only."""
    kept = {
        duty.organization.path: duty.organization
        for duty in duties_of(user)
        if duty.kind == "staff"
    }
    return [kept[path] for path in _outermost(kept)]


def can_import(user: "User") -> bool:
    return has_duty(user, {"staff"})
