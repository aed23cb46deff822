"""What the columns of such sheets are called, in both scripts, and which row is the header.

Pure. The lists come from what offices really hand in: the provincial system's export, the
collection form, and the township's own lists.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

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

# The characters that differ between the scripts in the words of this field and in place names.
# For comparing only: nothing that is kept is ever converted, personal names least of all.
_TRADITIONAL = (
    "黨員組織總書記聯鄉鎮縣區學醫園業農機關幹駐動預備轉號碼電話稱類別間時簡級說為爲隸屬單職務崗"
    "歷齡確編證漢滿壯東陽嶺龍鳳馬雞鴨魚寶慶貴華豐澤灣溝澗橋羅劉張陳楊趙吳鄭馮韓鄧謝鄒盧譚賈閻鍾"
    "蕭龔萬錢嚴衛許孫蔣濱岡門頭長廣興會勝樂義遠進連運達還邊過設計劃論議講詞調誼歲島師帥歸錄壽層"
    "屆濟測淺濤潤淵漁溼燈靈爐煙熱愛獅獻環現畫暢疇鹽盤礦磚種積稅穩競筆築糧紅約純綱紡線練終經結給"
    "繞統繡績續維綠網肅膚脈騰艦藝節蘆蒼蘇薦榮藥蓮營藍慮補規視觀覽見貝貢財責賢賬貨質購貫貿資賦賞"
    "賴賽贊車軌軒輪軸輕載較輔輛輝輸轄遼遷邁適選遺郵鄰裡裏鑑針釘鋼鐵鈴銅鋁銘銀鑄鋪鏈鎖鋒錫錦鍵鍛"
    "鏡閉問閒閘聞閣閱隊陰階際陸險隨難霧靜韋頁頂項順須顧領頻穎題顏額風飛館飾駕駿騎魯鮮鳥鳴鴻鵝鵬"
    "鶴麥黃齊龜兩親億僅從倉儀價眾衆優夥傘傳偉體餘俠僑儲兒兌蘭養獸衝決凍淨涼減凱擊剛創劍劇勸辦勵"
    "勁勞勢勳協賣廠廳壓廈參雙發變敘葉啟啓圍國圖圓聖場壞塊堅壇壩壟墾牆聲殼處復奮獎婦婁寧實憲宮寬"
    "賓對尋導將爾塵豈峽帶幫庫應廟龐廢開彌彎強當彥懷態戀懇願戲戰戶執擴護報擔擇掛揮損換據攝撐數齋"
    "斷無舊曠顯晉曉暉術權條來極構棗槍標棧棟欄樹樣夢檢樓橫歡歐畢氣湯匯瀝塗湧瀏汙涇灘潛燦牽獨瑪瓊"
    "療監蓋矚祿離籠籤紀紹綿緣羣祕臺檯後衞峯舖與個烏於產內冊寫況準幾刪審檔沒災點範認識該誤請讀負"
    "這採銷錯隱繫註覈複説"
)
_SIMPLIFIED = (
    "党员组织总书记联乡镇县区学医园业农机关干驻动预备转号码电话称类别间时简级说为为隶属单职务岗"
    "历龄确编证汉满壮东阳岭龙凤马鸡鸭鱼宝庆贵华丰泽湾沟涧桥罗刘张陈杨赵吴郑冯韩邓谢邹卢谭贾阎钟"
    "萧龚万钱严卫许孙蒋滨冈门头长广兴会胜乐义远进连运达还边过设计划论议讲词调谊岁岛师帅归录寿层"
    "届济测浅涛润渊渔湿灯灵炉烟热爱狮献环现画畅畴盐盘矿砖种积税稳竞笔筑粮红约纯纲纺线练终经结给"
    "绕统绣绩续维绿网肃肤脉腾舰艺节芦苍苏荐荣药莲营蓝虑补规视观览见贝贡财责贤账货质购贯贸资赋赏"
    "赖赛赞车轨轩轮轴轻载较辅辆辉输辖辽迁迈适选遗邮邻里里鉴针钉钢铁铃铜铝铭银铸铺链锁锋锡锦键锻"
    "镜闭问闲闸闻阁阅队阴阶际陆险随难雾静韦页顶项顺须顾领频颖题颜额风飞馆饰驾骏骑鲁鲜鸟鸣鸿鹅鹏"
    "鹤麦黄齐龟两亲亿仅从仓仪价众众优伙伞传伟体余侠侨储儿兑兰养兽冲决冻净凉减凯击刚创剑剧劝办励"
    "劲劳势勋协卖厂厅压厦参双发变叙叶启启围国图圆圣场坏块坚坛坝垄垦墙声壳处复奋奖妇娄宁实宪宫宽"
    "宾对寻导将尔尘岂峡带帮库应庙庞废开弥弯强当彦怀态恋恳愿戏战户执扩护报担择挂挥损换据摄撑数斋"
    "断无旧旷显晋晓晖术权条来极构枣枪标栈栋栏树样梦检楼横欢欧毕气汤汇沥涂涌浏污泾滩潜灿牵独玛琼"
    "疗监盖瞩禄离笼签纪绍绵缘群秘台台后卫峰铺与个乌于产内册写况准几删审档没灾点范认识该误请读负"
    "这采销错隐系注核复说"
)
_FOLD = str.maketrans(_TRADITIONAL, _SIMPLIFIED)

_MARKS = re.compile(r"[*＊:：★☆●]")
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")


def tight(text: str) -> str:
    """Return the text with full-width forms narrowed and every blank gone."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").split())


def fold(text: str) -> str:
    """Return the form in which texts of both scripts compare equal."""
    return tight(text).translate(_FOLD)


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
