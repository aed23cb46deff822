"""The README's pictures, from a throw-away installation with demo data: script/screenshots."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
PASSWORD = "Badu-2026"
START_SECONDS = 120

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}

# name, who signs in, window, page
PICTURES = (
    ("week-on-a-phone", "zhibu03", PHONE, "/"),
    ("who-is-missing", "dangjian", DESKTOP, "/"),
    ("matrix", "shuji", DESKTOP, "/matrix/"),
)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="badu-pictures-")
    environment = {**os.environ, "BADU_VAR": folder, "BADU_DEBUG": "1"}
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "prepare", "--demo"], env=environment, check=True)
    port = free_port()
    server = subprocess.Popen([*manage, "runserver", "--noreload", str(port)], env=environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=chromium)
            for picture in PICTURES:
                _take(browser, f"http://127.0.0.1:{port}", *picture)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _take(browser: Browser, url: str, name: str, who: str, size: dict, page_path: str) -> None:
    context = browser.new_context(viewport=size, locale="zh-CN", base_url=url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=username]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(page_path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / f"{name}.png")
    context.close()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2)
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise SystemExit(f"no answer from {url}")


if __name__ == "__main__":
    main()
