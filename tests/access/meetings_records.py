"""Who gets what: the history of a record, and help while writing one."""

from datetime import timedelta

from django.utils import timezone

from meetings.models import AgendaItem, MeetingKind
from tests import factories
from tests.access.meetings import READING, RULE_KEEPING, writing
from tests.access.rows import Row, everyone


def build(world):
    """A decision that is still to be reported on."""
    day = timezone.localdate() - timedelta(days=7)
    held = factories.meeting(world.branch, kinds=(MeetingKind.ASSEMBLY,), day=day)
    world.objects["decision"] = _decision(held, 1)


def _decision(meeting, position):
    return AgendaItem.objects.create(
        meeting=meeting,
        position=position,
        kind="decision",
        title="硬化村组道路",
        responsible="王芳",
        due_on=meeting.day + timedelta(days=30),
    )


def grow(world):
    for position in range(2, 22):
        _decision(world.decision.meeting, position)


def _branch(world):
    return [world.branch.pk]


ACCESS = {
    "meetings:meeting_history": Row("get", READING, lambda world: [world.meeting.pk]),
    "meetings:prompt_list": Row("get", everyone()),
    "meetings:prompt_help": Row("get", READING, _branch, {"field": "minutes", "kinds": "assembly"}),
    "meetings:prompt_edit": Row("get", RULE_KEEPING, lambda world: ["assembly", "minutes"]),
    "meetings:item_suggestions": Row("get", writing(200), _branch, {"kinds": "assembly"}),
}
