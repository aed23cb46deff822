"""Whichever script somebody types, what is meant is found; what is kept stays as it was typed."""

import pytest

from branches.models import Member, Organization
from branches.scripts import fold, spellings
from branches.search import containing
from tests import factories


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("黨支部", "党支部"),
        ("杜村鄉委員會", "杜村乡委员会"),
        ("轉 正　日期", "转正日期"),
        ("姓　名", "姓名"),
        ("規范", "规范"),
    ],
)
def test_both_scripts_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("於洪喜", ["於洪喜", "于洪喜"]),
        ("于洪喜", ["于洪喜", "於洪喜"]),
        ("黨支部", ["黨支部", "党支部"]),
        ("党支部", ["党支部", "黨支部"]),
        ("規范", ["規范", "规范", "規範"]),
        ("ljg", ["ljg"]),
    ],
)
def test_words_are_looked_for_in_both_scripts(typed, found):
    assert spellings(typed) == found


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["於洪喜", "于洪喜", "洪喜"])
def test_a_member_is_found_in_either_script(typed):
    branch = factories.branch("上峰村第一党支部")
    member = factories.member(branch, "于洪喜")
    factories.member(branch, "李建国")
    assert list(Member.objects.search(typed)) == [member]
    assert member.name == "于洪喜"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "typed"),
    [("五阳村第一党支部", "五陽村第一黨支部"), ("五陽村第一黨支部", "五阳村第一")],
)
def test_a_branch_is_found_in_either_script(name, typed):
    branch = factories.branch(name)
    factories.branch("西河村第一党支部", parent=branch.township)
    assert list(Organization.objects.filter(containing(typed, "name", "short_name"))) == [branch]
