"""What a text says, as far as letters tell: its terms, names, months and verdicts. Pure.

Texts come in either script and are compared in Simplified, without blanks.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise

from branches.scripts import fold

HAN = re.compile(r"[\u4e00-\u9fff]+")
BRACKETS = re.compile(r"[《》〈〉“”‘’\"'()（）〔〕\[\]【】「」·]")
# Words that every record has; what is left says what it is about.
COMMON = re.compile(
    "关于|研究|讨论|学习|传达|贯彻|落实|会议|工作|支部|党员|大会|主题党日|党课|支委会|党小组|开展|进行|有关|"
    "情况|事项|问题|加强|进一步|精神|活动|召开|听取|通过|表决|审议|推进|做好|我们|大家|同志|要求|本月|本次|"
    "年度|专题|安排|部署|汇报|通报|报告|方案|全体|一致|同意|决定|内容|重要|讲话|文件"
)
PERIODS = re.compile(r"(\d{4}年)?(第?[一二三四\d]{1,2}(月份?|季度|次)|[上下]半年)|\d+")
# A text this short says too little to be off the topic.
TOUCHING_FROM = 60


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """Return the text as it is compared: Simplified, narrow, without blanks."""
    return fold(text)


def bare(text: str) -> str:
    """Return a plain text without brackets and quotation marks: 《细则》 is 细则."""
    return BRACKETS.sub("", plain(text))


def terms(text: str) -> set[str]:
    """Return the pairs of characters that say what a text is about."""
    said = COMMON.sub(" ", PERIODS.sub(" ", plain(text)))
    return {one + other for run in HAN.findall(said) for one, other in pairwise(run)}


def touches(text: str, title: str) -> bool:
    """Say whether a text shares any term with a title; one that says nothing is met by all."""
    wanted = terms(title)
    return not wanted or bool(wanted & terms(text))


def takes_up(text: str, title: str) -> bool:
    """Say whether a text comes back to a title: a third of its terms, or two of them."""
    wanted = terms(title)
    shared = len(wanted & terms(text))
    return not wanted or shared >= 2 or 3 * shared >= len(wanted)


def is_same_matter(title: str, text: str) -> bool:
    """Say whether half of what a title is about stands in a text."""
    wanted = terms(title)
    return bool(wanted) and 2 * len(wanted & terms(text)) >= len(wanted)


# --- Verdicts -----------------------------------------------------------------------------------

NOT_PASSED = re.compile(
    "(未|没有?|不|未获|不予|没能)(能)?(得到|获得|予以|一致|表决)?(通过|同意|当选)|不足|无效"
)
PASSED = re.compile("通过|同意|当选|批准")
ONLY_AGREED = re.compile(
    "大家|与会|到会|参会|全体|党员|同志|人员|委员|会议|经|认真|充分|热烈|讨论|研究|审议|表决|后|一致|全部|全票|"
    "均|都|同意|认为|通过|赞成|表示|无异议|没有异议|没意见|该|此|本|方案|事项|议题|以上|上述|[，。；、！,.;\\s]"
)


def says_passed(text: str) -> bool:
    """Say whether a text claims that something was passed."""
    return bool(PASSED.search(NOT_PASSED.sub("", plain(text))))


def only_agrees(text: str) -> bool:
    """Say whether nothing is left of a text but that everyone agreed."""
    said = plain(text)
    return bool(said) and "一致" in said and not ONLY_AGREED.sub("", said)


# What is still to come may be spoken of before it is there.
STILL_TO_COME = re.compile(
    "(迎接|喜迎|迎|将|即将|将要|筹备|准备|等待|期待)(召开|出台|印发|公布)?(的|党的|中国共产党)*$"
)


def speaks_of(text: str, spellings: Iterable[str]) -> bool:
    """Say whether a bare text names something as already there."""
    return any(
        not STILL_TO_COME.search(text[max(match.start() - 12, 0) : match.start()])
        for spelling in spellings
        if spelling
        for match in re.finditer(re.escape(spelling), text)
    )


# --- Names --------------------------------------------------------------------------------------

SURNAMES = (
    "王李张刘陈杨黄赵吴徐孙朱马胡郭林何梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁董余苏叶吕魏蒋田杜丁沈姜范"
    "傅钟卢汪戴崔陆廖姚邱夏谭韦贾邹石熊孟秦阎薛侯雷龙史陶贺顾毛郝龚邵钱严覃武孔章施牛樊葛邢齐庄翟倪"
)
TITLES = "书记|主任|支书|委员|组长|会计|文书|乡长|镇长|村长|老师|校长|院长|所长|站长"
BY_TITLE = re.compile(f"([{SURNAMES}])(副?(?:{TITLES}))")


def called_by_title(text: str, names: Iterable[str]) -> list[str]:
    """Return persons named by surname and title alone (张书记), each once.

    张建国书记 is a whole name, and so is 王安书记; who was named in full before may be called by
    the title afterwards.
    """
    text = plain(text)
    known = {plain(name) for name in names if name}
    found = []
    for match in BY_TITLE.finditer(text):
        before = text[max(match.start() - 2, 0) : match.start()]
        is_whole = any(text.endswith(name, 0, match.end(1)) for name in known)
        is_given_name = any(letter in SURNAMES for letter in before)
        is_known = any(name[:1] == match[1] and name in text[: match.start()] for name in known)
        if not (is_whole or is_given_name or is_known):
            found.append(match.group())
    return list(dict.fromkeys(found))


def names_any(text: str, names: Iterable[str]) -> bool:
    said = plain(text)
    return any(plain(name) in said for name in names if name)


# One goes there to learn, meets together, or hears of them: no name left in by copying.
BEFORE_NAME = re.compile(
    "(赴|到|去|往|向|与|和|同|跟|及|、|像|请|邀|来自|联合|参观|观摩|考察|走进|借鉴|学习|介绍|推广|通报|相邻的?)[^，。；]{0,4}$"
)
AFTER_NAME = re.compile(
    "^[^，。；]{0,8}(学习|参观|观摩|交流|考察|联合|共建|结对|经验|做法|典型|案例|介绍|教育基地|故居|调研)"
)


def names_left_in(text: str, own: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the names of other branches and villages that stand where one's own should."""
    text, own = plain(text), [plain(name) for name in own if name]
    for name in sorted(own, key=len, reverse=True):
        text = text.replace(name, "＊" * len(name))
    found: list[str] = []
    for name in sorted({plain(name) for name in others if name}, key=len, reverse=True):
        if any(name in one for one in own):
            continue
        for match in re.finditer(re.escape(name), text):
            around = text[max(match.start() - 10, 0) : match.start()], text[match.end() :][:16]
            if not BEFORE_NAME.search(around[0]) and not AFTER_NAME.search(around[1]):
                found.append(name)
        # 西河村 is not found once more in 西河村第一党支部.
        text = text.replace(name, "＊" * len(name))
    return list(dict.fromkeys(found))


