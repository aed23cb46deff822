"""Serves the few files of installed packages that pages use, and nothing else of them.

A package may carry fifty files; to collect, hash and compress what no page asks for takes longer
than all the rest of a start.
"""

from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

HTMX = ("django-htmx", "django_htmx/static")

# Path below STATIC_URL: (distribution, folder in it that the path is relative to).
PACKAGE_FILES = {
    "django_htmx/htmx-2.min.js": HTMX,
    # Asked for only with BADU_DEBUG=1: shows error pages of htmx requests.
    "django_htmx/django-htmx.js": HTMX,
}


class PackageFilesFinder(BaseFinder):
    """Finds exactly the files of PACKAGE_FILES."""

    def check(self, **kwargs: Any) -> list:
        return []

    def find(  # type: ignore[override]  # the stubs split it into two overloads
        self, path: str, find_all: bool = False, **kwargs: Any
    ) -> str | list[str]:
        found = [str(_root(path) / path)] if path in PACKAGE_FILES else []
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for path in PACKAGE_FILES:
            yield path, FileSystemStorage(location=_root(path))


def _root(path: str) -> Path:
    name, folder = PACKAGE_FILES[path]
    return Path(str(distribution(name).locate_file(folder)))
