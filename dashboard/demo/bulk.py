"""A county or a city, in bulk: organizations, members, duties and years of meetings."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
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
from branches.names import initials, letters
from meetings.rules import Span

from . import phrases
from .history import Branch, Person, Writer, plan_months
from .loading import advance_sequences, load

BATCH_ROWS = 5000
BRANCHES_PER_TOWNSHIP = 25
TOWNSHIPS_PER_COUNTY = 20
FOUNDED = date(2005, 6, 1)
GIVEN_NAMES = phrases.GIVEN.split()
# A few thousand names recur; each is spelled once.
_initials = cache(initials)


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
            initials=letters(name),
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
    load(rows)
    advance_sequences(Organization)
    return leaves


def _people(tree: list[Organization], members: int, rng: Random) -> None:
    """Give every branch two groups and its share of the members."""
    next_pk = (Member.objects.aggregate(n=Max("pk"))["n"] or 0) + 1
    groups = PartyGroup.objects.bulk_create(
        [PartyGroup(branch=branch, name=f"第{n}党小组") for branch in tree for n in ("一", "二")],
        batch_size=BATCH_ROWS,
    )
    known: set[tuple] = set()
    for start in range(0, members, BATCH_ROWS):
        rows = [
            _member(next_pk + n, tree[n % len(tree)], groups, n % len(tree) * 2, known, rng)
            for n in range(start, min(start + BATCH_ROWS, members))
        ]
        load(rows)
        load(
            [
                Membership(
                    member_id=row.pk,
                    branch_id=row.branch_id,
                    group_id=row.group_id,
                    from_on=max(FOUNDED, row.joined_on),
                )
                for row in rows
            ]
        )
    advance_sequences(Member)


def _member(
    pk: int,
    branch: Organization,
    groups: list[PartyGroup],
    first_group: int,
    known: set[tuple],
    rng: Random,
) -> Member:
    """Make a member of one of the branch's two groups whom nobody there can be mistaken for."""
    joined = date(rng.randint(1980, 2024), rng.randint(1, 12), rng.randint(1, 28))
    identity = None
    while identity is None or identity in known:
        name = rng.choice(phrases.SURNAMES) + rng.choice(GIVEN_NAMES)
        born = joined - timedelta(days=rng.randint(7000, 14000))
        identity = (branch.pk, name, born)
    known.add(identity)
    return Member(
        pk=pk,
        name=name,
        initials=_initials(name),
        sex="male" if rng.random() < 0.7 else "female",
        born_on=born,
        joined_on=joined,
        full_on=joined + timedelta(days=366),
        is_floating=rng.random() < 0.2,
        branch=branch,
        group=groups[first_group + rng.randint(0, 1)],
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
