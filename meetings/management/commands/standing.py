"""manage.py standing --organization CODE --period 2026-11 --format json|table"""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from branches.models import Organization
from meetings.models import MeetingKind
from meetings.reports import Standing, sentence, standing
from meetings.rules import Span

# Marks of the states, for a terminal.
MARKS = {"met": "✓", "due": "○", "overdue": "!", "explained": "说", "exempt": "–", "ahead": "·"}


class Command(BaseCommand):
    help = "打印一个党组织及其下级各支部在某月、季度或年度的制度落实情况。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, metavar="CODE", help="党组织编码")
        parser.add_argument(
            "--period", help="2026-11、2026-Q4、2026-H2 或 2026；默认本月", metavar="PERIOD"
        )
        parser.add_argument("--format", choices=["json", "table"], default="table")

    def handle(self, *args, organization: str, period: str | None, format: str, **options) -> None:
        today = timezone.localdate()
        try:
            view = Span.parse(period) if period else Span.containing(today, "month")
        except ValueError as error:
            raise CommandError("周期应写成 2026-11、2026-Q4、2026-H2 或 2026。") from error
        root = Organization.objects.filter(code=organization).first()
        if root is None:
            raise CommandError(f"没有编码为“{organization}”的党组织。")
        branches = Organization.objects.within(root).branches()
        table = standing(branches, view=view, on=today)
        self.stdout.write(as_json(table) if format == "json" else as_table(table))


def as_json(table: Standing) -> str:
    """One object per branch and rule, each with its reason in words."""
    rows = [
        {
            "branch": row.name,
            "code": cell.rule.code,
            "kind": str(MeetingKind(cell.rule.kind).label),
            "article": cell.rule.article,
            "period": str(cell.telling.span),
            "state": str(cell.state),
            "why": str(cell.telling.why),
            "held": cell.held,
            "needed": cell.needed,
            "due_on": cell.telling.due_on.isoformat(),
            "sentence": sentence(cell),
        }
        for row in table.rows
        for cell in row.cells
        if cell is not None
    ]
    document = {"period": str(table.view), "on": table.on.isoformat(), "rows": rows}
    return json.dumps(document, ensure_ascii=False, indent=2)


def as_table(table: Standing) -> str:
    """A line per branch, a column per rule: mark and held/needed, tab-separated."""
    lines = ["\t".join([str(table.view), *(str(column.label) for column in table.columns)])]
    for row in table.rows:
        cells = (f"{MARKS[c.state]}{c.held}/{c.needed}" if c else "" for c in row.cells)
        lines.append("\t".join([row.name, *cells]))
    return "\n".join(lines)
