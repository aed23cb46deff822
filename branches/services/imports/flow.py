"""From a file to a preview, from a preview to written rows; and both at once for the command line."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import BinaryIO, NamedTuple

from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from branches import paths
from branches.models import ImportKind, ImportOutcome, ImportRow, Organization, RosterImport
from branches.roster.members import plan_members
from branches.roster.organizations import plan_organizations
from branches.roster.outcome import Plan
from branches.roster.reading import SourceRow, read_table
from branches.roster.reports import source_row

from .members import write_members
from .organizations import write_organizations

KEEP_PREVIEWS = timedelta(days=1)
BATCH = 500
# Rows of the second sheet of a file are numbered from here on, those of the third from twice that:
# a row's number is unique within its import. `values["number"]` is the number in the sheet.
SHEET_STEP = 10_000_000

KINDS = {
    ImportKind.ROSTER: (plan_members, write_members),
    ImportKind.ORGANIZATIONS: (plan_organizations, write_organizations),
}


class Preview(NamedTuple):
    """A stored preview, and the columns of the file that were left aside."""

    batch: RosterImport
    ignored: list[str]
    identity: list[str]


@dataclass(slots=True)
class Report:
    """What an import did, or would do when `is_applied` is false."""

    plans: list[Plan] = field(default_factory=list)
    is_applied: bool = False
    ignored: list[str] = field(default_factory=list)
    identity: list[str] = field(default_factory=list)

    def count(self, outcome: ImportOutcome) -> int:
        return sum(plan.outcome == outcome for plan in self.plans)

    @property
    def refused(self) -> list[Plan]:
        return [plan for plan in self.plans if plan.issues]


class _StaleError(Exception):
    """The rows would do something else now than what the preview said."""

    def __init__(self, plans: list[Plan]) -> None:
        super().__init__()
        self.plans = plans


def preview_file(
    file: BinaryIO,
    file_name: str,
    *,
    kind: str,
    organization: Organization,
    by: User | None,
    at: datetime,
) -> Preview:
    """Read and judge a file and keep the result; raises `roster.reading.Unreadable`."""
    table = read_table(file, kind)
    plans = _judge(kind, table.rows, organization, at)
    with transaction.atomic():
        batch = _new_batch(kind, organization, file_name, plans, by=by, at=at)
        _store(batch, plans)
    return Preview(batch, table.ignored, table.identity)


def apply_import(
    batch: RosterImport, *, by: User | None, at: datetime, partial: bool = False
) -> bool:
    """Carry out a preview, once; return False if that was done already.

    All or nothing: with a refused row nothing is written, unless `partial` asks for the good ones.
    The rows are judged anew. Should they mean something else by now, the preview is renewed and a
    ValidationError sends people back to it.
    """
    # In the script of the preview, or its words would differ from the new ones by that alone.
    with translation.override(_script_of(batch)):
        try:
            with transaction.atomic():
                return _apply(batch, by=by, at=at, partial=partial)
        except IntegrityError as error:
            raise ValidationError(_("同时有人在改动这些数据，请稍后再试。")) from error
        except _StaleError as stale:
            with transaction.atomic():
                if RosterImport.objects.filter(pk=batch.pk, applied_at=None).exists():
                    _store(batch, stale.plans)
            raise ValidationError(_("预览之后数据有了变化，已重新核对，请看过再确认。")) from None


def _apply(batch: RosterImport, *, by: User | None, at: datetime, partial: bool) -> bool:
    claimed = RosterImport.objects.filter(pk=batch.pk, applied_at=None).update(applied_at=at)
    if not claimed:
        return False
    stored = list(batch.rows.order_by("number"))
    plans = _judge(batch.kind, map(source_row, stored), batch.organization, at)
    if any(_said(row) != _says(plan) for row, plan in zip(stored, plans, strict=True)):
        raise _StaleError(plans)
    refused = sum(bool(plan.issues) for plan in plans)
    if refused and not partial:
        raise ValidationError(
            _("有%(count)d行不予导入。请更正后重新上传，或只导入无误的行。"),
            params={"count": refused},
        )
    _write(batch.kind, plans, at)
    _store(batch, plans)
    log_step(batch, "applied_at", by=by, at=at)
    return True


def import_file(
    file: BinaryIO,
    file_name: str,
    *,
    kind: str,
    organization: Organization | None,
    at: datetime,
    dry_run: bool = False,
    partial: bool = False,
) -> Report:
    """Read, judge and write in one go, for the command line; raises `roster.reading.Unreadable`."""
    table = read_table(file, kind)
    with transaction.atomic():
        plans = _judge(kind, table.rows, organization, at)
        report = Report(plans, ignored=table.ignored, identity=table.identity)
        if dry_run or (report.refused and not partial):
            return report
        report.is_applied = True
        if report.count(ImportOutcome.CREATED) or report.count(ImportOutcome.UPDATED):
            touched = _write(kind, plans, at)
            place = organization or _common_root(touched)
            batch = _new_batch(kind, place, file_name, plans, by=None, at=at)
            RosterImport.objects.filter(pk=batch.pk).update(applied_at=at)
            _store(batch, plans)
    return report


@transaction.atomic
def discard_preview(batch: RosterImport) -> bool:
    """Forget a preview that was not carried out; return False if it was."""
    if not RosterImport.objects.filter(pk=batch.pk, applied_at=None).exists():
        return False
    batch.rows.all().delete()
    batch.delete()
    return True


def forget_old_previews(*, at: datetime) -> int:
    """Delete previews that nobody carried out within a day; return how many."""
    old = RosterImport.objects.filter(applied_at=None, uploaded_at__lt=at - KEEP_PREVIEWS)
    return sum(discard_preview(batch) for batch in old)


def _judge(
    kind: str, rows: Iterable[SourceRow], organization: Organization | None, at: datetime
) -> list[Plan]:
    plan, _write_rows = KINDS[ImportKind(kind)]
    return plan(rows, organization=organization, today=_day(at))


def _write(kind: str, plans: list[Plan], at: datetime) -> list[str]:
    """Write the good rows; return the paths of the organizations they are about."""
    _plan_rows, write = KINDS[ImportKind(kind)]
    good = [plan for plan in plans if not plan.issues]
    return write(good, today=_day(at))


def _day(at: datetime) -> date:
    return timezone.localdate(at)


def _common_root(touched: list[str]) -> Organization:
    """Return the lowest organization that everything touched stands below, or is."""
    first, last = min(touched), max(touched)
    length = paths.SEGMENT_WIDTH
    while first[:length] == last[:length] and length < len(first):
        length += paths.SEGMENT_WIDTH
    while length > paths.SEGMENT_WIDTH and first[:length] != last[:length]:
        length -= paths.SEGMENT_WIDTH
    return Organization.objects.get(path=first[:length])


# --- What is kept ------------------------------------------------------------------------------


def _new_batch(
    kind: str,
    organization: Organization,
    file_name: str,
    plans: list[Plan],
    *,
    by: User | None,
    at: datetime,
) -> RosterImport:
    return RosterImport.objects.create(
        kind=kind,
        organization=organization,
        file_name=file_name[-200:],
        row_count=len(plans),
        uploaded_by=by,
        uploaded_at=at,
    )


def _store(batch: RosterImport, plans: list[Plan]) -> None:
    """Keep what each row says and does, in place of what was kept before."""
    batch.rows.all().delete()
    sheets = list(dict.fromkeys(plan.row.sheet for plan in plans))
    link = "member_id" if batch.kind == ImportKind.ROSTER else "organization_id"
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                batch=batch,
                number=sheets.index(plan.row.sheet) * SHEET_STEP + plan.row.number,
                outcome=plan.outcome,
                values={
                    "number": plan.row.number,
                    "sheet": plan.row.sheet,
                    "place": plan.row.place,
                    "script": translation.get_language(),
                    "cells": [list(cell) for cell in plan.row.cells],
                    "hints": plan.hints,
                    "changes": [list(change) for change in plan.changes],
                    "added": plan.added,
                    "written": plan.written,
                },
                issues=[issue._asdict() for issue in plan.issues],
                before=plan.before or None,
                **{link: plan.target or None},
            )
            for plan in plans
        ),
        batch_size=BATCH,
    )


def _script_of(batch: RosterImport) -> str | None:
    """Return the script of whoever uploaded the file: a preview answers that person."""
    row = batch.rows.first()
    return row.values.get("script") if row else None


def _said(row: ImportRow) -> tuple:
    return row.outcome, row.values["changes"], row.values["added"], row.issues


def _says(plan: Plan) -> tuple:
    changes = [list(change) for change in plan.changes]
    return plan.outcome, changes, plan.added, [issue._asdict() for issue in plan.issues]


def log_step(batch: RosterImport, step: str, *, by: User | None, at: datetime) -> None:
    """The step is taken by a conditional UPDATE, which the audit log does not see by itself."""
    LogEntry.objects.log_create(
        batch,
        action=LogEntry.Action.UPDATE,
        changes={step: ["None", f"{timezone.localtime(at):%Y-%m-%d %H:%M}"]},
        actor=by,
        timestamp=at,
    )
