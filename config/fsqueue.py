"""Kombu's filesystem broker made crash-safe: one machine needs no Redis.

The stock transport writes a message in place, so a worker may read half of it and die of it; and
it removes a message when it hands it out, so a killed worker takes it along. Here a message
appears whole, by rename, and stays in its consumer's claim folder until it is acknowledged. Every
consumer holds a lock on its folder while it lives; a folder whose lock is free belongs to the
dead, and whoever looks next gives its messages back.
"""

import fcntl
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import IO, Any

from kombu.message import Message
from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads

RECOVERY_INTERVAL_SECONDS = 5


class QoS(virtual.QoS):
    """Removes the claimed file when its message is acknowledged or refused."""

    channel: "Channel"

    def ack(self, delivery_tag: str) -> None:
        super().ack(delivery_tag)
        self.channel.release(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        super().reject(delivery_tag, requeue=requeue)
        self.channel.release(delivery_tag)


class Channel(filesystem.Channel):
    QoS = QoS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._inbox = Path(self.data_folder_in)
        self._claims_root = self._inbox.parent / "claimed"
        for folder in (self._inbox, self._claims_root, Path(self.control_folder)):
            folder.mkdir(parents=True, exist_ok=True)
        self._claim_folder: Path | None = None
        self._claim_lock: IO | None = None
        self._claims: dict[str, Path] = {}
        self._unacknowledged_queues: set[str] = set()
        self._next_recovery = 0.0

    def basic_consume(self, queue: str, no_ack: bool, *args: Any, **kwargs: Any) -> Any:
        if no_ack:
            self._unacknowledged_queues.add(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def close(self) -> None:
        """Give back what is still claimed, and the folder with it."""
        super().close()
        if self._claim_lock is not None:
            self._claim_lock.close()
            self._claim_lock = None
            self._recover_folder(self._own_claims())
            self._claim_folder = None

    def release(self, delivery_tag: str) -> None:
        """Forget a message that needs no second delivery."""
        if claim := self._claims.pop(delivery_tag, None):
            claim.unlink(missing_ok=True)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        # The stock method creates the table empty and fills it then: who reads in between fails.
        table = self._exchange_file(exchange)
        if not table.exists():
            draft = table.with_name(f".{table.name}.{uuid.uuid4().hex}")
            draft.write_text("[]")
            try:
                table.hardlink_to(draft)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        super()._queue_bind(exchange, routing_key, pattern, queue)

    def _put(self, queue: str, payload: dict, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        draft = self._inbox / f".{name}.part"
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(self._inbox / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict:
        self._recover()
        for name in sorted(self._names(queue)):
            claim = self._own_claims() / name
            try:
                (self._inbox / name).rename(claim)
            except FileNotFoundError:
                continue  # another consumer was faster
            try:
                payload = loads(claim.read_text(encoding="utf-8"))
            except ValueError:
                # Not written by us. Kept for the operator, out of the way of the others.
                claim.rename(self._claims_root / f"{name}.bad")
                continue
            if queue in self._unacknowledged_queues:
                claim.unlink()
            else:
                self._claims[payload["properties"]["delivery_tag"]] = claim
            return payload
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        names = self._names(queue)
        for name in names:
            (self._inbox / name).unlink(missing_ok=True)
        return len(names)

    def _restore(self, message: Message) -> None:
        super()._restore(message)
        self.release(message.delivery_tag)

    def _names(self, queue: str) -> list[str]:
        names = (path.name for path in self._inbox.iterdir())
        return [name for name in names if name.partition(".")[2] == f"{queue}.msg"]

    def _own_claims(self) -> Path:
        """Return this consumer's folder, made and locked on first use."""
        if self._claim_folder is None:
            folder = self._claims_root / uuid.uuid4().hex
            draft = folder.with_name(f".{folder.name}")
            draft.mkdir()
            self._claim_lock = (draft / "lock").open("w")
            fcntl.flock(self._claim_lock, fcntl.LOCK_EX)
            draft.rename(folder)  # visible only once it is locked
            self._claim_folder = folder
        return self._claim_folder

    def _recover(self) -> None:
        """Now and then, put the messages of dead consumers back into the queue."""
        if time.monotonic() < self._next_recovery:
            return
        self._next_recovery = time.monotonic() + RECOVERY_INTERVAL_SECONDS
        for folder in self._claims_root.iterdir():
            if folder.is_dir() and not folder.name.startswith(".") and folder != self._claim_folder:
                self._recover_folder(folder)

    def _recover_folder(self, folder: Path) -> None:
        try:
            with (folder / "lock").open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for claim in folder.glob("*.msg"):
                    claim.rename(self._inbox / claim.name)
                (folder / "lock").unlink()
                folder.rmdir()
        except (BlockingIOError, FileNotFoundError):
            pass  # its owner lives, or another consumer is giving it back


class Transport(filesystem.Transport):
    Channel = Channel
