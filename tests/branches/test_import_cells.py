"""What one cell means."""

from datetime import date
from itertools import chain

import pytest
from opencc import OpenCC

from branches.roster import cells, columns
from branches.roster.directory import core


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-03-22", date(2019, 3, 22)),
        ("2019/3/22", date(2019, 3, 22)),
        ("1970.03.28", date(1970, 3, 28)),
        ("20210403", date(2021, 4, 3)),
        ("2024年10月15日", date(2024, 10, 15)),
        ("2024年1月5号", date(2024, 1, 5)),
        ("２０１９－０３－２２", date(2019, 3, 22)),
        ("2019 - 03 - 22", date(2019, 3, 22)),
        ("2019-03-22 00:00:00", date(2019, 3, 22)),
        ("43546", date(2019, 3, 22)),
        ("二〇一九年三月二十二日", date(2019, 3, 22)),
        ("一九九八年十月三十日", date(1998, 10, 30)),
        ("二○○一年十一月十日", date(2001, 11, 10)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_day_is_read_however_it_is_typed(text, expected):
    assert cells.day(text) == (expected, True)


@pytest.mark.parametrize("text", ["1998.07", "1998年7月", "1998-7", "199807", "一九九八年七月"])
def test_a_month_is_its_first_day_and_known_to_be_a_month(text):
    assert cells.day(text) == (date(1998, 7, 1), False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023-02-30", "没有这一天"),
        ("2023-13-01", "没有这一天"),
        ("20230230", "没有这一天"),
        ("98.7.1", "四位数"),
        ("1998", "只有年份"),
        ("1898-01-01", "年份太早"),
        ("1998.1", "1998-01或1998-10"),
        ("上世纪", "不是日期"),
        ("7/1/1998", "不是日期"),
    ],
)
def test_what_is_no_day_is_refused_with_its_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        cells.day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("李　明", "李明"),
        (" 段福 ", "段福"),
        ("李明(lǐ míng)", "李明"),
        ("王（wáng）建国", "王建国"),
        ("李明（大）", "李明（大）"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Anna Li", "Anna Li"),
        ("于洪喜", "于洪喜"),
    ],
)
def test_a_name_loses_blanks_and_pinyin_and_nothing_else(text, expected):
    assert cells.person_name(text) == expected


@pytest.mark.parametrize("text", ["李明2", "—", "#N/A"])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(ValueError):
        cells.person_name(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("159 4847 0052", "15948470052"),
        ("+86 138-1234-5678", "13812345678"),
        ("0566-5021234", "05665021234"),
    ],
)
def test_a_phone_number_is_its_digits(text, expected):
    assert cells.phone(text) == expected


@pytest.mark.parametrize("text", ["1380013", "138123456789", "23812345678", "同上", "5021234"])
def test_what_is_no_phone_number_is_refused(text):
    with pytest.raises(ValueError):
        cells.phone(text)


def test_two_numbers_in_a_cell_are_refused():
    with pytest.raises(ValueError, match="只填一个"):
        cells.phone("13812345678、13912345678")


@pytest.mark.parametrize(("text", "expected"), [("汉", "汉族"), ("畲族", "畲族"), ("其他", "其他")])
def test_an_ethnicity_ends_in_its_word(text, expected):
    assert cells.ethnicity(text) == expected


@pytest.mark.parametrize("text", ["正式党员", "正式", "正式黨員", "中共正式党员"])
def test_a_full_member_goes_by_several_names(text):
    assert cells.status(text) == cells.FULL


@pytest.mark.parametrize("text", ["群众", "共青团员", "入党积极分子"])
def test_who_is_no_member_is_refused(text):
    with pytest.raises(ValueError, match="只导入"):
        cells.status(text)


@pytest.mark.parametrize(
    ("official", "daily"),
    [
        ("中共杜村乡上峰村总支部委员会", "杜村乡上峰村党总支"),
        ("中共杜村乡卫生院支部", "杜村乡卫生院党支部"),
        ("中共杜村乡农业合作社联合支部", "杜村乡农业合作社联合党支部"),
        ("中国共产党青阳县杜村乡委员会", "青阳县杜村乡党委"),
        ("中國共產黨青陽縣委員會", "青阳县党委"),
        ("青阳县委", "青阳县党委"),
        ("上峰村黨支部", "上峰村党支部"),
    ],
)
def test_official_and_daily_names_meet(official, daily):
    assert core(official) == daily


def test_headers_are_known_under_all_their_names():
    headers = (
        "姓 名",
        "*出生年月",
        "加入黨組織日期",
        "轉為正式黨員日期",
        "党支部名称",
        "联系方式（手机）",
    )
    assert columns.fields_of(columns.ROSTER, headers) == {
        "name": 0,
        "born_on": 1,
        "joined_on": 2,
        "full_on": 3,
        "branch": 4,
        "phone": 5,
    }


def test_the_surest_name_wins_where_two_columns_could_be_meant():
    headers = ("姓名", "隶属党组织", "入党日期", "所在党支部")
    assert columns.fields_of(columns.ROSTER, headers)["branch"] == 3


@pytest.mark.parametrize("script", ["s2tw", "s2t", "s2hk"])
def test_every_header_is_known_in_traditional_script(script):
    convert = OpenCC(script).convert
    for synonyms in columns.SYNONYMS.values():
        for synonym in chain(*synonyms.values(), columns.IDENTITY_NUMBERS):
            assert columns.bare_header(convert(synonym)) == synonym
