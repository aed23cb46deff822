"""Taking back the last import, as long as nothing that came later rests on it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, cast

from auditlog.context import disable_auditlog
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import User
from branches import paths
from branches.models import (
    ImportKind,
    ImportOutcome,
    ImportRow,
    Member,
    Membership,
    Organization,
    PartyGroup,
    RosterImport,
)

from .flow import log_step
from .members import as_json

BATCH = 500
NAMED_OBSTACLES = 5


@transaction.atomic
def undo_import(batch: RosterImport, *, by: User | None, at: datetime) -> bool:
    """Take an import back: what it made goes, what it changed is as before.

    Returns False if it was not applied or is undone already. Raises ValidationError, naming what
    stands in the way: a later import, a change since, or anything that refers to a new row.
    """
    claimed = RosterImport.objects.filter(
        pk=batch.pk, applied_at__isnull=False, undone_at=None
    ).update(undone_at=at)
    if not claimed:
        return False
    if later_imports(batch).exists():
        raise ValidationError(_("此后又有别的导入，请先撤销后来的。"))
    undo = _MemberUndo(batch) if batch.kind == ImportKind.ROSTER else _OrganizationUndo(batch)
    if obstacles := list(islice(undo.obstacles(), NAMED_OBSTACLES)):
        raise ValidationError(obstacles)
    # One line in the log says it, not one for each row; the import's rows keep the rest.
    with disable_auditlog():
        undo.restore()
        undo.remove()
    log_step(batch, "undone_at", by=by, at=at)
    return True


def later_imports(batch: RosterImport) -> models.QuerySet[RosterImport]:
    """Return imports into the same part of the tree that came after and still hold."""
    path = batch.organization.path
    above = [path[:end] for end in range(paths.SEGMENT_WIDTH, len(path), paths.SEGMENT_WIDTH)]
    return RosterImport.objects.filter(
        Q(organization__path__gte=path, organization__path__lt=paths.end(path))
        | Q(organization__path__in=above),
        applied_at__gt=batch.applied_at,
        undone_at=None,
    ).exclude(pk=batch.pk)


class _Undo(ABC):
    """What both kinds share: rows that were made, rows that were changed, and who refers to them."""

    model: type[models.Model]
    link: str
    # Referring rows that are no obstacle, as (model, name of the field).
    own: frozenset[tuple[type[models.Model], str]] = frozenset()

    def __init__(self, batch: RosterImport) -> None:
        self.batch = batch
        rows = list(batch.rows.filter(outcome__in=[ImportOutcome.CREATED, ImportOutcome.UPDATED]))
        keys = {row.pk: getattr(row, f"{self.link}_id") for row in rows}
        there = self.model._default_manager.in_bulk([key for key in keys.values() if key])
        self.found: list[tuple[ImportRow, Any]] = [(row, there.get(keys[row.pk])) for row in rows]
        self.made = ImportRow.objects.filter(batch=batch, outcome=ImportOutcome.CREATED).values(
            self.link
        )

    def of(self, outcome: ImportOutcome) -> list[tuple[ImportRow, Any]]:
        return [(row, one) for row, one in self.found if row.outcome == outcome]

    def obstacles(self) -> Iterator[str]:
        """Yield in words what came later and rests on the import."""
        for row, one in self.found:
            if one is None:
                yield _("第%(row)d行导入的内容已被删除。") % {"row": row.values["number"]}
                continue
            for field, value in row.values["written"].items():
                if as_json(getattr(one, field)) != value:
                    label = _field(self.model, field).verbose_name
                    yield _("%(name)s在导入之后又改过“%(field)s”。") % {"name": one, "field": label}
                    break
        for relation in referring_relations(self.model):
            key = relation.related_model, relation.field.name
            if key in self.own:
                continue
            rows = relation.related_model._base_manager.filter(
                **{f"{relation.field.name}__in": self.made}
            )
            if relation.related_model is self.model:
                rows = rows.exclude(pk__in=self.made)
            if (dependent := rows.order_by("pk").first()) is not None:
                yield _("%(name)s已有%(what)s记录。") % {
                    "name": _name(dependent, relation.field),
                    "what": relation.related_model._meta.verbose_name,
                }

    def restore(self) -> None:
        """Put the old values back into what was changed."""
        fields: set[str] = set()
        changed = []
        for row, one in self.of(ImportOutcome.UPDATED):
            for name, value in _before(row)["fields"].items():
                field = _field(self.model, name)
                setattr(one, field.attname, field.to_python(value))
                fields.add(field.name)
            changed.append(one)
        if changed:
            self.model._default_manager.bulk_update(changed, sorted(fields), batch_size=BATCH)

    @abstractmethod
    def remove(self) -> None:
        """Take away what was made; how differs between members and organizations."""


class _MemberUndo(_Undo):
    model, link = Member, "member"
    own = frozenset({(Membership, "member"), (ImportRow, "member")})

    def obstacles(self) -> Iterator[str]:
        yield from super().obstacles()
        # A member who left and came back looks the same, but has a history now.
        periods = Membership.objects.filter(member__in=self.made).order_by().values("member__name")
        for name in (
            periods.annotate(count=Count("pk"))
            .filter(count__gt=1)
            .values_list("member__name", flat=True)
            .distinct()[:NAMED_OBSTACLES]
        ):
            yield _("%(name)s在导入之后有过组织关系变动。") % {"name": name}
        opened = {period["opened"]: one for period, one in self._periods() if "opened" in period}
        still = set(
            Membership.objects.filter(pk__in=opened, to_on=None).values_list("pk", flat=True)
        )
        for key in opened.keys() - still:
            yield _("%(name)s在导入之后有过组织关系变动。") % {"name": opened[key]}

    def _periods(self) -> Iterable[tuple[dict, Member]]:
        for row, one in self.of(ImportOutcome.UPDATED):
            if one is not None and (period := _before(row).get("period")):
                yield period, one

    def restore(self) -> None:
        super().restore()
        periods = [period for period, _member in self._periods()]
        _delete(Membership, [period["opened"] for period in periods if "opened" in period])
        closed = [period["closed"] for period in periods if "closed" in period]
        for some in _batches(closed):
            Membership.objects.filter(pk__in=some).update(to_on=None, end_reason="")
        corrected = {p["corrected"]: p["group_id"] for p in periods if "corrected" in p}
        there = Membership.objects.in_bulk(list(corrected))
        for key, period in there.items():
            period.group_id = corrected[key]
        Membership.objects.bulk_update(there.values(), ["group"], batch_size=BATCH)

    def remove(self) -> None:
        _delete(Member, [one.pk for _row, one in self.of(ImportOutcome.CREATED)])
        self._remove_groups()

    def _remove_groups(self) -> None:
        """Remove the Party groups that came with the import, unless somebody uses them by now."""
        added = {
            (one.branch_id, row.values["added"])
            for row, one in self.found
            if one and row.values["added"]
        }
        branches = {branch for branch, _name in added}
        unused = {
            group.pk
            for group in PartyGroup.objects.filter(branch__in=branches)
            if (group.branch_id, group.name) in added
        }
        for relation in referring_relations(PartyGroup):
            name = relation.field.name
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": unused})
            unused -= set(rows.values_list(name, flat=True))
        _delete(PartyGroup, sorted(unused))


class _OrganizationUndo(_Undo):
    model, link = Organization, "organization"
    # Whoever is below has a parent, which is looked at.
    own = frozenset({(ImportRow, "organization"), (Organization, "township")})

    def obstacles(self) -> Iterator[str]:
        if any(one == self.batch.organization for _row, one in self.of(ImportOutcome.CREATED)):
            yield _("这次导入建立了最上级的党组织，之后的一切都以它为基础。")
            return
        yield from super().obstacles()

    def remove(self) -> None:
        keys = [one.pk for _row, one in self.of(ImportOutcome.CREATED)]
        # They refer to one another, each township also to itself.
        for some in _batches(keys):
            Organization.objects.filter(pk__in=some).update(parent=None, township=None)
        _delete(Organization, keys)


def referring_relations(model: type[models.Model]) -> list[models.ForeignObjectRel]:
    """Return every relation into a model, from this app or any above it, hidden ones included.

    So this module learns what rests on a row without importing the apps above.
    """
    return [
        field
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignObjectRel) and not field.related_model._meta.auto_created
    ]


def _field(model: type[models.Model], name: str) -> models.Field:
    """Return a column's field, by its own name or that of its key."""
    return cast(models.Field, model._meta.get_field(name))


def _before(row: ImportRow) -> dict[str, Any]:
    return row.before or {}


def _name(row: models.Model, field: models.Field) -> str:
    return str(row if field.many_to_many else getattr(row, field.name))


def _delete(model: type[models.Model], keys: list[int]) -> None:
    for some in _batches(keys):
        model._default_manager.filter(pk__in=some).delete()


def _batches(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
