"""Words in pairs for search, in runs of eight for likeness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import words

LONG = "李建国提出村东头茶园的灌溉渠年久失修雨季渗水严重建议今冬组织党员义务清淤再请水利站派人勘察渗漏点"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("黨費", "党费"), ("５＋Ｘ 活动", "5+x活动"), ("  ", ""), ("Badu\u3000八都", "badu八都")],
)
def test_texts_are_compared_in_one_form(text, folded):
    assert words.folded(text) == folded


@given(st.text(min_size=2, max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_text_has_all_pairs_of_a_word_in_it(word, before, after):
    assert words.bigrams(word) <= words.bigrams(before + word + after)


@given(st.text(min_size=2, max_size=2))
def test_a_pair_is_a_plain_word_shorter_than_any_other_token(pair):
    (token,) = words.bigrams(pair)
    assert token.isascii()
    assert token.isalnum()
    assert len(token) < len("kindtalk")


def test_dates_numbers_and_marks_do_not_count():
    assert words.bare("2026年11月9日，到会 12 人。") == words.bare("10月5日到会9人")


def test_shared_texts_are_left_out_whole_and_by_sentences():
    shared = words.pieces(["会议强调抓好秋冬森林防火工作。各支部要发动党员入户宣传！短句。"])
    text = words.bare("各支部要发动党员入户宣传，我们还去了后山。")
    assert words.without(text, shared) == "我们还去了后山"


@pytest.mark.parametrize(
    ("own", "names"),
    [
        (("中共上峰村第一党支部", "上峰村第一党支部"), {"中共上峰村", "上峰村"}),
        (("机关支部",), {"机关支部", "机关"}),
        (("村支部",), {"村支部"}),
    ],
)
def test_a_branch_goes_by_its_own_name_and_its_villages(own, names):
    assert names <= set(words.names(*own))
    assert all(len(name) > 1 for name in words.names(*own))


def test_short_texts_are_not_compared():
    assert words.shingles("全体党员集中学习") == frozenset()
    assert words.bands(frozenset()) == ()


def test_likeness_is_the_share_of_common_runs():
    runs = words.shingles(LONG)
    assert words.likeness(runs, runs) == 1
    assert words.likeness(runs, frozenset()) == 0
    assert 0.8 < words.likeness(runs, words.shingles(LONG[:-4])) < 1


def test_texts_much_alike_share_a_band_and_different_ones_none():
    mine = words.bands(words.shingles(LONG))
    assert len(set(mine)) == words.BANDS
    assert set(mine) & set(words.bands(words.shingles(LONG[:-4])))
    assert not set(mine) & set(words.bands(words.shingles(LONG[::-1])))


def test_the_bands_are_the_same_on_every_machine():
    assert words.bands(frozenset({"一二三四五六七八"}))[0] == 7515979460032742341
