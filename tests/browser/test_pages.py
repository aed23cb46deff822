"""Every page of the access table in a real browser: accessible, as wide as the window, both looks.

One load a page: the phone in light first, then the same page as large as a desktop, in the dark.
"""

import json
from pathlib import Path

import axe_playwright_python
import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests import world as world_module
from tests.access.rows import PEOPLE
from tests.browser.conftest import DESKTOP, PHONE
from tests.test_access import ACCESS, MODULES

pytestmark = pytest.mark.django_db(transaction=True)

APPS = sorted({route.partition(":")[0] for route in ACCESS})
NARROWEST = {"width": 320, "height": 640}
# What each duty sees there is a page of its own.
OF_EVERY_DUTY = {"dashboard:home"}

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """async () => (await axe.run()).violations.map(({id, nodes}) =>
    `${id}: ${nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" ⏎ ")}`)"""
# The widest thing that makes the page wider than its window, if there is one.
OVERFLOW = """() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return null;
    const wide = [...document.body.querySelectorAll("*")].filter(
        (element) => element.getBoundingClientRect().right > limit + 1);
    return wide.length ? wide.at(-1).outerHTML.slice(0, 160) : "?";
}"""


def visits(app: str, world) -> list[tuple[str, str, str]]:
    """Return (person, route, address) of each page of the app, as somebody who may see it."""
    found = []
    for route, row in sorted(ACCESS.items()):
        if not route.startswith(f"{app}:"):
            continue
        address = reverse(route, args=row.args(world) if row.args else [])
        data = row.data(world) if callable(row.data) else (row.data or {})
        able = [who for who, s in zip(PEOPLE, row.statuses, strict=True) if s in {200, 302}]
        for who in able if route in OF_EVERY_DUTY else able[:1]:
            client = Client()
            if (person := world.people.get(who)) is not None:
                client.force_login(person, backend="branches.backends.DutyBackend")
            response = client.get(address, data if row.method == "get" else {})
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                found.append((who, route, response.request["PATH_INFO"] + query_of(response)))
    return found


def query_of(response) -> str:
    return f"?{text}" if (text := response.request["QUERY_STRING"]) else ""


def faults(page: Page) -> list[str]:
    """Return what is wrong with the page that stands open."""
    found = []
    page.evaluate(AXE)
    for size, scheme in ((PHONE, "light"), (DESKTOP, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme} {size['width']} {fault}" for fault in page.evaluate(RUN_AXE)]
        if wide := page.evaluate(OVERFLOW):
            found.append(f"wider than {size['width']}: {wide}")
    page.set_viewport_size(NARROWEST)
    for text in ("", "text-large"):
        page.evaluate(f"document.documentElement.className = {json.dumps(text)}")
        if wide := page.evaluate(OVERFLOW):
            found.append(f"wider than 320 {text}: {wide}")
    return found


@pytest.mark.parametrize("app", APPS)
def test_pages_are_accessible_and_fit_in_both_looks(app, open_browser):
    world = world_module.build()
    for module in MODULES:
        getattr(module, "build", lambda _world: None)(world)
    pages: dict[str, Page] = {}
    found = {}
    for who, route, address in visits(app, world):
        page = pages.get(who) or open_browser(world.people.get(who))
        pages[who] = page
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")
        page.goto(address)
        if wrong := faults(page):
            found[f"{route} as {who}"] = wrong
    assert found == {}, json.dumps(found, ensure_ascii=False, indent=1)
