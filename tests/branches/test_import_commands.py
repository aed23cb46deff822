"""The command line, with the sample files as an office would hand them in."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from shutil import copy

import pytest
import time_machine
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from branches.models import (
    ImportRow,
    Member,
    Membership,
    Organization,
    OrganizationKind,
    PartyGroup,
    RosterImport,
)
from tests import factories
from tests.branches import sheets

pytestmark = pytest.mark.django_db

EXPECTED = json.loads(
    (Path(__file__).parents[1] / "data" / "ducun-roster.expected.json").read_text()
)


@pytest.fixture(autouse=True)
def november_2026():
    with time_machine.travel(datetime(2026, 11, 24, 4, 0, tzinfo=UTC), tick=False):
        yield


def run(command: str, file, *options: str) -> tuple[int, dict]:
    """Run a command with --json; return its exit code and what it printed."""
    out, code = StringIO(), 0
    try:
        call_command(command, str(file), "--json", *options, stdout=out, stderr=StringIO())
    except CommandError as error:
        code = error.returncode
    printed = json.loads(out.getvalue())
    assert set(printed) == {"rows", "created", "updated", "unchanged", "refused"}
    return code, printed


@pytest.fixture
def roster(tmp_path):
    """The sample roster, where the file of refused rows may be written beside it."""
    return Path(copy(sheets.ROSTER, tmp_path))


@pytest.fixture
def tree():
    call_command("import_organizations", sheets.ORGANIZATIONS, verbosity=0)


def test_the_tree_is_imported_into_an_empty_database():
    code, printed = run("import_organizations", sheets.ORGANIZATIONS)
    assert code == 0
    assert printed == {"rows": 27, "created": 27, "updated": 0, "unchanged": 0, "refused": []}
    township = Organization.objects.townships().get()
    assert township.parent.kind == OrganizationKind.COUNTY
    assert township.parent.short_name == "青阳县委"
    branch = Organization.objects.get(short_name="上峰村第二党支部")
    assert branch.parent.short_name == "上峰村党总支"
    assert branch.township == township
    assert branch.path.startswith(township.path)
    assert branch.code.startswith(branch.parent.code)
    assert branch.initials == "sfcdedzb"
    assert Organization.objects.within(township).branches().count() == 22


def test_importing_the_tree_again_changes_nothing(tree):
    before = list(Organization.objects.values())
    code, printed = run("import_organizations", sheets.ORGANIZATIONS)
    assert code == 0
    assert printed["unchanged"] == 27
    assert list(Organization.objects.values()) == before
    assert RosterImport.objects.count() == 1


def test_one_refused_row_keeps_the_roster_out(tree, roster):
    code, printed = run("import_roster", roster)
    assert code == 1
    assert printed["rows"] == EXPECTED["rows"]
    assert printed["created"] == 0
    assert not Member.objects.exists()
    assert not PartyGroup.objects.exists()
    assert [(one["row"], one["column"]) for one in printed["refused"]] == [
        (bad["row"], bad["column"]) for bad in EXPECTED["bad"]
    ]
    assert all(one["reason"] for one in printed["refused"])
    assert {one["row"]: one["value"] for one in printed["refused"]}[599] == "1380013"


def test_the_good_rows_alone_are_imported_when_asked_for(tree, roster):
    code, printed = run("import_roster", roster, "--partial")
    assert code == 0
    assert printed["created"] == EXPECTED["good"]
    assert Member.objects.count() == Membership.objects.filter(to_on=None).count() == 594
    assert PartyGroup.objects.count() == 31
    refused = load_workbook(roster.with_name("ducun-roster-refused.xlsx")).active
    lines = list(refused.iter_rows(values_only=True))
    assert [line[0] for line in lines[1:]] == [bad["row"] for bad in EXPECTED["bad"]]
    assert all(line[1] for line in lines[1:])
    assert lines[0][2] == "姓名"


def test_what_the_cells_say_is_what_the_members_are(tree, roster):
    run("import_roster", roster, "--partial")
    first = Member.objects.get(name="邹卫")
    assert (first.sex, first.ethnicity, f"{first.born_on}") == ("male", "汉族", "1991-05-19")
    assert (f"{first.joined_on}", f"{first.full_on}") == ("2019-03-22", "2020-03-22")
    assert first.branch.short_name == "杜村村第一党支部"
    assert (first.group.name, first.is_floating) == ("第一党小组", True)
    assert (first.floating_to, first.initials) == ("浙江省宁波市鄞州区", "zw")
    assert Member.objects.filter(name="段福").exists()
    assert Member.objects.filter(name="廖敏生", phone="18570983436", full_on=None).exists()
    assert Member.objects.filter(name="王建国").count() == 2
    assert not Member.objects.filter(name__contains=" ").exists()


def test_importing_the_roster_again_changes_nothing(tree, roster):
    run("import_roster", roster, "--partial")
    before = list(Member.objects.order_by("pk").values())
    code, printed = run("import_roster", roster, "--partial")
    assert (code, printed["created"], printed["updated"]) == (0, 0, 0)
    assert printed["unchanged"] == EXPECTED["good"]
    assert list(Member.objects.order_by("pk").values()) == before


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tree, roster):
    code, printed = run("import_roster", roster, "--dry-run", "--partial")
    assert (code, printed["created"]) == (0, 594)
    assert not Member.objects.exists()
    assert list(roster.parent.iterdir()) == [roster]
    assert run("import_roster", roster, "--dry-run")[0] == 1


def test_the_roster_may_be_limited_to_one_part_of_the_tree(tree, roster):
    branch = Organization.objects.get(short_name="上峰村第一党支部")
    code, printed = run("import_roster", roster, "--partial", "--organization", branch.code)
    assert code == 0
    assert printed["created"] == Member.objects.filter(branch=branch).count() == 33
    assert Member.objects.exclude(branch=branch).count() == 0


def test_an_unknown_part_of_the_tree_is_said_to_be_unknown(tree):
    with pytest.raises(CommandError, match="没有编码为X9的党组织"):
        call_command("import_roster", sheets.ROSTER, "--organization", "X9")


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", sheets.ROSTER.read_bytes()[:9000]]
)
def test_a_file_that_cannot_be_read_is_one_refusal_of_row_0(tree, tmp_path, content):
    file = tmp_path / "名册.xlsx"
    file.write_bytes(content)
    code, printed = run("import_roster", file)
    assert code == 1
    assert printed["rows"] == 0
    assert [(one["row"], one["value"]) for one in printed["refused"]] == [(0, "名册.xlsx")]
    assert not Member.objects.exists()


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    code, printed = run("import_roster", tmp_path / "nothing.xlsx")
    assert code == 1
    assert "打不开" in printed["refused"][0]["reason"]


def test_columns_in_another_order_under_other_names_give_the_same_members(tree, roster, tmp_path):
    names = {
        "姓名": "黨員姓名",
        "出生日期": "出生年月",
        "入党日期": "加入黨組織日期",
        "转正日期": "轉為正式黨員日期",
        "人员类别": "人員類別",
        "所在党支部": "黨支部",
        "手机号码": "聯繫電話",
        "学历": "文化程度",
    }
    rows = list(load_workbook(roster).active.iter_rows(min_row=3, max_row=606, values_only=True))
    headers = [names.get(header, header) for header in rows[0]]
    turned = [list(reversed(row)) for row in [headers, *rows[1:]]]
    file = tmp_path / "other.xlsx"
    file.write_bytes(sheets.workbook(("名册", turned)).getvalue())
    code, printed = run("import_roster", file, "--partial")
    assert (code, printed["created"], len(printed["refused"])) == (0, 594, 9)
    assert run("import_roster", roster, "--partial")[1]["unchanged"] == 594


def test_a_gb18030_text_gives_the_same_members(tree, roster, tmp_path):
    rows = load_workbook(roster).active.iter_rows(min_row=3, values_only=True)
    lines = [",".join("" if v is None else str(v) for v in row) for row in rows]
    file = tmp_path / "名册.csv"
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    code, printed = run("import_roster", file, "--partial")
    assert (code, printed["created"], len(printed["refused"])) == (0, 594, 9)
    assert run("import_roster", roster, "--partial")[1]["unchanged"] == 594


def huge(count: int):
    rows = [
        sheets.person(
            f"党员{chr(0x4E00 + n // 200)}{chr(0x5000 + n % 200)}", 手机号码=f"139{n:08d}"
        )
        for n in range(count)
    ]
    return sheets.people(*rows)


def test_twenty_thousand_rows_are_imported(tmp_path):
    factories.branch("上峰村第一党支部")
    file = tmp_path / "huge.xlsx"
    file.write_bytes(huge(20_000).getvalue())
    code, printed = run("import_roster", file)
    assert (code, printed["created"]) == (0, 20_000)
    assert Member.objects.count() == ImportRow.objects.count() == 20_000


def test_the_statements_of_an_import_do_not_grow_with_its_rows(
    tmp_path, django_assert_max_num_queries
):
    factories.branch("上峰村第一党支部")
    file = tmp_path / "some.xlsx"
    file.write_bytes(huge(100).getvalue())
    with django_assert_max_num_queries(60):
        run("import_roster", file)
