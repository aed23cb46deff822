"""Keeping what the automatic checks find: made and dropped as the data says, explained by people.

Results are derived. A refresh is level-triggered and idempotent: it makes rows for what is found,
drops rows of what is not found any more, and leaves every explanation where it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from auditlog.models import LogEntry
from django.db import transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import Organization
from config.language import in_source_script
from meetings.checks.base import Hit, registry
from meetings.checks.running import run_record_checks
from meetings.models import (
    COUNTED_STATES,
    CheckResult,
    CheckSetting,
    Explanation,
    ExplanationKind,
    Meeting,
)
from meetings.reports.check_facts import facts_of_each
from meetings.reports.check_settings import Setting, Settings, settings_of
from meetings.reports.check_sources import needed, sources
from meetings.rules import Span

from .explanations import explain_gap, withdraw_explanation

BATCH_ROWS = 500
# Some record checks depend on the days gone by or on other records: for so long they are repeated.
REPEAT_DAYS = 100
# What lies further back is nobody's to mend any more: it is not looked at and asks for nothing.
LOOK_BACK_DAYS = 400
TEXT_LENGTH: int = CheckResult._meta.get_field("text").max_length or 0
SUBJECT_LENGTH: int = CheckResult._meta.get_field("subject").max_length or 0


def refresh_checks(*, at: datetime) -> int:
    """Bring all results up to date, of every branch and of every record that changed.

    Returns the number of rows made, changed or dropped; a second run finds nothing to do.
    """
    return refresh_records(at=at) + refresh_branches(at=at)


# --- Branches -------------------------------------------------------------------------------------


@in_source_script
def refresh_branches(branches: "QuerySet[Organization] | None" = None, *, at: datetime) -> int:
    """Run the checks of branches (None: of all); five hundred at a time, each time committed."""
    on = timezone.localdate(at)
    existing = Organization.objects.branches().existing(on)
    if branches is not None:
        existing = existing.filter(pk__in=branches.order_by().values("pk"))
    return sum(_refresh_branches(batch, on, at) for batch in _batches(existing))


@transaction.atomic
def _refresh_branches(batch: list[tuple[int, int | None]], on: date, at: datetime) -> int:
    townships = dict(batch)
    branches = Organization.objects.filter(pk__in=townships)
    settings = settings_of(townships.values())
    wanted = {code for own in settings.values() for code, setting in own.items() if setting.is_on}
    found = []
    for name, checks in needed(wanted).items():
        for branch_id, facts in sources.load(name, branches, on).items():
            own = settings[townships[branch_id]]
            for check in checks:
                if own[check.code].is_on:
                    hits = check.find(facts, own[check.code].threshold)
                    found += [_result(branch_id, None, check.code, hit, on, at) for hit in hits]
    known = CheckResult.objects.filter(branch__in=townships, meeting=None)
    return _sync(known, found)


def _batches(rows: "QuerySet[Organization]") -> Iterator[list[tuple[int, int | None]]]:
    """Yield the branches with their townships in batches, in the order of their ids."""
    last = 0
    while batch := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", "township")[:BATCH_ROWS]
    ):
        yield batch
        last = batch[-1][0]


# --- Records --------------------------------------------------------------------------------------


@in_source_script
def refresh_records(*, at: datetime) -> int:
    """Run the checks of the records handed in that changed since they were looked at.

    Five hundred at a time, each time committed. The branches they belong to are looked at as well,
    for a record closes or opens what a branch owes. Returns the number of rows that changed.
    """
    on = timezone.localdate(at)
    since = on - timedelta(days=LOOK_BACK_DAYS)
    of_records = CheckResult.objects.filter(meeting__isnull=False, is_current=True)
    changed = _drop(
        of_records.filter(~Q(meeting__state__in=COUNTED_STATES) | Q(meeting__day__lt=since))
    )
    Meeting.objects.to_check().filter(day__lt=since).update(checked_version=F("version"))
    last, branches = 0, set()
    pending = Meeting.objects.to_check().select_related("branch").order_by("pk")
    while batch := list(pending.filter(pk__gt=last)[:BATCH_ROWS]):
        changed += _refresh_records(batch, on, at)
        branches |= {meeting.branch_id for meeting in batch}
        last = batch[-1].pk
    if branches:
        changed += refresh_branches(Organization.objects.filter(pk__in=branches), at=at)
    return changed


@transaction.atomic
def _refresh_records(batch: list[Meeting], on: date, at: datetime) -> int:
    settings = settings_of(meeting.township_id for meeting in batch)
    facts = facts_of_each(batch, on=on)
    found = []
    for meeting in batch:
        found += [
            _result(meeting.branch_id, meeting, check.code, hit, on, at)
            for check, hit in run_record_checks(facts[meeting.pk], settings[meeting.township_id])
        ]
    changed = _sync(CheckResult.objects.filter(meeting__in=batch), found)
    versions = defaultdict(list)
    for meeting in batch:
        versions[meeting.version].append(meeting.pk)
    # What was saved since the batch was read keeps its newer version, and is looked at again.
    for version, pks in versions.items():
        Meeting.objects.filter(pk__in=pks, version=version).update(checked_version=version)
    return changed


def repeat_checks(*, at: datetime) -> int:
    """Look anew at everything that time alone may have changed, and bring all up to date."""
    since = timezone.localdate(at) - timedelta(days=REPEAT_DAYS)
    Meeting.objects.counted().filter(day__gte=since).update(checked_version=0)
    return refresh_checks(at=at)


def look_again(township: Organization, *, at: datetime) -> None:
    """Let the records of the last year be looked at anew when the checks next run."""
    since = timezone.localdate(at) - timedelta(days=LOOK_BACK_DAYS)
    Meeting.objects.counted().filter(township=township, day__gte=since).update(checked_version=0)


# --- Keeping --------------------------------------------------------------------------------------


def _result(
    branch_id: int, meeting: Meeting | None, code: str, hit: Hit, on: date, at: datetime
) -> CheckResult:
    subject = hit.subject
    if meeting is not None:
        subject = f"meeting:{meeting.pk}:{subject}"
    return CheckResult(
        branch_id=branch_id,
        meeting=meeting,
        code=code,
        subject=subject[:SUBJECT_LENGTH],
        text=_say(hit)[:TEXT_LENGTH],
        day=hit.day or (meeting.day if meeting else on),
        found_at=at,
    )


def _say(hit: Hit) -> str:
    return _(hit.text) % hit.values if hit.values else _(hit.text)


def _sync(known: QuerySet[CheckResult], found: Iterable[CheckResult]) -> int:
    """Make `known` say what was found; return how many rows were made, changed or dropped."""
    rows = {(row.branch_id, row.code, row.subject): row for row in known}
    new: dict[tuple, CheckResult] = {}
    changed, seen = [], set()
    for result in found:
        key = (result.branch_id, result.code, result.subject)
        row = rows.get(key)
        if row is None:
            new.setdefault(key, result)
        elif key not in seen:
            seen.add(key)
            if (row.text, row.day, row.is_current) != (result.text, result.day, True):
                row.text, row.day, row.is_current = result.text, result.day, True
                changed.append(row)
    CheckResult.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=BATCH_ROWS)
    CheckResult.objects.bulk_update(changed, ["text", "day", "is_current"], batch_size=BATCH_ROWS)
    gone = [row.pk for key, row in rows.items() if key not in seen]
    dropped = sum(
        _drop(CheckResult.objects.filter(pk__in=gone[i : i + BATCH_ROWS]))
        for i in range(0, len(gone), BATCH_ROWS)
    )
    return len(new) + len(changed) + dropped


def _drop(results: QuerySet[CheckResult]) -> int:
    """Drop results that no longer hold; what was explained stays, as no longer current."""
    kept = results.filter(explained_at__isnull=False, is_current=True).update(is_current=False)
    _total, by_model = results.filter(explained_at=None).delete()
    return kept + by_model.get(CheckResult._meta.label, 0)


# --- People ---------------------------------------------------------------------------------------


@transaction.atomic
def explain_result(result: CheckResult, *, reason: str, by: User, at: datetime) -> bool:
    """Close a result with a reason; return False if it was explained already.

    A gap is explained as such at the same time, so that it is not asked about anywhere else.
    """
    explained = CheckResult.objects.filter(pk=result.pk, explained_at=None).update(
        reason=reason, explained_by=by, explained_at=at
    )
    if not explained:
        return False
    _log(result, {"reason": [result.reason, reason]}, by=by, at=at)
    if gap := gap_of(result):
        code, span = gap
        explain_gap(
            result.branch,
            code=code,
            span=span,
            kind=ExplanationKind.NOT_HELD,
            reason=reason,
            by=by,
            at=at,
        )
    return True


@transaction.atomic
def withdraw_reason(result: CheckResult, *, by: User, at: datetime) -> bool:
    """Take a reason back: the result is open again, or gone where it no longer holds."""
    opened = CheckResult.objects.filter(pk=result.pk, explained_at__isnull=False).update(
        reason="", explained_by=None, explained_at=None
    )
    if not opened:
        return False
    _log(result, {"reason": [result.reason, ""]}, by=by, at=at)
    if gap := gap_of(result):
        code, span = gap
        given = Explanation.objects.filter(
            branch=result.branch_id, code=code, period_start=span.start
        )
        for explanation in given:
            withdraw_explanation(explanation, at=at)
    CheckResult.objects.filter(pk=result.pk, is_current=False).delete()
    return True


def gap_of(result: CheckResult) -> tuple[str, Span] | None:
    """Return the rule's code and the span of a result that speaks of a gap, else None."""
    kind, _colon, rest = result.subject.partition(":")
    if kind != "gap":
        return None
    code, _colon, span = rest.partition(":")
    return code, Span.parse(span)


def _log(row: Model, changes: dict, *, by: User, at: datetime) -> None:
    LogEntry.objects.log_create(
        row,
        action=LogEntry.Action.UPDATE,
        changes=changes,
        actor=by,
        timestamp=at,
    )


@transaction.atomic
def set_checks(township: Organization, wanted: Settings, *, at: datetime) -> bool:
    """Keep a township's switches and numbers; return False when nothing changed.

    What was switched off is dropped at once. Records of the last year are looked at anew.
    """
    before = settings_of([township.pk])[township.pk]
    changed = {code: setting for code, setting in wanted.items() if before[code] != setting}
    for code, setting in changed.items():
        CheckSetting.objects.update_or_create(
            township=township,
            code=code,
            defaults={"is_on": setting.is_on, "threshold": _own(code, setting)},
        )
    off = [code for code, setting in changed.items() if not setting.is_on]
    _drop(CheckResult.objects.filter(branch__township=township, code__in=off))
    if changed:
        look_again(township, at=at)
    return bool(changed)


def _own(code: str, setting: Setting) -> int | None:
    """Return the township's own number, or None where it is the check's default."""
    return None if setting.threshold == registry[code].threshold else setting.threshold
