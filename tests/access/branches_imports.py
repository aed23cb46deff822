"""Who reaches the pages of imports: staff of the part of the tree alone."""

from datetime import UTC, datetime

from branches.models import ImportKind, ImportOutcome, ImportRow, RosterImport
from tests.access.rows import Row, statuses
from tests.world import World

# Those who read the township see that the import is there, and are told no; for others it is not.
KEPT = {"leader": 403, "township_secretary": 403, "observer": 403}


def build_imports(world: World) -> None:
    world.objects["roster_import"] = RosterImport.objects.create(
        kind=ImportKind.ROSTER,
        organization=world.township,
        file_name="党员花名册.xlsx",
        row_count=1,
        uploaded_by=world.people["staff"],
        uploaded_at=datetime(2026, 11, 24, 4, 0, tzinfo=UTC),
    )
    ImportRow.objects.create(
        batch=world.roster_import,
        number=4,
        outcome=ImportOutcome.REFUSED,
        values={
            "number": 4,
            "sheet": "",
            "place": "",
            "cells": [["姓名", ""], ["入党日期", "2019-03-22"], ["所在党支部", "上峰村第一党支部"]],
            "hints": [],
            "changes": [],
            "added": "",
            "written": {},
        },
        issues=[{"column": "姓名", "value": "", "reason": "缺少姓名"}],
    )


def of_import(world: World) -> list[int]:
    return [world.roster_import.pk]


ACCESS_IMPORTS = {
    "branches:import_list": Row("get", statuses(403, staff=200, stranger=200)),
    "branches:import_create": Row("get", statuses(403, staff=200, stranger=200)),
    "branches:import_template": Row(
        "get", statuses(403, staff=200, stranger=200), lambda w: ["roster"]
    ),
    "branches:import_detail": Row("get", statuses(staff=200, **KEPT), of_import),
    "branches:import_apply": Row("post", statuses(staff=302, **KEPT), of_import),
    "branches:import_discard": Row("post", statuses(staff=302, **KEPT), of_import),
    "branches:import_undo": Row("post", statuses(staff=302, **KEPT), of_import),
    "branches:import_refused": Row("get", statuses(staff=200, **KEPT), of_import),
}
