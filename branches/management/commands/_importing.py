"""What both import commands share: arguments, what they print, and the file of refused rows."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import exports
from branches.models import ImportOutcome, Organization
from branches.roster.outcome import Issue
from branches.roster.reading import Unreadable
from branches.roster.refused import RefusedRow, reason, refused_sheet
from branches.services import imports


class ImportCommand(BaseCommand):
    """Exit code 0 when the file was imported as asked, 1 when rows or the file were refused."""

    kind: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="an .xlsx or .csv file")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done and write nothing"
        )
        parser.add_argument(
            "--partial",
            action="store_true",
            help="import the good rows; the refused ones go to FILE-refused.xlsx with their reasons",
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help="print rows, created, updated, unchanged and refused (row, column, value, reason); "
            "a file that is refused as a whole is row 0",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        report, error = self.run_import(path, options)
        if options["json"]:
            self.stdout.write(
                json.dumps(_summary(report, path, error, options), ensure_ascii=False)
            )
        elif options["verbosity"] and not error:
            self.tell(report)
        if error:
            raise CommandError(error)
        if report.refused and report.is_applied:
            self.write_refused(path, report, quiet=not options["verbosity"])
        if report.refused and not options["partial"]:
            raise CommandError(
                _("有%(count)d行不予导入，什么都没有写入。加 --partial 可只导入其余各行。")
                % {"count": len(report.refused)}
            )

    def run_import(self, path: Path, options: dict) -> tuple[imports.Report, str]:
        """Return the report, and why the file as a whole was refused."""
        try:
            with path.open("rb") as file:
                report = imports.import_file(
                    file,
                    path.name,
                    kind=self.kind,
                    organization=self.organization(options),
                    at=timezone.now(),
                    dry_run=options["dry_run"],
                    partial=options["partial"],
                )
        except Unreadable as error:
            return imports.Report(), str(error)
        except OSError as error:
            return imports.Report(), _("打不开文件：%(reason)s") % {"reason": error.strerror}
        return report, ""

    def organization(self, options: dict) -> Organization | None:
        """Return the part of the tree that the file is for; None is all of it."""
        return None

    def tell(self, report: imports.Report) -> None:
        for plan in report.refused:
            issue = plan.issues[0]
            self.stdout.write(
                _("第%(row)d行 %(column)s“%(value)s”：%(reason)s")
                % {
                    "row": plan.row.number,
                    "column": issue.column,
                    "value": issue.value,
                    "reason": reason(plan.issues),
                }
            )
        if report.identity:
            self.stdout.write(
                _("不读取、不保存：%(columns)s") % {"columns": "、".join(report.identity)}
            )
        if report.ignored:
            self.stdout.write(_("未导入的列：%(columns)s") % {"columns": "、".join(report.ignored)})
        line = _(
            "共%(rows)d行：新增%(created)d，更新%(updated)d，无变化%(unchanged)d，不予导入%(refused)d。"
        ) % {
            "rows": len(report.plans),
            "created": report.count(ImportOutcome.CREATED),
            "updated": report.count(ImportOutcome.UPDATED),
            "unchanged": report.count(ImportOutcome.UNCHANGED),
            "refused": len(report.refused),
        }
        self.stdout.write(line if report.is_applied else line + _("（未写入）"))

    def write_refused(self, path: Path, report: imports.Report, *, quiet: bool) -> None:
        target = path.with_name(f"{path.stem}-refused.xlsx")
        rows = [
            RefusedRow(plan.row.number, plan.row.sheet, plan.row.cells, plan.issues)
            for plan in report.refused
        ]
        target.write_bytes(exports.workbook(_("不予导入的行"), *refused_sheet(rows)).getvalue())
        if not quiet:
            # Standard output belongs to the report, which may be read by a program.
            self.stderr.write(_("不予导入的行写在：%(path)s") % {"path": target})


def _summary(report: imports.Report, path: Path, error: str, options: dict) -> dict:
    """Return what --json prints: what was written, or would be, where --dry-run asked for that."""
    counts = report.is_applied or options["dry_run"]
    refused = [_refusal(plan.row.number, plan.row.sheet, plan.issues) for plan in report.refused]
    if error:
        refused = [{"row": 0, "column": "", "value": path.name, "reason": error}]
    return {
        "rows": len(report.plans),
        "created": report.count(ImportOutcome.CREATED) if counts else 0,
        "updated": report.count(ImportOutcome.UPDATED) if counts else 0,
        "unchanged": report.count(ImportOutcome.UNCHANGED),
        "refused": refused,
    }


def _refusal(number: int, sheet: str, issues: list[Issue]) -> dict:
    text = reason(issues)
    if sheet:
        text = _("（工作表“%(sheet)s”）%(reason)s") % {"sheet": sheet, "reason": text}
    return {
        "row": number,
        "column": issues[0].column,
        "value": issues[0].value,
        "reason": text,
    }
