"""Rows of accounts, suggestions, the calendar and the audit log, merged by branches.py."""

from branches.models import Duty, DutyKind, Suggestion
from tests import factories
from tests.access.rows import Row, everyone, statuses

KEEPERS = {"staff": 200, "administrator": 200}
# The account of the branch's secretary: in the gift of its township's staff and administrator;
# out of reach for the staff of another township.
KEPT = {"staff": 302, "administrator": 302, "stranger": 404}
NOT_KEEPING = 403


def build_accounts(world) -> None:
    secretary = world.people["secretary"]
    world.objects["duty"] = Duty.objects.get(user=secretary)
    world.objects["linkable"] = factories.member(world.branch, secretary.full_name)
    world.objects["suggestion"] = Suggestion.objects.create(
        organization=world.township,
        author=secretary,
        text="清单的字再大一点",
        created_at=factories.NOON,
    )


def account(world) -> list[int]:
    return [world.people["secretary"].pk]


def new_account(world) -> dict:
    return {
        "full_name": "新书记",
        "username": "xinshuji",
        "kind": DutyKind.SECRETARY,
        "organization": world.branch.pk,
        "from_on": "2026-11-24",
    }


def new_duty(world) -> dict:
    return {
        "kind": DutyKind.COMMITTEE,
        "organization": world.branch.pk,
        "from_on": "2026-11-24",
    }


ACCESS_ACCOUNTS = {
    "branches:account_list": Row("get", statuses(NOT_KEEPING, **KEEPERS, stranger=200)),
    # The stranger's own form does not offer this branch: it comes back with an error.
    "branches:account_create": Row(
        "post", statuses(NOT_KEEPING, **KEEPERS, stranger=200), data=new_account
    ),
    "branches:account_edit": Row(
        "get", statuses(NOT_KEEPING, **KEEPERS, stranger=404), args=account
    ),
    "branches:account_reset_password": Row(
        "post", statuses(NOT_KEEPING, **KEEPERS, stranger=404), args=account
    ),
    "branches:account_deactivate": Row("post", statuses(NOT_KEEPING, **KEPT), args=account),
    "branches:account_activate": Row("post", statuses(NOT_KEEPING, **KEPT), args=account),
    # Administrators see no members, so they link none.
    "branches:account_link_member": Row(
        "post",
        statuses(NOT_KEEPING, staff=302, stranger=404),
        args=account,
        data=lambda w: {"member": w.linkable.pk},
    ),
    "branches:duty_add": Row("post", statuses(NOT_KEEPING, **KEPT), args=account, data=new_duty),
    "branches:duty_end": Row("post", statuses(NOT_KEEPING, **KEPT), args=lambda w: [w.duty.pk]),
    "branches:suggestion_list": Row("get", everyone()),
    "branches:suggestion_create": Row("post", everyone(302), data={"text": "好用", "page": "/"}),
    "branches:suggestion_answer": Row(
        "post",
        statuses(403, staff=302, administrator=302, stranger=404),
        args=lambda w: [w.suggestion.pk],
        data={"answer": "已改"},
    ),
    "branches:calendar_edit": Row(
        "get", statuses(403, **KEEPERS, stranger=200), args=lambda _w: [2026]
    ),
    "branches:calendar_import": Row(
        "post",
        statuses(403, staff=302, administrator=302, stranger=302),
        args=lambda _w: [2026],
    ),
    "branches:audit_list": Row("get", statuses(403, auditor=200)),
}
