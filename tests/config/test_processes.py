"""The real processes: what starts, what comes back when it is killed, what stops."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from config.management.commands.runall import STOP_SECONDS
from tests import servers

pytestmark = pytest.mark.services

# What does not depend on database and broker is tried on one kind of installation.
embedded = pytest.mark.parametrize("installation", ["embedded"], indirect=True)


def until(is_true, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def descendants(pid: int) -> dict[int, str]:
    """Return the living processes below this one, with their command lines."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    found: dict[int, str] = {}
    seeking = {pid}
    while seeking:
        children = {int(row[0]): row[2] for row in rows if int(row[1]) in seeking}
        found |= children
        seeking = set(children)
    return {child: command for child, command in found.items() if "<defunct>" not in command}


def test_servers_come_up_with_their_settings(postgres_url, redis_url, tmp_path):
    it = servers.Installation(tmp_path, postgres_url, redis_url)
    assert it.run(
        "from django.core.cache import cache; from django.db import connection;"
        "cache.set('a', 1); result = [connection.vendor, cache.get('a')]"
    ) == ["postgresql", 1]


def test_runall_brings_everything_up_and_takes_it_down(installation, port):
    manager = installation.start("runall")
    started = descendants(manager.pid)
    assert any("gunicorn" in command for command in started.values())
    assert any("beat" in command for command in started.values())
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.status == 200
    began = time.monotonic()
    assert installation.stop("runall") == 0
    assert time.monotonic() - began < STOP_SECONDS + 10
    assert not [pid for pid in started if alive(pid)]


@embedded
def test_runall_starts_a_killed_worker_again_and_says_so(installation, port):
    manager = installation.start("runall")
    worker = next(pid for pid, command in descendants(manager.pid).items() if " worker " in command)
    os.kill(worker, signal.SIGKILL)
    log = installation.log("runall")
    until(lambda: "worker ended (SIGKILL); starting it again in 1 s" in log.read_text())
    until(lambda: any(" worker " in command for command in descendants(manager.pid).values()))
    assert installation.stop("runall") == 0


@embedded
def test_nothing_outlives_a_killed_runall(installation, port):
    manager = installation.start("runall")
    started = descendants(manager.pid)
    installation.kill("runall", signal.SIGKILL, group=False)
    until(lambda: not [pid for pid in started if alive(pid)])


@embedded
def test_runall_says_at_once_that_the_port_is_taken(installation, port):
    with socket.create_server(("127.0.0.1", port)):
        done = installation.manage("runall", check=False)
    assert done.returncode == 1
    assert f"127.0.0.1:{port} cannot be used" in done.stderr


def test_a_worker_takes_what_was_sent_while_it_was_down(installation):
    """The queue outlives its worker; the schedule is sent by beat, here by hand."""
    installation.run("from config.tasks import catch_up; catch_up.delay(); result = 0")
    waiting = (
        "from config.celery import app\n"
        "with app.connection_for_read() as c: result = c.default_channel._size('celery')"
    )
    assert installation.run(waiting) == 1
    installation.start("worker")
    until(lambda: installation.run(waiting) == 0)
    assert installation.stop("worker") == 0


@embedded
def test_static_files_are_hashed_compressed_and_kept_for_a_year(installation, port):
    installation.manage("collectstatic", "--noinput", "--verbosity=0")
    path = installation.run(
        "from django.templatetags.static import static;result = static('django_htmx/htmx-2.min.js')"
    )
    assert path != "/static/django_htmx/htmx-2.min.js"
    installation.start("runall")
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "br"}
    )
    with contextlib.closing(urllib.request.urlopen(request, timeout=5)) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(answer.read()) < 30_000


def test_the_servers_command_passes_on_urls_and_exit_code():
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.servers",
            "sh",
            "-c",
            "echo $DATABASE_URL $REDIS_URL; exit 3",
        ],
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    database, redis = done.stdout.split()
    assert database.startswith("postgres://")
    assert redis.startswith("unix://")
