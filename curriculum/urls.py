from django.urls import path, register_converter

from curriculum.views import checklists, courses, menus
from curriculum.weekly import Week

app_name = "curriculum"


class WeekConverter:
    """'2026-W48' in an address; a week that no calendar has is a 404."""

    regex = r"\d{4}-W\d{2}"
    to_python = staticmethod(Week.parse)
    to_url = staticmethod(str)


register_converter(WeekConverter, "week")

MENU = "menus/<int:township_pk>/<week:week>/"

urlpatterns = [
    path("week/", checklists.checklist_current, name="checklist_current"),
    path("week/<int:pk>/", checklists.checklist_detail, name="checklist_detail"),
    path("week/items/<int:pk>/finish/", checklists.item_finish, name="item_finish"),
    path(
        "week/items/<int:pk>/not-applicable/",
        checklists.item_not_applicable,
        name="item_not_applicable",
    ),
    path("week/items/<int:pk>/reopen/", checklists.item_reopen, name="item_reopen"),
    path("menus/", menus.menu_list, name="menu_list"),
    path("menus/<int:township_pk>/policy/", menus.policy_edit, name="policy_edit"),
    path(MENU, menus.menu_compose, name="menu_compose"),
    path(f"{MENU}copy/", menus.menu_copy, name="menu_copy"),
    path(f"{MENU}publish/", menus.menu_publish, name="menu_publish"),
    path(f"{MENU}unschedule/", menus.menu_unschedule, name="menu_unschedule"),
    path(f"{MENU}published/", menus.menu_published, name="menu_published"),
    path(f"{MENU}preview/<int:branch_pk>/", menus.menu_preview, name="menu_preview"),
    path(f"{MENU}progress/", menus.menu_progress, name="menu_progress"),
    path(f"{MENU}entries/new/", menus.entry_create, name="entry_create"),
    path("menus/entries/<int:pk>/", menus.entry_edit, name="entry_edit"),
    path("menus/entries/<int:pk>/offer/", menus.entry_offer, name="entry_offer"),
    path("menus/entries/<int:pk>/remove/", menus.entry_remove, name="entry_remove"),
    path("courses/", courses.course_list, name="course_list"),
    path("courses/<int:pk>/", courses.course_detail, name="course_detail"),
    path("courses/<int:pk>/edit/", courses.course_edit, name="course_edit"),
    path("courses/<int:pk>/close/", courses.course_close, name="course_close"),
    path("courses/<int:pk>/open/", courses.course_open, name="course_open"),
    path("courses/of/<int:township_pk>/new/", courses.course_create, name="course_create"),
    path(
        "courses/of/<int:township_pk>/install/",
        courses.catalogue_install,
        name="catalogue_install",
    ),
    path("courses/of/<int:township_pk>/series/", courses.series_create, name="series_create"),
    path("courses/of/<int:township_pk>/sites/", courses.site_create, name="site_create"),
    path("courses/series/<int:pk>/", courses.series_edit, name="series_edit"),
    path("courses/sites/", courses.site_list, name="site_list"),
    path("courses/sites/<int:pk>/", courses.site_edit, name="site_edit"),
]
