"""What the columns of such sheets are called, in both scripts, and which row is the header.

Pure. The lists come from what offices really hand in: the provincial system's export, the
collection form, and the township's own lists.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from branches.scripts import fold

ROSTER = "roster"
ORGANIZATIONS = "organizations"

# Per field the usual names, the surest first: a sheet may carry 所在党支部 and 隶属党组织 at once.
SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    ROSTER: {
        "name": ("姓名", "党员姓名", "名字"),
        "sex": ("性别",),
        "ethnicity": ("民族", "族别"),
        "born_on": (
            "出生日期",
            "出生年月日",
            "出生年月",
            "出生时间",
            "出生年份",
            "生日",
        ),
        "education": ("学历", "文化程度", "最高学历", "学历情况"),
        "joined_on": (
            "入党日期",
            "入党时间",
            "加入党组织日期",
            "加入党组织时间",
            "加入中共组织日期",
            "入党年月",
            "入党年月日",
        ),
        "full_on": (
            "转正日期",
            "转正时间",
            "转为正式党员日期",
            "转为正式党员时间",
            "转正年月",
            "转正年月日",
        ),
        "status": ("人员类别", "党员类别", "党员类型", "党员身份", "正式或预备", "类别"),
        "branch": (
            "所在党支部",
            "所在支部",
            "党支部名称",
            "党支部",
            "支部名称",
            "所属党支部",
            "所属支部",
            "隶属党支部",
            "支部",
            "所在党组织",
            "所属党组织",
            "党组织名称",
            "隶属党组织",
        ),
        "group": ("党小组", "所在党小组", "所属党小组", "党小组名称", "小组"),
        "work": ("工作岗位", "岗位", "职业", "从事职业"),
        "phone": (
            "手机号码",
            "手机号",
            "手机",
            "联系电话",
            "联系方式",
            "电话号码",
            "电话",
            "移动电话",
            "联系号码",
            "固定电话",
        ),
        "is_floating": ("是否流动党员", "流动党员", "是否流动", "是否为流动党员", "是否属流动党员"),
        "floating_to": ("流动去向", "外出流向", "流向", "流入地", "外出地点", "流动地点", "去向"),
        "note": ("备注", "说明"),
    },
    ORGANIZATIONS: {
        "code": (
            "党组织编码",
            "组织编码",
            "党组织代码",
            "组织代码",
            "编码",
            "代码",
        ),
        "name": ("党组织全称", "组织全称", "全称", "党组织名称", "组织名称", "名称", "党组织"),
        "short_name": ("党组织简称", "组织简称", "简称"),
        "kind": ("组织类别", "党组织类别", "组织类型", "党组织类型", "类别"),
        "branch_type": ("支部类型", "党支部类型", "单位类别", "单位类型", "所属类型", "类型"),
        "parent": (
            "上级党组织",
            "上级党组织全称",
            "上级党组织名称",
            "隶属党组织",
            "上级组织",
            "上级",
        ),
        "established_on": (
            "成立日期",
            "成立时间",
            "建立日期",
            "建立时间",
            "批准成立日期",
            "党组织成立日期",
        ),
        "note": ("备注", "说明"),
    },
}
# Never read, let alone kept: identity numbers. Whoever uploads them is told so.
IDENTITY_NUMBERS = frozenset(
    {
        "身份证",
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "公民身份证号",
        "公民身份证号码",
        "居民身份证号码",
        "证件号码",
    }
)
SERIAL_NUMBERS = frozenset({"序号", "编号", "序", "号"})

# A row with fewer known names than this is a title or data.
LEAST_KNOWN = 3

_MARKS = re.compile(r"[*＊:：★☆●]")
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")


@lru_cache(maxsize=4096)
def bare_header(text: str) -> str:
    """Return a header without stars, colons and remarks: “＊出生日期（年月日）” → 出生日期."""
    return _MARKS.sub("", _BRACKETS.sub("", fold(text)))


@lru_cache(maxsize=256)
def fields_of(kind: str, headers: tuple[str, ...]) -> dict[str, int]:
    """Return which column holds which field, by the surest of its names."""
    bare = [bare_header(header) for header in headers]
    found = {}
    for field, synonyms in SYNONYMS[kind].items():
        for synonym in synonyms:
            if synonym in bare:
                column = bare.index(synonym)
                if column not in found.values():
                    found[field] = column
                    break
    return found


def header_score(kind: str, texts: Sequence[str]) -> int:
    """Return how many fields a row names, or 0 when it cannot be the header."""
    found = fields_of(kind, tuple(texts))
    return len(found) if "name" in found and len(found) >= LEAST_KNOWN else 0


def ignored_headers(kind: str, headers: Sequence[str]) -> list[str]:
    """Return the columns that hold something else and are not imported, identity numbers apart."""
    known = set(fields_of(kind, tuple(headers)).values())
    return [
        header
        for column, header in enumerate(headers)
        if column not in known
        and (bare := bare_header(header))
        and bare not in IDENTITY_NUMBERS | SERIAL_NUMBERS
    ]


def identity_headers(headers: Sequence[str]) -> list[str]:
    return [header for header in headers if bare_header(header) in IDENTITY_NUMBERS]


def template_headers(kind: str) -> list[str]:
    """Return the headers of the sheet that is handed out empty."""
    return [synonyms[0] for synonyms in SYNONYMS[kind].values()]
