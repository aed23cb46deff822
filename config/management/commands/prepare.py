"""One process for all that has to be true before the servers start; four would take four seconds."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Bring the database and the built static files up to date; quick when they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo",
            action="store_true",
            help="fill a database that has just been made with demo data, and say who can sign in",
        )

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        # Laid down first, taken away last: demo data that was interrupted is begun again.
        wanted = settings.VAR / "demo-data-wanted"
        if self.migrate() and demo:
            wanted.touch()
        if not settings.REDIS_URL:
            call_command("createcachetable", verbosity=0)
        self.build_static_files()
        if demo and wanted.exists():
            self.say("Loading demo data")
            call_command("seed_demo", "--scale", "township")
            wanted.unlink()
        if demo:
            call_command("demo_accounts")

    def migrate(self) -> bool:
        """Apply what is missing; return whether the database was empty before."""
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        self.say("Migrating the database")
        empty = not executor.loader.applied_migrations
        call_command("migrate", verbosity=0)
        return empty

    def build_static_files(self) -> None:
        """Collect, hash and compress, unless what went in is what went in last time."""
        stamp = settings.VAR / "static-inputs"
        inputs = static_inputs()
        if stamp.exists() and stamp.read_text() == inputs and settings.STATIC_ROOT.is_dir():
            return
        self.say("Building static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(inputs)

    def say(self, sentence: str) -> None:
        self.stdout.write(f"==> {sentence}")
        self.stdout.flush()


def static_inputs() -> str:
    """Return a checksum of all files that collectstatic would read, and of how it stores them."""
    checksum = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list(None), key=lambda found: found[0]):
            checksum.update(path.encode())
            checksum.update(Path(storage.path(path)).read_bytes())
    return checksum.hexdigest()
