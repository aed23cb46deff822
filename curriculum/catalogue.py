"""The catalogue a township may start from: 八都菜谱, the practical courses and their three sites.

Data, not interface: it is written once and then the township's own, so it is not translated.
Titles and outlines say what a course is about; no biography is written here.
"""

from typing import NamedTuple

from django.db import transaction

from branches.models import Organization
from curriculum.models import Course, Series, Site


class SiteText(NamedTuple):
    name: str
    theme: str


class CourseText(NamedTuple):
    title: str
    field: str
    outline: str
    hours: int = 1
    channel: str = "on_site"
    site: str = ""
    suits: str = ""


class SeriesText(NamedTuple):
    name: str
    description: str
    kind: str
    courses: tuple[CourseText, ...]


PATRIOTISM, FAMILY, INTEGRITY = "上峰罗腊英故居", "五阳家风家教基地", "西河刘光复故居"

SITES = (
    SiteText(PATRIOTISM, "爱国教育"),
    SiteText(FAMILY, "家风教育"),
    SiteText(INTEGRITY, "廉政教育"),
)

ALL_MEMBERS, DUTY_HOLDERS = "全体党员", "支部书记和支部委员"

SERIES = (
    SeriesText(
        "八都菜谱",
        "围绕重点工作和党建知识的理论课程，可在党课、主题党日、屋场夜话中选用。",
        "theory",
        (
            CourseText(
                "农村安全生产常识",
                "安全生产",
                "用电用火、农机、自建房和道路交通的常见隐患，以及发现隐患后怎么办。",
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "森林防火与秸秆禁烧",
                "安全生产",
                "防火期的要求、值守和报告，秸秆的综合利用。",
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "防汛与水库安全",
                "安全生产",
                "汛期巡查、预警和转移，水库下游村组的职责分工。",
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "人居环境整治怎么做",
                "人居环境整治",
                "垃圾、污水、厕所和村容村貌，党员联户的做法。",
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "乡村振兴与村集体经济",
                "乡村振兴",
                "盘活资源、发展产业、联农带农，集体资产的管理和公开。",
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "党的历史：从建党到新时代",
                "党史",
                "党的历史的主要阶段和基本经验。",
                channel="online",
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "村里用得上的政策法规",
                "政策法规",
                "土地、建房、社保、医保和信访的常用规定与办事路径。",
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "党的二十届四中全会精神",
                "会议精神",
                "会议主要内容，结合本村谈落实。",
                channel="online",
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "树立和践行正确政绩观",
                "会议精神",
                "学习教育的要求，联系本支部工作查找差距。",
                suits=ALL_MEMBERS,
            ),
        ),
    ),
    SeriesText(
        "党务课堂",
        "党务工作者例会的必学课程：课堂加现场、理论加案例。",
        "practice",
        (
            CourseText(
                "“三会一课”规范",
                "党务",
                "谁参加、多久一次、怎么记录，常见的不规范之处。",
                hours=2,
                suits=DUTY_HOLDERS,
            ),
            CourseText(
                "主题党日怎么开展",
                "党务",
                "“5+X”的安排、第一议题的学习和会后落实。",
                suits=DUTY_HOLDERS,
            ),
            CourseText(
                "发展党员工作细则（2026年修订）",
                "党务",
                "五个阶段的步骤与时限，修订后的变化。",
                hours=2,
                suits=DUTY_HOLDERS,
            ),
            CourseText(
                "组织生活会和民主评议党员",
                "党务",
                "会前准备、会上批评和自我批评、会后整改，评议等次的规定。",
                suits=DUTY_HOLDERS,
            ),
            CourseText(
                "应到、实到与表决",
                "党务",
                "到会人数和赞成人数的计算，三种会议的不同要求。",
                suits=DUTY_HOLDERS,
            ),
            CourseText(
                "流动党员的联系和管理",
                "党务",
                "专人联系、返乡学习、参加流入地组织生活。",
                suits=DUTY_HOLDERS,
            ),
        ),
    ),
    SeriesText(
        "实训课程",
        "在本乡教学点开展的现场教学。",
        "practice",
        (
            CourseText(
                "现场教学：爱国教育",
                "爱国教育",
                "在故居参观学习，交流体会。",
                hours=2,
                site=PATRIOTISM,
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "现场教学：家风教育",
                "家风教育",
                "学习家风家教，谈党员家庭的示范作用。",
                hours=2,
                site=FAMILY,
                suits=ALL_MEMBERS,
            ),
            CourseText(
                "现场教学：廉政教育",
                "廉政教育",
                "了解刘光复任诸暨知县、治理浦阳江的事迹，谈清廉为民。",
                hours=2,
                site=INTEGRITY,
                suits=ALL_MEMBERS,
            ),
        ),
    ),
)


@transaction.atomic
def install_catalogue(township: Organization) -> int:
    """Give the township the starting catalogue; return how many courses were added.

    What is there under the same name, a course that was closed or rewritten too, stays as it is.
    """
    before = Course.objects.filter(township=township).count()
    sites = {
        site.name: Site.objects.get_or_create(
            township=township, name=site.name, defaults={"theme": site.theme}
        )[0]
        for site in SITES
    }
    for position, texts in enumerate(SERIES, 1):
        series, _created = Series.objects.get_or_create(
            township=township,
            name=texts.name,
            defaults={"description": texts.description, "position": position},
        )
        for course in texts.courses:
            Course.objects.get_or_create(
                township=township,
                title=course.title,
                defaults={
                    "series": series,
                    "kind": texts.kind,
                    "field": course.field,
                    "channel": course.channel,
                    "hours": course.hours,
                    "outline": course.outline,
                    "site": sites.get(course.site),
                    "suits": course.suits,
                },
            )
    return Course.objects.filter(township=township).count() - before
