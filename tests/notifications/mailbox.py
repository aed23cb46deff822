"""A mail server for tests: one file a Message-ID, as a recipient's program would keep them.

Between our worker's sending and its noting so lies a moment in which it can die; the mail then
comes twice under one Message-ID. Like any mail store, this one keeps it once. `tries` counts what
came over the wire.
"""

import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class Mailbox(BaseEmailBackend):
    """Slow enough to be killed in the middle."""

    def send_messages(self, messages) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(exist_ok=True)
        for message in messages:
            time.sleep(0.05)
            name = message.extra_headers["Message-ID"].strip("<>")
            with (folder.parent / "tries").open("a") as tries:
                tries.write(f"{name}\n")
            (folder / name).write_text(f"{message.to[0]}\n{message.subject}\n{message.body}")
        return len(messages)
