"""What one cell means: people type days, numbers and yes in every way there is.

Texts in, values out; a cell that means nothing raises ValueError with a Chinese sentence.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from branches.scripts import fold, tight

# Excel counts days from here (and believes that 1900 was a leap year).
EXCEL_DAY_ZERO = date(1899, 12, 30)
EARLIEST_YEAR = 1900

_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_FULL = re.compile(r"(\d{2,4})[-/.,、。·年—–](\d{1,2})[-/.,、。·月—–](\d{1,2})[日号]?")
_MONTH = re.compile(r"(\d{2,4})[-/.,、。·年—–](\d{1,2})月?")
_UNCLEAR_MONTH = re.compile(r"\d{4}\.1")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_PINYIN = re.compile(r"\([^)一-鿿]*\)")
_DOTS = re.compile(r"[·•‧・⋅.。]")
_HAN_BLANK = re.compile(r"(?<=[㐀-鿿\U00020000-\U0003ffff]) +(?=[㐀-鿿\U00020000-\U0003ffff])")
_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}")


class Day(NamedTuple):
    """A day; `is_whole` is false where the sheet names only its month."""

    date: date
    is_whole: bool


def plain(text: str) -> str:
    """Return the text with full-width forms narrowed and blanks squeezed to one."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").split())


def note(text: str) -> str:
    """Return free text as typed, blanks squeezed; an Excel error is refused."""
    if _ERRORS.match(text):
        raise ValueError(_("单元格是公式错误"))
    return " ".join(text.split())


def word(text: str) -> str:
    """Return a short text: full-width digits and letters narrowed, no blanks between Chinese."""
    if _ERRORS.match(text):
        raise ValueError(_("单元格是公式错误"))
    # Chinese brackets stay Chinese.
    return _HAN_BLANK.sub("", plain(text)).replace("(", "（").replace(")", "）")


def person_name(text: str) -> str:
    """Return a person's name: “李　明” → 李明, “李明(lǐ míng)” → 李明; never another script."""
    if _ERRORS.match(text):
        raise ValueError(_("单元格是公式错误"))
    name = _DOTS.sub("·", _PINYIN.sub("", plain(text)))
    if any("一" <= character <= "鿿" for character in name):
        name = tight(name)
    name = name.strip(" ·").replace("(", "（").replace(")", "）")
    if any(character.isdigit() for character in name):
        raise ValueError(_("姓名里有数字"))
    if name and not any(character.isalpha() for character in name):
        raise ValueError(_("不是姓名"))
    return name


def day(text: str) -> Day:
    """Return the day a cell means.

    2019-03-22, 2019/3/22, 2019.3.22, 2019年3月22日, 20190322, 二〇一九年三月二十二日, an Excel
    serial number; 1998.07, 1998年7月 and 199807 are the first of that month.
    """
    text = _TIME.sub("", plain(text))
    packed = _arabic(tight(text))
    if packed.isdigit():
        return _from_digits(packed, text)
    if _UNCLEAR_MONTH.fullmatch(packed):
        year = packed[:4]
        raise ValueError(
            _("分不清是1月还是10月，请写成%(january)s或%(october)s")
            % {"january": f"{year}-01", "october": f"{year}-10"}
        )
    if match := _FULL.fullmatch(packed):
        return Day(_date(*match.groups(), text), True)
    if match := _MONTH.fullmatch(packed):
        return Day(_date(*match.groups(), "1", text), False)
    raise ValueError(_("不是日期，请写成2019-03-22的样子"))


def _from_digits(digits: str, text: str) -> Day:
    if len(digits) == 8:
        return Day(_date(digits[:4], digits[4:6], digits[6:], text), True)
    if len(digits) == 6:
        return Day(_date(digits[:4], digits[4:], "1", text), False)
    if len(digits) == 5:
        return Day(EXCEL_DAY_ZERO + timedelta(days=int(digits)), True)
    if len(digits) == 4:
        raise ValueError(_("只有年份，请补充月、日"))
    raise ValueError(_("不是日期，请写成2019-03-22的样子"))


def _date(year: str, month: str, day: str, text: str) -> date:
    if len(year) != 4:
        raise ValueError(_("年份请写四位数"))
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(_("没有这一天：%(text)s") % {"text": text}) from None
    if found.year < EARLIEST_YEAR:
        raise ValueError(_("年份太早：%(text)s") % {"text": text})
    return found


def _arabic(text: str) -> str:
    """Return 二〇一九年三月二十二日 as 2019年3月22日; other texts as they are."""
    if "十" in text:
        text = re.sub(r"(?<=[一二三])十(?=[一二三四五六七八九])", "", text)
        text = re.sub(r"(?<=[一二三])十", "0", text)
        text = re.sub(r"十(?=[一二三四五六七八九])", "1", text).replace("十", "10")
    return text.translate(_NUMERALS)


def phone(text: str) -> str:
    """Return a mobile number, or a landline with its area code; digits only."""
    packed = re.sub(r"[-—–()+]", "", tight(text))
    if re.search(r"[、,，;；/]", tight(text)):
        raise ValueError(_("一格只填一个号码"))
    if packed.startswith("0086"):
        packed = packed[4:]
    elif packed.startswith("86") and len(packed) == 13:
        packed = packed[2:]
    if _MOBILE.fullmatch(packed) or _LANDLINE.fullmatch(packed):
        return packed
    if not packed.isdigit():
        raise ValueError(_("号码里有数字以外的字"))
    raise ValueError(
        _("有%(count)d位数字；应为11位手机号码，或带区号的固定电话") % {"count": len(packed)}
    )


def is_masked(text: str) -> bool:
    """Say whether a number is one of our own exports', its middle hidden."""
    return bool(re.fullmatch(r"\d{3}[*＊×xX]{3,}\d{2,4}", tight(text)))


YES = frozenset({"是", "有", "对", "√", "✓", "1", "y", "yes", "true", "流动", "流动党员"})
NO = frozenset({"否", "不是", "无", "没有", "非", "×", "0", "n", "no", "false", "非流动党员"})


def yes_or_no(text: str) -> bool:
    packed = fold(text).lower()
    if packed in YES:
        return True
    if packed in NO:
        return False
    raise ValueError(_("请填“是”或“否”"))


SEXES = {"男": "male", "男性": "male", "女": "female", "女性": "female"}


def sex(text: str) -> str:
    try:
        return SEXES[fold(text)]
    except KeyError:
        raise ValueError(_("请填“男”或“女”")) from None


def ethnicity(text: str) -> str:
    """Return 汉族 for 汉; what does not end in 族 by its nature stays as typed."""
    name = word(text)
    if (
        len(name) <= 3
        and name.isalpha()
        and not name.endswith("族")
        and name not in {"其他", "其它"}
    ):
        name += "族"
    return name


FULL, PROBATIONARY = "full", "probationary"
_STATUSES = {
    "正式党员": FULL,
    "正式": FULL,
    "中共正式党员": FULL,
    "中共党员": FULL,
    "预备党员": PROBATIONARY,
    "预备": PROBATIONARY,
    "中共预备党员": PROBATIONARY,
}


def status(text: str) -> str:
    try:
        return _STATUSES[re.sub(r"[()]", "", fold(text))]
    except KeyError:
        raise ValueError(_("只导入正式党员和预备党员")) from None
