from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import DutyKind, Term
from branches.services import reminders
from notifications.models import CalendarDay, Notice
from tests import factories

pytestmark = pytest.mark.django_db

SUMMER, OCTOBER, JANUARY = (
    datetime(*day, 2, tzinfo=UTC) for day in ((2026, 7, 1), (2026, 10, 10), (2027, 1, 5))
)


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def staff(township):
    return factories.person(DutyKind.STAFF, township)


def term(branch, ends_on=date(2026, 12, 31), **fields):
    return Term.objects.create(
        organization=branch, starts_on=date(2022, 1, 1), ends_on=ends_on, **fields
    )


def titles(person):
    return list(person.notices.order_by("pk").values_list("title", flat=True))


def test_each_step_is_said_once(township, staff):
    branch = factories.branch("上峰村党支部", parent=township)
    secretary = factories.person(DutyKind.SECRETARY, branch)
    term(branch)
    for at in (SUMMER, SUMMER, OCTOBER, OCTOBER, JANUARY, JANUARY):
        reminders.warn_of_ending_terms(at=at)
    assert titles(secretary) == [
        "本届任期半年内届满（2026-12-31）",
        "本届任期三个月内届满（2026-12-31）",
        "本届任期已于2026-12-31届满",
    ]
    assert len(titles(staff)) == 3
    assert titles(staff)[0] == "上峰村党支部：本届任期半年内届满（2026-12-31）"


def test_a_worker_that_comes_late_says_only_the_present_step(township):
    branch = factories.branch(parent=township)
    secretary = factories.person(DutyKind.SECRETARY, branch)
    term(branch)
    reminders.warn_of_ending_terms(at=JANUARY)
    assert titles(secretary) == ["本届任期已于2026-12-31届满"]


def test_staff_hear_of_a_townships_election_in_one_notice(township, staff):
    for _ in range(5):
        term(factories.branch(parent=township))
    reminders.warn_of_ending_terms(at=SUMMER)
    assert titles(staff) == ["5个党组织：本届任期半年内届满（2026-12-31）"]


@pytest.mark.parametrize("case", ["later term", "far away", "dissolved"])
def test_nobody_is_warned_without_reason(township, staff, case):
    branch = factories.branch(parent=township)
    ends_on = date(2028, 1, 1) if case == "far away" else date(2026, 12, 31)
    term(branch, ends_on)
    if case == "later term":
        Term.objects.create(
            organization=branch, starts_on=date(2026, 6, 1), ends_on=date(2031, 6, 1)
        )
    if case == "dissolved":
        branch.dissolved_on = date(2026, 6, 1)
        branch.save()
    assert reminders.warn_of_ending_terms(at=SUMMER) == 0


def test_an_election_put_off_with_approval_is_not_called_over(township, staff):
    term(factories.branch(parent=township), extension_note="乡党委〔2026〕8号同意延期")
    assert reminders.warn_of_ending_terms(at=JANUARY) == 0


def test_other_townships_are_not_told(township):
    stranger = factories.person(DutyKind.STAFF, factories.township("木镇镇党委"))
    term(factories.branch(parent=township))
    reminders.warn_of_ending_terms(at=SUMMER)
    assert titles(stranger) == []


def statements(at):
    with CaptureQueriesContext(connection) as found:
        reminders.warn_of_ending_terms(at=at)
    return len(found)


def test_many_terms_cost_as_many_statements_as_one(township, staff):
    def secretaries(how_many):
        for _ in range(how_many):
            branch = factories.branch(parent=township)
            factories.person(DutyKind.SECRETARY, branch)
            term(branch)

    secretaries(1)
    few = statements(SUMMER)
    secretaries(20)
    assert statements(OCTOBER) == few


def test_unknown_holidays_are_said_once_from_december_on(staff):
    november, december = (datetime(2026, month, 30, 2, tzinfo=UTC) for month in (11, 12))
    assert reminders.warn_of_unknown_holidays(at=november) == 0
    assert reminders.warn_of_unknown_holidays(at=december) == 1
    assert reminders.warn_of_unknown_holidays(at=december) == 0
    notice = Notice.objects.get()
    assert (notice.title, notice.url) == ("2027年放假安排尚未导入", "/calendar/2027/")


def test_a_known_year_is_not_warned_of(staff):
    CalendarDay.objects.create(day=date(2027, 1, 1), is_working=False, name="元旦")
    assert reminders.warn_of_unknown_holidays(at=datetime(2026, 12, 30, 2, tzinfo=UTC)) == 0
