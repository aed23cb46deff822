"""The exhibit shows every check, and nothing that was not planted."""

from collections import defaultdict

import pytest

from branches.models import Organization
from dashboard.demo import exhibit
from meetings.checks.base import registry
from meetings.models import CheckResult
from meetings.services.checks import refresh_checks
from meetings.services.indexing import index_meetings
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def found() -> dict[str, set[tuple[str, str]]]:
    factories.township()
    exhibit.build(today=NOON.date(), password=factories.PASSWORD)
    index_meetings()
    refresh_checks(at=NOON)
    rows = defaultdict(set)
    for branch, code, subject in CheckResult.objects.values_list(
        "branch__short_name", "code", "subject"
    ):
        rows[code].add((branch.removesuffix("党支部"), subject.partition(":")[0]))
    return dict(rows)


def test_exactly_the_planted_faults_are_found():
    assert found() == exhibit.PLANTED


def test_every_check_is_planted():
    assert set(exhibit.PLANTED) == {check.code for check in registry}


def test_the_exhibit_stands_beside_the_sample_township():
    found()

    names = set(Organization.objects.townships().values_list("short_name", flat=True))
    assert names == {"杜村乡党委", "自查示例镇党委"}
