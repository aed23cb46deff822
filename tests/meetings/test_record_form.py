"""How much the logging form asks: counted in fields and taps, for sixty members too."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Exemption
from meetings.models import FixedAction, Meeting, MeetingState, Vote
from tests import factories
from tests.meetings.sending import page, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-11T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def branch():
    return factories.branch()


@pytest.fixture
def people(branch):
    """Sixty expected, three of whom sit in the committee, and one whom art. 23 excuses."""
    them = factories.members(branch, 61)
    for member, role in zip(them, ("secretary", "organization", "publicity"), strict=False):
        factories.post(member, role)
    Exemption.objects.create(member=them[60], kind="old_or_ill", from_on=factories.LONG_AGO)
    return them


@pytest.fixture
def secretary(branch):
    return signed_in("secretary", branch)


def test_sixty_with_four_away_a_first_topic_two_items_and_a_vote_take_one_page(
    secretary, branch, people
):
    factories.meeting(
        branch,
        kinds=("assembly",),
        state=MeetingState.PLANNED,
        day=date(2026, 11, 10),
        place="村部",
    )
    fields = page(secretary, "/meetings/new/?kind=assembly")
    assert len(fields.required) <= 6
    assert len(fields.sent["seat"]) == 61
    reasons = ("leave:sick", "leave:away", "absent", "leave:duty")
    gone = dict(zip(people[10:14], reasons, strict=True))
    taps = {"away": [str(member.pk) for member in gone]}
    taps |= {f"state-{member.pk}": reason for member, reason in gone.items()}
    typed = {
        "first_title": "全会精神",
        "item-0-title": "防汛",
        "item-0-minutes": "王芳：先清沟渠。",
        "item-1-kind": "decision",
        "item-1-title": "硬化村组道路",
        "item-1-in_favour": "55",
        "item-1-abstaining": "1",
    }
    # Two taps for each of the four; unfolding the items, one more row, its kind; the button.
    actions = 2 * len(gone) + 3 + len(typed) - 1 + 1
    assert actions <= 18
    response = send(secretary, fields, **taps, **typed, **{"item-TOTAL_FORMS": "2"})
    assert response.status_code == 302
    found = Meeting.objects.with_attendance().get()
    assert found.state == MeetingState.RECORDED
    assert (found.expected, found.present, found.leave, found.absent) == (60, 56, 3, 1)
    assert Vote.objects.get().rule == "ordinary"
    html = secretary.get(f"/meetings/{found.pk}/").content.decode()
    assert "应到会有表决权 61 人，过半数为 31 人；赞成 55，通过" in html


# What has to be filled in by hand on a form that the system filled in as far as it could; the
# rest has a default, is folded, or belongs to another kind.
@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("assembly", {"first_title"}),
        ("committee", {"first_title"}),
        ("theme_day", {"first_title"}),
        ("lecture", {"lecture_title", "lecture_speaker"}),
        ("org_life", set()),
        ("evaluation", set()),
        ("talk", set()),
    ],
)
def test_only_what_the_kind_needs_is_asked(secretary, branch, people, kind, typed):
    factories.meeting(branch, kinds=(kind,), state=MeetingState.PLANNED, day=date(2026, 11, 10))
    fields = page(secretary, f"/meetings/new/?kind={kind}")
    basics = {"day", "starts_at", "place", "chair", "recorder"}
    known = {name for name in fields.required if any(fields.sent.get(name, []))}
    assert fields.required - basics == typed
    assert len(fields.required) <= 7
    assert {"day", "starts_at", "chair", "recorder"} <= known


@pytest.mark.parametrize(
    ("kind", "asks", "asks_not"),
    [
        ("theme_day", "五项固定动作", "批评与自我批评"),
        ("org_life", "批评与自我批评", "民主评议党员</h2>"),
        ("evaluation", "最多", "批评与自我批评"),
        ("talk", "谈话要点", "第一议题"),
        ("lecture", "授课人", "五项固定动作"),
    ],
)
def test_each_kind_has_its_own_part_alone(secretary, branch, people, kind, asks, asks_not):
    FixedAction.objects.create(
        township=branch.township, name="集中学习", position=1, valid_from=factories.LONG_AGO
    )
    html = secretary.get(f"/meetings/new/?kind={kind}").content.decode()
    assert asks in html
    assert asks_not not in html


def test_sixty_grades_are_saved_in_few_statements(secretary, people):
    fields = page(secretary, "/meetings/new/?kind=evaluation")
    with CaptureQueriesContext(connection) as queries:
        response = send(secretary, fields, action="draft", place="村部")
    assert response.status_code == 302
    counted = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(counted) <= 14, "\n".join(sql[:120] for sql in counted)
    assert Meeting.objects.get().appraisals.count() == 61


def test_the_pinyin_of_every_name_is_there_to_be_searched(secretary, people):
    html = secretary.get("/meetings/new/?kind=assembly").content.decode()
    assert html.count("data-initials=") == 60
    assert "data-roster-undo" in html
