"""The frequencies of 《中国共产党支部工作条例（试行）》, as the first version of each rule."""

from datetime import date

from django.db import migrations

ISSUED_ON = date(2018, 10, 28)

# code, kind, body, period, article; 党课 and 谈心谈话 have no national number per branch: what stands
# here is the usual local practice, which a township may tighten.
RULES = [
    ("assembly", "assembly", "branch", "quarter", "《支部工作条例》第11条", {}),
    ("committee", "committee", "committee", "month", "《支部工作条例》第12条", {}),
    ("group", "group", "group", "month", "《支部工作条例》第13条", {}),
    ("lecture", "lecture", "branch", "quarter", "《支部工作条例》第16条，次数依本地制度", {}),
    ("theme_day", "theme_day", "branch", "month", "《支部工作条例》第16条", {}),
    ("org_life", "org_life", "branch", "year", "《支部工作条例》第17条", {}),
    (
        "evaluation",
        "evaluation",
        "branch",
        "year",
        "《支部工作条例》第18条，期限依当年通知",
        {"due_month": 3, "due_day": 31, "due_next_year": True},
    ),
    ("talk", "talk", "branch", "year", "《支部工作条例》第19条", {}),
]


def install(apps, schema_editor):
    Obligation = apps.get_model("meetings", "Obligation")
    for code, kind, body, period, article, deadline in RULES:
        Obligation.objects.get_or_create(
            code=code,
            township=None,
            valid_from=ISSUED_ON,
            defaults={
                "kind": kind,
                "body": body,
                "period": period,
                "times": 1,
                "article": article,
                **deadline,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
