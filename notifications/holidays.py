"""The State Council's yearly holiday arrangement, as the `chinesecalendar` package carries it."""

from datetime import date

from chinese_calendar import constants

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


class NotPublishedError(LookupError):
    """The package does not know the year yet: the arrangement appears each November."""


def published_days(year: int) -> list[tuple[date, bool, str]]:
    """Return (day, is_working, Chinese name) of every holiday and make-up day of the year."""
    days = [
        (day, is_working, NAMES.get(name, name))
        for is_working, table in ((False, constants.holidays), (True, constants.workdays))
        for day, name in table.items()
        if day.year == year
    ]
    if not days:
        raise NotPublishedError(year)
    return sorted(days)
