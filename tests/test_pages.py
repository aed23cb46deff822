"""Every page of the access table, opened as somebody who may: headings, labels, links, ids."""

from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests import world as world_module
from tests.access.rows import PEOPLE
from tests.test_access import ACCESS, MODULES

PAGES = sorted(
    route for route, row in ACCESS.items() if row.method == "get" and 200 in row.statuses
)

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# May be left open; what follows closes them.
LOOSE = {"p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead"}
UNNAMED_INPUTS = {"hidden", "submit", "button", "reset", "image"}


class Page(HTMLParser):
    """What a reader without eyes meets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.titles: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.fields: list[dict] = []
        self.labelled: set[str] = set()
        self.links: list[str] = []
        self.own_styles: list[str] = []
        self.wordless: list[str] = []
        self._open: list[tuple[str, dict, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        attrs = dict(attributes)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if "style" in attrs or any(name.startswith("on") for name in attrs):
            self.own_styles.append(self.get_starttag_text() or tag)
        if tag == "html":
            self.language = attrs.get("lang", "")
        if tag == "label" and attrs.get("for"):
            self.labelled.add(attrs["for"])
        if tag in {"input", "select", "textarea"} and attrs.get("type") not in UNNAMED_INPUTS:
            inside_label = any(name == "label" for name, *_ in self._open)
            if not (inside_label or attrs.get("aria-label") or attrs.get("aria-labelledby")):
                self.fields.append(attrs)
        if tag in {"a", "form", "img"}:
            self.links += [attrs[name] for name in ("href", "action", "src") if attrs.get(name)]
        if attrs.get("alt"):
            self.handle_data(attrs["alt"])
        if tag not in VOID:
            self._open.append((tag, attrs, []))

    def handle_startendtag(self, tag: str, attributes: list) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        for _tag, _attrs, text in self._open:
            text.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, attrs, parts = self._open.pop()
            text = "".join(parts).strip()
            if opened == "title" and not any(name == "svg" for name, *_ in self._open):
                self.titles.append(text)
            if len(opened) == 2 and opened[0] == "h" and opened[1].isdigit():
                self.headings.append((int(opened[1]), text))
            if opened in {"a", "button"} and not (text or attrs.get("aria-label")):
                self.wordless.append(str(attrs))
            if opened == tag:
                return
            assert opened in LOOSE, f"</{tag}> closes <{opened}>"


@pytest.fixture
def world(db):
    built = world_module.build()
    for module in MODULES:
        getattr(module, "build", lambda _world: None)(built)
    return built


@pytest.mark.parametrize("route", PAGES)
def test_page(route, world):
    row = ACCESS[route]
    who = PEOPLE[row.statuses.index(200)]
    client = Client()
    if world.people.get(who) is not None:
        client.force_login(world.people[who], backend="branches.backends.DutyBackend")
    data = row.data(world) if callable(row.data) else (row.data or {})
    response = client.get(reverse(route, args=row.args(world) if row.args else []), data)
    if not response["Content-Type"].startswith("text/html"):
        return  # a file or a picture
    page = Page(response.content.decode())

    assert page.language == "zh-hans"
    assert len(page.titles) == 1
    assert not page.titles[0].startswith("·"), "the block `title` is empty"
    levels = [level for level, _text in page.headings]
    assert levels.count(1) == 1
    assert all(text for _level, text in page.headings), page.headings
    assert [(one, other) for one, other in pairwise(levels) if other > one + 1] == []
    assert [name for name, times in Counter(page.ids).items() if times > 1] == []
    assert [field for field in page.fields if field.get("id") not in page.labelled] == []
    assert page.wordless == []
    assert page.own_styles == []
    assert [link for link in page.links if is_dead(link)] == []


def is_dead(link: str) -> bool:
    """Say whether a link leads nowhere in this house; a place on the same page is fine."""
    address = urlsplit(link)
    if address.scheme in {"mailto", "tel", "webcal"}:
        return False
    if address.scheme or address.netloc:
        return True
    if not address.path or address.path.startswith("/static/"):
        return link == "#"
    if not address.path.startswith("/"):
        return True
    try:
        resolve(address.path)
    except Resolver404:
        return True
    return False
