"""What the import makes of a roster's rows, one rule a test."""

from datetime import UTC, date, datetime

import pytest

from branches.models import ImportKind, ImportOutcome, Member, Membership, PartyGroup
from branches.services.imports import import_file
from tests import factories
from tests.branches import sheets
from tests.branches.sheets import people, person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def branch():
    return factories.branch("上峰村第一党支部")


def load(file, *, organization=None, partial=True, at=NOW):
    return import_file(
        file, "名册.xlsx", kind=ImportKind.ROSTER, organization=organization, at=at, partial=partial
    )


def only(file, **options):
    """Import a sheet of one row and return what was made of it."""
    (plan,) = load(file, **options).plans
    return plan


def refusal(file, **options) -> tuple[str, str]:
    """Import a sheet whose last row is refused; return the column and the reason."""
    plan = load(file, **options).plans[-1]
    assert plan.outcome == ImportOutcome.REFUSED
    return plan.issues[0].column, plan.issues[0].reason


# --- One row by itself -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"姓名": None}, "姓名", "缺少姓名"),
        ({"入党日期": None}, "入党日期", "缺少入党日期"),
        ({"入党日期": "2023-02-30"}, "入党日期", "没有这一天"),
        ({"入党日期": "2026-11-25"}, "入党日期", "在将来"),
        ({"入党日期": "1969-12-31"}, "入党日期", "早于出生日期"),
        ({"入党日期": "1987-12-31"}, "入党日期", "不满18周岁"),
        ({"转正日期": "2000-06-30"}, "转正日期", "早于入党日期"),
        ({"转正日期": "2026-11-25"}, "转正日期", "在将来"),
        ({"转正日期": None}, "转正日期", "缺少转正日期"),
        ({"人员类别": "群众"}, "人员类别", "只导入"),
        ({"人员类别": "预备党员"}, "转正日期", "预备党员不应有"),
        ({"所在党支部": None}, "所在党支部", "缺少所在党支部"),
        ({"所在党支部": "上风村第一党支部"}, "所在党支部", "上峰村第一党支部"),
        ({"手机号码": "1380013"}, "手机号码", "7位"),
        ({"性别": "不详"}, "性别", "男"),
        ({"是否流动党员": "也许"}, "是否流动党员", "是"),
        ({"学历": "很" * 21}, "学历", "20个字"),
        ({"备注": "#REF!"}, "备注", "公式错误"),
    ],
)
def test_a_row_with_a_fault_is_refused_at_its_column(branch, cells, column, words):
    found, reason = refusal(people(person(**cells)))
    assert found == column
    assert words in reason
    assert not Member.objects.exists()


def test_a_row_with_several_faults_names_them_all(branch):
    plan = only(people(person(姓名=None, 入党日期="2023-02-30", 手机号码="12")))
    assert [issue.column for issue in plan.issues] == ["姓名", "入党日期", "手机号码"]


def test_eighteen_years_to_the_day_are_enough(branch):
    assert only(people(person(出生日期="1982-07-01"))).outcome == ImportOutcome.CREATED


def test_the_last_day_of_a_month_speaks_for_who_is_known_by_the_month(branch):
    plan = only(people(person(出生日期="1982-07-15", 入党日期="2000.07")))
    assert plan.outcome == ImportOutcome.CREATED
    assert "入党日期只有月份，按当月1日导入" in plan.hints


def test_who_joined_when_there_was_no_probation_is_full_from_that_day(branch):
    plan = only(people(person(出生日期="1950-01-01", 入党日期="1972-05-01", 转正日期=None)))
    assert plan.outcome == ImportOutcome.CREATED
    assert Member.objects.get().full_on == date(1972, 5, 1)


def test_an_expected_day_of_becoming_full_is_left_out(branch):
    only(people(person(人员类别="预备党员", 入党日期="2026-05-01", 转正日期="2027-05-01")))
    assert Member.objects.get().full_on is None


def test_without_the_column_of_kinds_the_day_of_becoming_full_decides(branch):
    row = {k: v for k, v in person().items() if k != "人员类别"}
    headers = tuple(row)
    plans = load(
        sheets.roster(
            row.values(), ("王强", *[*row.values()][1:3], None, row["所在党支部"]), headers=headers
        )
    ).plans
    assert plans[0].outcome == ImportOutcome.CREATED
    assert "无法判断" in plans[1].issues[0].reason


def test_the_sheets_title_may_say_that_all_are_probationary(branch):
    headers = ("姓名", "出生日期", "入党日期", "所在党支部")
    rows = [headers, ("李明", "1999-01-01", "2026-05-01", "上峰村第一党支部")]
    assert only(sheets.workbook(("预备党员", rows))).outcome == ImportOutcome.CREATED


