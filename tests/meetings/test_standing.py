"""Standing: what each branch owes in a month, quarter or year, and why."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import Membership, Organization
from meetings.models import Explanation, MeetingKind, MeetingState, Obligation
from meetings.reports import sentence, standing
from meetings.reports.owed import owed
from meetings.rules import Span, State, Why
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
NOVEMBER = Span.parse("2026-11")


def cell(branch, code, *, view=NOVEMBER, on=TODAY):
    table = standing(Organization.objects.filter(pk=branch.pk), view=view, on=on)
    index = [column.code for column in table.columns].index(code)
    return table.rows[0].cells[index]


def test_a_month_without_a_meeting_is_due_then_overdue():
    branch = factories.branch()
    factories.members(branch, 7)
    assert cell(branch, "committee").state == State.DUE
    assert cell(branch, "committee", on=date(2026, 12, 1)).state == State.OVERDUE


def test_a_recorded_meeting_meets_it_and_a_draft_does_not():
    branch = factories.branch()
    factories.members(branch, 7)
    factories.meeting(branch, state=MeetingState.DRAFT)
    assert cell(branch, "committee").state == State.DUE
    factories.meeting(branch, day=date(2026, 11, 30))
    assert cell(branch, "committee").state == State.MET


def test_the_last_day_of_a_period_counts_and_the_next_does_not():
    branch = factories.branch()
    kinds = (MeetingKind.ASSEMBLY,)
    factories.meeting(branch, kinds=kinds, day=date(2026, 9, 30))
    assert cell(branch, "assembly").state == State.DUE
    factories.meeting(branch, kinds=kinds, day=date(2026, 12, 31))
    assert cell(branch, "assembly", on=date(2027, 1, 1)).state == State.MET


def test_one_meeting_of_several_kinds_counts_for_each():
    branch = factories.branch()
    factories.meeting(branch, kinds=(MeetingKind.ASSEMBLY, MeetingKind.LECTURE))
    assert cell(branch, "assembly").state == cell(branch, "lecture").state == State.MET


def test_a_branch_of_six_full_members_owes_no_committee_meeting():
    branch = factories.branch()
    factories.members(branch, 6)
    factories.member(branch, full_on=None)
    assert cell(branch, "committee").telling.why == Why.NO_COMMITTEE


def test_who_was_a_member_then_decides_and_not_who_is_now():
    branch = factories.branch()
    people = factories.members(branch, 7)
    Membership.objects.filter(member=people[0]).update(to_on=date(2026, 11, 1))
    assert cell(branch, "committee").state == State.EXEMPT
    october = cell(branch, "committee", view=Span.parse("2026-10"))
    assert october.state == State.OVERDUE


def test_every_group_holds_its_own_meeting():
    branch = factories.branch()
    first, second = factories.group(branch), factories.group(branch, "第二党小组")
    kinds = (MeetingKind.GROUP,)
    factories.meeting(branch, kinds=kinds, group=first)
    factories.meeting(branch, kinds=kinds, group=first)
    found = cell(branch, "group")
    assert (found.held, found.needed, found.state) == (1, 2, State.DUE)
    factories.meeting(branch, kinds=kinds, group=second)
    assert cell(branch, "group").state == State.MET


def test_a_branch_without_groups_owes_no_group_meeting():
    assert cell(factories.branch(), "group").telling.why == Why.NO_GROUPS


def test_an_explanation_closes_the_gap():
    branch = factories.branch()
    Explanation.objects.create(
        branch=branch,
        code="theme_day",
        period_start=date(2026, 10, 1),
        kind="not_held",
        reason="防汛抢险",
        by=factories.user(),
        at=factories.NOON,
    )
    assert cell(branch, "theme_day", view=Span.parse("2026-10")).state == State.EXPLAINED


def test_last_year_is_judged_by_last_years_rule():
    branch = factories.branch()
    Obligation.objects.create(
        code="lecture",
        township=branch.township,
        kind=MeetingKind.LECTURE,
        period="month",
        article="乡党委〔2026〕3号",
        valid_from=date(2026, 7, 1),
    )
    assert cell(branch, "lecture", view=Span.parse("2026-05")).rule.period == "quarter"
    assert cell(branch, "lecture").rule.article == "乡党委〔2026〕3号"


def test_evaluation_may_be_finished_by_march_and_counts_for_one_year_only():
    branch = factories.branch()
    factories.meeting(branch, kinds=(MeetingKind.EVALUATION,), day=date(2027, 2, 20))
    then = date(2027, 4, 1)
    assert cell(branch, "evaluation", view=Span.parse("2026"), on=then).state == State.MET
    assert cell(branch, "evaluation", view=Span.parse("2027"), on=then).state == State.DUE


def test_a_year_names_its_earliest_gap():
    branch = factories.branch()
    for month in (1, 2, 4):
        factories.meeting(branch, kinds=(MeetingKind.THEME_DAY,), day=date(2026, month, 10))
    found = cell(branch, "theme_day", view=Span.parse("2026"))
    assert (found.state, str(found.telling.span)) == (State.OVERDUE, "2026-03")
    assert (found.held, found.needed) == (3, 12)


def test_the_sentence_says_rule_article_and_what_would_settle_it():
    branch = factories.branch()
    told = sentence(cell(branch, "theme_day"))
    assert "《支部工作条例》第16条" in told
    assert "11月30日" in told
    overdue = sentence(cell(branch, "theme_day", view=Span.parse("2026-10")))
    assert "说明未召开的原因" in overdue


@pytest.mark.parametrize("how_many", [1, 20])
@pytest.mark.parametrize("view", ["2026-11", "2026"])
def test_any_number_of_branches_costs_five_statements(how_many, view, django_assert_num_queries):
    township = factories.township()
    for _ in range(how_many):
        branch = factories.branch(parent=township)
        factories.members(branch, 2)
        factories.meeting(branch)
    with django_assert_num_queries(5):
        standing(Organization.objects.branches(), view=Span.parse(view), on=TODAY)


history = st.lists(
    st.tuples(
        st.sampled_from(MeetingKind.values),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.integers(0, 2),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=history, full=st.integers(5, 9), groups=st.integers(0, 2))
def test_the_set_and_the_cell_agree_on_who_owes(history, full, groups):
    """`owed` (SQL, for thousands) and `standing` (cell by cell) are twins."""
    branch = factories.branch()
    factories.members(branch, full)
    its_groups = [factories.group(branch, f"第{i}党小组") for i in range(groups)]
    for kind, day, n in history:
        if kind == MeetingKind.GROUP and n >= len(its_groups):
            continue
        group = its_groups[n] if kind == MeetingKind.GROUP else None
        factories.meeting(branch, kinds=(kind,), day=day, group=group)
    only = Organization.objects.filter(pk=branch.pk)
    for matter in owed(only, on=TODAY):
        table = standing(only, view=matter.span, on=TODAY)
        cells = {c.rule.code: c for c in table.rows[0].cells if c}
        parts = {str(p.span): p for p in cells[matter.rule.code].parts}
        is_open = parts[str(matter.span)].state in (State.DUE, State.OVERDUE)
        assert matter.branches.exists() == is_open, matter
