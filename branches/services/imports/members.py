"""Writing the good rows of a roster: a constant number of statements per batch of rows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Model

from branches import names
from branches.models import (
    ImportOutcome,
    Member,
    Membership,
    MembershipEnd,
    Organization,
    PartyGroup,
)
from branches.roster.outcome import Plan

BATCH = 500
INITIALS = Member._meta.get_field("initials").max_length
# What undoing compares with a new member, to see that nobody has edited it since.
COMPARED = (
    "name",
    "sex",
    "ethnicity",
    "born_on",
    "education",
    "work",
    "phone",
    "joined_on",
    "full_on",
    "is_floating",
    "floating_to",
    "branch_id",
    "group_id",
    "left_on",
    "user_id",
    "note",
)


def write_members(plans: list[Plan], *, today: date) -> list[str]:
    """Create and update what the rows say; return the paths of the branches concerned."""
    created = [plan for plan in plans if plan.outcome == ImportOutcome.CREATED]
    updated = [plan for plan in plans if plan.outcome == ImportOutcome.UPDATED]
    members = Member.objects.in_bulk([plan.target for plan in updated])
    wanted = [(plan.fields["branch"].pk, plan.fields["group"]) for plan in created]
    wanted += [
        (members[plan.target].branch_id, plan.fields["group"])
        for plan in updated
        if "group" in plan.fields
    ]
    groups = _groups(wanted, today)
    _create(created, groups)
    _update(updated, members, groups, today)
    branches = {plan.fields["branch"].pk for plan in created}
    branches |= {member.branch_id for member in members.values()}
    found = Organization.objects.in_bulk(list(branches))
    return [branch.path for branch in found.values()]


def _groups(wanted: Iterable[tuple[int, str]], today: date) -> dict[tuple[int, str], PartyGroup]:
    """Return the Party groups by branch and name; those that are not there yet are made."""
    needed = {key for key in wanted if key[1]}
    branches = {branch for branch, _name in needed}
    groups = {
        (group.branch_id, group.name): group
        for group in PartyGroup.objects.filter(branch__in=branches)
    }
    # Lists show groups in the order they were made in.
    missing = sorted(needed - groups.keys(), key=lambda key: (key[0], names.numbered(key[1])))
    PartyGroup.objects.bulk_create(
        [PartyGroup(branch_id=branch, name=name) for branch, name in missing], batch_size=BATCH
    )
    if missing:
        groups |= {
            (group.branch_id, group.name): group
            for group in PartyGroup.objects.filter(branch__in=branches)
        }
    return groups


def _create(plans: list[Plan], groups: dict[tuple[int, str], PartyGroup]) -> None:
    members = []
    for plan in plans:
        fields = dict(plan.fields)
        name = fields.pop("group")
        group = groups.get((fields["branch"].pk, name)) if name else None
        members.append(
            Member(**fields, group=group, initials=names.initials(fields["name"])[:INITIALS])
        )
    Member.objects.bulk_create(members, batch_size=BATCH)
    Membership.objects.bulk_create(
        (
            Membership(
                member=member,
                branch=member.branch,
                group=member.group,
                # The list does not say since when; nobody belongs to a branch that is not there.
                from_on=max(member.joined_on, member.branch.established_on or member.joined_on),
            )
            for member in members
        ),
        batch_size=BATCH,
    )
    for plan, member in zip(plans, members, strict=True):
        plan.target, plan.is_new = member.pk, True
        plan.written = {field: as_json(getattr(member, field)) for field in COMPARED}


def _update(
    plans: list[Plan],
    members: dict[int, Member],
    groups: dict[tuple[int, str], PartyGroup],
    today: date,
) -> None:
    changed: set[str] = set()
    regrouped: dict[int, Plan] = {}
    for plan in plans:
        member, before = members[plan.target], {}
        for field, value in plan.fields.items():
            if field == "group":
                before["group_id"] = member.group_id
                member.group = groups[member.branch_id, value]
                plan.written["group_id"] = member.group_id
                regrouped[member.pk] = plan
            else:
                before[field] = as_json(getattr(member, field))
                setattr(member, field, value)
                plan.written[field] = as_json(value)
            changed.add(field)
        plan.before = {"fields": before}
    if changed:
        Member.objects.bulk_update(members.values(), sorted(changed), batch_size=BATCH)
    _regroup(regrouped, members, today)


def _regroup(plans: dict[int, Plan], members: dict[int, Member], today: date) -> None:
    """Let the membership follow the group: the old period ends today and a new one begins.

    A period that began today already is corrected instead.
    """
    open_periods = Membership.objects.filter(member__in=plans, to_on=None) if plans else ()
    corrected, closed = [], []
    for period in open_periods:
        plan = plans[period.member_id]
        if period.from_on >= today:
            plan.before["period"] = {"corrected": period.pk, "group_id": period.group_id}
            period.group_id = members[period.member_id].group_id
            corrected.append(period)
        else:
            plan.before["period"] = {"closed": period.pk}
            period.to_on, period.end_reason = today, MembershipEnd.REGROUP
            closed.append(period)
    Membership.objects.bulk_update(corrected, ["group"], batch_size=BATCH)
    Membership.objects.bulk_update(closed, ["to_on", "end_reason"], batch_size=BATCH)
    opened = Membership.objects.bulk_create(
        (
            Membership(
                member_id=period.member_id,
                branch_id=period.branch_id,
                group_id=members[period.member_id].group_id,
                from_on=today,
            )
            for period in closed
        ),
        batch_size=BATCH,
    )
    for period in opened:
        plans[period.member_id].before["period"]["opened"] = period.pk


def as_json(value: Any) -> Any:
    """Return a field's value as it is kept with the row: days as text, rows by their key."""
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if isinstance(value, Model) else value
