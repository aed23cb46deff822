"""Going through the month's 党费: everyone has paid but those ticked, and no amounts.

党员教育管理工作条例 art. 16 asks that dues are paid on time.
"""

from collections.abc import Collection
from datetime import date, datetime

from auditlog.models import LogEntry
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import Member, Organization
from config.language import in_source_script
from meetings.models import DuesArrear, DuesMonth
from meetings.rules import Span


@in_source_script
@transaction.atomic
def note_dues(
    branch: Organization,
    month: Span,
    *,
    unpaid: Collection[Member],
    by: User,
    at: datetime,
) -> DuesMonth:
    """Say who of the branch has not paid for the month yet; all others have.

    Said again, it corrects: who is no longer ticked had paid after all. What was paid later stays.
    """
    noted, _created = DuesMonth.objects.update_or_create(
        branch=branch, month=month.start, defaults={"noted_by": by, "noted_at": at}
    )
    known = dict(noted.arrears.values_list("member", "settled_on"))
    wanted = {member.pk: member for member in unpaid}
    noted.arrears.filter(settled_on=None).exclude(member__in=wanted).delete()
    DuesArrear.objects.bulk_create(
        (
            DuesArrear(month=noted, member=member)
            for pk, member in wanted.items()
            if pk not in known
        ),
        ignore_conflicts=True,
    )
    names = "、".join(member.name for member in unpaid) or _("无")
    _log(noted, ["", _("未交：%(names)s") % {"names": names}], by=by, at=at)
    return noted


@in_source_script
@transaction.atomic
def settle_arrear(arrear: DuesArrear, *, on: date, by: User, at: datetime) -> bool:
    """Note that a member paid later; return False if that is noted already."""
    settled = DuesArrear.objects.filter(pk=arrear.pk, settled_on=None).update(settled_on=on)
    if settled:
        told = _("已补交：%(name)s") % {"name": arrear.member}
        _log(arrear.month, ["", told], by=by, at=at)
    return bool(settled)


@in_source_script
@transaction.atomic
def reopen_arrear(arrear: DuesArrear, *, by: User, at: datetime) -> bool:
    """Take the note of a later payment back; return False if there was none."""
    reopened = DuesArrear.objects.filter(pk=arrear.pk, settled_on__isnull=False).update(
        settled_on=None
    )
    if reopened:
        told = _("撤销补交：%(name)s") % {"name": arrear.member}
        _log(arrear.month, ["", told], by=by, at=at)
    return bool(reopened)


def _log(month: DuesMonth, change: list[str], *, by: User, at: datetime) -> None:
    LogEntry.objects.log_create(
        month,
        action=LogEntry.Action.UPDATE,
        changes={_("党费"): change},
        actor=by,
        timestamp=at,
    )
