import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("0", False), ("off", False), ("", False)]
)
def test_a_flag_is_read(monkeypatch, value, expected):
    monkeypatch.setenv("X", value)
    assert env.flag("X") is expected


def test_an_unset_flag_has_its_default(monkeypatch):
    monkeypatch.delenv("X", raising=False)
    assert env.flag("X", default=True) is True


@pytest.mark.parametrize("value", ["ja", "2", "是"])
def test_a_flag_that_is_neither_is_refused(monkeypatch, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match="X is"):
        env.flag("X")


@pytest.mark.parametrize("value", ["two", "0", "-1", "1.5", "70000"])
def test_a_number_outside_its_range_is_refused(monkeypatch, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match="X is"):
        env.number("X", 8000, most=65535)


def test_words_are_split_at_commas(monkeypatch):
    monkeypatch.setenv("X", " a.example, b.example ,")
    assert env.words("X") == ["a.example", "b.example"]


def test_the_address_is_this_machine_alone_unless_told(monkeypatch):
    monkeypatch.delenv("BADU_BIND", raising=False)
    monkeypatch.setenv("PORT", "8123")
    assert env.address() == ("127.0.0.1", 8123)
    monkeypatch.setenv("BADU_BIND", "0.0.0.0:80")
    assert env.address() == ("0.0.0.0", 80)  # noqa: S104
    monkeypatch.setenv("BADU_BIND", "unix:/run/x")
    with pytest.raises(ImproperlyConfigured, match="HOST:PORT"):
        env.address()


def test_a_secret_is_made_once_and_is_nobody_elses_to_read(monkeypatch, tmp_path):
    monkeypatch.delenv("X", raising=False)
    file = tmp_path / "secret-key"
    made = env.secret("X", file)
    assert len(made) >= 50
    assert env.secret("X", file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["secret-key"]  # noqa: PTH208


def test_a_short_secret_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("X", "abc")
    with pytest.raises(ImproperlyConfigured, match="too short"):
        env.secret("X", tmp_path / "key")


def test_a_folder_that_cannot_be_made_is_refused(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("X", str(tmp_path / "file" / "var"))
    with pytest.raises(ImproperlyConfigured, match="cannot make"):
        env.folder("X", tmp_path)


def database(monkeypatch, url: str) -> dict:
    monkeypatch.setenv("X", url)
    return env.database("X", Path("/nowhere/badu.sqlite3"))


def test_sqlite_waits_for_its_turn_instead_of_failing(monkeypatch):
    found = database(monkeypatch, "sqlite:////var/lib/badu/badu.sqlite3")
    assert found["NAME"] == "/var/lib/badu/badu.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]


def test_without_a_url_the_default_file_is_used(monkeypatch):
    assert database(monkeypatch, "")["NAME"] == "/nowhere/badu.sqlite3"


def test_a_postgres_url_is_taken_apart_and_unquoted(monkeypatch):
    found = database(monkeypatch, "postgres://badu:p%40ss@db.local:5433/badu")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["HOST"], found["PORT"]) == ("db.local", "5433")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("badu", "p@ss", "badu")
    assert found["CONN_HEALTH_CHECKS"] is True


def test_a_postgres_socket_is_named_by_its_folder(monkeypatch):
    found = database(monkeypatch, "postgres://badu@/badu?host=/run/postgresql")
    assert (found["HOST"], found["NAME"]) == ("/run/postgresql", "badu")


@pytest.mark.parametrize(
    "url",
    ["mysql://x/y", "badu.sqlite3", "postgres://h:port/x", "postgres://h/", "sqlite://x/y"],
)
def test_a_database_url_we_do_not_know_is_refused(monkeypatch, url):
    with pytest.raises(ImproperlyConfigured, match="X"):
        database(monkeypatch, url)


def test_redis_is_off_until_it_is_named(monkeypatch):
    monkeypatch.setenv("X", "")
    assert env.redis("X") == ""
    monkeypatch.setenv("X", "unix:///run/redis.sock")
    assert env.redis("X") == "unix:///run/redis.sock"
    monkeypatch.setenv("X", "http://redis")
    with pytest.raises(ImproperlyConfigured, match="redis://"):
        env.redis("X")


def test_mail_stays_on_the_machine_until_a_server_is_named(monkeypatch):
    monkeypatch.delenv("X", raising=False)
    assert env.email("X")["EMAIL_BACKEND"].endswith("dummy.EmailBackend")


def test_a_mail_url_is_taken_apart(monkeypatch):
    monkeypatch.setenv("X", "smtps://badu%40x.cn:pw@smtp.x.cn")
    found = env.email("X")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("smtp.x.cn", 465)
    assert found["EMAIL_HOST_USER"] == "badu@x.cn"
    assert found["EMAIL_USE_SSL"] is True
    assert found["EMAIL_USE_TLS"] is False
