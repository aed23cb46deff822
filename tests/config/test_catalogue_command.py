"""How the Traditional catalogue is made. What is in it is tested by tests/test_catalogue.py."""

from pathlib import Path

import opencc
import polib
import pytest
from django.conf import settings
from django.core.management import CommandError

from config.management.commands.catalogue import converter, extract, kept, messages, write

TERMS = Path(settings.BASE_DIR) / "locale" / "zh_Hant" / "terms.tsv"


@pytest.fixture(scope="module")
def convert():
    return converter(TERMS)


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        # What OpenCC's phrase tables would break, and s2tw leaves alone.
        ("发展对象、入党对象", "發展對象、入黨對象"),
        ("联系点、联系领导", "聯繫點、聯繫領導"),
        ("一月一调度一督查、平时调度", "一月一調度一督查、平時調度"),
        ("会前审核", "會前審核"),
        ("菜单、八都菜谱", "菜單、八都菜譜"),
        ("少数组织、多数组织、党员人数组织", "少數組織、多數組織、黨員人數組織"),
        ("法定程序、选举程序", "法定程序、選舉程序"),
        ("文件、项目、支持、文明创建", "文件、項目、支持、文明創建"),
        ("课程设置、互联网", "課程設置、互聯網"),
        # What s2tw gets right.
        ("干部、骨干、实干、若干、干净", "幹部、骨幹、實幹、若干、乾淨"),
        ("会后、后备、后进", "會後、後備、後進"),
        ("村里、公里、邻里", "村裡、公里、鄰里"),
        ("发展、发言、表决、手表、台账、平台", "發展、發言、表決、手錶、臺賬、平臺"),
        ("征求、长征", "徵求、長征"),
        ("批复、反复、恢复、复查", "批覆、反覆、恢復、複查"),
        ("制定、制作、规范、模范", "制定、製作、規範、模範"),
        ("准备、批准、了解", "準備、批准、瞭解"),
        ("签到、标签、抽签、挂销号、揭疤亮丑", "簽到、標籤、抽籤、掛銷號、揭疤亮醜"),
        ("党群屋场夜话、五阳", "黨群屋場夜話、五陽"),
        ("公布、合并、每周", "公佈、合併、每週"),
        # What our terms put right.
        ("汇报、听取汇报", "匯報、聽取匯報"),
        ("汇总、汇编", "彙總、彙編"),
        ("被发展、被发放、被发掘", "被發展、被發放、被發掘"),
        ("被发现", "被發現"),
        ("参与制作、参与制造", "參與製作、參與製造"),
        ("展示了如何、学习了如何", "展示了如何、學習了如何"),
        ("周例会、周清单、第%(n)s周、周%(day)s", "週例會、週清單、第%(n)s週、週%(day)s"),
        ("周到、周知", "周到、周知"),
        ("一出、钟、家具", "一出、鐘、家具"),
        ("只准备事实、批准备案、原表行号", "只準備事實、批准備案、原表行號"),
        ("折合的学时、点赞转发、赞成", "折合的學時、點讚轉發、贊成"),
        ("上峰、五阳、西河", "上峰、五陽、西河"),
    ],
)
def test_the_words_of_the_field_are_converted_as_an_office_writes_them(
    convert, simplified, traditional
):
    assert convert(simplified) == traditional


def test_the_way_back_gives_what_was_written(convert):
    back = opencc.OpenCC("t2s").convert
    texts = {text for _context, text in messages(Path(settings.BASE_DIR)) if "繁體" not in text}
    # 著 is 着 and 著, so there is no way back from it.
    changed = {text: back(convert(text)).replace("著", "着") for text in texts}
    assert [t for t, read in changed.items() if read != t.replace("著", "着")] == []


def test_placeholders_are_left_alone(convert):
    assert convert("%(count)s个党支部，{name}") == "%(count)s個黨支部，{name}"


def found_in(code: str) -> list:
    return list(extract(code, Path("x.py")))


def test_calls_are_found_with_their_context():
    code = '_("党员"); gettext_lazy("党课"); pgettext("星期", "一"); other("不是")'
    assert found_in(code) == [(None, "党员"), (None, "党课"), ("星期", "一")]


def test_what_cannot_be_looked_up_is_passed_over():
    assert found_in('_(name); _(f"{x}人"); _("")') == []


def test_plural_forms_are_refused():
    with pytest.raises(CommandError, match=r"x.py:1: .*plural"):
        found_in('ngettext("%(n)s人", "%(n)s人", n)')


def test_apps_and_templates_are_both_read(tmp_path):
    (tmp_path / "branches" / "migrations").mkdir(parents=True)
    (tmp_path / "branches" / "views.py").write_text('_("党员名册")')
    (tmp_path / "branches" / "migrations" / "0001_initial.py").write_text('_("旧")')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "x.html").write_text(
        '<div>\n  {% translate "支部" %}\n'
        "    {% blocktranslate with n=count trimmed %}\n 共{{ n }}人\n {% endblocktranslate %}"
        '{% translate "一" context "星期" %}{{ _("完成") }}</div>'
    )
    assert messages(tmp_path) == {
        (None, "党员名册"),
        (None, "支部"),
        (None, "共%(n)s人"),
        ("星期", "一"),
        (None, "完成"),
    }


def test_what_a_person_wrote_is_kept_and_the_rest_made_anew(convert):
    before = (
        'msgid ""\nmsgstr ""\n\n# 人工\nmsgid "短信"\nmsgstr "簡訊"\n\nmsgid "党课"\nmsgstr "錯"\n'
    )
    after = polib.pofile(write({(None, "短信"), (None, "党课")}, kept(before), convert))
    assert {entry.msgid: entry.msgstr for entry in after} == {"短信": "簡訊", "党课": "黨課"}


def test_writing_twice_gives_the_same_text(convert):
    found = {(None, "党课"), ("星期", "一"), (None, "%(n)s人")}
    once = write(found, {}, convert)
    assert write(found, kept(once), convert) == once
