"""A real Chromium against a live server, at the two sizes people have."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page

# Playwright's event loop runs in this thread, and Django takes it for our own asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
MENDING = "apt-get install chromium fonts-wqy-microhei"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below this folder needs the browser; no test has to say so."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):  # noqa: PTH120
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Use the distribution's Chromium, and keep it from calling home."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail(f"Chromium is missing: {MENDING}", pytrace=False)
    return {
        **browser_type_launch_args,
        "executable_path": found,
        "args": [
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    return live_server.url


@pytest.fixture(scope="session")
def migrated_rows(django_db_setup: None, django_db_blocker: Any) -> str:
    with django_db_blocker.unblock():
        return connection.creation.serialize_db_to_string()


@pytest.fixture(autouse=True)
def rows_of_migrations(migrated_rows: str, transactional_db: None) -> None:
    """A live server's tests empty the tables afterwards; put back what migrations wrote.

    Not by django_db_serialized_rollback: that keeps its copy on the connection, and there is
    another connection beside Playwright's event loop.
    """
    ContentType.objects.all().delete()  # emptied tables get new ones, with other keys
    connection.creation.deserialize_db_from_string(migrated_rows)
    ContentType.objects.clear_cache()


@pytest.fixture
def open_browser(
    browser: Browser, base_url: str, live_server: Any
) -> Iterator[Callable[..., Page]]:
    """Return open_browser(user, size): a fresh browser in which the user has signed in.

    The test fails when a page logged an error: broken scripts and what the CSP refused.
    """
    contexts = []
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            errors.append(f"{message.text} ({message.location['url']})")

    def make(user: Any = None, size: dict = PHONE, **options: Any) -> Page:
        context = browser.new_context(
            base_url=base_url,
            viewport=size,
            locale="zh-CN",
            timezone_id=settings.TIME_ZONE,
            has_touch=size is PHONE,
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        if user is not None:
            context.add_cookies([session_cookie(user, base_url)])
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)


@pytest.fixture
def phone(open_browser: Callable[..., Page]) -> Page:
    """A browser of 390 × 844, nobody signed in."""
    return open_browser()


@pytest.fixture
def desktop(open_browser: Callable[..., Page]) -> Page:
    """A browser of 1440 × 900, nobody signed in."""
    return open_browser(size=DESKTOP)


@pytest.fixture
def sign_in(base_url: str) -> Callable[[Page, Any], None]:
    """Return sign_in(page, user), which needs no password."""

    def put_cookie(page: Page, user: Any) -> None:
        page.context.add_cookies([session_cookie(user, base_url)])

    return put_cookie


def session_cookie(user: Any, url: str) -> dict:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value, "url": url}


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Return assert_accessible(page), which asks axe-core."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert not found.violations_count, f"{page.url}\n{found.generate_report()}"

    return check
