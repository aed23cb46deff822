"""Who reaches which page of the week and of the catalogue.

Menus and progress are the township's: branch people do not see them. A branch's week is seen by
its own people and those above it, and answered by its own people and staff. The catalogue is read
by everybody who works in the township.
"""

from datetime import timedelta

from django.utils import timezone

from curriculum.models import ItemKind, ItemState, MenuEntry, MenuState, Site
from curriculum.weekly import Week
from tests import factories
from tests.access.rows import Row, everyone, statuses
from tests.world import World

READERS = {"staff": 200, "leader": 200, "township_secretary": 200, "observer": 200}
TOWNSHIP = statuses(**READERS)
WEEK_OF_BRANCH = statuses(secretary=200, committee=200, **READERS)
CATALOGUE = statuses(200, stranger=404)


def composing(status: int) -> tuple[int, ...]:
    return statuses(staff=status, leader=403, township_secretary=403, observer=403)


ANSWERING = statuses(
    secretary=302, committee=302, staff=302, leader=403, township_secretary=403, observer=403
)


def keeping(status: int) -> tuple[int, ...]:
    """The catalogue is visible to all of the township, kept by staff; strangers see nothing."""
    return statuses(403, staff=status, stranger=404)


def township_keeping(status: int) -> tuple[int, ...]:
    """The township itself is seen from above only, so for a branch its forms are not there."""
    return statuses(staff=status, leader=403, township_secretary=403, observer=403)


def build(world: World) -> None:
    week = Week.containing(timezone.localdate())
    world.objects["week"] = week
    world.objects["checklist"] = factories.checklist(world.branch, week.monday)
    world.objects["item"] = factories.checklist_item(world.checklist)
    world.objects["settled_item"] = factories.checklist_item(
        world.checklist,
        state=ItemState.DONE,
        settled_at=timezone.now(),
        settled_by=world.people["secretary"],
    )
    factories.menu(
        world.township,
        week.monday,
        state=MenuState.PUBLISHED,
        published_at=timezone.now() - timedelta(days=7),
    )
    world.objects["menu"] = factories.menu(world.township, week.next.monday)
    world.objects["entry"] = MenuEntry.objects.create(
        menu=world.menu,
        title="森林防火巡查",
        kind=ItemKind.REQUIRED,
        basis="乡党委通知",
        due_on=week.next.sunday,
    )
    world.objects["course"] = factories.course(world.township)
    world.objects["site"] = Site.objects.create(township=world.township, name="上峰罗腊英故居")


def of_item(world: World) -> list:
    return [world.item.pk]


def of_township(world: World) -> list:
    return [world.township.pk]


def this_week(world: World) -> list:
    return [world.township.pk, world.week]


def next_week(world: World) -> list:
    return [world.township.pk, world.week.next]


def of_entry(world: World) -> list:
    return [world.entry.pk]


def of_course(world: World) -> list:
    return [world.course.pk]


ACCESS = {
    "curriculum:checklist_current": Row("get", everyone()),
    "curriculum:checklist_detail": Row("get", WEEK_OF_BRANCH, lambda w: [w.checklist.pk]),
    "curriculum:item_finish": Row("post", ANSWERING, of_item, {"note": "已传达"}),
    "curriculum:item_not_applicable": Row("post", ANSWERING, of_item, {"note": "没有党小组"}),
    "curriculum:item_reopen": Row("post", ANSWERING, lambda w: [w.settled_item.pk]),
    "curriculum:menu_list": Row("get", statuses(**READERS, stranger=200)),
    "curriculum:policy_edit": Row(
        "get", statuses(staff=200, leader=403, township_secretary=200, observer=403), of_township
    ),
    "curriculum:menu_compose": Row("get", TOWNSHIP, next_week),
    "curriculum:menu_copy": Row("post", composing(302), next_week),
    "curriculum:menu_publish": Row("post", composing(302), next_week),
    "curriculum:menu_unschedule": Row("post", composing(302), next_week),
    "curriculum:menu_published": Row("get", TOWNSHIP, this_week),
    "curriculum:menu_preview": Row("get", TOWNSHIP, lambda w: [*next_week(w), w.branch.pk]),
    "curriculum:menu_progress": Row("get", TOWNSHIP, this_week),
    "curriculum:entry_create": Row("get", composing(200), next_week),
    "curriculum:entry_edit": Row("get", composing(200), of_entry),
    "curriculum:entry_offer": Row("post", composing(302), of_entry),
    "curriculum:entry_remove": Row("post", composing(302), of_entry),
    "curriculum:course_list": Row("get", everyone()),
    "curriculum:course_detail": Row("get", CATALOGUE, of_course),
    "curriculum:course_edit": Row("get", keeping(200), of_course),
    "curriculum:course_close": Row("post", keeping(302), of_course),
    "curriculum:course_open": Row("post", keeping(302), of_course),
    "curriculum:course_create": Row("get", township_keeping(200), of_township),
    "curriculum:catalogue_install": Row("post", township_keeping(302), of_township),
    "curriculum:series_create": Row("get", township_keeping(200), of_township),
    "curriculum:site_create": Row("get", township_keeping(200), of_township),
    "curriculum:series_edit": Row("get", keeping(200), lambda w: [w.course.series_id]),
    "curriculum:site_list": Row("get", everyone()),
    "curriculum:site_edit": Row("get", keeping(200), lambda w: [w.site.pk]),
}
