"""First letters of the pinyin of names, by which lists are searched and sorted."""

import re
import unicodedata

# Surnames that pypinyin reads as the common word: 单 dan, 解 jie, 仇 chou, 查 cha, 区 qu, 曾 ceng …
SURNAMES = {
    "不": "f",  # fou
    "乐": "y",  # yue
    "仇": "q",  # qiu
    "佴": "n",  # nai
    "便": "p",  # pian
    "區": "o",
    "区": "o",  # ou
    "单": "s",  # shan
    "厘": "x",  # xi
    "召": "s",  # shao
    "句": "g",  # gou
    "單": "s",
    "折": "s",  # she
    "曾": "z",  # zeng
    "查": "z",  # zha
    "樂": "y",
    "祭": "z",  # zhai
    "秘": "b",  # bi
    "种": "c",  # chong
    "種": "c",
    "繁": "p",  # po
    "翟": "z",  # zhai
    "藏": "z",  # zang
    "覃": "q",  # qin
    "解": "x",  # xie
    "郇": "x",  # xun
    "重": "c",  # chong
    "阚": "k",  # kan
}
DIGITS = "一二三四五六七八九"
DOUBLE_SURNAMES = {
    "乐正": "yz",  # yue zheng
    "單于": "cy",  # chan yu
}


def initials(name: str) -> str:
    """Return the first letters of a person's name in lower case: 李建国 → ljg, 单小芳 → sxf."""
    name = _plain(name)
    if name[:2] in DOUBLE_SURNAMES:
        return DOUBLE_SURNAMES[name[:2]] + letters(name[2:])
    if name[:1] in SURNAMES:
        return SURNAMES[name[0]] + letters(name[1:])
    return letters(name)


def letters(text: str) -> str:
    """Return the first letters of any other text: 上峰村第一党支部 → sfcdydzb."""
    # Imported here: its tables take 57 MB that a process which only reads never needs.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(_plain(text), style=Style.FIRST_LETTER, errors=_kept)).lower()


def numbered(name: str) -> str:
    """Return a text to sort names with Chinese numerals by: 第二党小组 comes before 第三党小组."""
    return re.sub(f"[{DIGITS}]?十?[{DIGITS}]?", _in_figures, name)


def _in_figures(match: re.Match) -> str:
    text = match[0]
    if not text:
        return ""
    tens, ten, ones = text.rpartition("十")
    number = DIGITS.find(ones or "十") + 1
    if ten:
        number += 10 * (DIGITS.find(tens) + 1 if tens else 1)
    return f"{number:02d}"


def _plain(text: str) -> str:
    """Drop full-width forms, spaces and marks such as the dot in 阿依古丽·买买提."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def _kept(characters: str) -> str:
    return "".join(c for c in characters if c.isascii())
