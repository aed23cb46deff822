"""What the checks of a branch read: the right facts, for any number of branches at one price."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import (
    DutyKind,
    Exemption,
    FloatingContact,
    Member,
    Organization,
    PostRole,
    Term,
)
from meetings.checks.branch_facts import Absence, Arrears, Floating, Person, ThemeDay, Vacancy
from meetings.models import (
    AgendaItem,
    Attendance,
    DuesArrear,
    DuesMonth,
    Explanation,
    Guest,
    LeaderVisit,
    Vote,
    YearPlan,
)
from meetings.reports.check_sources import sources
from tests import factories

ON = date(2026, 11, 24)
NAMES = (
    "frequency",
    "theme_days",
    "talks",
    "hours",
    "plans",
    "organization",
    "visits",
    "probation",
    "care",
    "issues",
)
pytestmark = pytest.mark.django_db


def read(name: str, branch: Organization, on: date = ON):
    return sources.load(name, Organization.objects.filter(pk=branch.pk), on).get(branch.pk)


def hold(branch, kind: str, day: date, *present: Member, **fields):
    return factories.meeting(branch, kinds=(kind,), day=day, present=present, **fields)


@pytest.fixture
def branch():
    return factories.branch()


# --- Frequency ------------------------------------------------------------------------------------


def gaps(branch, on: date = ON) -> set[tuple[str, str]]:
    return {(gap.code, str(gap.span)) for gap in read("frequency", branch, on).gaps}


def test_without_any_record_only_the_last_quarter_is_asked_about(branch):
    factories.members(branch, 8)
    assert gaps(branch) == {
        ("assembly", "2026-Q3"),
        ("committee", "2026-08"),
        ("committee", "2026-09"),
        ("committee", "2026-10"),
        ("theme_day", "2026-08"),
        ("theme_day", "2026-09"),
        ("theme_day", "2026-10"),
        ("lecture", "2026-Q3"),
    }


def test_from_the_first_record_on_a_year_back_is_asked_about(branch):
    factories.members(branch, 3)
    hold(branch, "theme_day", date(2026, 5, 10))
    found = {span for code, span in gaps(branch) if code == "theme_day"}
    assert found == {"2026-06", "2026-07", "2026-08", "2026-09", "2026-10"}
    assert "committee" not in {code for code, _span in gaps(branch)}


def test_a_gap_that_is_explained_or_met_is_none(branch):
    person = factories.person(DutyKind.SECRETARY, branch)
    hold(branch, "theme_day", date(2026, 9, 10))
    Explanation.objects.create(
        branch=branch,
        code="theme_day",
        period_start=date(2026, 10, 1),
        kind="not_held",
        reason="防汛",
        by=person,
        at=factories.NOON,
    )
    assert not {span for code, span in gaps(branch) if code == "theme_day"} & {"2026-09", "2026-10"}


def test_last_years_evaluation_is_asked_about_once_its_deadline_in_march_is_over(branch):
    hold(branch, "theme_day", date(2025, 6, 10))
    assert ("evaluation", "2025") not in gaps(branch, date(2026, 3, 31))
    assert ("evaluation", "2025") in gaps(branch, date(2026, 4, 1))


def test_a_gap_of_groups_names_those_that_owe_it(branch):
    first, second = factories.group(branch, "第一党小组"), factories.group(branch, "第二党小组")
    factories.member(branch, group=first)
    factories.member(branch, group=second)
    hold(branch, "group", date(2026, 10, 5), group=first)
    found = {str(gap.span): gap.groups for gap in read("frequency", branch).gaps if gap.groups}
    assert found["2026-10"] == ("第二党小组",)
    assert found["2026-09"] == ("第一党小组", "第二党小组")


def test_whether_the_secretary_taught_follows_from_the_speaker_or_the_chair(branch):
    secretary, other = factories.members(branch, 2)
    factories.post(secretary)
    assert read("frequency", branch).secretary_taught is False
    lecture = hold(branch, "lecture", date(2026, 6, 20), chair=other)
    item = AgendaItem.objects.create(
        meeting=lecture, position=1, kind="lecture", title="党课", speaker=other.name
    )
    assert read("frequency", branch).secretary_taught is False
    item.speaker = f"支部书记{secretary.name}"
    item.save()
    assert read("frequency", branch).secretary_taught is True
    item.delete()
    assert read("frequency", branch).secretary_taught is False
    lecture.chair = secretary
    lecture.save()
    assert read("frequency", branch).secretary_taught is True
    assert read("frequency", branch, date(2026, 9, 30)).secretary_taught is None


# --- Theme days, talks, plans ---------------------------------------------------------------------


def test_of_a_months_theme_days_the_nearest_to_the_fixed_day_counts(branch):
    hold(branch, "theme_day", date(2026, 9, 25))
    near = hold(branch, "theme_day", date(2026, 9, 12))
    early = hold(branch, "theme_day", date(2026, 11, 3))
    days = read("theme_days", branch).days
    assert days == (
        ThemeDay(near.pk, date(2026, 9, 12), date(2026, 9, 10), date(2026, 9, 17)),
        ThemeDay(early.pk, date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 17)),
    )


def test_talks_say_who_had_none_and_between_whom_there_were_some(branch):
    secretary, publicity, member, other = factories.members(branch, 4)
    factories.post(secretary)
    factories.post(publicity, PostRole.PUBLICITY)
    ill = factories.member(branch)
    Exemption.objects.create(member=ill, kind="cannot_express", from_on=factories.LONG_AGO)
    factories.member(branch, joined_on=date(2026, 3, 1), full_on=None)
    hold(branch, "talk", date(2026, 3, 1), secretary, member)
    hold(branch, "talk", date(2025, 3, 1), secretary, publicity)
    facts = read("talks", branch)
    assert facts.without == tuple(Person(m.pk, m.name) for m in (publicity, other))
    assert (facts.committee, facts.ordinary) == (2, 4)
    assert (facts.among_committee, facts.with_ordinary, facts.among_ordinary) == (
        False,
        True,
        False,
    )
    assert read("talks", branch, date(2026, 9, 30)) is None


def test_a_branch_set_up_this_year_made_no_plan(branch):
    assert read("plans", branch).state == ""
    person = factories.person(DutyKind.SECRETARY, branch)
    YearPlan.objects.create(branch=branch, year=2026, drafted_by=person, drafted_at=factories.NOON)
    assert read("plans", branch).state == "draft"
    assert read("plans", factories.branch(established_on=date(2026, 2, 1))) is None


# --- Structure ------------------------------------------------------------------------------------


def test_the_structure_is_that_of_the_day(branch):
    people = factories.members(branch, 8)
    Term.objects.create(organization=branch, starts_on=date(2022, 1, 1), ends_on=date(2027, 1, 1))
    factories.post(people[0])
    factories.post(people[0], PostRole.ORGANIZATION)
    # Left in this term and not taken; the one before it was an election's matter.
    factories.post(people[1], PostRole.PUBLICITY, to_on=date(2026, 6, 1))
    factories.post(people[1], PostRole.DISCIPLINE, to_on=date(2021, 6, 1))
    facts = read("organization", branch)
    assert (facts.members, facts.full, facts.committee) == (8, 8, 1)
    assert facts.term_ends_on == date(2027, 1, 1)
    assert not facts.has_approval
    assert facts.vacancies == (Vacancy("publicity", date(2026, 6, 1)),)
    assert not facts.has_groups
    assert facts.ungrouped == ()


def test_a_branch_without_a_secretary_says_so(branch):
    assert read("organization", branch).vacancies == (Vacancy("secretary", None),)
    member = factories.member(branch)
    factories.post(member, to_on=date(2026, 9, 1))
    assert read("organization", branch).vacancies == (Vacancy("secretary", date(2026, 9, 1)),)
    factories.post(factories.member(branch), from_on=date(2026, 10, 1))
    assert read("organization", branch).vacancies == ()


def test_members_in_no_group_are_named_where_there_are_groups(branch):
    group = factories.group(branch)
    factories.member(branch, group=group)
    alone = factories.member(branch)
    facts = read("organization", branch)
    assert facts.has_groups
    assert facts.ungrouped == (alone.name,)


def test_a_leaders_visits_are_counted_once_a_meeting(branch):
    leader = factories.person(DutyKind.LEADER, branch.township)
    factories.contact_point(leader, branch)
    meeting = hold(branch, "assembly", date(2026, 3, 1))
    LeaderVisit.objects.create(meeting=meeting, leader=leader, noted_at=factories.NOON)
    Guest.objects.create(meeting=meeting, name=leader.full_name, leader=leader)
    Guest.objects.create(
        meeting=hold(branch, "assembly", date(2025, 3, 1)), name="周晓", leader=leader
    )
    (found,) = read("visits", branch).leaders
    assert (found.attended, found.asked) == (1, 4)


def test_probationers_come_with_the_valid_decisions_on_them(branch):
    people = factories.members(branch, 4)
    new = factories.member(branch, "李新", joined_on=date(2025, 1, 1), full_on=None)
    passed = hold(branch, "assembly", date(2026, 1, 10), *people)
    failed = hold(branch, "assembly", date(2026, 1, 5), *people)
    for meeting, in_favour, name in ((passed, 3, "李新"), (failed, 1, "李新"), (passed, 3, "别人")):
        item = AgendaItem.objects.create(meeting=meeting, position=1, kind="decision", title="转正")
        Vote.objects.create(
            item=item,
            rule="admission",
            is_secret=True,
            in_favour=in_favour,
            step="confirm",
            candidate=name,
        )
    (found,) = read("probation", branch).probationers
    assert (found.member_id, found.decisions) == (new.pk, (("confirm", date(2026, 1, 10)),))


# --- Care -----------------------------------------------------------------------------------------


def miss(branch, member, day: date, **fields):
    meeting = hold(branch, "assembly", day)
    values = {"state": "absent"} | fields
    return Attendance.objects.create(meeting=meeting, member=member, **values)


def test_absences_count_since_a_member_was_last_there(branch):
    member = factories.member(branch, "李明")
    hold(branch, "theme_day", date(2026, 5, 10), member)
    miss(branch, member, date(2026, 4, 10))
    for month in (7, 8, 9):
        miss(branch, member, date(2026, month, 10))
    assert read("care", branch).absences == (
        Absence(member.pk, "李明", date(2026, 7, 10), date(2026, 9, 10), 3),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "leave", "reason": "away"},
        {"reason": "personal"},
        {"adjustment": "经会议同意"},
        {"excuse": "old_or_ill"},
        {"made_up_on": date(2026, 9, 12), "made_up_how": "home_visit"},
        {"state": "remote"},
    ],
)
def test_a_reason_a_make_up_or_an_excuse_ends_it(branch, fields):
    member = factories.member(branch)
    miss(branch, member, date(2026, 7, 10))
    miss(branch, member, date(2026, 9, 10), **fields)
    assert read("care", branch) is None


def test_whom_art_23_excuses_today_is_not_spoken_of(branch):
    member = factories.member(branch)
    miss(branch, member, date(2026, 7, 10))
    assert read("care", branch)
    Exemption.objects.create(member=member, kind="old_or_ill", from_on=date(2026, 10, 1))
    assert read("care", branch) is None


def test_open_months_of_dues_are_counted(branch):
    member = factories.member(branch, "李明")
    person = factories.person(DutyKind.SECRETARY, branch)
    for month in (6, 7, 8, 9):
        noted = DuesMonth.objects.create(
            branch=branch,
            month=date(2026, month, 1),
            noted_by=person,
            noted_at=factories.NOON,
        )
        settled_on = date(2026, 9, 3) if month == 7 else None
        DuesArrear.objects.create(month=noted, member=member, settled_on=settled_on)
    assert read("care", branch).arrears == (Arrears(member.pk, "李明", date(2026, 6, 1), 3),)


def test_floating_members_come_with_their_last_contact(branch):
    keeper = factories.member(branch)
    member = factories.member(branch, "李明", is_floating=True, contact_person=keeper)
    Exemption.objects.create(member=member, kind="abroad", from_on=factories.LONG_AGO)
    person = factories.person(DutyKind.SECRETARY, branch)
    for day in (date(2026, 3, 1), date(2026, 8, 1)):
        FloatingContact.objects.create(member=member, on=day, by=person)
    assert read("care", branch).floating == (
        Floating(member.pk, "李明", True, date(2026, 8, 1), True),
    )


# --- All ------------------------------------------------------------------------------------------


def _furnish(branch) -> None:
    group = factories.group(branch)
    people = factories.members(branch, 8, group=group)
    factories.post(people[0])
    new = factories.member(branch, joined_on=date(2025, 1, 1), full_on=None, is_floating=True)
    factories.contact_point(factories.person(DutyKind.LEADER, branch.township), branch)
    hold(branch, "theme_day", date(2026, 9, 25), *people)
    hold(branch, "talk", date(2026, 9, 25), *people[:2])
    decided = hold(branch, "assembly", date(2026, 9, 26), *people)
    item = AgendaItem.objects.create(meeting=decided, position=1, kind="decision", title="转正")
    Vote.objects.create(
        item=item, rule="admission", is_secret=True, in_favour=8, step="confirm", candidate=new.name
    )
    for month in (7, 8):
        miss(branch, people[7], date(2026, month, 10))
    person = factories.person(DutyKind.SECRETARY, branch)
    noted = DuesMonth.objects.create(
        branch=branch, month=date(2026, 7, 1), noted_by=person, noted_at=factories.NOON
    )
    DuesArrear.objects.create(month=noted, member=people[0])
    factories.issue(branch, raised_by=person)


@pytest.mark.parametrize("name", NAMES)
def test_a_source_costs_the_same_for_one_branch_and_for_many(name):
    _furnish(factories.branch())

    def cost() -> int:
        branches = Organization.objects.branches()
        with CaptureQueriesContext(connection) as statements:
            found = sources.load(name, branches, ON)
        assert len(found) == branches.count()
        return len(statements)

    one = cost()
    for _ in range(4):
        _furnish(factories.branch())
    assert cost() == one <= 15
