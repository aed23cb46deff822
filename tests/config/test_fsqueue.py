"""The queue of files, without Celery: what one process puts, another gets, whoever is killed."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection, Queue

QUEUE = Queue("work", routing_key="work")
# Forked children would inherit the parent's locks.
spawn = multiprocessing.get_context("spawn")


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[Connection]:
    options = {
        "data_folder_in": str(folder / "in"),
        "data_folder_out": str(folder / "in"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.02,
    }
    with Connection(
        "filesystem://", transport="config.fsqueue:Transport", transport_options=options
    ) as connection:
        yield connection


def put(folder: Path, *bodies: int) -> None:
    with broker(folder) as connection, connection.Producer() as producer:
        for body in bodies:
            producer.publish(body, routing_key="work", declare=[QUEUE], serializer="json")


def take(connection: Connection, limit: int = 10_000, *, wait: float = 0.3) -> list[int]:
    """Receive and acknowledge up to `limit` messages; stop when none comes for `wait` seconds."""
    bodies = []
    simple = connection.SimpleQueue(QUEUE)
    with contextlib.suppress(Empty):
        while len(bodies) < limit:
            message = simple.get(timeout=wait)
            bodies.append(message.payload)
            message.ack()
    simple.close()
    return bodies


def produce(folder: Path, first: int, count: int) -> None:
    put(folder, *range(first, first + count))


def consume(folder: Path, output: Path, wait: float) -> None:
    with broker(folder) as connection:
        output.write_text(" ".join(map(str, take(connection, wait=wait))))


def claim_and_sleep(folder: Path, claimed: Path) -> None:
    with broker(folder) as connection:
        connection.SimpleQueue(QUEUE).get(timeout=5)
        claimed.touch()
        time.sleep(60)


def test_messages_come_in_the_order_they_were_sent(tmp_path):
    put(tmp_path, 1, 2, 3)
    with broker(tmp_path) as connection:
        assert take(connection) == [1, 2, 3]
        assert take(connection) == []


def test_a_message_being_written_is_not_seen(tmp_path):
    put(tmp_path, 1)
    (tmp_path / "in" / ".00000000000000000001_x.work.msg.part").write_text('{"bo')
    with broker(tmp_path) as connection:
        assert take(connection) == [1]


def test_a_damaged_message_is_put_aside_and_stops_nobody(tmp_path):
    put(tmp_path, 1)
    (tmp_path / "in" / "00000000000000000001_x.work.msg").write_text('{"bo')
    with broker(tmp_path) as connection:
        assert take(connection) == [1]
    assert [path.name for path in tmp_path.glob("claimed/*.bad")] == [
        "00000000000000000001_x.work.msg.bad"
    ]


def test_an_acknowledged_message_leaves_nothing_behind(tmp_path):
    put(tmp_path, 1)
    with broker(tmp_path) as connection:
        take(connection)
    assert list(tmp_path.glob("in/*")) == []
    assert list(tmp_path.glob("claimed/*")) == []


def test_a_message_not_acknowledged_is_given_back_when_its_consumer_closes(tmp_path):
    put(tmp_path, 1)
    with broker(tmp_path) as connection:
        assert connection.SimpleQueue(QUEUE).get(timeout=1).payload == 1
        with broker(tmp_path) as other:
            assert take(other) == []
    with broker(tmp_path) as connection:
        assert take(connection) == [1]


def test_a_refused_message_comes_again_only_if_asked(tmp_path):
    put(tmp_path, 1, 2)
    with broker(tmp_path) as connection:
        simple = connection.SimpleQueue(QUEUE)
        simple.get(timeout=1).reject()
        simple.get(timeout=1).requeue()
        assert take(connection) == [2]


def test_a_message_claimed_by_a_killed_consumer_is_given_back(tmp_path):
    put(tmp_path, 1)
    claimed = tmp_path / "is-claimed"
    victim = spawn.Process(target=claim_and_sleep, args=(tmp_path, claimed))
    victim.start()
    deadline = time.monotonic() + 20
    while not claimed.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    with broker(tmp_path) as connection:
        assert take(connection) == [], "a living consumer keeps what it has claimed"
    os.kill(victim.pid, signal.SIGKILL)
    victim.join()
    with broker(tmp_path) as connection:
        assert take(connection) == [1]


def test_many_producers_and_consumers_lose_and_double_nothing(tmp_path):
    outputs = [tmp_path / f"got-{n}" for n in range(2)]
    consumers = [spawn.Process(target=consume, args=(tmp_path, out, 4.0)) for out in outputs]
    producers = [spawn.Process(target=produce, args=(tmp_path, n * 1000, 300)) for n in range(3)]
    for process in consumers + producers:
        process.start()
    for process in consumers + producers:
        process.join(60)
        assert process.exitcode == 0
    got = [int(word) for out in outputs for word in out.read_text().split()]
    assert sorted(got) == [n * 1000 + i for n in range(3) for i in range(300)]


def test_tables_of_bindings_are_never_seen_empty(tmp_path):
    """Two processes that start at once both bind; neither may read the other's empty file."""
    starters = [spawn.Process(target=produce, args=(tmp_path, n, 1)) for n in range(4)]
    for process in starters:
        process.start()
    for process in starters:
        process.join(30)
    assert [process.exitcode for process in starters] == [0, 0, 0, 0]
    with broker(tmp_path) as connection:
        assert sorted(take(connection)) == [0, 1, 2, 3]


def test_purging_empties_one_queue_only(tmp_path):
    put(tmp_path, 1, 2)
    (tmp_path / "in" / "00000000000000000001_x.other.msg").write_text("{}")
    with broker(tmp_path) as connection:
        assert connection.default_channel._size("work") == 2
        assert connection.default_channel.queue_purge("work") == 2
    assert [path.name for path in (tmp_path / "in").iterdir()] == [
        "00000000000000000001_x.other.msg"
    ]


@pytest.mark.parametrize("name", ["in", "control", "claimed"])
def test_folders_are_made_on_first_use(tmp_path, name):
    put(tmp_path, 1)
    assert (tmp_path / name).is_dir()
