"""The checks of a branch: for each what makes it speak, and the near misses that do not."""

from datetime import date

import pytest

from meetings.checks.base import Scope, registry
from meetings.checks.branch_facts import (
    Absence,
    Arrears,
    CareFacts,
    Floating,
    FrequencyFacts,
    Gap,
    HoursFacts,
    Learner,
    OrganizationFacts,
    Person,
    PlanFacts,
    Probationer,
    ProbationFacts,
    TalkFacts,
    ThemeDay,
    ThemeDayFacts,
    Vacancy,
    VisitFacts,
    Visits,
    year_in_question,
)
from meetings.rules import Span

ON = date(2026, 11, 24)
TENTH, WINDOW = date(2026, 10, 10), date(2026, 10, 17)


def gap(kind: str, span: str, *, held: int = 0, needed: int = 1, groups: tuple = ()):
    found = Gap(kind, kind, Span.parse(span), held, needed, groups)
    return FrequencyFacts(ON, (found,))


def taught(answer: bool | None):
    return FrequencyFacts(ON, secretary="王建国", secretary_taught=answer)


def day(on: date, *, is_explained: bool = False):
    return ThemeDayFacts((ThemeDay(7, on, TENTH, WINDOW, is_explained),))


def talks(**facts):
    return TalkFacts(**({"year": 2026, "committee": 3, "ordinary": 9} | facts))


def hours(minutes: int, *, on: date = ON, is_leading: bool = False):
    return HoursFacts(on, 2026, (Learner("李明", minutes, is_leading),))


def made_up(**facts):
    sound = {"members": 20, "full": 18, "committee": 3, "term_ends_on": date(2028, 1, 1)}
    return OrganizationFacts(ON, **(sound | facts))


def absent(since: date, last_on: date = date(2026, 11, 10)):
    return CareFacts(ON, absences=(Absence(7, "李明", since, last_on, 4),))


def arrears(months: int):
    return CareFacts(ON, arrears=(Arrears(7, "李明", date(2026, 5, 1), months),))


def floating(last_on: date | None, *, has_person: bool = True, is_abroad: bool = False):
    return CareFacts(ON, floating=(Floating(7, "李明", has_person, last_on, is_abroad),))


def visits(attended: int, *, since: date = date(2020, 1, 1), asked: int = 4):
    return VisitFacts(ON, (Visits(5, "周晓", since, attended, asked),))


def probation(joined_on: date, *decisions: tuple[str, date]):
    return ProbationFacts(ON, (Probationer(7, "李明", joined_on, decisions),))


