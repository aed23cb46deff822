"""A branch's plan of the year: drafted, sent up, approved or returned, changed with a reason.

Each step is one conditional UPDATE that raises the version; a form made from an older version
never writes over a newer one. The lines of every version stay readable in the audit log.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from auditlog.models import LogEntry
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import DutyKind, Organization, PartyGroup
from branches.people import holding
from config.language import in_source_script
from curriculum.services import settle_items
from meetings.models import MeetingKind, PlanState, YearPlan, YearPlanItem
from meetings.reports.plan_proposals import Line, in_order, proposal
from notifications.services import notify

from .plan_days import tie_theme_days

FIELDS = ("month", "kind", "theme", "note", "group_id")


class StalePlan(Exception):
    """Somebody saved the plan or the template since the form was made."""


def item_key(year: int) -> str:
    """Name of the matter on a branch's week."""
    return f"year_plan.missing:{year}"


@in_source_script
@transaction.atomic
def draft_plan(
    branch: Organization, year: int, *, source: str, by: User, at: datetime
) -> tuple[YearPlan, bool]:
    """Begin the branch's plan with what `source` proposes; return it and whether it is new."""
    plan, is_new = YearPlan.objects.get_or_create(
        branch=branch, year=year, defaults={"drafted_by": by, "drafted_at": at}
    )
    if is_new:
        _write_lines(plan, proposal(branch, year, source=source, on=timezone.localdate(at)))
    return plan, is_new


@in_source_script
@transaction.atomic
def save_plan(
    plan: YearPlan,
    lines: Sequence[Line],
    *,
    version: int,
    reason: str = "",
    by: User,
    is_staff: bool,
    at: datetime,
) -> bool:
    """Keep the lines as sent; return whether anything changed.

    An approved plan changed by its branch goes back to be approved, changed by staff it stays so;
    either says why. Raises StalePlan when `version` is not the newest.
    """
    before = plan.state
    reopens = before == PlanState.APPROVED and not is_staff
    old = _stored(plan)
    if _texts(old, plan) == (wanted := _texts(lines, plan)) and version == plan.version:
        return False
    fields: dict = {"state": PlanState.SUBMITTED, "submitted_at": at} if reopens else {}
    _claim(plan, version, (before,), **fields)
    texts = _texts(old, plan)
    _write_lines(plan, lines)
    changes = {_("计划事项"): ["\n".join(texts), "\n".join(wanted)]}
    if reopens:
        changes["state"] = [str(before), str(plan.state)]
        _tell_staff(plan, _("%(branch)s修改了%(year)s年度计划，请审批"), at=at)
    _log(plan, changes, reason=reason, by=by, at=at)
    if plan.state == PlanState.APPROVED:
        tie_theme_days([plan.branch_id], at=at)
    return True


@in_source_script
@transaction.atomic
def submit_plan(plan: YearPlan, *, by: User, at: datetime) -> bool:
    """Send the plan up for approval; False if it was sent already or has no lines."""
    before = plan.state
    sent = (
        YearPlan.objects.filter(
            pk=plan.pk,
            state__in=(PlanState.DRAFT, PlanState.RETURNED),
            pk__in=YearPlanItem.objects.values("plan"),
        )
        .order_by()
        .update(state=PlanState.SUBMITTED, submitted_at=at, version=F("version") + 1)
    )
    if not sent:
        return False
    plan.refresh_from_db(fields=("state", "version", "submitted_at"))
    _log(plan, {"state": [str(before), str(plan.state)]}, by=by, at=at)
    _tell_staff(plan, _("%(branch)s报送了%(year)s年度计划，请审批"), at=at)
    settle_items(
        [plan.branch_id],
        [item_key(plan.year)],
        at=at,
        evidence_url=plan.get_absolute_url(),
        evidence_title=title_of(plan),
    )
    return True


@in_source_script
@transaction.atomic
def approve_plan(plan: YearPlan, *, version: int, remark: str = "", by: User, at: datetime) -> bool:
    """Approve the version that was read; False if it is not the newest or does not wait."""
    if not _decide(plan, PlanState.APPROVED, version=version, remark=remark, by=by, at=at):
        return False
    tie_theme_days([plan.branch_id], at=at)
    return True


@in_source_script
@transaction.atomic
def return_plan(plan: YearPlan, *, version: int, remark: str, by: User, at: datetime) -> bool:
    """Give the plan back to its branch with a remark; False if it does not wait."""
    return _decide(plan, PlanState.RETURNED, version=version, remark=remark, by=by, at=at)


