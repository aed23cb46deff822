"""When a message may reach somebody: working days, office hours, the one mail a day.

Pure: the calendar of special days is handed in as {day: is_working}.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

OFFICE_OPENS = time(8, 30)
OFFICE_CLOSES = time(17, 30)
# The day's bundle: late enough for what the night's jobs have to say.
MAIL_LEAVES = time(9, 0)
# The longest run of days off ever published is nine; a calendar longer than this is broken.
LONGEST_PAUSE_DAYS = 60

BACK_OFF_MINUTES = (5, 15, 60, 240, 720, 1440)
MOST_ATTEMPTS = len(BACK_OFF_MINUTES) + 1

SATURDAY = 5


def is_working_day(day: date, special: Mapping[date, bool]) -> bool:
    """Say whether offices work: the published arrangement, else Monday to Friday."""
    return special.get(day, day.weekday() < SATURDAY)


def add_working_days(day: date, count: int, special: Mapping[date, bool]) -> date:
    """Return the day `count` working days after `day`, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day, special):
            count -= 1
    return day


def next_office_moment(moment: datetime, special: Mapping[date, bool]) -> datetime:
    """Return `moment` itself within office hours of a working day, else the next opening."""
    if is_working_day(moment.date(), special):
        if moment.time() < OFFICE_OPENS:
            return _at(moment, moment.date(), OFFICE_OPENS)
        if moment.time() <= OFFICE_CLOSES:
            return moment
    return _at(moment, _next_working_day(moment.date(), special), OFFICE_OPENS)


def next_mail_moment(moment: datetime, special: Mapping[date, bool]) -> datetime:
    """Return when the bundle leaves that carries what was said at `moment`."""
    if is_working_day(moment.date(), special) and moment.time() <= MAIL_LEAVES:
        return _at(moment, moment.date(), MAIL_LEAVES)
    return _at(moment, _next_working_day(moment.date(), special), MAIL_LEAVES)


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failed attempts."""
    return timedelta(minutes=BACK_OFF_MINUTES[min(attempts, len(BACK_OFF_MINUTES)) - 1])


def _next_working_day(day: date, special: Mapping[date, bool]) -> date:
    for _ in range(LONGEST_PAUSE_DAYS):
        day += timedelta(days=1)
        if is_working_day(day, special):
            return day
    return day


def _at(moment: datetime, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=moment.tzinfo)
