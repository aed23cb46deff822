from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications import rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
# New Year 2026: off from Thursday 1 to Saturday 3 January, Sunday 4 is worked.
NEW_YEAR = {date(2026, 1, day): False for day in (1, 2, 3)} | {date(2026, 1, 4): True}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2026-01-05 10:00", "2026-01-05 10:00"),  # Monday morning
        ("2026-01-05 17:30", "2026-01-05 17:30"),  # the last minute
        ("2026-01-05 17:31", "2026-01-06 08:30"),
        ("2026-01-05 06:00", "2026-01-05 08:30"),
        ("2026-01-09 20:00", "2026-01-12 08:30"),  # Friday evening
        ("2025-12-31 20:00", "2026-01-04 08:30"),  # the make-up Sunday is the next working day
        ("2026-01-04 09:00", "2026-01-04 09:00"),
        ("2026-01-02 09:00", "2026-01-04 08:30"),  # a Friday that is off
    ],
)
def test_a_notice_waits_for_office_hours(said, shown):
    assert rules.next_office_moment(at(said), NEW_YEAR) == at(shown)


@pytest.mark.parametrize(
    ("shown", "mailed"),
    [
        ("2026-01-05 08:30", "2026-01-05 09:00"),
        ("2026-01-05 09:00", "2026-01-05 09:00"),
        ("2026-01-05 09:01", "2026-01-06 09:00"),
        ("2026-01-09 10:00", "2026-01-12 09:00"),
    ],
)
def test_a_mail_leaves_with_the_next_bundle(shown, mailed):
    assert rules.next_mail_moment(at(shown), NEW_YEAR) == at(mailed)


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        (date(2026, 1, 5), 0, date(2026, 1, 5)),
        (date(2026, 1, 5), 3, date(2026, 1, 8)),
        (date(2026, 1, 9), 1, date(2026, 1, 12)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
        (date(2025, 12, 31), 2, date(2026, 1, 5)),
    ],
)
def test_working_days_are_counted_around_holidays(day, count, result):
    assert rules.add_working_days(day, count, NEW_YEAR) == result


def test_each_failure_waits_longer_and_the_last_step_repeats():
    waits = [rules.back_off(attempts) for attempts in range(1, 8)]
    assert waits == sorted(waits)
    assert waits[-1] == waits[-2] == timedelta(days=1)
