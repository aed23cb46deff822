"""A fresh installation knows the published arrangements; later years come by import_holidays."""

from django.db import migrations

YEARS = (2023, 2024, 2025, 2026)


def add_days(apps, schema_editor):
    from notifications.holidays import published_days

    CalendarDay = apps.get_model("notifications", "CalendarDay")
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=day, is_working=is_working, name=name)
            for year in YEARS
            for day, is_working, name in published_days(year)
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [migrations.RunPython(add_days, migrations.RunPython.noop)]