def test_the_sheets_title_may_name_the_branch(branch):
    factories.branch("五阳村第一党支部")
    rows = [
        ("姓名", "出生日期", "入党日期", "转正日期"),
        ("李明", "1970-01-01", "2000-07-01", "2001-07-01"),
    ]
    load(
        sheets.workbook(
            ("上峰村第一党支部", rows),
            ("五阳村第一支部花名册", [*rows[:1], ("王强", *rows[1][1:])]),
        )
    )
    assert [(m.name, str(m.branch)) for m in Member.objects.order_by("pk")] == [
        ("李明", "上峰村第一党支部"),
        ("王强", "五阳村第一党支部"),
    ]


def test_a_sheet_for_one_branch_needs_no_column_of_branches(branch):
    assert (
        only(people(person(所在党支部=None)), organization=branch).outcome == ImportOutcome.CREATED
    )


def test_a_masked_number_of_our_own_export_is_not_imported(branch):
    plan = only(people(person(手机号码="138****5678")))
    assert plan.outcome == ImportOutcome.CREATED
    assert Member.objects.get().phone == ""


# --- Branches ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "上峰村第一党支部",
        "中共上峰村第一党支部",
        "中共杜村乡上峰村第一支部委员会",
        "青阳县杜村乡上峰村第一党支部",
        "上峰村第一支部",
        "上峰村一支部",
        "上峰村第1党支部",
        "上峰村第一黨支部",
        " 上峰村 第一党支部 ",
    ],
)
def test_a_branch_is_known_by_all_its_names(branch, name):
    factories.branch("上峰村第二党支部")
    assert only(people(person(branch=name))).fields["branch"] == branch


def test_a_branch_is_known_by_its_code(branch):
    assert only(people(person(branch=branch.code))).fields["branch"] == branch


def test_a_name_that_two_branches_share_is_left_to_people(branch):
    other = factories.township("木镇镇党委", parent=branch.township.parent)
    factories.branch("上峰村第一党支部", parent=other)
    assert "写全称" in refusal(people(person()))[1]
    assert only(people(person()), organization=branch.township).outcome == ImportOutcome.CREATED


def test_members_do_not_belong_to_a_general_branch(branch):
    factories.organization(kind="general_branch", parent=branch.township, name="西河村党总支")
    assert "写到党支部" in refusal(people(person(branch="西河村党总支")))[1]


def test_a_dissolved_branch_takes_nobody(branch):
    branch.dissolved_on = date(2026, 1, 1)
    branch.save()
    assert "撤销" in refusal(people(person()))[1]


def test_a_branch_outside_of_the_part_meant_is_unknown(branch):
    other = factories.township("木镇镇党委", parent=branch.township.parent)
    assert refusal(people(person()), organization=other)[0] == "所在党支部"


# --- Who is meant ------------------------------------------------------------------------------


def test_the_same_person_twice_in_a_sheet_is_refused_the_second_time(branch):
    assert refusal(people(person(), person())) == ("姓名", "与第2行重复")
    assert Member.objects.count() == 1


def test_a_refused_row_does_not_make_the_next_one_a_repetition(branch):
    report = load(people(person(手机号码="1"), person()))
    assert [plan.outcome for plan in report.plans] == ["refused", "created"]


def test_two_of_one_name_and_different_birth_are_two(branch):
    load(people(person(), person(出生日期="1971-01-01")))
    assert Member.objects.count() == 2


def test_one_person_in_two_branches_of_a_sheet_is_refused(branch):
    factories.branch("五阳村第一党支部")
    column, reason = refusal(people(person(), person(branch="五阳村第一党支部")))
    assert column == "所在党支部"
    assert "同一人" in reason


def test_who_stands_in_another_branch_is_for_people_to_transfer(branch):
    factories.member(factories.branch("五阳村第一党支部"), "李明")
    column, reason = refusal(people(person()))
    assert column == "所在党支部"
    assert reason == "疑似转移组织关系：现在五阳村第一党支部，请在党员页面办理转接"
    assert Member.objects.count() == 1


def test_the_same_name_in_another_township_is_somebody_else(branch):
    other = factories.township("木镇镇党委", parent=branch.township.parent)
    factories.member(factories.branch("朱备村党支部", parent=other), "李明")
    assert only(people(person())).outcome == ImportOutcome.CREATED


def test_who_has_left_is_not_brought_back_by_a_list(branch):
    factories.member(branch, "李明", left_on=date(2025, 3, 1))
    assert "2025-03-01离开" in refusal(people(person()))[1]


def test_without_a_day_of_birth_the_only_one_of_that_name_is_meant(branch):
    factories.member(branch, "李明", joined_on=date(2000, 7, 1), full_on=date(2001, 7, 1))
    assert only(people(person(出生日期=None))).outcome == ImportOutcome.UNCHANGED


