"""What a phone has to load and wait for, from a real web server in a real browser. Goal 7."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from branches.models import DutyKind
from tests import servers

from .measure import Line
from .stages import Stage

FIRST_KB, FIRST_REQUESTS, LATER_KB, LATER_REQUESTS, OF_ADMIN = 60, 6, 12, 1, 0.4
PHONE = {"width": 390, "height": 844}
# Lighthouse's "regular 3G": 700 kbit/s less a tenth; 300 ms there and back, 3.75 times a request.
MOBILE_NETWORK = {
    "offline": False,
    "latency": 1125,
    "downloadThroughput": 78_750,
    "uploadThroughput": 78_750,
}
ADMIN_LIST = "/benchmark/admin/meetings/meeting/"
ROUNDS = 5
# Asks the browser when it painted the largest piece of the page: its main content.
WATCH_PAINTS = """
new PerformanceObserver(list => { window.painted = list.getEntries().at(-1).startTime })
    .observe({type: "largest-contentful-paint", buffered: true})
"""


def run(stages: list[Stage], *, seconds: float) -> Iterator[Line]:
    for stage in stages:
        stage.enter()
        stage.wrapper.close()  # the servers have it now
        folder = Path(settings.VAR)
        with (
            _server(stage, folder / "product", "config.settings") as product,
            _server(stage, folder / "admin", "benchmarks.admin_settings") as admin,
            _browser() as browser,
        ):
            name = f"weight.{stage.engine}.{stage.scale}.%s"
            yield from _weights(browser, product, stage, name)
            rounds = ROUNDS if seconds else 1
            yield _waiting(browser, product, admin, stage, name, rounds)


def _weights(browser: Browser, product: str, stage: Stage, name: str) -> Iterator[Line]:
    """Bytes on the wire and requests: of the first page with an empty cache, then of later ones."""
    page = _phone(browser, product, stage.sessions[DutyKind.SECRETARY])
    load = Load(page)
    load.open(product + reverse("dashboard:home"), "main")
    yield Line(name % "first_visit.size", load.kilobytes, FIRST_KB, " kB", {"of": load.sizes})
    yield Line(name % "first_visit.requests", len(load.sizes), FIRST_REQUESTS)
    later = {
        "checklist": reverse("curriculum:checklist_current"),
        "meeting_list": reverse("meetings:meeting_list"),
        "meeting_detail": reverse("meetings:meeting_detail", args=[stage.meeting.pk]),
        "member_list": reverse("branches:member_list"),
        "matrix": reverse("dashboard:matrix"),
    }
    for what, address in later.items():
        load.open(product + address, "main")
        yield Line(name % f"{what}.size", load.kilobytes, LATER_KB, " kB")
        yield Line(
            name % f"{what}.requests", len(load.sizes), LATER_REQUESTS, "", {"of": load.sizes}
        )
    page.context.close()


def _waiting(
    browser: Browser, product: str, admin: str, stage: Stage, name: str, rounds: int
) -> Line:
    """Until the main content of the list of meetings is there, beside Django admin's list."""
    session = stage.sessions[DutyKind.SECRETARY]
    ours = (product, product + reverse("meetings:meeting_list"), "main")
    theirs = (admin, admin + ADMIN_LIST, "#changelist")
    taken: dict[str, list[float]] = {"ours": [], "admin": []}
    for _round in range(rounds):
        for who, (server, address, marker) in (("ours", ours), ("admin", theirs)):
            page = _phone(browser, server, session)
            cdp = page.context.new_cdp_session(page)
            cdp.send("Network.enable")
            cdp.send("Network.emulateNetworkConditions", MOBILE_NETWORK)
            page.goto(address, wait_until="networkidle")
            page.locator(marker).wait_for(timeout=1000)
            taken[who].append(page.evaluate("window.painted"))
            page.context.close()
    ours_ms, admin_ms = median(taken["ours"]), median(taken["admin"])
    details = {"ours_ms": round(ours_ms), "admin_ms": round(admin_ms)}
    return Line(name % "content_on_3g", ours_ms / admin_ms, OF_ADMIN, "x", details)


class Load:
    """Opens addresses and notes what came over the wire: bytes as sent, headers included."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._requests: dict[str, str] = {}
        self._cached: set[str] = set()
        self.sizes: dict[str, int] = {}
        cdp = page.context.new_cdp_session(page)
        cdp.send("Network.enable")
        cdp.on("Network.requestServedFromCache", lambda it: self._cached.add(it["requestId"]))
        cdp.on("Network.responseReceived", self._answered)
        cdp.on("Network.loadingFinished", self._finished)

    @property
    def kilobytes(self) -> float:
        return sum(self.sizes.values()) / 1000

    def open(self, address: str, marker: str) -> None:
        self.sizes = {}
        self._page.goto(address, wait_until="networkidle")
        self._page.locator(marker).first.wait_for()

    def _answered(self, event: dict) -> None:
        request, response = event["requestId"], event["response"]
        if not (response.get("fromDiskCache") or response["url"].startswith("data:")):
            self._requests[request] = urlsplit(response["url"]).path

    def _finished(self, event: dict) -> None:
        request = event["requestId"]
        if request in self._requests and request not in self._cached:
            self.sizes[self._requests[request]] = int(event["encodedDataLength"])


@contextmanager
def _browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def _phone(browser: Browser, server: str, session: str) -> Page:
    """A browser with nothing in its cache that has signed in."""
    context = browser.new_context(viewport=PHONE)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server}])
    context.add_init_script(WATCH_PAINTS)
    return context.new_page()


@contextmanager
def _server(stage: Stage, var: Path, settings_module: str) -> Iterator[str]:
    """Run the web server as an installation does; yield its address."""
    var.mkdir(exist_ok=True)
    port = servers.free_port()
    environment = {
        **os.environ,
        "BADU_VAR": str(var),
        "DATABASE_URL": stage.url,
        "DJANGO_SETTINGS_MODULE": settings_module,
        "PORT": str(port),
    }
    run = {"cwd": servers.ROOT, "env": environment}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
        check=True,
        **run,
    )
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "config.wsgi"]
    log = var / "web.log"
    with servers.process(gunicorn, log, **run) as it:
        address = f"http://127.0.0.1:{port}"
        servers.wait_until(lambda: _answers(f"{address}/healthz"), it, log)
        yield address


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as response:  # noqa: S310 - our own server
            return response.status == 200
    except OSError:
        return False
