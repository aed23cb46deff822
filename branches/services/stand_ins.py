"""Naming who looks after a leader's branches while he is away (代为联系)."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from branches import paths
from branches.models import ContactPoint, Duty, DutyKind, StandIn
from config.language import in_source_script
from notifications.services import notify

# Who may stand in: another leader of the township, its secretary, or its staff.
DEPUTIES = {DutyKind.LEADER, DutyKind.TOWNSHIP_SECRETARY, DutyKind.STAFF}


@transaction.atomic
def name_stand_in(
    leader: User,
    deputy: User,
    *,
    from_on: date,
    last_on: date,
    reason: str = "",
    by: User,
    at: datetime,
) -> StandIn:
    """Let `deputy` look after the branches of `leader` up to and with `last_on`; tell the deputy.

    Raises ValidationError where the deputy does not act for the township all that time, or where
    one of the two is bound otherwise: nobody stands in for a stand-in.
    """
    stand_in = StandIn(
        leader=leader,
        deputy=deputy,
        from_on=from_on,
        to_on=last_on + timedelta(days=1),
        reason=reason,
    )
    if last_on < from_on:
        raise ValidationError({"last_on": _("最后一天不能早于第一天。")})
    # Writing the person's row holds it: a second stand-in named at once waits, then is refused.
    User.objects.filter(pk__in=[leader.pk, deputy.pk]).update(is_active=F("is_active"))
    _refuse_bound(stand_in)
    if not _acts_throughout(stand_in):
        raise ValidationError(
            {"deputy": _("代为联系的须在这段时间一直担任本乡镇的联系领导或党务工作者。")}
        )
    stand_in.full_clean()
    stand_in.save()
    _tell_deputy(stand_in, by=by, at=at)
    return stand_in


def _refuse_bound(stand_in: StandIn) -> None:
    overlapping = StandIn.objects.filter(from_on__lt=stand_in.to_on, to_on__gt=stand_in.from_on)
    if overlapping.filter(leader=stand_in.leader).exists():
        raise ValidationError({"from_on": _("这段时间已安排代为联系，请先结束原来的安排。")})
    if overlapping.filter(leader=stand_in.deputy).exists():
        raise ValidationError({"deputy": _("这位同志这段时间也不在，另有人代为联系。")})
    if overlapping.filter(deputy=stand_in.leader).exists():
        raise ValidationError({"from_on": _("这段时间正代别人联系支部，请先改定那项安排。")})


def _acts_throughout(stand_in: StandIn) -> bool:
    """Say whether a duty of the deputy covers every branch of the leader for the whole time."""
    duties = Duty.objects.filter(
        Q(to_on=None) | Q(to_on__gte=stand_in.to_on),
        user=stand_in.deputy,
        kind__in=DEPUTIES,
        from_on__lte=stand_in.from_on,
    )
    places = set(duties.values_list("organization__path", flat=True))
    points = ContactPoint.objects.filter(
        Q(to_on=None) | Q(to_on__gt=stand_in.from_on),
        leader=stand_in.leader,
        from_on__lt=stand_in.to_on,
    )
    linked = points.values_list("branch__path", flat=True)
    return bool(places) and all(any(paths.contains(p, path) for p in places) for path in linked)


@in_source_script
def _tell_deputy(stand_in: StandIn, *, by: User, at: datetime) -> None:
    if stand_in.deputy == by:
        return
    last_on = stand_in.to_on - timedelta(days=1)
    notify(
        [stand_in.deputy],
        key=f"branches.stand_in:{stand_in.pk}",
        title=_("请代%(leader)s联系支部") % {"leader": stand_in.leader},
        text=_("%(first)s至%(last)s，由您代为联系其联系的支部。")
        % {"first": f"{stand_in.from_on:%Y-%m-%d}", "last": f"{last_on:%Y-%m-%d}"},
        at=at,
    )


@transaction.atomic
def end_stand_in(stand_in: StandIn, *, on: date) -> bool:
    """End it from a day on; one that has not begun is dropped. Return False if it has ended."""
    if stand_in.to_on <= on:
        return False
    if stand_in.from_on >= on:
        stand_in.delete()
        return True
    stand_in.to_on = on
    stand_in.save(update_fields=["to_on"])
    return True
