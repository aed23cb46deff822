"""What the import makes of a list of organizations."""

from datetime import UTC, datetime

import pytest

from branches.models import ImportKind, ImportOutcome, Organization, OrganizationKind
from branches.services.imports import import_file
from tests import factories
from tests.branches import sheets

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
HEADERS = ("党组织全称", "简称", "组织类别", "支部类型", "上级党组织", "成立日期")
TOWNSHIP = "中国共产党青阳县杜村乡委员会"


def load(*rows, headers=HEADERS, organization=None):
    return import_file(
        sheets.workbook(("党组织", [headers, *rows])),
        "党组织.xlsx",
        kind=ImportKind.ORGANIZATIONS,
        organization=organization,
        at=NOW,
        partial=True,
    ).plans


def row(name, kind="党支部", parent=TOWNSHIP, *, short="", branch_type="", established=""):
    return name, short, kind, branch_type, parent, established


def refusal(*rows, **options) -> tuple[str, str]:
    plan = load(*rows, **options)[-1]
    assert plan.outcome == ImportOutcome.REFUSED
    return plan.issues[0].column, plan.issues[0].reason


@pytest.fixture
def township():
    return (
        load(row(TOWNSHIP, "党委", "中国共产党青阳县委员会"))[0]
        and Organization.objects.townships().get()
    )


def test_parents_may_stand_below_their_children():
    plans = load(
        row("中共杜村乡西河村第一党支部", parent="西河村党总支"),
        row("中共杜村乡西河村总支部委员会", "党总支", short="西河村党总支"),
        row(TOWNSHIP, "党委", "中国共产党青阳县委员会", short="杜村乡党委"),
    )
    assert [plan.outcome for plan in plans] == ["created"] * 3
    branch = Organization.objects.branches().get()
    assert [o.short_name for o in (branch.parent, branch.township, branch.township.parent)] == [
        "西河村党总支",
        "杜村乡党委",
        "青阳县委",
    ]
    assert branch.path.startswith(branch.parent.path)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("党支部", "branch"),
        ("联合党支部", "branch"),
        ("631", "branch"),
        ("632 联合党支部", "branch"),
        ("党总支", "general_branch"),
        ("621党总支", "general_branch"),
        ("641", "general_branch"),
        ("党委", "general_branch"),
        ("黨支部", "branch"),
        ("", "branch"),
    ],
)
def test_kinds_are_known_by_name_and_provincial_code(township, text, kind):
    load(row("中共杜村乡宗文村支部委员会", text))
    assert Organization.objects.get(parent=township).kind == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("村", "village"),
        ("行政村", "village"),
        ("社区", "community"),
        ("乡机关", "office"),
        ("学校", "institution"),
        ("非公企业", "enterprise"),
        ("离退休", "retired"),
        ("流动党员", "floating"),
    ],
)
def test_types_of_branches_are_known_by_their_usual_words(township, text, expected):
    load(row("中共杜村乡某支部委员会", branch_type=text))
    assert Organization.objects.branches().get().branch_type == expected


def test_codes_run_on_from_the_parents(township):
    load(row("中共杜村乡甲村支部委员会"), row("中共杜村乡乙村支部委员会"))
    load(row("中共杜村乡丙村支部委员会"))
    codes = Organization.objects.branches().order_by("pk").values_list("code", flat=True)
    assert list(codes) == [f"{township.code}{n:03d}" for n in (1, 2, 3)]


def test_a_code_of_the_sheet_is_kept_and_knows_the_row_again(township):
    headers = ("党组织编码", *HEADERS)
    load(("034001", *row("中共杜村乡甲村支部委员会")), headers=headers)
    (plan,) = load(("034001", *row("中共杜村乡甲乙村支部委员会")), headers=headers)
    assert plan.outcome == ImportOutcome.UPDATED
    assert Organization.objects.get(code="034001").name == "中共杜村乡甲乙村支部委员会"


def test_a_missing_short_name_is_the_name_without_its_places(township):
    load(row("中共青阳县杜村乡甲村支部委员会"))
    assert Organization.objects.branches().get().short_name == "甲村党支部"


