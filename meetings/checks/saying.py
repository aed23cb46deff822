"""How days, spans and names read in what a check found. Pure.

What is kept is written in Simplified; what stands here reads the same in both scripts.
"""

from collections.abc import Sequence
from datetime import date

from meetings.rules import Span

MOST_NAMES = 12


def day_text(day: date) -> str:
    return f"{day.month}月{day.day}日"


def span_text(span: Span) -> str:
    """Return '2026年11月', '2026年第4季度', '2026年上半年' or '2026年'."""
    year, month = span.start.year, span.start.month
    return {
        "month": f"{year}年{month}月",
        "quarter": f"{year}年第{(month + 2) // 3}季度",
        "half_year": f"{year}年上半年" if month == 1 else f"{year}年下半年",
        "year": f"{year}年",
    }[span.period]


def names_text(names: Sequence[str]) -> str:
    """Join names; of a long list the first ones and how many there are."""
    told = "、".join(names[:MOST_NAMES])
    return told if len(names) <= MOST_NAMES else f"{told}等{len(names)}人"