NOTHING = FrequencyFacts(ON)
# Code: (facts, what it speaks of: the subjects), hits and near misses.
CASES = {
    "A01": [
        (gap("assembly", "2026-Q3"), ["gap:assembly:2026-Q3"]),
        (gap("committee", "2026-10"), []),
        (NOTHING, []),
    ],
    "A02": [
        (gap("committee", "2026-10"), ["gap:committee:2026-10"]),
        (gap("assembly", "2026-Q3"), []),
    ],
    "A03": [
        (gap("group", "2026-10", needed=2, groups=("第一党小组",)), ["gap:group:2026-10"]),
        (gap("theme_day", "2026-10"), []),
    ],
    "A04": [
        (gap("theme_day", "2026-10"), ["gap:theme_day:2026-10"]),
        (gap("group", "2026-10"), []),
    ],
    "A05": [
        (day(date(2026, 10, 9)), ["meeting:7:off"]),
        (day(date(2026, 10, 18)), ["meeting:7:off"]),
        (day(TENTH), []),
        (day(WINDOW), []),
        (day(date(2026, 10, 20), is_explained=True), []),
    ],
    "A07": [
        (gap("lecture", "2026-Q3"), ["gap:lecture:2026-Q3"]),
        (taught(False), ["lecture:2026"]),
        (taught(True), []),
        # Too early in the year to speak of it, or nobody in post.
        (taught(None), []),
    ],
    "A08": [(gap("org_life", "2025"), ["gap:org_life:2025"]), (gap("evaluation", "2025"), [])],
    "A09": [(gap("evaluation", "2025"), ["gap:evaluation:2025"]), (gap("org_life", "2025"), [])],
    "A11": [
        (talks(without=(Person(7, "李明"),)), ["member:7:talk:2026"]),
        (talks(among_committee=False), ["talk:2026:committee"]),
        (talks(with_ordinary=False), ["talk:2026:mixed"]),
        (talks(among_ordinary=False), ["talk:2026:ordinary"]),
        (talks(), []),
        # Nobody to talk with is nothing missing.
        (talks(committee=1, among_committee=False), []),
        (talks(ordinary=1, among_ordinary=False), []),
        (talks(committee=0, among_committee=False, with_ordinary=False), []),
    ],
    "A12": [
        (made_up(term_ends_on=date(2027, 5, 24)), ["term:2027-05-24"]),
        (made_up(term_ends_on=date(2027, 5, 25)), []),
        (made_up(term_ends_on=date(2026, 11, 23)), ["term:2026-11-23"]),
        (made_up(term_ends_on=date(2026, 3, 1), has_approval=True), []),
        (made_up(term_ends_on=date(2025, 11, 23), has_approval=True), ["term:2025-11-23"]),
        (made_up(term_ends_on=date(2025, 11, 24), has_approval=True), []),
        (made_up(term_ends_on=None), []),
    ],
    "A13": [
        (
            made_up(vacancies=(Vacancy("publicity", date(2026, 9, 24)),)),
            ["post:publicity:2026-09-24"],
        ),
        (made_up(vacancies=(Vacancy("publicity", date(2026, 9, 25)),)), []),
        (made_up(vacancies=(Vacancy("secretary", None),)), ["post:secretary:2026"]),
        # Under seven full members there is no committee to have a vacancy in.
        (made_up(full=6, vacancies=(Vacancy("publicity", date(2026, 1, 1)),)), []),
        (made_up(), []),
    ],
    "A14": [
        (made_up(full=7, committee=1), ["size:committee_missing:2026"]),
        (made_up(full=7, committee=2), ["size:committee_small:2026"]),
        (made_up(full=7, committee=3), []),
        (made_up(full=7, committee=7), []),
        (made_up(full=7, committee=8), ["size:committee_large:2026"]),
        (made_up(full=6, committee=1), []),
        (made_up(full=6, committee=2), []),
        (made_up(full=6, committee=3), ["size:committee_not_due:2026"]),
    ],
    "A15": [
        (made_up(members=51), ["size:too_many:2026"]),
        (made_up(members=50), []),
        (made_up(members=4, full=2, committee=1), ["size:too_few_full:2026"]),
        (made_up(members=4, full=3, committee=1), []),
    ],
    "A16": [
        (made_up(has_groups=True, ungrouped=("李明",)), ["members:ungrouped:2026"]),
        (made_up(has_groups=True), []),
        (made_up(has_groups=False, ungrouped=("李明",)), []),
    ],
    "A17": [
        # On 24 November 328 days are gone: 28 hours and 46 minutes are in step with 32.
        (hours(1725), ["members:hours:2026"]),
        (hours(1726), []),
        (hours(3019, is_leading=True), ["members:hours:2026"]),
        (hours(3020, is_leading=True), []),
        (hours(1919, on=date(2027, 1, 5)), ["members:hours:2026"]),
        (hours(1920, on=date(2027, 1, 5)), []),
        (HoursFacts(ON, 2026), []),
    ],
    "A18": [
        (PlanFacts(ON), ["plan:2026"]),
        (PlanFacts(ON, "draft"), ["plan:2026"]),
        (PlanFacts(ON, "returned"), ["plan:2026"]),
        (PlanFacts(ON, "submitted"), []),
        (PlanFacts(ON, "approved"), []),
        (PlanFacts(date(2026, 1, 31)), []),
        (PlanFacts(date(2026, 2, 1)), ["plan:2026"]),
    ],
    "C15": [
        (absent(date(2026, 8, 24)), ["member:7:absent:2026-08-24:3"]),
        (absent(date(2026, 8, 25)), []),
        (absent(date(2026, 6, 24)), ["member:7:absent:2026-06-24:5"]),
        (absent(date(2026, 5, 24)), ["member:7:absent:2026-05-24:6"]),
        # No meeting was missed lately: whatever it was, it is over.
        (absent(date(2026, 5, 24), last_on=date(2026, 9, 1)), []),
    ],
    "C16": [
        (arrears(3), ["member:7:dues:2026-05-01:3"]),
        (arrears(2), []),
        (arrears(4), ["member:7:dues:2026-05-01:3"]),
        (arrears(7), ["member:7:dues:2026-05-01:6"]),
    ],
    "C17": [
        (floating(ON, has_person=False), ["member:7:floating:alone"]),
        (floating(None), ["member:7:floating:never"]),
        (floating(date(2026, 5, 23)), ["member:7:floating:2026-05-23"]),
        (floating(date(2026, 5, 24)), []),
    ],
    "D05": [
        (visits(2), ["leader:5:2026"]),
        # Ten months are gone: three of four visits are due.
        (visits(3), []),
        (visits(0, since=date(2026, 9, 1)), []),
        (visits(0, since=date(2026, 8, 1)), ["leader:5:2026"]),
        (visits(0, asked=0), []),
    ],
    "D06": [
        (probation(date(2025, 11, 23)), ["member:7:probation:none"]),
        (probation(date(2025, 11, 24)), []),
        (
            probation(date(2025, 1, 1), ("confirm", date(2026, 8, 23))),
            ["member:7:probation:confirm"],
        ),
        (probation(date(2025, 1, 1), ("confirm", date(2026, 8, 24))), []),
        (probation(date(2025, 1, 1), ("prolong", date(2026, 1, 10))), []),
        (
            probation(date(2024, 11, 1), ("prolong", date(2025, 11, 2))),
            ["member:7:probation:prolong"],
        ),
        (probation(date(2025, 1, 1), ("revoke", date(2026, 11, 1))), []),
        (
            probation(date(2025, 1, 1), ("revoke", date(2026, 1, 5))),
            ["member:7:probation:revoke"],
        ),
    ],
}