def test_what_differs_is_changed(township):
    load(row("中共杜村乡甲村支部委员会", branch_type="村", established="2005-06-01"))
    (plan,) = load(row("中共杜村乡甲村支部委员会", branch_type="社区", short="甲社区党支部"))
    assert [tuple(change) for change in plan.changes] == [
        ("简称", "甲村党支部", "甲社区党支部"),
        ("支部类型", "村", "社区"),
    ]
    branch = Organization.objects.branches().get()
    assert (branch.initials, f"{branch.established_on}") == ("jsqdzb", "2005-06-01")


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        (row("", "党支部"), "党组织全称", "缺少"),
        (row("中共杜村乡甲村支部委员会", "妇联"), "组织类别", "党支部"),
        (row("中共杜村乡甲村支部委员会", "999"), "组织类别", "不认识"),
        (row("甲", ""), "组织类别", "缺少组织类别"),
        (row("中共杜村乡甲村支部委员会", branch_type="别的"), "支部类型", "流动党员"),
        (row("中共杜村乡甲村支部委员会", parent=""), "上级党组织", "缺少"),
        (row("中共杜村乡甲村支部委员会", parent="某某党总支"), "上级党组织", "没有这个"),
        (row("中共杜村乡甲村支部委员会", established="2027-01-01"), "成立日期", "将来"),
        (row("中共杜村乡甲村支部委员会", established="2023-02-30"), "成立日期", "没有这一天"),
        (row("中共杜村乡甲村总支部委员会", "党总支", "青阳县委"), "上级党组织", "不能设在"),
    ],
)
def test_a_row_with_a_fault_is_refused_at_its_column(township, cells, column, words):
    found, reason = refusal(cells)
    assert found == column
    assert words in reason
    assert not Organization.objects.branches().exists()


def test_the_same_organization_twice_is_refused(township):
    assert refusal(*[row("中共杜村乡甲村支部委员会")] * 2) == ("党组织全称", "与第2行重复")


def test_what_stands_below_a_refused_row_is_refused(township):
    column, reason = refusal(
        row("中共杜村乡甲村总支部委员会", "党总支", established="明年"),
        row("中共杜村乡甲村第一党支部", parent="中共杜村乡甲村总支部委员会"),
    )
    assert (column, reason) == ("上级党组织", "上级党组织（第2行）不予导入")


def test_two_that_stand_below_each_other_are_refused(township):
    plans = load(
        row("中共杜村乡甲村总支部委员会", "党总支", "乙村党总支"),
        row("中共杜村乡乙村总支部委员会", "党总支", "甲村党总支"),
    )
    assert [plan.outcome for plan in plans] == ["refused", "refused"]
    assert "互相隶属" in plans[0].issues[0].reason


def test_moving_and_changing_kind_are_for_people(township):
    load(row("中共杜村乡甲村总支部委员会", "党总支"), row("中共杜村乡甲村支部委员会"))
    assert "现隶属" in refusal(row("中共杜村乡甲村支部委员会", parent="甲村党总支"))[1]
    assert "不能通过导入更改" in refusal(row("中共杜村乡甲村支部委员会", "党总支"))[1]


def test_staff_import_only_below_their_own(township):
    other = factories.township("木镇镇党委", parent=township.parent)
    assert load(row("中共杜村乡甲村支部委员会"), organization=township)[0].outcome == "created"
    column, _reason = refusal(
        row("中共木镇镇丙村支部委员会", parent="木镇镇党委"), organization=township
    )
    assert column == "上级党组织"
    assert not Organization.objects.filter(parent=other).exists()
    assert (
        "范围"
        in refusal(row("中共青阳县直属支部委员会", parent="青阳县委"), organization=township)[1]
    )


def test_a_county_is_made_only_where_the_whole_tree_is_imported():
    township = factories.township()
    column, _reason = refusal(
        row("中共某乡委员会", "党委", "中共某县委员会"), organization=township
    )
    assert column == "上级党组织"
    assert Organization.objects.filter(kind=OrganizationKind.COUNTY).count() == 1


def test_a_name_with_its_places_means_who_stands_there_without_them():
    township = factories.township("杜村乡党委")
    plan = load(row(TOWNSHIP, "党委", "青阳县委"))[0]
    assert (plan.outcome, plan.target) == (ImportOutcome.UPDATED, township.pk)
    assert Organization.objects.townships().get().name == TOWNSHIP


def test_a_branch_of_another_township_may_bear_the_same_name(township):
    other = factories.township("木镇镇党委", parent=township.parent)
    load(row("中共机关第一支部委员会"))
    (plan,) = load(row("中共木镇镇机关第一支部委员会", parent="木镇镇党委"))
    assert plan.outcome == ImportOutcome.CREATED
    assert Organization.objects.get(parent=other).short_name == "机关第一党支部"
