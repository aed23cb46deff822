"""Every page costs at most eight statements, and the same number however much there is.

The same pages are opened twice: in a township of two branches, and in the same one when it has
grown by twenty branches, each with members, meetings, weeks and issues, and each list by twenty.
"""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import DutyKind, Exemption, ImportRow, Suggestion
from curriculum.models import MenuEntry
from curriculum.weekly import Week
from inspections.models import IssueEvent
from meetings.models import AgendaItem, Attendance, MeetingKind, MeetingState
from notifications.models import Notice
from tests import factories
from tests import world as world_module
from tests.access.rows import PEOPLE
from tests.test_access import ACCESS, MODULES
from tests.test_pages import PAGES

MOST_STATEMENTS = 8
MORE = 20
# Pages that open no database: nothing to measure.
FILES = ("image/", "application/")


def measured(world) -> dict[str, int]:
    """Return the number of statements of each page, opened by the first who may."""
    found = {}
    for route in PAGES:
        row = ACCESS[route]
        who = PEOPLE[row.statuses.index(200)]
        client = Client()
        if world.people.get(who) is not None:
            client.force_login(world.people[who], backend="branches.backends.DutyBackend")
        url = reverse(route, args=row.args(world) if row.args else [])
        data = row.data(world) if callable(row.data) else (row.data or {})
        client.get(url, data)  # the first page of a session also writes when it began
        with CaptureQueriesContext(connection) as statements:
            response = client.get(url, data)
        assert response.status_code == 200, route
        if not response["Content-Type"].startswith(FILES):
            found[route] = len(statements)
    return found


def grow(world) -> None:
    today = timezone.localdate()
    monday = Week.containing(today).monday
    raiser = world.people["staff"]
    for n in range(MORE):
        branch = factories.branch(f"新设第{n}党支部", parent=world.township)
        _fill(branch, monday, today, raiser)
        secretary = factories.person(DutyKind.SECRETARY, branch)
        Suggestion.objects.create(
            organization=world.township, author=secretary, text="建议", created_at=factories.NOON
        )
        factories.course(world.township, f"新课{n}")
        for person in world.people.values():
            _notice(person, n)
    _fill(world.branch, monday - timedelta(weeks=1), today, raiser)
    _lengthen(world)
    for module in MODULES:
        getattr(module, "grow", lambda _world: None)(world)


def _fill(branch, monday: date, today: date, raiser) -> None:
    group = factories.group(branch, f"第{factories.number()}党小组")
    people = factories.members(branch, 3, group=group)
    factories.contact_point(factories.person(DutyKind.LEADER, branch.township), branch)
    for member in people:
        Exemption.objects.create(member=member, kind="away", from_on=factories.LONG_AGO)
    kinds = (MeetingKind.COMMITTEE, MeetingKind.THEME_DAY)
    factories.meeting(branch, kinds=kinds, day=today.replace(day=1), present=tuple(people))
    factories.meeting(branch, day=today + timedelta(days=3), state=MeetingState.PLANNED)
    checklist = factories.checklist(branch, monday)
    for _ in range(3):
        factories.checklist_item(checklist)
    issue = factories.issue(branch, raised_by=raiser, due_on=today)
    IssueEvent.objects.create(issue=issue, action="raised", by=raiser, at=factories.NOON)


def _notice(person, n: int) -> None:
    Notice.objects.create(
        recipient=person,
        key=f"more:{n}",
        title="消息",
        created_at=factories.NOON,
        due_at=factories.NOON,
        delivered_at=factories.NOON,
    )


def _lengthen(world) -> None:
    """Make what is opened alone longer: a meeting, a checklist, a menu, an issue, an import."""
    people = factories.members(world.branch, MORE)
    meeting, now = world.meeting, timezone.now()
    Attendance.objects.bulk_create(Attendance(meeting=meeting, member=m) for m in people)
    for n in range(MORE):
        AgendaItem.objects.create(meeting=meeting, position=50 + n, kind="topic", title=f"议题{n}")
        factories.checklist_item(world.checklist)
        MenuEntry.objects.create(
            menu=world.menu, title=f"事项{n}", kind="offered", due_on=world.menu.monday
        )
        IssueEvent.objects.create(issue=world.issue, action="answered", by=None, at=now)
        ImportRow.objects.create(batch=world.roster_import, number=900 + n, outcome="unchanged")


@pytest.mark.django_db
def test_every_page_costs_the_same_however_much_there_is():
    world = world_module.build()
    for module in MODULES:
        getattr(module, "build", lambda _world: None)(world)
    few = measured(world)
    grow(world)
    many = measured(world)
    grown = {route: (few[route], many[route]) for route in few if few[route] != many[route]}
    assert grown == {}
    assert {route: n for route, n in many.items() if n > MOST_STATEMENTS} == {}
