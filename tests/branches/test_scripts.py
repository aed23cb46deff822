"""Whichever script somebody types, what is meant is found; what is kept stays as it was typed."""

import opencc
import pytest

from branches.models import Member, Organization
from branches.scripts import fold, spellings
from branches.search import containing
from tests import factories


def daily_characters(charset: str, first: int, last: int) -> str:
    """Return the Chinese characters of a range of a charset of two bytes."""
    pairs = (bytes([high, low]) for high in range(first, last + 1) for low in range(0x40, 0xFF))
    texts = "".join(pair.decode(charset, "ignore") for pair in pairs)
    return "".join(letter for letter in texts if "一" <= letter <= "鿿")


@pytest.mark.parametrize(
    ("charset", "first", "last", "exceptions"),
    [
        ("big5", 0xA4, 0xC6, "乾"),  # the Traditional characters of daily use
        ("gb2312", 0xB0, 0xF7, "乾榘袷麽"),  # those of Simplified stay as they are
    ],
)
def test_characters_of_daily_use_are_folded_as_opencc_does(charset, first, last, exceptions):
    convert = opencc.OpenCC("t2s").convert
    letters = daily_characters(charset, first, last)
    assert len(letters) > 5000
    wrong = {c: (fold(c), convert(c)) for c in letters if fold(c) != convert(c)}
    assert set(wrong) <= set(exceptions), wrong


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("於洪喜", ["於洪喜", "于洪喜"]),
        ("于洪喜", ["于洪喜"]),
        ("黨支部", ["黨支部", "党支部"]),
        ("党支部", ["党支部", "黨支部"]),
        ("規范", ["規范", "规范", "規范"]),
        ("ljg", ["ljg"]),
    ],
)
def test_words_are_looked_for_in_both_scripts(typed, found):
    assert spellings(typed) == list(dict.fromkeys(found))


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
