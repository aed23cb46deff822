from datetime import date

import pytest

from branches import rules
from branches.models import ExemptionKind, OrganizationKind
from branches.rules import SizeHint, TermStep


def test_every_exemption_kind_has_a_rule():
    assert set(rules.EXEMPTIONS) == set(ExemptionKind.values)
    assert set(rules.MAY_STAND_BELOW) == set(OrganizationKind.values)


@pytest.mark.parametrize(
    ("exemptions", "excuse"),
    [
        ([], ""),
        ([("old_or_ill", "")], "old_or_ill"),
        ([("away", "")], ""),
        ([("away", "  ")], ""),
        ([("away", "乡党委同意")], "away"),
        ([("bedridden", "")], "old_or_ill"),
        ([("bedridden", "乡党委同意")], "bedridden"),
        ([("suspended", "")], ""),
        ([("away", "乡党委同意"), ("old_or_ill", "")], "old_or_ill"),
        ([("custody", "乡党委同意"), ("abroad", "乡党委同意")], "custody"),
    ],
)
def test_one_excuse_says_what_follows(exemptions, excuse):
    assert rules.excuse_of(exemptions) == excuse


def test_the_old_and_ill_are_not_required_but_stay_in_the_denominator():
    assert "old_or_ill" in rules.NOT_REQUIRED
    assert "old_or_ill" not in rules.LEFT_OUT_OF_VOTES


@pytest.mark.parametrize(
    ("full_on", "kinds", "expected"),
    [
        (None, (), False),
        (date(2026, 11, 10), (), True),
        (date(2026, 11, 11), (), False),
        (date(2020, 1, 1), ("suspended",), False),
        (date(2020, 1, 1), ("old_or_ill", "away"), True),
    ],
)
def test_full_members_vote_unless_their_rights_are_suspended(full_on, kinds, expected):
    assert rules.can_vote(full_on=full_on, kinds=kinds, day=date(2026, 11, 10)) is expected


@pytest.mark.parametrize(
    ("members", "full", "committee", "hints"),
    [
        (8, 6, 1, []),
        (8, 6, 2, []),
        (8, 6, 3, [SizeHint.COMMITTEE_NOT_DUE]),
        (7, 7, 3, []),
        (7, 7, 1, [SizeHint.COMMITTEE_MISSING]),
        (7, 7, 2, [SizeHint.COMMITTEE_SMALL]),
        (20, 18, 7, []),
        (20, 18, 8, [SizeHint.COMMITTEE_LARGE]),
        (50, 48, 5, []),
        (51, 48, 5, [SizeHint.TOO_MANY]),
        (3, 2, 1, [SizeHint.TOO_FEW_FULL]),
    ],
)
def test_sizes_are_compared_with_the_articles(members, full, committee, hints):
    assert rules.size_hints(members=members, full=full, committee=committee) == hints


@pytest.mark.parametrize(
    ("on", "step"),
    [
        (date(2026, 6, 14), TermStep.FAR),
        (date(2026, 6, 15), TermStep.SIX_MONTHS),
        (date(2026, 9, 14), TermStep.SIX_MONTHS),
        (date(2026, 9, 15), TermStep.THREE_MONTHS),
        (date(2026, 12, 15), TermStep.THREE_MONTHS),
        (date(2026, 12, 16), TermStep.ENDED),
    ],
)
def test_a_term_warns_in_steps_and_ends_after_its_last_day(on, step):
    assert rules.term_step(date(2026, 12, 15), on) == step


def test_months_end_where_the_shorter_month_ends():
    assert rules.add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert rules.add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)
    assert rules.term_end(date(2024, 2, 29), 5) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("text", "is_phone"),
    [
        ("13800001234", True),
        ("0566-5021234", True),
        ("05665021234", True),
        ("5021234", True),
        ("1380000123", False),
        ("138000012345", False),
        ("138****1234", False),
        ("", False),
    ],
)
def test_phones_are_mobiles_or_landlines(text, is_phone):
    assert rules.is_phone(text) is is_phone
