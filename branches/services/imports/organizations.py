"""Writing the good rows of a list of organizations, a level of the tree at a time."""

import secrets
from collections.abc import Iterable
from datetime import date

from branches import names, paths
from branches.models import ImportOutcome, Organization, OrganizationKind
from branches.roster.outcome import Plan
from branches.services.organizations import create_organization

from .members import as_json

BATCH = 500
INITIALS = Organization._meta.get_field("initials").max_length
COMPARED = (
    "code",
    "kind",
    "branch_type",
    "name",
    "short_name",
    "parent_id",
    "established_on",
    "dissolved_on",
    "note",
)


def write_organizations(plans: list[Plan], *, today: date) -> list[str]:
    """Create and update what the rows say; return the paths of the organizations concerned."""
    created = [plan for plan in plans if plan.outcome == ImportOutcome.CREATED]
    updated = [plan for plan in plans if plan.outcome == ImportOutcome.UPDATED]
    there = Organization.objects.in_bulk([plan.target for plan in plans if plan.target])
    _update(updated, there)
    made = _create(created, there)
    return [one.path for one in made] + [there[plan.target].path for plan in updated]


def _create(plans: list[Plan], there: dict[int, Organization]) -> list[Organization]:
    counties = {
        name: create_organization(_county(name)) for name in {p.added for p in plans if p.added}
    }
    codes = _Codes(plans)
    made: dict[int, Organization] = {}
    waiting = plans
    while waiting:
        level, later = [], []
        for plan in waiting:
            parent = plan.fields["parent"] or counties.get(plan.added)
            if plan.above is not None:
                parent = there.get(plan.above.target)
            if plan.above is not None and parent is None:
                later.append(plan)
            else:
                level.append((plan, _organization(plan, parent, codes)))
        _insert([organization for _plan, organization in level])
        for plan, organization in level:
            plan.target, plan.is_new = organization.pk, True
            plan.written = {field: as_json(getattr(organization, field)) for field in COMPARED}
            there[organization.pk] = made[organization.pk] = organization
        waiting = later
    return list(made.values())


def _county(name: str) -> Organization:
    short_name = name.removeprefix("中国共产党").removeprefix("中共").removesuffix("委员会") + "委"
    return Organization(
        kind=OrganizationKind.COUNTY, name=name, short_name=short_name.replace("委委", "委")
    )


def _organization(plan: Plan, parent: Organization | None, codes: "_Codes") -> Organization:
    fields = plan.fields | {"parent": parent}
    organization = Organization(**fields)
    organization.code = fields.get("code") or codes.next(parent)
    organization.initials = names.letters(organization.short_name)[:INITIALS]
    # The path ends in the row's own number, which is known only once it is there.
    organization.path = f"new-{secrets.token_hex(8)}"
    return organization


def _insert(organizations: list[Organization]) -> None:
    Organization.objects.bulk_create(organizations, batch_size=BATCH)
    for organization in organizations:
        parent = organization.parent
        organization.path = paths.join(parent.path if parent else "", organization.pk)
        is_township = organization.kind == OrganizationKind.TOWNSHIP
        organization.township = organization if is_township else parent and parent.township
    Organization.objects.bulk_update(organizations, ["path", "township"], batch_size=BATCH)


def _update(plans: list[Plan], there: dict[int, Organization]) -> None:
    changed: set[str] = set()
    for plan in plans:
        organization = there[plan.target]
        fields = dict(plan.fields)
        if "short_name" in fields:
            fields["initials"] = names.letters(fields["short_name"])[:INITIALS]
        plan.before = {"fields": {field: as_json(getattr(organization, field)) for field in fields}}
        for field, value in fields.items():
            setattr(organization, field, value)
            plan.written[field] = as_json(value)
        changed |= fields.keys()
    if changed:
        Organization.objects.bulk_update(
            [there[plan.target] for plan in plans], sorted(changed), batch_size=BATCH
        )


class _Codes:
    """Codes for organizations that come without: the parent's, and the next running number."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        self.taken = set(Organization.objects.values_list("code", flat=True))
        self.taken |= {plan.fields["code"] for plan in plans if plan.fields.get("code")}
        self.last: dict[str, int] = {}

    def next(self, parent: Organization | None) -> str:
        stem = parent.code if parent else ""
        number = self.last.get(stem, 0) + 1
        while (code := f"{stem}{number:03d}") in self.taken:
            number += 1
        self.last[stem] = number
        self.taken.add(code)
        return code
