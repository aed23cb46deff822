"""What this system never does and on what ground, and how data leaves it."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

ORDER_12 = _("《政务移动互联网应用程序规范化管理办法》（国办函〔2026〕12号）")
RELIEF = _("《整治形式主义为基层减负若干规定》")
FINGERTIPS = _("《关于防治“指尖上的形式主义”的若干意见》")
EDUCATION = _("《中国共产党党员教育管理工作条例》")
PRIVACY = _("《中华人民共和国个人信息保护法》")


class Promised(NamedTuple):
    """One thing the system never does, what it does instead, and the text this rests on."""

    never: str | Promise
    instead: str | Promise
    grounds: tuple[str | Promise, ...]


NEVER = [
    Promised(
        _("不做手机应用、小程序，不提示安装"),
        _("只是一个网页，供党务工作者、支部书记等办事的人使用，以电脑为主。"),
        (ORDER_12,),
    ),
    Promised(
        _("不要求党员注册、登录，不设登录次数要求"),
        _("普通党员没有账号；谁登录过、登录多久，不统计、不通报。"),
        (ORDER_12, FINGERTIPS),
    ),
    Promised(
        _("不打卡签到，不定位，不刷脸，不积分，不排名"),
        _("到会情况由记录人勾选，只勾缺席的人；支部之间只列事实，不排名次。"),
        (ORDER_12, FINGERTIPS),
    ),
    Promised(
        _("不统计在线时长、阅读量、点赞转发"),
        _("学时只由实际召开的会议和课程推算；掌上学习只给内容，不留阅读痕迹。"),
        (ORDER_12, EDUCATION),
    ),
    Promised(
        _("不强制上传照片、视频、笔记、心得"),
        _("照片自愿，不作为开没开会的凭据，也不计分。"),
        (ORDER_12, RELIEF),
    ),
    Promised(
        _("不重复填表报数"),
        _("同一事实只填一次，应到、实到、学时和各类报表由系统推算；已有表格可以导入。"),
        (ORDER_12, RELIEF),
    ),
    Promised(
        _("不逼人补记录"),
        _("没有召开的会议如实说明原因和改期即可，任何检查都不会要求补一份没开过的会的记录。"),
        (RELIEF,),
    ),
    Promised(
        _("不以线上检查代替现场督查，不由系统打分"),
        _("系统只准备事实和问题清单，督查在现场，考核由人评定。"),
        (ORDER_12, FINGERTIPS),
    ),
    Promised(
        _("不在下班后催办，不统计已读"),
        _("提醒只在工作日8:30至17:30送达，当天到期的除外；邮件每天至多一封。"),
        (FINGERTIPS,),
    ),
    Promised(
        _("不苛求年老体弱的党员"),
        _("年老体弱、行动不便、身患重病的党员不计入到会要求，不拉低支部的情况。"),
        (EDUCATION,),
    ),
]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/about.html", {"never": NEVER})
