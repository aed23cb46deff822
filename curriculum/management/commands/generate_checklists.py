import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from curriculum.models import WeeklyChecklist
from curriculum.services import ensure_checklists
from curriculum.weekly import Week


class Command(BaseCommand):
    help = "Open a week's checklists for every branch; what is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", help="ISO week, e.g. 2026-W48; default: the current one")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        week = self._week(options["week"], now)
        lists = WeeklyChecklist.objects.filter(monday=week.monday)
        before = lists.count()
        items = ensure_checklists(week, at=now)
        total = lists.count()
        done = {
            "week": str(week),
            "monday": week.monday.isoformat(),
            "checklists": total,
            "checklists_added": total - before,
            "items_added": items,
        }
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(
                f"{week} ({week.monday}—{week.sunday}): {done['checklists_added']} checklist(s) and "
                f"{items} item(s) added; {total} checklist(s) in all"
            )

    def _week(self, text: str | None, now) -> Week:
        if not text:
            return Week.containing(timezone.localdate(now))
        try:
            return Week.parse(text)
        except ValueError as error:
            raise CommandError(str(error)) from error
