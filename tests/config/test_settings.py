"""What the settings promise, asked of the product itself."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.utils import formats, timezone, translation

from config.celery import app
from config.finders import PACKAGE_FILES

ROOT = Path(settings.BASE_DIR)


def test_apps_are_installed_from_the_ground_up():
    ours = [name for name in settings.INSTALLED_APPS if (ROOT / name).is_dir()]
    assert ours == [
        "config",
        "accounts",
        "notifications",
        "branches",
        "curriculum",
        "meetings",
        "inspections",
        "dashboard",
    ]


@pytest.mark.django_db
def test_pages_load_nothing_from_elsewhere(client):
    policy = client.get("/healthz")["Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert "unsafe" not in policy


def test_only_the_named_files_of_packages_are_served():
    served = {
        path
        for path, _storage in finders.get_finder("config.finders.PackageFilesFinder").list(None)
    }
    assert served == set(PACKAGE_FILES)
    for path in PACKAGE_FILES:
        assert Path(finders.find(path)).is_file()
    assert finders.find("django_htmx/htmx-4.min.js") is None


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_dates_are_written_and_read_as_in_an_office(language):
    with translation.override(language):
        assert formats.date_format(date(2026, 11, 9)) == "2026年11月9日"
        assert formats.date_format(date(2026, 11, 9), "SHORT_DATE_FORMAT") == "2026-11-09"
        moment = timezone.make_aware(datetime(2026, 11, 9, 8, 5))  # noqa: DTZ001
        assert formats.date_format(moment, "DATETIME_FORMAT") == "2026年11月9日 08:05"
        # What a browser's date field sends and shows.
        assert formats.get_format("DATE_INPUT_FORMATS")[0] == "%Y-%m-%d"
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


def test_every_doorbell_expires():
    assert app.conf.beat_schedule
    for entry in app.conf.beat_schedule.values():
        assert 0 < entry["options"]["expires"] <= 24 * 60 * 60


def test_every_scheduled_task_exists():
    app.autodiscover_tasks(force=True)
    assert [name for name in app.conf.beat_schedule if name not in app.tasks] == []


@pytest.mark.django_db
def test_sqlite_writers_wait_for_each_other():
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.django_db
def test_migrations_are_in_step_with_models():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
