"""The typefaces of an official document, and whether this machine can set Chinese at all.

方正小标宋 and 仿宋_GB2312 are not free: they are named, never brought along. A PDF embeds the first
face of each stack (templates/meetings/print/official.css) that the machine has; Word documents
name the faces, which the office's own computers have.
"""

import shutil
import subprocess
from ctypes.util import find_library
from functools import cache

from django.utils.translation import gettext as _

TITLE = "方正小标宋简体"
TEXT = "仿宋_GB2312"
LABEL = "黑体"
SUBHEAD = "楷体_GB2312"
PAGE_NUMBER = "宋体"

# Under which other names a computer may know the faces.
ALSO_KNOWN_AS = {
    TITLE: "FZXiaoBiaoSong-B05S,华文中宋,宋体",
    TEXT: "仿宋,FangSong",
    SUBHEAD: "楷体,KaiTi",
    LABEL: "SimHei",
    PAGE_NUMBER: "SimSun",
}


def why_no_pdf() -> str:
    """Say what this machine lacks to make PDFs, and what to install; empty when nothing."""
    if not find_library("pangoft2-1.0"):
        return _("服务器缺少排版组件，暂不能生成 PDF。请管理员安装 libpangoft2-1.0-0 后重试。")
    if not _has_chinese():
        return _("服务器没有中文字体，暂不能生成 PDF。请管理员安装 fonts-wqy-microhei 后重试。")
    return ""


@cache
def _has_chinese() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    found = subprocess.run(  # noqa: S603 — a fixed command without a shell
        [lister, ":lang=zh", "family"], capture_output=True, check=False, timeout=30
    )
    return bool(found.stdout.strip())
