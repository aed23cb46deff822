"""Both scripts: pages wholly in the reader's, what is kept in the source's, whoever wrote it."""

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Script
from branches.models import DutyKind, ImportKind, ImportRow
from branches.services.imports import apply_import, preview_file
from tests import factories
from tests.access.rows import PEOPLE, Row
from tests.branches import sheets
from tests.test_access import ACCESS
from tests.test_pages import world as world  # the fixture

# Kept for the one who uploads: the answer to their file, in their own script.
PERSONAL = {ImportRow}
SHOWN = ("title", "aria-label", "placeholder", "alt")


class Texts(HTMLParser):
    """Every text of a page that somebody may read, but for what says it is in another script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        attrs = dict(attributes)
        if self._silent or tag in {"script", "style"} or (tag != "html" and "lang" in attrs):
            self._silent += [tag]
            return
        self.texts += [
            value
            for name, value in attributes
            if value and (name in SHOWN or name.startswith("data-"))
        ]

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data.strip())


def stored(but: set = frozenset()) -> Iterator[str]:
    """Yield every text of the database, whole and line by line."""
    for model in set(apps.get_models()) - but:
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                values = model._base_manager.values_list(field.name, flat=True)
                texts = {str(value) for value in values if value}
                yield from texts | {line for text in texts for line in text.splitlines() if line}


def letters_outside(charset: str, text: str) -> str:
    """Return the Chinese characters that a charset of the other script does not have."""
    return "".join(
        letter for letter in re.findall("[一-鿿]", text) if not letter.encode(charset, "ignore")
    )


def client_of(person) -> Client:
    client = Client()
    client.cookies["script"] = Script.TRADITIONAL
    if person is not None:
        type(person).objects.filter(pk=person.pk).update(script=Script.TRADITIONAL)
        client.force_login(person, backend="branches.backends.DutyBackend")
    return client


def call(row: Row, route: str, who: str, method: str, world):
    url = reverse(route, args=row.args(world) if row.args else [])
    data = row.data(world) if callable(row.data) else (row.data or {})
    return getattr(client_of(world.people.get(who)), method)(url, data)


@pytest.mark.parametrize("route", sorted(ACCESS))
def test_a_traditional_page_has_no_simplified_text_of_ours(route, world):
    row = ACCESS[route]
    who = PEOPLE[next(i for i, status in enumerate(row.statuses) if status in {200, 302})]
    response = call(row, route, who, "get", world)
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return
    data = re.compile("|".join(sorted(map(re.escape, stored()), key=len, reverse=True)))
    html = response.content.decode()
    assert '<html lang="zh-hant"' in html
    ours = [data.sub("·", text) for text in Texts(html).texts]
    assert [text for text in ours if letters_outside("big5", text)] == []


@pytest.mark.parametrize("route", sorted(r for r, row in ACCESS.items() if row.method == "post"))
def test_what_a_traditional_reader_makes_us_keep_is_simplified(route, world):
    row = ACCESS[route]
    who = PEOPLE[next(i for i, status in enumerate(row.statuses) if status in {200, 302})]
    with transaction.atomic():
        call(row, route, who, "post", world)
        kept = [text for text in stored(but=PERSONAL) if letters_outside("gb2312", text)]
        transaction.set_rollback(True)
    assert kept == []


@pytest.mark.django_db
def test_an_import_is_confirmed_in_another_script_than_it_was_previewed_in():
    place = factories.township()
    branch = factories.branch("上峰村第一党支部", parent=place)
    factories.member(branch, "李明", born_on=date(1970, 1, 1), sex="male")
    clerk = factories.person(DutyKind.STAFF, place)
    at = timezone.now()
    file = sheets.people(sheets.person(是否流动党员="是", 流动去向="合肥"))
    with translation.override(Script.TRADITIONAL):
        batch, *_ = preview_file(
            file, "名册.xlsx", kind=ImportKind.ROSTER, organization=place, by=clerk, at=at
        )
    assert [row.values["changes"][0][0] for row in batch.rows.all()] == ["流動黨員"]
    assert apply_import(batch, by=clerk, at=at)
