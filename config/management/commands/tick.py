from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.tasks import run_scheduled


class Command(BaseCommand):
    help = "Run every scheduled task once, in this process; beat and worker are not needed."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for name, seconds, error in run_scheduled():
            self.stdout.write(f"{name:<45} {seconds:7.2f} s  {_outcome(error)}")
            if error:
                failed.append(name)
        if failed:
            raise CommandError(f"{len(failed)} task(s) failed: {', '.join(failed)}")


def _outcome(error: Exception | None) -> str:
    return "ok" if error is None else f"{type(error).__name__}: {error}"
