import pytest
from django.db import OperationalError, connection

from config import health

pytestmark = pytest.mark.django_db


def test_all_is_well(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "queue": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_a_queue_nobody_empties_is_behind_but_up(client, monkeypatch):
    monkeypatch.setattr(health, "WAITING_WHEN_BEHIND", -1)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["queue"] == "behind"


def test_a_database_that_does_not_answer_is_a_503(client, monkeypatch):
    def refuse():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "down", "queue": "ok"}


def test_a_queue_that_does_not_answer_is_a_503(client, monkeypatch):
    def refuse(**kwargs):
        raise OSError

    monkeypatch.setattr(health.app, "connection_for_read", refuse)
    assert client.get("/healthz").json() == {"database": "ok", "queue": "down"}


def test_only_reading_is_answered(client):
    assert client.post("/healthz").status_code == 405