# --- Months -------------------------------------------------------------------------------------

FORMS = "主题党日|支部党员大会|党员大会|支部委员会|支委会|党小组会|党课|组织生活会|5\\+X"
MONTH_OF_FORM = re.compile(rf"(?:(\d{{4}})年)?(?<!\d)(\d{{1,2}})月份?的?[“《]?(?={FORMS})")
HELD_ON = re.compile(
    r"(?:(\d{4})年)?(?<!\d)(\d{1,2})月(\d{1,2})日(?:（.{1,4}）|\(.{1,4}\))?(?:上午|下午|晚上?|\d{1,2}[:：时点]\d{0,2}分?)?[，,]?"
    rf"(?=(?:在.{{2,14}})?(?:召开|开会|举行)|.{{0,10}}(?:召开|举行).{{0,6}}(?:{FORMS}|会议))"
)
ABOUT_ANOTHER = re.compile(
    "(总结|回顾|通报|上次|上月|下次|下月|部署|安排|计划|预告|筹备|准备|传达|定于|将于|拟于|学习|听取|自)[^，。；]{0,10}$"
)
AFTER_ANOTHER = re.compile("^.{0,12}(安排|计划|情况|总结|通知|筹备|准备|预告|落实)")


def other_months(title: str, text: str, day: date) -> Iterator[str]:
    """Yield months and days which the title or the text give as the meeting's own and are not.

    What is reported of another month, or planned for one, stands there rightly.
    """
    seen = set()
    for said in (plain(title), plain(text)):
        for match in (*MONTH_OF_FORM.finditer(said), *HELD_ON.finditer(said)):
            year, month, *on = match.groups()
            is_own = int(month) == day.month and (not year or int(year) == day.year)
            is_own = is_own and (not on or int(on[0]) == day.day)
            before, after = said[max(match.start() - 12, 0) : match.start()], said[match.end() :]
            is_told = ABOUT_ANOTHER.search(before) or AFTER_ANOTHER.search(after[:24])
            if not is_own and not is_told and match.group() not in seen:
                seen.add(match.group())
                yield match.group().rstrip("，,“《的")


# --- What concerns the village ------------------------------------------------------------------

# 四议两公开: money, land and what the village gives or builds.
VILLAGE_MATTERS = re.compile(
    "(集体|专项|帮扶|衔接|补助)资金|土地(流转|征收|承包|调整|出让)|征地|宅基地|山林承包|集体(资产|资源|经济)|公益事业|"
    "项目(建设|实施|发包|选址|申报|招标)|工程(建设|发包|招标)|低保|五保|危房改造|补贴|补助|救助对象|承包(方案|合同)|"
    "拆迁|一事一议|村规民约"
)
HANDED_ON = re.compile(
    "(提交|提请|提议|报|交由?|召开|经).{0,8}(党员大会|村民代表|村民会议|村两委|村“两委”)|四议两公开"
)


def village_matter(text: str) -> str:
    """Return the word of a text that makes it a matter of the whole village, or ''."""
    found = VILLAGE_MATTERS.search(plain(text))
    return found.group() if found else ""


def is_handed_on(text: str) -> bool:
    """Say whether a text leaves the decision to the 党员大会 or the villagers (四议两公开)."""
    return bool(HANDED_ON.search(plain(text)))


# --- Who does it, until when --------------------------------------------------------------------

# What is only approved or read out asks nobody to act.
APPROVED = re.compile(
    "(报告|总结|计划|名单|名册|公报|决议|意见|结果|鉴定|预审)(的议案)?$|表彰|评优|推荐|追认"
)
RESPONSIBLE = re.compile(
    "由.{1,16}(负责|牵头|落实|办理|承担|跟进)|.{2,6}(负责|牵头)|责任人|每名党员|各党小组|委员"
)
UNTIL = re.compile(
    r"\d{1,2}月\d{0,2}|[一二三四五六七八九十\d]{1,3}[日天周月]|[本下](周|月|季度|年)|月底|月初|年底|年内|季度|当天|"
    "立即|今天|明天|[本下]次|会后|近期|节前|汛前"
)


def asks_to_act(title: str) -> bool:
    """Say whether a decision under this title is one that somebody has to carry out."""
    return not APPROVED.search(bare(title))


def names_responsible(text: str) -> bool:
    return bool(RESPONSIBLE.search(plain(text)))


def names_time(text: str) -> bool:
    return bool(UNTIL.search(plain(text)))
