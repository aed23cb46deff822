"""Reading the audit log: who changed what, when and from where. Nothing here writes.

An auditor sees what was done by people who have, or had, a duty in the auditor's part of the
tree, whatever they did it to. What the system itself did (the worker, commands on the server) has
no person; it is shown to the auditor of the uppermost committee, for it may concern any township.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from branches.models import Duty, Member, Organization
from branches.permissions import duties_of, scope_q
from branches.search import containing

AUDITING = {"auditor"}
# Models whose rows are named instead of numbered, each at the price of one statement a page.
NAMED = (User, Organization, Member)
NOTHING = "—"
# Models whose rows change by conditional updates, which their services log one by one.
_traced: set[type[models.Model]] = set()
LONGEST_VALUE = 80

ACTIONS = {
    LogEntry.Action.CREATE: gettext_lazy("新建"),
    LogEntry.Action.UPDATE: gettext_lazy("修改"),
    LogEntry.Action.DELETE: gettext_lazy("删除"),
    LogEntry.Action.ACCESS: gettext_lazy("查看"),
}


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    entry: LogEntry
    actor: str
    action: str
    model: str
    what: str
    changes: list[Change]

    @property
    def is_new(self) -> bool:
        return self.entry.action == LogEntry.Action.CREATE


def entries_for(auditor: User) -> QuerySet[LogEntry]:
    """Return the entries the auditor may read, newest first."""
    people = Duty.objects.filter(scope_q(auditor, prefix="organization__", kinds=AUDITING))
    reach = Q(actor__in=people.values("user"))
    if any(d.kind in AUDITING and d.organization.parent_id is None for d in duties_of(auditor)):
        reach |= Q(actor=None)
    return (
        LogEntry.objects.filter(reach)
        .select_related("actor", "content_type")
        .order_by("-timestamp", "-pk")
    )


def by_person(entries: QuerySet[LogEntry], words: str) -> QuerySet[LogEntry]:
    return entries.filter(containing(words, "actor__full_name", "actor__username"))


def of_model(entries: QuerySet[LogEntry], label: str) -> QuerySet[LogEntry]:
    """Keep entries about rows of the model with this label, e.g. "branches.member"."""
    app_label, _dot, model = label.partition(".")
    return entries.filter(content_type__app_label=app_label, content_type__model=model)


def between(entries: QuerySet[LogEntry], first: date | None, last: date | None):
    """Keep entries of these days, both included."""
    if first:
        entries = entries.filter(timestamp__gte=_midnight(first))
    if last:
        entries = entries.filter(timestamp__lt=_midnight(last + timedelta(days=1)))
    return entries


def trace(model: type[models.Model]) -> None:
    """Offer the model in the filter, though it is its services that log its changes."""
    _traced.add(model)


def model_choices() -> list[tuple[str, str]]:
    """Return (label, Chinese name) of every model whose changes are kept."""
    models_kept = (model._meta for model in {*auditlog.get_models(), *_traced})
    return sorted(
        ((meta.label_lower, str(meta.verbose_name)) for meta in models_kept),
        key=lambda choice: choice[1],
    )


def in_words(entries: Iterable[LogEntry]) -> list[Line]:
    """Put a page of entries into words, in as many statements as NAMED has models."""
    entries = list(entries)
    names = _names(entries)
    return [
        Line(
            entry=entry,
            actor=str(entry.actor) if entry.actor else _("系统"),
            action=str(ACTIONS.get(entry.action, "")),
            model=_model_name(entry),
            what=entry.object_repr,
            changes=list(_changes(entry, names)),
        )
        for entry in entries
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _model_name(entry: LogEntry) -> str:
    model = entry.content_type.model_class()
    return str(model._meta.verbose_name) if model else entry.content_type.model


def _field(entry: LogEntry, name: str) -> models.Field | None:
    model = entry.content_type.model_class()
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _fields(entry: LogEntry) -> Iterator[tuple[str, models.Field | None, list]]:
    """Yield (name, field or None, [before, after]) of each plain change."""
    for name, values in (entry.changes or {}).items():
        if not isinstance(values, list) or len(values) != 2:
            continue
        field = _field(entry, name)
        # The log also lists the rows that point here; those have entries of their own.
        if field is None or (field.concrete and not field.primary_key):
            yield name, field, values


def _names(entries: list[LogEntry]) -> dict[type, dict[str, str]]:
    """Return {model: {key: name}} of the rows that the entries refer to."""
    wanted: dict[type, set[str]] = defaultdict(set)
    for entry in entries:
        for _name, field, values in _fields(entry):
            if field is not None and field.related_model in NAMED:
                wanted[field.related_model] |= {v for v in values if str(v).isdecimal()}
    # An empty list would save a statement, and a page's cost would depend on what it shows.
    return {
        model: {str(row.pk): str(row) for row in model.objects.filter(pk__in=wanted[model] or {0})}
        for model in NAMED
    }


def _changes(entry: LogEntry, names: dict[type, dict[str, str]]) -> Iterator[Change]:
    for name, field, (before, after) in _fields(entry):
        if entry.action == LogEntry.Action.CREATE and after in ("None", ""):
            continue
        yield Change(
            label=_label(field, name),
            before=_value(field, before, names),
            after=_value(field, after, names),
        )
    for name, values in (entry.changes or {}).items():
        if isinstance(values, dict) and values.get("type") == "m2m":
            told = "、".join(map(str, values["objects"]))[:LONGEST_VALUE] or NOTHING
            is_added = values["operation"] == "add"
            yield Change(
                label=_label(_field(entry, name), name),
                before=NOTHING if is_added else told,
                after=told if is_added else NOTHING,
            )


def _label(field: models.Field | None, name: str) -> str:
    """Name a field; one without a name of its own is called what it points to."""
    if field is None:
        return name
    if field.related_model is not None and field.verbose_name == field.name.replace("_", " "):
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def _value(field: models.Field | None, value: Any, names: dict[type, dict[str, str]]) -> str:
    text = str(value)
    if value is None or text in ("None", ""):
        return NOTHING
    if field is None:
        return text[:LONGEST_VALUE]
    if field.name == "phone":
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 8 else text
    if field.related_model is not None:
        return names.get(field.related_model, {}).get(text, f"#{text}")
    if isinstance(field, models.BooleanField):
        return _("是") if text == "True" else _("否")
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(text)):
        # auditlog writes UTC without saying so.
        moment = moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
    return str(dict(field.flatchoices).get(text, text))[:LONGEST_VALUE]