def test_without_a_day_of_birth_one_of_several_cannot_be_meant(branch):
    factories.member(branch, "李明")
    factories.member(branch, "李明", born_on=date(1980, 1, 1))
    assert "补充出生日期" in refusal(people(person(出生日期=None)))[1]


def test_a_month_of_birth_means_who_was_born_in_it(branch):
    factories.member(branch, "李明", born_on=date(1970, 1, 15))
    plan = only(people(person(出生日期="1970.01")))
    assert plan.outcome == ImportOutcome.UNCHANGED
    assert Member.objects.get().born_on == date(1970, 1, 15)


def test_a_day_of_birth_is_added_where_none_was_known(branch):
    factories.member(branch, "李明", born_on=None)
    plan = only(people(person()))
    assert [change.label for change in plan.changes] == ["出生日期"]
    assert Member.objects.get().born_on == date(1970, 1, 1)


# --- What becomes of it ------------------------------------------------------------------------


def test_a_new_member_belongs_to_the_branch_since_joining(branch):
    load(people(person(入党日期="2020-07-01", 转正日期="2021-07-01")))
    assert Membership.objects.get().from_on == date(2020, 7, 1)


def test_nobody_belongs_to_a_branch_before_it_was_there(branch):
    load(people(person()))
    assert Membership.objects.get().from_on == branch.established_on == date(2015, 1, 1)


def test_what_differs_is_changed_and_said(branch):
    member = factories.member(branch, "李明", phone="13800000000", education="大专")
    plan = only(people(person(手机号码="13900000000", 学历="大专", 备注="已核对")))
    assert plan.outcome == ImportOutcome.UPDATED
    assert {tuple(change) for change in plan.changes} == {
        ("手机号码", "13800000000", "13900000000"),
        ("备注", "", "已核对"),
    }
    member.refresh_from_db()
    assert (member.phone, member.note) == ("13900000000", "已核对")


def test_an_empty_cell_erases_nothing(branch):
    factories.member(branch, "李明", phone="13800000000", is_floating=True, floating_to="昆山")
    plan = only(people(person(手机号码=None, 是否流动党员=None, 流动去向=None, 转正日期=None)))
    assert plan.outcome == ImportOutcome.UNCHANGED


def test_becoming_full_is_a_change(branch):
    factories.member(branch, "李明", joined_on=date(2025, 7, 1), full_on=None)
    only(people(person(入党日期="2025-07-01", 转正日期="2026-07-01")))
    assert Member.objects.get().full_on == date(2026, 7, 1)


def test_who_is_full_is_not_made_probationary_again(branch):
    factories.member(branch, "李明")
    assert "已于2001-07-01转正" in refusal(people(person(人员类别="预备党员", 转正日期=None)))[1]


def test_sheet_and_roster_together_have_to_make_sense(branch):
    factories.member(branch, "李明")
    column, reason = refusal(people(person(入党日期="2010-07-01", 转正日期=None)))
    assert column == "入党日期"
    assert "2001-07-01" in reason


def test_party_groups_are_made_once_and_found_again(branch):
    report = load(people(person(党小组="第一党小组"), person("王强", 党小组="第一党小组")))
    assert [plan.added for plan in report.plans] == ["第一党小组", ""]
    group = PartyGroup.objects.get()
    assert set(group.members.values_list("name", flat=True)) == {"李明", "王强"}
    assert Membership.objects.filter(group=group).count() == 2


def test_a_dissolved_party_group_takes_nobody(branch):
    factories.group(branch, dissolved_on=date(2026, 1, 1))
    assert "撤销" in refusal(people(person(党小组="第一党小组")))[1]


def test_another_group_ends_one_period_and_begins_the_next(branch):
    old, new = factories.group(branch), factories.group(branch, "第二党小组")
    member = factories.member(branch, "李明", group=old)
    only(people(person(党小组="第二党小组")))
    member.refresh_from_db()
    assert member.group == new
    assert [(p.group, p.to_on) for p in member.memberships.order_by("pk")] == [
        (old, TODAY),
        (new, None),
    ]


def test_a_group_corrected_on_the_same_day_leaves_no_second_period(branch):
    old, new = factories.group(branch), factories.group(branch, "第二党小组")
    member = factories.member(branch, "李明", group=old, from_on=TODAY)
    only(people(person(党小组="第二党小组")))
    assert member.memberships.get().group == new


def test_all_or_nothing_is_the_rule(branch):
    report = load(people(person(), person("王强", 手机号码="1")), partial=False)
    assert not report.is_applied
    assert not Member.objects.exists()
