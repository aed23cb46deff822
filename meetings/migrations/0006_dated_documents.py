"""Documents and meetings with the first day on which anybody can have studied them.

Where only a month or a season is certain its first day stands here: an earlier meeting cannot have
known of them, and no later one is doubted.
"""

from datetime import date

from django.db import migrations

# Title, other ways to write it (brackets and blanks make no difference), since when.
DOCUMENTS = [
    (
        "《中国共产党支部工作条例（试行）》",
        ["支部工作条例（试行）", "党支部工作条例"],
        date(2018, 10, 28),
    ),
    (
        "《中国共产党党员教育管理工作条例》",
        ["党员教育管理工作条例"],
        date(2019, 5, 6),
    ),
    (
        "《整治形式主义为基层减负若干规定》",
        ["整治形式主义为基层减负若干规定", "整治形式主义为基层减负的若干规定"],
        date(2024, 7, 30),
    ),
    (
        "《关于进一步加强和改进流动党员管理工作的意见》",
        ["进一步加强和改进流动党员管理工作的意见", "加强和改进流动党员管理工作的意见"],
        date(2024, 11, 11),
    ),
    (
        "深入贯彻中央八项规定精神学习教育",
        ["贯彻中央八项规定精神学习教育"],
        date(2025, 1, 1),
    ),
    (
        "党的二十届四中全会",
        ["二十届四中全会", "党的二十届中央委员会第四次全体会议"],
        date(2025, 10, 23),
    ),
    (
        "《政务移动互联网应用程序规范化管理办法》",
        ["国办函〔2026〕12号", "政务移动互联网应用程序规范化管理办法"],
        date(2026, 1, 25),
    ),
    (
        "树立和践行正确政绩观学习教育",
        ["正确政绩观学习教育"],
        date(2026, 2, 17),
    ),
    (
        "《中国共产党发展党员工作细则》（2026年修订）",
        [
            "发展党员工作细则（2026年修订）",
            "2026年修订的《中国共产党发展党员工作细则》",
            "2026年修订的发展党员工作细则",
            "新修订的《中国共产党发展党员工作细则》",
            "新修订的发展党员工作细则",
            "新修订《中国共产党发展党员工作细则》",
        ],
        date(2026, 5, 18),
    ),
]


def install(apps, schema_editor):
    DatedDocument = apps.get_model("meetings", "DatedDocument")
    for title, aliases, issued_on in DOCUMENTS:
        DatedDocument.objects.get_or_create(
            township=None,
            title=title,
            defaults={"aliases": "\n".join(aliases), "issued_on": issued_on},
        )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0005_check_marks")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
