"""Who reaches which page of the tree and the roster."""

from datetime import date

from branches.models import Exemption, ExemptionKind, PostRole, Term
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
# Members and their phones: leaders and observers see none, so nothing of theirs is there.
ROSTER = statuses(secretary=200, committee=200, staff=200, township_secretary=200)
ROSTER_KEPT = statuses(secretary=200, committee=403, staff=200, township_secretary=403)
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
    build_accounts(world)
    build_imports(world)


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
    **ACCESS_ACCOUNTS,
    **ACCESS_IMPORTS,
}
