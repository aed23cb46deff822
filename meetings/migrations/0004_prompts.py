"""Questions that help to write the minutes, by kind and field; townships may keep their own.

Texts under `title` are usual items of an agenda: titles alone, never minutes.
"""

from django.db import migrations

DISCUSSION = (
    "谁发了言？各自说了什么？",
    "谁提出了不同意见？最后怎么定的？",
    "有没有联系本支部、本村的实际？",
)
DECISION = ("定了什么事？", "由谁落实、什么时候完成？", "结果向谁报告、什么时候报告？")
FIRST_TOPIC = (
    "学的是哪篇讲话或哪个文件？哪一天的？",
    "谁领学？谁谈了体会，谈了什么？",
    "结合本支部，准备做哪一件事？",
)
PROMPTS = {
    "assembly": {
        "first_minutes": FIRST_TOPIC,
        "minutes": DISCUSSION,
        "resolution": DECISION,
        "summary": ("会议定了哪几件事？", "对党员提了什么要求？"),
        "title": ("听取支委会工作报告", "讨论支部重要事项", "通报上次会议决议落实情况"),
    },
    "committee": {
        "first_minutes": FIRST_TOPIC,
        "minutes": ("每名委员分别是什么意见？", "有没有不同意见？理由是什么？"),
        "resolution": DECISION,
        "summary": ("哪些事要提交党员大会讨论？",),
        "title": ("研究本月支部工作", "确定主题党日内容", "研究提交党员大会讨论的事项"),
    },
    "group": {
        "first_minutes": FIRST_TOPIC,
        "minutes": ("组里每个人谈了什么？", "有哪些困难要支部帮助？"),
        "summary": ("下个月组里做什么？",),
        "title": ("传达支部近期工作安排", "了解党员思想和生活情况"),
    },
    "lecture": {
        "lecture_minutes": (
            "讲了哪几个问题？",
            "用了哪些身边的人和事？",
            "党员问了什么？怎么回答的？",
        ),
    },
    "theme_day": {
        "first_minutes": FIRST_TOPIC,
        "minutes": ("做了什么？谁参加？办成了什么？",),
        "summary": ("下次主题党日准备做什么？",),
        "title": ("民主议事", "志愿服务", "党务公开"),
    },
    "org_life": {
        "minutes": ("上次查摆的问题整改了没有？", "会前听取了哪些意见？和谁谈了心？"),
        "remark": (
            "自己的问题具体表现在哪件事上？原因是什么？怎么改？",
            "对同志的批评，说的是哪件事？本人怎么表态？",
        ),
        "problem": ("问题是什么、表现在哪里？", "怎么改、谁负责、什么时候改完？"),
        "summary": ("上级到会的同志怎么点评？", "会后要整改哪几项？"),
        "title": (
            "通报上次组织生活会整改措施落实情况",
            "通报会前征求意见情况",
            "支委会作对照检查",
        ),
    },
    "evaluation": {
        "minutes": ("个人自评、党员互评各说了什么？",),
        "summary": ("不合格、基本合格的，准备怎么帮助？",),
        "title": ("个人自评、党员互评", "民主测评", "支委会提出评定意见"),
    },
    "talk": {
        "summary": (
            "对方最近的思想、工作和生活怎么样？",
            "有什么困难和意见？",
            "互相提了什么建议？约定了什么？",
        ),
    },
}


def install(apps, schema_editor):
    Prompt = apps.get_model("meetings", "Prompt")
    if Prompt.objects.filter(township=None).exists():
        return
    Prompt.objects.bulk_create(
        Prompt(kind=kind, field=field, text=text, position=position)
        for kind, fields in PROMPTS.items()
        for field, texts in fields.items()
        for position, text in enumerate(texts, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_whole_life")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
