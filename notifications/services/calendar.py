"""The working calendar: public holidays and make-up working days (调休)."""

from datetime import date, timedelta

from django.db import transaction

from notifications import holidays, rules
from notifications.models import CalendarDay
from notifications.workdays import Workdays


def is_working_day(day: date) -> bool:
    return Workdays.between(day, day).is_working(day)


def add_working_days(day: date, count: int) -> date:
    """Return the day `count` working days after `day`, which itself does not count."""
    horizon = day + timedelta(days=2 * count + rules.LONGEST_PAUSE_DAYS)
    return rules.add_working_days(day, count, Workdays.between(day, horizon).exceptions)


def year_is_known(year: int) -> bool:
    """Say whether that year's arrangement is there; without it weekdays are working days."""
    return CalendarDay.objects.filter(day__year=year).exists()


@transaction.atomic
def import_year(year: int) -> int:
    """Write the published days of `year` and return how many; days added by hand are kept.

    Raises `holidays.NotPublishedError` while the package does not carry the year.
    """
    days = [
        CalendarDay(day=day, is_working=is_working, name=name)
        for day, is_working, name in holidays.published_days(year)
    ]
    CalendarDay.objects.bulk_create(
        days,
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_working", "name"],
    )
    return len(days)
