"""Who gets what: the year's plan."""

from django.utils import timezone

from meetings.models import PlanState
from tests import factories
from tests.access.meetings import READING, RULE_KEEPING, writing
from tests.access.rows import Row, statuses

# Who has one branch is led to its own plan; the others see the list.
LISTING = statuses(200, secretary=302, committee=302, neighbour=302)
DECIDING = statuses(
    404,
    secretary=403,
    committee=403,
    staff=302,
    leader=403,
    township_secretary=403,
    observer=403,
)
DECIDING_MANY = statuses(403, staff=302, stranger=302)


def build(world) -> None:
    year, keeper = timezone.localdate().year, world.people["secretary"]
    world.objects["year_plan"] = factories.year_plan(
        world.branch, year, by=keeper, state=PlanState.SUBMITTED
    )
    factories.plan_line(world.year_plan, timezone.localdate().month, "committee")
    factories.plan_line(world.year_plan, timezone.localdate().month, "group")
    world.objects["year_template"] = factories.year_template(world.township, year)


def grow(world) -> None:
    """Twenty more lines of the plan and the template, meetings beside them, and steps."""
    today = timezone.localdate()
    for n in range(20):
        line = factories.plan_line(world.year_plan, n % 12 + 1, "assembly", theme=f"主题{n}")
        factories.meeting(world.branch, kinds=("assembly",), day=today, plan_item=line)
        factories.template_line(world.year_template, n % 12 + 1, "committee")
        factories.group(world.branch, f"计划第{n}党小组")
        world.year_plan.remark = f"意见{n}"
        world.year_plan.save()


def _plan(world):
    return [world.year_plan.pk]


def _missing(world):
    return [world.branch.pk, timezone.localdate().year + 1]


def _year(_world):
    return [timezone.localdate().year]


def _version(world):
    return {"version": world.year_plan.version, "remark": "请补主题"}


ACCESS: dict[str, Row] = {
    "meetings:year_plan_list": Row("get", LISTING),
    "meetings:year_plan_approve_many": Row("post", DECIDING_MANY),
    "meetings:year_plan_export": Row("get", statuses(200)),
    "meetings:year_plan_start": Row("get", READING, _missing),
    "meetings:year_plan_detail": Row("get", READING, _plan),
    "meetings:year_plan_edit": Row("get", writing(200), _plan),
    "meetings:year_plan_submit": Row("post", writing(302), _plan),
    "meetings:year_plan_approve": Row("post", DECIDING, _plan, _version),
    "meetings:year_plan_return": Row("post", DECIDING, _plan, _version),
    "meetings:year_plan_history": Row("get", READING, _plan),
    "meetings:year_template_edit": Row("get", RULE_KEEPING, _year),
}
