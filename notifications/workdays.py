"""Which days are worked: weekdays, corrected by public holidays and make-up days."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from notifications.models import CalendarDay


@dataclass(frozen=True)
class Workdays:
    """The corrections of a stretch of days, read in one statement."""

    exceptions: dict[date, bool]

    @classmethod
    def between(cls, first: date, last: date) -> Self:
        rows = CalendarDay.objects.filter(day__gte=first, day__lte=last)
        return cls(dict(rows.values_list("day", "is_working")))

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def is_holiday(self, day: date) -> bool:
        """A day off by decree; an ordinary weekend is not one."""
        return self.exceptions.get(day) is False
