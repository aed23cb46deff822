"""The sample township: what there is to see, and not more hits than a real one would have."""

from datetime import timedelta
from random import Random

import pytest

from dashboard.demo import township
from meetings import models
from meetings.models import CheckResult
from meetings.services.checks import refresh_checks
from meetings.services.indexing import index_meetings
from tests.factories import NOON

# Copied records are planted; nobody is in two places, and nothing is read before it was said.
SUSPICIONS = {"C02", "C05", "C06", "C07", "C10", "C11", "C12"}


@pytest.mark.django_db
def test_the_sample_township_is_a_plausible_one(time_machine):
    time_machine.move_to(NOON, tick=False)
    township.build(today=NOON.date(), rng=Random(2026))  # noqa: S311 - demo data
    index_meetings()
    refresh_checks(at=NOON)

    shown = (
        models.Appraisal, models.Candidate, models.Comment, models.Criticism, models.DuesArrear,
        models.JointMeeting, models.LeaderVisit, models.Problem, models.RecordVersion,
        models.SharedText, models.YearTemplate,
    )  # fmt: skip
    assert [model.__name__ for model in shown if not model.objects.exists()] == []
    assert set(models.YearPlan.objects.values_list("state", flat=True)) == {
        "draft", "submitted", "returned", "approved",
    }  # fmt: skip
    reviews = set(models.TopicReview.objects.values_list("decision", flat=True))
    assert reviews == {"", "returned", "approved"}
    assert models.Attendance.objects.filter(made_up_on__gt=NOON.date() - timedelta(90)).exists()
    codes = list(CheckResult.objects.values_list("code", flat=True))
    assert 50 < len(codes) < 250
    assert {"C01", "C08", "C09"} <= set(codes)
    assert not SUSPICIONS & set(codes)
