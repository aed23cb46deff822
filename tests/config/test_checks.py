import pytest

from config import checks


def ids(found):
    return [message.id for message in found]


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [(["*"], ["badu.W001"]), (["localhost", "[::1]"], ["badu.W002"]), (["badu.gov.cn"], [])],
)
def test_hosts(settings, hosts, expected):
    settings.ALLOWED_HOSTS = hosts
    assert ids(checks.check_hosts(None)) == expected


@pytest.mark.parametrize(("https", "expected"), [(False, ["badu.W003"]), (True, [])])
def test_https(settings, https, expected):
    settings.HTTPS = https
    assert ids(checks.check_https(None)) == expected


def test_servers_are_asked_for_where_files_are_used(settings, monkeypatch):
    database = settings.DATABASES["default"]
    settings.REDIS_URL = ""
    monkeypatch.setitem(database, "ENGINE", "django.db.backends.sqlite3")
    found = checks.check_database(None)
    assert ids(found) == ["badu.W004", "badu.W005"]
    assert all("DATABASE_URL" in m.hint or "REDIS_URL" in m.hint for m in found)
    settings.REDIS_URL = "redis://localhost"
    monkeypatch.setitem(database, "ENGINE", "django.db.backends.postgresql")
    assert checks.check_database(None) == []
