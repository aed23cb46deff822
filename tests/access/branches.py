"""Who reaches which page of the tree and the roster."""

from datetime import date

from branches.models import (
    DutyKind,
    Exemption,
    ExemptionKind,
    FloatingContact,
    PostRole,
    StandIn,
    Term,
)
from tests import factories
from tests.access.branches_accounts import ACCESS_ACCOUNTS, build_accounts
from tests.access.branches_imports import ACCESS_IMPORTS, build_imports
from tests.access.rows import Row, everyone, statuses
from tests.world import World

# Below one's duty: branch people see their branch, the township's people all of it.
SEEING = statuses(
    secretary=200,
    committee=200,
    staff=200,
    leader=200,
    township_secretary=200,
    observer=200,
)
KEPT_BY_STAFF = statuses(
    secretary=403,
    committee=403,
    staff=200,
    leader=403,
    township_secretary=403,
    observer=403,
)
KEPT_BY_SECRETARY = statuses(
    secretary=200,
    committee=403,
    staff=200,
    leader=403,
    township_secretary=403,
    observer=403,
)
# A leader is known to those who see his branch; he and their staff name his stand-in.
STAND_INS = {"secretary": 403, "committee": 403, "township_secretary": 403, "observer": 403}
# Members and their phones: leaders and observers see none, so nothing of theirs is there.
ROSTER = statuses(secretary=200, committee=200, staff=200, township_secretary=200)
ROSTER_KEPT = statuses(secretary=200, committee=403, staff=200, township_secretary=403)
CONTACT_KEPT = statuses(secretary=302, committee=403, staff=302, township_secretary=403)
MOVED_BY_STAFF = statuses(secretary=403, committee=403, staff=200, township_secretary=403)


def roster_list(**others: int) -> tuple[int, ...]:
    known = {"leader": 403, "observer": 403, "administrator": 403, "auditor": 403}
    return statuses(200, **(known | others))


def build(world: World) -> None:
    branch = world.branch
    world.objects["party_group"] = factories.group(branch)
    world.objects["post"] = factories.post(world.member, PostRole.PUBLICITY)
    world.objects["term"] = Term.objects.create(
        organization=branch, starts_on=date(2022, 3, 1), ends_on=date(2027, 3, 1)
    )
    world.objects["contact"] = branch.contact_points.get()
    world.objects["exemption"] = Exemption.objects.create(
        member=world.member, kind=ExemptionKind.OLD_OR_ILL, from_on=date(2026, 1, 1)
    )
    world.objects["stand_in"] = StandIn.objects.create(
        leader=world.people["leader"],
        deputy=factories.person(DutyKind.LEADER, world.township, "代为联系的领导"),
        from_on=date(2026, 1, 1),
        to_on=date(2099, 1, 1),
    )
    world.objects["floating_contact"] = FloatingContact.objects.create(
        member=world.member, on=date(2026, 11, 1), by=world.people["secretary"]
    )
    build_accounts(world)
    build_imports(world)


def grow(world: World) -> None:
    leader = world.people["leader"]
    for n in range(20):
        StandIn.objects.create(
            leader=leader,
            deputy=factories.person(DutyKind.LEADER, world.township, f"代联系{n}"),
            from_on=date(2100, 1 + n % 12, 1),
            to_on=date(2100, 1 + n % 12, 20),
        )


def of_branch(world: World) -> list[int]:
    return [world.branch.pk]


def of_member(world: World) -> list[int]:
    return [world.member.pk]


ACCESS = {
    "branches:organization_list": Row("get", everyone()),
    "branches:organization_export": Row("get", everyone()),
    "branches:organization_detail": Row("get", SEEING, of_branch),
    "branches:organization_create": Row(
        "get",
        statuses(staff=200, leader=403, township_secretary=403, observer=403),
        lambda world: [world.township.pk],
    ),
    "branches:organization_edit": Row("get", KEPT_BY_STAFF, of_branch),
    "branches:organization_move": Row("get", KEPT_BY_STAFF, of_branch),
    "branches:organization_dissolve": Row("get", KEPT_BY_STAFF, of_branch),
    "branches:group_create": Row("get", KEPT_BY_SECRETARY, of_branch),
    "branches:group_edit": Row("get", KEPT_BY_SECRETARY, lambda w: [w.party_group.pk]),
    "branches:group_dissolve": Row("get", KEPT_BY_SECRETARY, lambda w: [w.party_group.pk]),
    "branches:post_create": Row("get", KEPT_BY_STAFF, of_branch),
    "branches:post_end": Row("get", KEPT_BY_STAFF, lambda w: [w.post.pk]),
    "branches:term_open": Row("get", KEPT_BY_STAFF, of_branch),
    "branches:term_extend": Row("get", KEPT_BY_STAFF, lambda w: [w.term.pk]),
    "branches:contact_point_create": Row("get", KEPT_BY_STAFF, of_branch),
    "branches:contact_point_end": Row("get", KEPT_BY_STAFF, lambda w: [w.contact.pk]),
    "branches:stand_in_create": Row(
        "get",
        statuses(staff=200, leader=200, **STAND_INS),
        lambda w: [w.people["leader"].pk],
    ),
    "branches:stand_in_end": Row(
        "post", statuses(staff=302, leader=302, **STAND_INS), lambda w: [w.stand_in.pk]
    ),
    "branches:member_list": Row("get", roster_list()),
    "branches:member_export": Row("get", roster_list()),
    "branches:member_export_phones": Row(
        "post", roster_list(committee=403, township_secretary=403), data={"reason": "防汛通知"}
    ),
    "branches:member_create": Row("get", KEPT_BY_SECRETARY, of_branch),
    "branches:member_detail": Row("get", ROSTER, of_member),
    "branches:member_edit": Row("get", ROSTER_KEPT, of_member),
    "branches:member_transfer": Row("get", MOVED_BY_STAFF, of_member),
    "branches:member_return": Row("get", MOVED_BY_STAFF, of_member),
    "branches:member_leave": Row("get", ROSTER_KEPT, of_member),
    "branches:member_regroup": Row("get", ROSTER_KEPT, of_member),
    "branches:exemption_create": Row("get", ROSTER_KEPT, of_member),
    "branches:exemption_end": Row("get", ROSTER_KEPT, lambda w: [w.exemption.pk]),
    "branches:contact_note": Row("post", CONTACT_KEPT, of_member),
    "branches:contact_remove": Row("post", CONTACT_KEPT, lambda w: [w.floating_contact.pk]),
    **ACCESS_ACCOUNTS,
    **ACCESS_IMPORTS,
}