def title_of(plan: YearPlan) -> str:
    return _("%(branch)s%(year)s年度组织生活计划") % {
        "branch": plan.branch.short_name,
        "year": plan.year,
    }


# --- Inside -------------------------------------------------------------------------------------


def _claim(plan: YearPlan, version: int, states: Iterable[str], **fields) -> None:
    ours = YearPlan.objects.filter(pk=plan.pk, version=version, state__in=states)
    if not ours.update(**fields, version=F("version") + 1):
        raise StalePlan
    plan.version = version + 1
    for name, value in fields.items():
        setattr(plan, name, value)


def _decide(
    plan: YearPlan, state: str, *, version: int, remark: str, by: User, at: datetime
) -> bool:
    decided = {"state": state, "decided_by": by, "decided_at": at, "remark": remark}
    try:
        _claim(plan, version, (PlanState.SUBMITTED,), **decided)
    except StalePlan:
        return False
    changes = {"state": [str(PlanState.SUBMITTED), str(state)]}
    _log(plan, changes, reason=remark, by=by, at=at)
    title = {
        PlanState.APPROVED: _("%(year)s年度计划已批准"),
        PlanState.RETURNED: _("%(year)s年度计划退回修改"),
    }[PlanState(state)]
    people = holding({DutyKind.SECRETARY}, plan.branch, on=timezone.localdate(at))
    notify(
        people,
        key=f"meetings.year_plan.{state}:{plan.pk}:{plan.version}",
        title=title % {"year": plan.year},
        text=remark,
        url=plan.get_absolute_url(),
        at=at,
    )
    return True


def _tell_staff(plan: YearPlan, title: str, *, at: datetime) -> None:
    if (township := plan.branch.township) is None:
        return
    notify(
        holding({DutyKind.STAFF}, township, on=timezone.localdate(at)),
        key=f"meetings.year_plan.submitted:{plan.pk}:{plan.version}",
        title=title % {"branch": plan.branch.short_name, "year": plan.year},
        url=plan.get_absolute_url(),
        at=at,
    )


def _log(plan: YearPlan, changes: dict, *, reason: str = "", by: User, at: datetime) -> None:
    LogEntry.objects.log_create(
        plan,
        action=LogEntry.Action.UPDATE,
        changes=changes,
        additional_data={"reason": reason} if reason else None,
        actor=by,
        timestamp=at,
    )


def _stored(plan: YearPlan) -> list[Line]:
    return [Line.of(item) for item in YearPlanItem.objects.filter(plan=plan)]


def _texts(lines: Iterable[Line], plan: YearPlan) -> list[str]:
    """Return the lines as the log keeps them."""
    lines = in_order(lines)
    names: dict[int | None, str] = {}
    if any(line.group_id for line in lines):
        names.update(PartyGroup.objects.filter(branch=plan.branch_id).values_list("pk", "name"))
    return [line_text(line, names.get(line.group_id, "")) for line in lines]


def line_text(line: Line, group: str = "") -> str:
    """Say one line in words: month, kind, group, theme, arrangement."""
    month = _("%(month)s月") % {"month": line.month}
    words = (month, str(MeetingKind(line.kind).label), group, line.theme, line.note)
    return " ".join(word for word in words if word)


def _write_lines(plan: YearPlan, lines: Iterable[Line]) -> None:
    """Make the stored lines those given, touching only what differs: meetings point to them."""
    known = {item.pk: item for item in YearPlanItem.objects.filter(plan=plan)}
    new, changed, kept = [], [], set()
    for line in in_order(lines):
        values = {name: getattr(line, name) for name in FIELDS}
        item = known.get(line.pk or 0) if line.pk not in kept else None
        if item is None:
            new.append(YearPlanItem(plan=plan, **values))
            continue
        kept.add(item.pk)
        if any(getattr(item, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(item, name, value)
            changed.append(item)
    if gone := known.keys() - kept:
        YearPlanItem.objects.filter(pk__in=gone).delete()
    YearPlanItem.objects.bulk_update(changed, ("month", "kind", "theme", "note", "group"))
    YearPlanItem.objects.bulk_create(new)


def start_url(branch_id: int, year: int) -> str:
    return reverse("meetings:year_plan_start", args=[branch_id, year])


def years_open(today: date) -> tuple[int, int]:
    """A plan is made for this year or the next, never for one that is over."""
    return today.year, today.year + 1