@pytest.mark.parametrize(
    ("code", "facts", "subjects"),
    [(code, *case) for code, cases in CASES.items() for case in cases],
)
def test_a_check_speaks_of_what_it_should_and_of_nothing_near_it(code, facts, subjects):
    check = registry[code]
    hits = list(check.find(facts, check.threshold))
    assert [hit.subject for hit in hits] == subjects
    for hit in hits:
        assert hit.text % hit.values
        assert hit.day is not None


def test_every_check_of_a_branch_has_hits_and_near_misses():
    ours = {check.code for check in registry.of(Scope.BRANCH) if check.find.__module__ != ISSUES}
    assert ours == set(CASES)
    for code, cases in CASES.items():
        assert any(subjects for _facts, subjects in cases), code
        assert any(not subjects for _facts, subjects in cases), code


ISSUES = "inspections.checks"


@pytest.mark.parametrize(
    ("threshold", "is_abroad", "speaks"),
    [(12, False, False), (12, True, True), (3, True, True), (6, False, True)],
)
def test_abroad_half_a_year_is_the_most(threshold, is_abroad, speaks):
    facts = floating(date(2026, 5, 23), is_abroad=is_abroad)
    assert bool(list(registry["C17"].find(facts, threshold))) is speaks


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2027, 3, 31), 2026),
        (date(2027, 4, 1), None),
    ],
)
def test_what_is_asked_once_a_year_is_spoken_of_late_in_it(on, year):
    assert year_in_question(on) == year
