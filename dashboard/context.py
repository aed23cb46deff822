"""What the frame of every page shows: who is here, where they may go, what is unread."""

from functools import cache, lru_cache
from typing import NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from branches.models import DutyKind
from branches.permissions import duties_of

STAFF = {DutyKind.STAFF, DutyKind.TOWNSHIP_SECRETARY}
BRANCH = {DutyKind.SECRETARY, DutyKind.COMMITTEE}
READERS = {DutyKind.LEADER, DutyKind.OBSERVER}
PARTY = STAFF | BRANCH | READERS


FIRST, ROOM = 1, 2
TABS = 4


class Entry(NamedTuple):
    """One place in the navigation: its route, and the duties it is shown to.

    `on_phone`: shown at a phone's foot, FIRST or where there is ROOM left.
    """

    label: str
    route: str
    icon: str
    duties: set[str]
    on_phone: int = 0


ENTRIES = [
    Entry(gettext_lazy("首页"), "dashboard:home", "home", set(DutyKind.values), on_phone=FIRST),
    Entry(
        gettext_lazy("本周清单"), "curriculum:checklist_current", "check", BRANCH, on_phone=FIRST
    ),
    Entry(gettext_lazy("每周菜单"), "curriculum:menu_list", "calendar", STAFF, on_phone=FIRST),
    Entry(gettext_lazy("组织生活"), "meetings:meeting_list", "meeting", PARTY, on_phone=FIRST),
    Entry(gettext_lazy("对照表"), "dashboard:matrix", "grid", PARTY, on_phone=ROOM),
    Entry(gettext_lazy("问题整改"), "inspections:issue_list", "flag", PARTY, on_phone=FIRST),
    Entry(gettext_lazy("党组织"), "branches:organization_list", "tree", PARTY),
    Entry(gettext_lazy("党员"), "branches:member_list", "people", PARTY - READERS),
    Entry(gettext_lazy("课程"), "curriculum:course_list", "book", PARTY),
    Entry(
        gettext_lazy("账号"),
        "branches:account_list",
        "key",
        {DutyKind.STAFF, DutyKind.ADMINISTRATOR},
        on_phone=ROOM,
    ),
    Entry(
        gettext_lazy("审计日志"),
        "branches:audit_list",
        "shield",
        {DutyKind.AUDITOR},
        on_phone=ROOM,
    ),
]


def frame(request: HttpRequest) -> dict:
    """Return the lazily built frame; error pages without a user stay cheap."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> dict:
    user = request.user
    duties = duties_of(user)
    first = duties[0] if duties else None
    return {
        "menu": _menu(request.path, frozenset(duty.kind for duty in duties), get_language()),
        "unread": getattr(user, "unread", 0),
        "person": user.full_name if user.is_authenticated else "",
        "duty": str(DutyKind(first.kind).label) if first else _("暂无职责"),
        "organization": first.organization.short_name if first else "",
        "text_size": getattr(user, "text_size", "normal"),
    }


class Menu(NamedTuple):
    """The navigation as HTML: all places, and the few that a phone shows at its foot."""

    rail: SafeString
    tabs: SafeString


def _menu(path: str, kinds: frozenset[str], language: str | None) -> Menu:
    here = next((entry.route for entry in ENTRIES if _is_here(path, _url(entry.route))), "")
    return _rendered_menu(kinds, here, bool(here) and path == _url(here), language)


# A menu is the same for everybody of the same duties at the same place: to render it anew for each
# page would take a third of the frame's time.
@lru_cache(maxsize=512)
def _rendered_menu(kinds: frozenset[str], here: str, is_page: bool, _language: str | None) -> Menu:
    entries = [
        {
            "label": entry.label,
            "url": _url(entry.route),
            "icon": entry.icon,
            "current": ("page" if is_page else "true") if entry.route == here else "",
            "on_phone": entry.on_phone,
        }
        for entry in ENTRIES
        if kinds & entry.duties
    ]
    fitting = sorted((e for e in entries if e["on_phone"]), key=lambda e: e["on_phone"])[:TABS]
    tabs = [entry for entry in entries if entry in fitting]
    return Menu(
        rail=render_to_string("components/_rail.html", {"entries": entries}),
        tabs=render_to_string("components/_tabs.html", {"entries": tabs}) if tabs else SafeString(),
    )


def _is_here(path: str, url: str) -> bool:
    """Say whether `url` is this page or the list above it; the first page is above them all."""
    return path == url or (url != "/" and path.startswith(url))


_url = cache(reverse)
