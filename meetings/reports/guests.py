"""Who sat in (列席): the recorder's list, and the leaders who say themselves that they were there."""

from collections.abc import Iterable

from django.db.models import BigIntegerField, CharField, Value
from django.utils.translation import gettext as _

from meetings.models import Guest, LeaderVisit, Meeting


def guests_of(meeting: Meeting) -> tuple[Guest, ...]:
    """Read both in one statement."""
    listed = meeting.guests.order_by().values_list("pk", "name", "position", "leader")
    themselves = meeting.leader_visits.order_by().values_list(
        Value(None, output_field=BigIntegerField()),
        "leader__full_name",
        Value("", output_field=CharField()),
        "leader",
    )
    guests, visits = [], []
    for pk, name, position, leader_id in listed.union(themselves, all=True):
        if pk is None:
            visits.append((leader_id, name))
        else:
            guests.append(Guest(pk=pk, name=name, position=position, leader_id=leader_id))
    guests.sort(key=lambda guest: guest.pk)
    return _with_leaders(guests, sorted(visits))


def guests_and_leaders(guests: Iterable[Guest], visits: Iterable[LeaderVisit]) -> tuple[Guest, ...]:
    """Put together what was read for many meetings at once; each visit has its leader loaded."""
    return _with_leaders(list(guests), [(v.leader_id, v.leader.full_name) for v in visits])


def _with_leaders(guests: list[Guest], visits: list[tuple[int, str]]) -> tuple[Guest, ...]:
    listed = {guest.leader_id for guest in guests}
    return (
        *guests,
        *(
            Guest(name=name, position=_("联系领导"), leader_id=leader_id)
            for leader_id, name in visits
            if leader_id not in listed
        ),
    )
