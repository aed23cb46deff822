"""Writes locale/zh_Hant from the Simplified texts in the source: `script/messages`.

The catalogue follows from three things and nothing else: the source, the terms in
locale/zh_Hant/terms.tsv, and the entries that a person has marked with a comment (`# 人工`), which
are kept as they are. So it can be checked by writing it again.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import opencc
import polib
from babel.messages.extract import extract_python
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

Message = tuple[str | None, str]  # context, text

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "_lazy": None,
    "gettext_noop": None,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    # Chinese has one form; these are looked for in order to be refused.
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
HEADER = {
    "Project-Id-Version": "Badu",
    "Language": "zh_Hant",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


class Command(BaseCommand):
    help = "Write the Traditional catalogue, or say with --check that it is behind the source."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if behind")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0]) / "zh_Hant"
        file = folder / "LC_MESSAGES" / "django.po"
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        after = write(
            messages(Path(settings.BASE_DIR)), kept(before), converter(folder / "terms.tsv")
        )
        if before == after:
            self.stdout.write("The Traditional catalogue is in step.")
        elif check:
            raise CommandError("The Traditional catalogue is behind the source: script/messages")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(after, encoding="utf-8")
            self.stdout.write(f"Wrote {len(polib.pofile(after))} entries to {file}.")


def messages(root: Path) -> set[Message]:
    """Return every marked text of the apps and templates below `root`."""
    found: set[Message] = set()
    apps = [root / name for name in settings.INSTALLED_APPS if (root / name).is_dir()]
    for app in apps:
        for path in sorted(app.rglob("*.py")):
            if "migrations" not in path.parts:
                found |= set(extract(path.read_text(encoding="utf-8"), path))
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            # Django turns a template into calls of gettext(); the indentation around them is noise.
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            found |= set(extract("\n".join(line.strip() for line in code.splitlines()), path))
    return found


def extract(code: str, path: Path) -> Iterator[Message]:
    calls = extract_python(io.BytesIO(code.encode()), KEYWORDS, (), {})
    for line, function, found, _comments in calls:
        texts = found if isinstance(found, tuple) else (found,)
        if function.startswith("n"):
            raise CommandError(f"{path}:{line}: Chinese has no plural forms, use gettext()")
        if None in texts[:2]:
            continue  # a variable, or an f-string: nothing that could be looked up
        if function.startswith("pgettext"):
            yield texts[0], texts[1]
        elif texts[0]:
            yield None, texts[0]


def kept(catalogue: str) -> dict[Message, polib.POEntry]:
    """Return the entries made by hand: those with a translator's comment."""
    if not catalogue:
        return {}
    entries = polib.pofile(catalogue)
    return {(entry.msgctxt, entry.msgid): entry for entry in entries if entry.tcomment}


def converter(terms_file: Path) -> Callable[[str], str]:
    """Return the conversion into Traditional script: OpenCC's s2tw, our terms first.

    Not s2twp: it turns 发展对象 into 發展物件 and 调度 into 排程.
    """
    rows = terms_file.read_text(encoding="utf-8").splitlines()
    terms = dict(row.split("\t") for row in rows if row and not row.startswith("#"))
    convert = opencc.OpenCC("s2tw").convert
    # The longest first, and placeholders as they are.
    ours = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
    pattern = re.compile(rf"({PLACEHOLDER.pattern}|{ours})")

    def to_traditional(text: str) -> str:
        done, end = [], 0
        for match in pattern.finditer(text):
            done += convert(text[end : match.start()]), terms.get(match[0], match[0])
            end = match.end()
        return "".join(done) + convert(text[end:])

    return to_traditional


def write(
    found: set[Message], by_hand: dict[Message, polib.POEntry], convert: Callable[[str], str]
) -> str:
    """Return the catalogue's text, sorted, without places or dates: they only make conflicts."""
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = dict(HEADER)
    for context, text in sorted(found, key=lambda message: (message[1], message[0] or "")):
        entry = by_hand.get((context, text)) or polib.POEntry(
            msgctxt=context, msgid=text, msgstr=convert(text)
        )
        entry.flags = ["python-format"] if "%(" in text else []
        catalogue.append(entry)
    return f"{catalogue}\n"
