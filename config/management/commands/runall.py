"""Web server, worker and beat under one roof, for machines without systemd.

A child that dies is started again. All stop with their parent, whichever way it ends: the kernel
tells them (PR_SET_PDEATHSIG), so not even `kill -9` leaves a worker behind.
"""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import env
from config.celery import READY_FILE
from config.tasks import catch_up

STOP_SECONDS = 10
START_SECONDS = 60
# A child that has run this long was well: its next death is a first one.
WELL_AFTER_SECONDS = 60
LONGEST_PAUSE_SECONDS = 30
PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None, use_errno=True)


class Child:
    """One of the processes, and when to start it again."""

    def __init__(self, name: str, command: list[str], ready_file: Path | None = None) -> None:
        self.name = name
        self.command = command
        self.ready_file = ready_file
        self.process: subprocess.Popen | None = None
        self.deaths = 0
        self.started_at = 0.0
        self.start_at = 0.0

    def start(self) -> None:
        environment = dict(os.environ)
        if self.ready_file:
            self.ready_file.unlink(missing_ok=True)
            environment[READY_FILE] = str(self.ready_file)
        self.started_at = time.monotonic()
        # A group of its own: Ctrl-C reaches the parent alone, which stops the children in order.
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            cwd=settings.BASE_DIR,
            env=environment,
            process_group=0,
            preexec_fn=die_with_parent,  # safe: the parent runs no threads
        )

    def is_ready(self) -> bool:
        return self.ready_file is None or self.ready_file.exists()

    def tend(self) -> str | None:
        """Start the child where it is due; return a sentence when it has died."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.deaths = 1 if now - self.started_at > WELL_AFTER_SECONDS else self.deaths + 1
        pause = min(2 ** (self.deaths - 1), LONGEST_PAUSE_SECONDS)
        self.process, self.start_at = None, now + pause
        return f"{self.name} ended ({ending(code)}); starting it again in {pause} s"

    def terminate(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """Kill the child and all that it started."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Command(BaseCommand):
    help = "Run web server, worker and beat until SIGINT or SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = env.address()
        refuse_taken(host, port)
        self.stopping = False
        with signals(self.stop):
            self.children = children()
            try:
                for child in self.children:
                    child.start()
                self.wait_until_up(host, port)
                while not self.stopping:
                    self.tend()
                    time.sleep(0.2)
            finally:
                self.stop_children()

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def tend(self) -> None:
        for child in self.children:
            if said := child.tend():
                self.say(said)

    def wait_until_up(self, host: str, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.stopping:
            if answers(host, port) and all(child.is_ready() for child in self.children):
                catch_up.delay()
                self.say(f"http://{host}:{port} - web, worker and beat are up; Ctrl-C stops them")
                return
            if time.monotonic() > deadline:
                raise CommandError(f"Not up after {START_SECONDS} s; see the messages above.")
            self.tend()
            time.sleep(0.1)

    def stop_children(self) -> None:
        """Ask all to end; after STOP_SECONDS do not ask. A task cut off stays in the queue."""
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} did not stop in {STOP_SECONDS} s and is killed")
                child.kill()
        self.say("stopped")

    def say(self, sentence: str) -> None:
        self.stdout.write(f"==> {sentence}")
        self.stdout.flush()


def children() -> list[Child]:
    """Return the web server, which answers when it is up, and those that leave a file then."""
    python = [sys.executable, "-m"]
    # Who tries Badu as root should see the sign-in names and not a page of warnings.
    quiet = [sys.executable, "-W", "ignore:You're running the worker with superuser", "-m"]
    celery = [*quiet, "celery", "-A", "config", "--quiet"]
    workers = str(env.number("BADU_WORKERS", 2))
    return [
        Child("web", [*python, "gunicorn", "-c", "config/gunicorn.conf.py", "config.wsgi"]),
        Child(
            "worker",
            # Gossip and mingle are for many workers; here they only delay the start.
            [*celery, "worker", "-c", workers, "--without-gossip", "--without-mingle"],
            settings.VAR / "worker-ready",
        ),
        Child("beat", [*celery, "beat", "--pidfile="], settings.VAR / "beat-ready"),
    ]


def refuse_taken(host: str, port: int) -> None:
    """Say so at once where the port is taken, instead of starting the web server for ever."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"{host}:{port} cannot be used ({error.strerror}). Choose another: PORT=8001 …"
            ) from None


def answers(host: str, port: int) -> bool:
    """Say whether the web server answers, whatever it says."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def die_with_parent() -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


@contextmanager
def signals(handler: Any) -> Iterator[None]:
    """Let SIGINT and SIGTERM call the handler; put back what was there before."""
    before = {n: signal.signal(n, handler) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
