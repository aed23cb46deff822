"""What the checks say of one record at this moment; nothing of it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from meetings.checks.base import CheckClass, Hit
from meetings.checks.facts import RecordFacts
from meetings.checks.running import run_record_checks
from meetings.models import CheckResult, Meeting
from meetings.record import Record

from .check_facts import facts_of, facts_of_each
from .check_results import CheckWords
from .check_settings import settings_for

# Rules first, suspicions last.
ORDER = list(CheckClass)


@dataclass(frozen=True)
class LiveHit(CheckWords):
    """One thing found, in words; `anchor` is the id of the field it speaks of, or ''."""

    hit: Hit
    anchor: str = ""

    @property
    def text(self) -> str:
        return _(self.hit.text) % self.hit.values if self.hit.values else _(self.hit.text)


def in_text(meeting: Meeting, record: Record, *, on: date) -> list[LiveHit]:
    """Look at a record as it is being written; the meeting may be new."""
    return _found(meeting, facts_of(meeting, record, on=on))


def in_store(meeting: Meeting, *, on: date) -> list[LiveHit]:
    """Look at a record as it is stored."""
    return _found(meeting, facts_of_each([meeting], on=on)[meeting.pk])


def _found(meeting: Meeting, facts: RecordFacts) -> list[LiveHit]:
    """Run what the township has switched on; what was explained before is not said again."""
    settings = settings_for(meeting.branch.township_id)
    explained = _explained(meeting)
    hits = [
        LiveHit(check, hit)
        for check, hit in run_record_checks(facts, settings)
        if (check.code, hit.subject) not in explained
    ]
    return sorted(hits, key=lambda found: ORDER.index(found.check.kind))


def _explained(meeting: Meeting) -> set[tuple[str, str]]:
    if meeting.pk is None:
        return set()
    rows: Iterable[tuple[str, str]] = CheckResult.objects.filter(
        meeting=meeting, explained_at__isnull=False
    ).values_list("code", "subject")
    return {(code, subject.removeprefix(f"meeting:{meeting.pk}:")) for code, subject in rows}
