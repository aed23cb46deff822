"""The regulations' arithmetic, as tables, without the database."""

from datetime import date

import pytest

from meetings import rules
from meetings.rules import Facts, Span, State, VoteResult, Why, Window


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_span_reads_and_writes_itself(text, start, end):
    span = Span.parse(text)
    assert (span.start, span.end) == (start, end)
    assert str(span) == text.upper()
    assert span.next.previous == span


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "2026-Q5", "x", "2026-H3", "2026-11-1"])
def test_nonsense_is_not_a_span(text):
    with pytest.raises(ValueError):
        Span.parse(text)


def test_a_year_has_twelve_months_and_a_month_lies_in_one_quarter():
    assert len(list(Span.parse("2026").parts("month"))) == 12
    assert [str(s) for s in Span.parse("2026-11").parts("quarter")] == ["2026-Q4"]


@pytest.mark.parametrize(
    ("due", "window"),
    [
        ((None, None, False), Window(date(2026, 1, 1), date(2026, 12, 31))),
        ((11, 30, False), Window(date(2026, 1, 1), date(2026, 11, 30))),
        ((2, 31, False), Window(date(2026, 1, 1), date(2026, 2, 28))),
        ((3, 31, True), Window(date(2026, 4, 1), date(2027, 3, 31))),
    ],
)
def test_a_window_is_the_year_or_what_the_notice_says(due, window):
    month, day, next_year = due
    assert rules.window(Span.parse("2026"), month, day, next_year=next_year) == window


@pytest.mark.parametrize(
    ("body", "facts", "why"),
    [
        ("branch", Facts(True, 3, 0), None),
        ("committee", Facts(True, 7, 0), None),
        ("committee", Facts(True, 6, 0), Why.NO_COMMITTEE),
        ("group", Facts(True, 30, 2), None),
        ("group", Facts(True, 30, 0), Why.NO_GROUPS),
        ("branch", Facts(False, 30, 2), Why.NOT_FOUNDED),
    ],
)
def test_rules_differ_by_branch(body, facts, why):
    assert rules.exemption(body, facts) == why


@pytest.mark.parametrize(
    ("held", "explained", "on", "state"),
    [
        (1, False, date(2026, 11, 24), State.MET),
        (0, False, date(2026, 11, 30), State.DUE),
        (0, False, date(2026, 12, 1), State.OVERDUE),
        (0, True, date(2026, 12, 1), State.EXPLAINED),
        (0, False, date(2026, 10, 31), State.AHEAD),
        # Held after the deadline: late, but held.
        (2, False, date(2027, 3, 1), State.MET),
    ],
)
def test_a_month_is_judged_by_its_last_day(held, explained, on, state):
    window = Window(date(2026, 11, 1), date(2026, 11, 30))
    judged, _why = rules.judge(
        needed=1,
        held=held,
        is_explained=explained,
        start=window.start,
        deadline=window.deadline,
        on=on,
    )
    assert judged == state


@pytest.mark.parametrize(
    ("rule", "expected", "needed"),
    [
        ("ordinary", 16, 8),
        ("ordinary", 15, 8),
        ("admission", 16, 9),
        ("admission", 15, 8),
        ("election", 16, 13),
        ("election", 15, 12),
        ("committee", 5, 3),
        ("committee", 3, 2),
    ],
)
def test_three_quorums_differ(rule, expected, needed):
    assert rules.quorum(rule, expected=expected, present=needed).is_met
    assert not rules.quorum(rule, expected=expected, present=needed - 1).is_met


@pytest.mark.parametrize(
    ("rule", "expected", "present", "in_favour", "result"),
    [
        # More than half of 应到会, never of those present: 8 of 16 fails, 9 passes.
        ("ordinary", 16, 10, 8, VoteResult.FAILED),
        ("ordinary", 16, 10, 9, VoteResult.PASSED),
        ("ordinary", 16, 7, 7, VoteResult.INVALID),
        ("ordinary", 16, 8, 8, VoteResult.FAILED),
        ("admission", 16, 8, 8, VoteResult.INVALID),
        ("admission", 16, 9, 9, VoteResult.PASSED),
        # An election is carried by more than half of those present.
        ("election", 20, 16, 9, VoteResult.PASSED),
        ("election", 20, 16, 8, VoteResult.FAILED),
        ("election", 20, 15, 15, VoteResult.INVALID),
        ("committee", 5, 3, 2, VoteResult.PASSED),
        ("committee", 5, 2, 2, VoteResult.INVALID),
    ],
)
def test_votes(rule, expected, present, in_favour, result):
    got = rules.vote_result(rule, expected=expected, present=present, in_favour=in_favour)
    assert got == result


SPRING_FESTIVAL = {date(2024, 2, d) for d in range(10, 18)}


@pytest.mark.parametrize(
    ("month", "roll", "found"),
    [
        ("2024-02", "none", date(2024, 2, 10)),
        # 2024-02-10 was the Spring Festival: the window of seven days ends on the 17th, a holiday
        # too, so the day stays and the branch says what it did.
        ("2024-02", "holidays_only", date(2024, 2, 10)),
        ("2026-10", "holidays_only", date(2026, 10, 10)),
        ("2026-10", "next_working", date(2026, 10, 12)),
        ("2026-11", "next_working", date(2026, 11, 10)),
    ],
)
def test_the_tenth_rolls_by_the_townships_own_rule(month, roll, found):
    holidays = SPRING_FESTIVAL
    day = rules.fixed_day(
        Span.parse(month),
        day=10,
        roll=roll,
        window_days=7,
        is_working=lambda d: d.weekday() < 5 and d not in holidays,
        is_holiday=lambda d: d in holidays,
    )
    assert day.day == found


def test_the_tenth_moves_to_the_first_day_after_the_holiday():
    holidays = {date(2024, 6, 8), date(2024, 6, 9), date(2024, 6, 10)}
    day = rules.fixed_day(
        Span.parse("2024-06"),
        day=10,
        roll="holidays_only",
        window_days=7,
        is_working=lambda d: d.weekday() < 5 and d not in holidays,
        is_holiday=lambda d: d in holidays,
    )
    assert (day.day, day.is_moved, day.window_ends) == (date(2024, 6, 11), True, date(2024, 6, 17))
