"""A county or a city, in bulk: organizations, members, duties and years of meetings."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db.models import Max

from accounts.models import User
from branches import paths
from branches.models import (
    BranchType,
    Duty,
    DutyKind,
    Member,
    Membership,
    Organization,
    OrganizationKind,
    PartyGroup,
)
from meetings.rules import Span

from . import phrases
from .history import Branch, Person, Writer, plan_months

BATCH_ROWS = 5000
BRANCHES_PER_TOWNSHIP = 25
TOWNSHIPS_PER_COUNTY = 20
FOUNDED = date(2005, 6, 1)


def build(
    *,
    prefix: str,
    branches: int,
    members: int,
    months: int,
    attendance_days: int,
    today: date,
    rng: Random,
) -> None:
    """Make `branches` branches with `members` members and `months` months of meetings."""
    tree = _organizations(prefix, branches)
    _people(tree, members, rng)
    _duties(prefix, tree)
    first = Span.containing(today, "month")
    for _ in range(months):
        first = first.previous
    writer = Writer(
        rng, today, details=False, attendance_since=today - timedelta(days=attendance_days)
    )
    writer.write(plan_months(_loaded(tree, rng), first=first, today=today, rng=rng))


def _organizations(prefix: str, branches: int) -> list[Organization]:
    """Insert county, townships and branches with paths computed beforehand; return the branches."""
    next_pk = (Organization.objects.aggregate(n=Max("pk"))["n"] or 0) + 1
    rows: list[Organization] = []

    def add(kind: str, name: str, parent: Organization | None, **fields) -> Organization:
        pk = next_pk + len(rows)
        row = Organization(
            pk=pk,
            code=f"{prefix}{pk:06d}",
            kind=kind,
            name=f"中共{name}",
            short_name=name,
            parent=parent,
            path=paths.join(parent.path if parent else "", pk),
            established_on=FOUNDED,
            **fields,
        )
        row.township = row if kind == OrganizationKind.TOWNSHIP else (parent and parent.township)
        rows.append(row)
        return row

    leaves, county, township = [], None, None
    for n in range(branches):
        if n % (BRANCHES_PER_TOWNSHIP * TOWNSHIPS_PER_COUNTY) == 0:
            county = add(OrganizationKind.COUNTY, f"第{len(rows) + 1}县委", None)
        if n % BRANCHES_PER_TOWNSHIP == 0:
            name = f"第{n // BRANCHES_PER_TOWNSHIP + 1}乡党委"
            township = add(OrganizationKind.TOWNSHIP, name, county)
        name = f"{township.short_name[:-2]}第{n % BRANCHES_PER_TOWNSHIP + 1}党支部"
        leaves.append(add(OrganizationKind.BRANCH, name, township, branch_type=BranchType.VILLAGE))
    Organization.objects.bulk_create(rows, batch_size=BATCH_ROWS)
    return leaves


def _people(tree: list[Organization], members: int, rng: Random) -> None:
    next_pk = (Member.objects.aggregate(n=Max("pk"))["n"] or 0) + 1
    groups = [
        PartyGroup(branch=branch, name=f"第{n}党小组") for branch in tree for n in ("一", "二")
    ]
    PartyGroup.objects.bulk_create(groups, batch_size=BATCH_ROWS)
    given = phrases.GIVEN.split()
    rows = []
    for n in range(members):
        branch = n % len(tree)
        group = groups[branch * 2 + rng.randint(0, 1)]
        joined = date(rng.randint(1980, 2024), rng.randint(1, 12), rng.randint(1, 28))
        rows.append(
            Member(
                pk=next_pk + n,
                name=rng.choice(phrases.SURNAMES) + rng.choice(given),
                initials="dy",
                sex="male" if rng.random() < 0.7 else "female",
                born_on=joined - timedelta(days=rng.randint(7000, 14000)),
                joined_on=joined,
                full_on=joined + timedelta(days=366),
                is_floating=rng.random() < 0.2,
                branch=tree[branch],
                group=group,
                note=str(n),
            )
        )
    Member.objects.bulk_create(rows, batch_size=BATCH_ROWS, ignore_conflicts=True)
    Membership.objects.bulk_create(
        [
            Membership(member_id=pk, branch_id=branch, group_id=group, from_on=FOUNDED)
            for pk, branch, group in Member.objects.filter(pk__gte=next_pk).values_list(
                "pk", "branch", "group"
            )
        ],
        batch_size=BATCH_ROWS,
    )


def _duties(prefix: str, tree: list[Organization]) -> None:
    """One secretary per branch and one person per duty in the first township and its county."""
    password = make_password("Badu-2026")
    township = tree[0].township
    wanted = [(f"{prefix}zhibu{n}", DutyKind.SECRETARY, branch) for n, branch in enumerate(tree)]
    wanted += [
        (f"{prefix}dangjian", DutyKind.STAFF, township),
        (f"{prefix}lingdao", DutyKind.LEADER, township),
        (f"{prefix}xianwei", DutyKind.OBSERVER, township.parent),
    ]
    users = User.objects.bulk_create(
        [
            User(username=name, full_name=name, password=password, must_change_password=False)
            for name, _kind, _organization in wanted
        ],
        batch_size=BATCH_ROWS,
    )
    Duty.objects.bulk_create(
        [
            Duty(user=user, kind=kind, organization=organization, from_on=FOUNDED)
            for user, (_name, kind, organization) in zip(users, wanted, strict=True)
        ],
        batch_size=BATCH_ROWS,
    )


def _loaded(tree: list[Organization], rng: Random) -> Iterator[Branch]:
    """Yield the branches as the history needs them, a few hundred at a time."""
    for start in range(0, len(tree), 500):
        part = tree[start : start + 500]
        people: dict[int, list[Person]] = {branch.pk: [] for branch in part}
        groups: dict[int, set[int]] = {branch.pk: set() for branch in part}
        rows = Member.objects.filter(branch__in=people).order_by("branch", "pk")
        for pk, name, joined, full, group, floating, branch_id in rows.values_list(
            "pk", "name", "joined_on", "full_on", "group", "is_floating", "branch"
        ):
            on_committee = len(people[branch_id]) < 5
            people[branch_id].append(
                Person(pk, name, joined, full, group, floating, False, on_committee)
            )
            groups[branch_id].add(group)
        for branch in part:
            its = people[branch.pk]
            yield Branch(
                pk=branch.pk,
                township_id=branch.township_id,
                people=its,
                group_ids=sorted(groups[branch.pk]),
                reliability=rng.uniform(0.8, 0.99),
                place=phrases.PLACES[0],
                secretary=its[0] if its else None,
                recorder=its[1] if len(its) > 1 else (its[0] if its else None),
            )
