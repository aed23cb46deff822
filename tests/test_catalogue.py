"""The Traditional catalogue as it is committed: complete, sound, and in step with the source."""

from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from config.management.commands.catalogue import PLACEHOLDER

FILE = Path(settings.BASE_DIR) / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(FILE))


def test_it_is_in_step_with_the_source():
    call_command("catalogue", "--check")


def test_every_text_has_its_translation(catalogue):
    assert len(catalogue) > 100
    assert [entry.msgid for entry in catalogue if not entry.msgstr or entry.fuzzy] == []


def test_placeholders_are_the_same(catalogue):
    def found(text: str) -> list[str]:
        return sorted(match[0] for match in PLACEHOLDER.finditer(text))

    assert [e.msgid for e in catalogue if found(e.msgid) != found(e.msgstr)] == []


def test_pages_read_it():
    with translation.override("zh-hant"):
        assert translation.gettext("党支部") == "黨支部"
