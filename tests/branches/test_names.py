import pytest

from branches import names


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("李建国", "ljg"),
        ("单小芳", "sxf"),
        ("解放军", "xfj"),
        ("仇英", "qy"),
        ("查良镛", "zly"),
        ("区桂芳", "ogf"),
        ("曾国藩", "zgf"),
        ("任重远", "rzy"),
        ("李　明", "lm"),
        ("阿依古丽·买买提", "ayglmmt"),
        ("乐正子", "yzz"),
        ("Ａ1李", "a1l"),
        ("", ""),
    ],
)
def test_initials_read_surnames_as_surnames(name, letters):
    assert names.initials(name) == letters


def test_letters_of_an_organization_read_words():
    assert names.letters("上峰村第一党支部") == "sfcdydzb"
    assert names.letters("解放村（联合）党支部") == "jfclhdzb"


def test_groups_are_sorted_by_their_numbers():
    numbers = ["一", "二", "三", "九", "十", "十一", "十九", "二十", "二十一"]
    in_order = [f"第{number}党小组" for number in numbers]
    as_strings = sorted(in_order)
    assert as_strings != in_order
    assert sorted(as_strings, key=names.numbered) == in_order
