"""Signing in, and loading the signed-in person with their duties in one statement."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection
from django.db.models import FilteredRelation, Model, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from branches.models import Duty, Organization
from notifications.models import unread_count

# Stand in the compiled statement where a person's key and a day belong.
ANYBODY, ANY_DAY = -1, date.min


class DutyBackend(ModelBackend):
    """Password sign-in; no Django permissions, for duties say it all."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user with `duties_today` and `unread` set: the frame of every page."""
        user, duties = None, []
        for unread, person, duty, organization in _read(user_id, timezone.localdate()):
            if user is None:
                user = User.from_db(connection.alias, _names(User), person)
                user.unread = unread or 0
            if duty[0] is not None:
                held = Duty.from_db(connection.alias, _names(Duty), duty)
                held.user = user
                held.organization = Organization.from_db(
                    connection.alias, _names(Organization), organization
                )
                duties.append(held)
        if user is None:
            return None
        user.duties_today = duties
        return user if self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, user_obj, app_label) -> bool:
        return False


def _rows() -> QuerySet:
    """One row for each duty in force of a person, or one without; unread notices come first."""
    open_still = Q(duties__to_on=None) | Q(duties__to_on__gt=ANY_DAY)
    in_force = open_still & Q(duties__from_on__lte=ANY_DAY)
    return (
        User.objects.filter(pk=ANYBODY)
        .annotate(unread=unread_count("pk"))
        .annotate(duty=FilteredRelation("duties", condition=in_force))
        .order_by("duty__pk")
        .values_list(
            "unread",
            *_names(User),
            *(f"duty__{name}" for name in _names(Duty)),
            *(f"duty__organization__{name}" for name in _names(Organization)),
        )
    )


@cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def _statement(vendor: str) -> tuple[str, list[Any], dict]:
    """Compile the statement once: putting it together takes ten times as long as running it."""
    compiler = _rows().query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    columns = [column for column, _sql, _alias in compiler.select]
    return sql, list(params), compiler.get_converters(columns)


def _read(user_id: int, today: date) -> Iterator[tuple[int, list, list, list]]:
    """Yield for each row what it says of notices, person, duty and organization."""
    sql, params, converters = _statement(connection.vendor)
    adapt = connection.ops.adapt_datefield_value
    values = {ANYBODY: user_id, adapt(ANY_DAY): adapt(today)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [values.get(param, param) for param in params])
        rows = cursor.fetchall()
    person, duty = 1 + len(_names(User)), 1 + len(_names(User)) + len(_names(Duty))
    for found in rows:
        row = list(found)
        for index, (convert, expression) in converters.items():
            for function in convert:
                row[index] = function(row[index], expression, connection)
        yield row[0], row[1:person], row[person:duty], row[duty:]
