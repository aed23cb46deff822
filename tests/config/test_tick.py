import pytest
from celery import shared_task
from django.core.management import CommandError, call_command

from config import tasks
from config.celery import app

done = []


@shared_task(name="tests.note")
def note():
    done.append("note")


@shared_task(name="tests.fail")
def fail():
    raise ValueError("nothing to do")


@pytest.fixture
def schedule():
    done.clear()
    before = app.conf.beat_schedule
    app.conf.beat_schedule = {"tests.fail": {}, "tests.note": {}}
    yield
    app.conf.beat_schedule = before


def test_tick_runs_each_task_and_names_the_one_that_failed(schedule, capsys):
    with pytest.raises(CommandError, match=r"1 task\(s\) failed: tests.fail"):
        call_command("tick")
    assert done == ["note"], "a failing task does not keep the next from running"
    assert "ValueError: nothing to do" in capsys.readouterr().out


def test_catching_up_survives_a_failing_task(schedule, caplog):
    tasks.catch_up()
    assert done == ["note"]
    assert "tests.fail failed while catching up" in caplog.text


@pytest.mark.django_db
def test_the_real_schedule_runs_twice_on_an_empty_database():
    call_command("tick")
    call_command("tick")
