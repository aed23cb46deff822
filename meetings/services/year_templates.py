"""What a township proposes for a year: kept as one table, told to its secretaries once."""

from collections.abc import Iterable
from datetime import date, datetime
from zlib import crc32

from auditlog.models import LogEntry
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import Duty, DutyKind, Organization
from config.language import in_source_script
from meetings.models import YearPlan, YearTemplate, YearTemplateItem
from meetings.reports.plan_proposals import Line, in_order
from notifications.services import Message, notify_each

from .plans import StalePlan, line_text, start_url

# A branch that has no plan is told from this day on, and not after the quarter: then the check of
# the branch says it, and nobody is asked to plan what is over.
REMIND_FROM = (1, 15)
REMIND_UNTIL = (3, 31)


@in_source_script
@transaction.atomic
def save_template(
    township: Organization,
    year: int,
    lines: Iterable[Line],
    *,
    note: str,
    seen: str,
    by: User,
    at: datetime,
) -> YearTemplate:
    """Keep the template as sent; what branches drafted from it before stays theirs.

    `seen` is the `state_of` the template that the form was made from; raises StalePlan when
    somebody saved another one since.
    """
    template, is_new = YearTemplate.objects.select_for_update().get_or_create(
        township=township, year=year, defaults={"note": note}
    )
    old = [Line.of(item) for item in template.items.all()]
    if state_of(template if not is_new else None, old) != seen:
        raise StalePlan
    new = [line._replace(pk=None, group_id=None) for line in in_order(lines)]
    before, after = ([line_text(line) for line in side] for side in (in_order(old), new))
    if template.note != note:
        template.note = note
        template.save(update_fields=("note",))
    if before != after:
        template.items.all().delete()
        YearTemplateItem.objects.bulk_create(
            YearTemplateItem(
                template=template,
                month=line.month,
                kind=line.kind,
                theme=line.theme,
                note=line.note,
            )
            for line in new
        )
        LogEntry.objects.log_create(
            template,
            action=LogEntry.Action.UPDATE,
            changes={_("模板事项"): ["\n".join(before), "\n".join(after)]},
            actor=by,
            timestamp=at,
        )
    return template


def state_of(template: YearTemplate | None, lines: Iterable[Line]) -> str:
    """Name what a template says, so that a form can tell whether it has changed since."""
    if template is None:
        return ""
    texts = [template.note, *(line_text(line) for line in in_order(lines))]
    return f"{crc32('|'.join(texts).encode()):x}"


@in_source_script
@transaction.atomic
def publish_template(template: YearTemplate, *, by: User, at: datetime) -> int:
    """Let the branches draft from it; return how many secretaries are told, each once a year."""
    YearTemplate.objects.filter(pk=template.pk).update(published_at=at, published_by=by)
    template.published_at, template.published_by = at, by
    LogEntry.objects.log_create(
        template,
        action=LogEntry.Action.UPDATE,
        changes={"published_at": ["", date_format(timezone.localtime(at), "Y-m-d H:i")]},
        actor=by,
        timestamp=at,
    )
    branches = Organization.objects.branches().filter(township=template.township_id)
    today = timezone.localdate(at)
    return notify_each(
        (
            Message(
                secretary,
                key=f"meetings.year_template:{template.pk}",
                title=_("%(year)s年度计划模板已发布，可据此起草本支部计划")
                % {"year": template.year},
                text=template.note,
                url=start_url(branch_id, template.year),
            )
            for branch_id, secretary in _secretaries(branches.existing(today), today)
        ),
        at=at,
    )


@in_source_script
def remind_of_plans(*, at: datetime) -> int:
    """Tell, from mid-January on, the secretaries of branches without a plan; return how many.

    Level-triggered and once per branch and year. A branch founded this year made none.
    """
    today = timezone.localdate(at)
    year = today.year
    if not date(year, *REMIND_FROM) <= today <= date(year, *REMIND_UNTIL):
        return 0
    branches = without_plan(Organization.objects.branches().existing(today), year)
    return notify_each(
        (
            Message(
                secretary,
                key=f"meetings.year_plan.missing:{branch_id}:{year}",
                title=_("本支部还没有%(year)s年度组织生活计划，一键可以起草") % {"year": year},
                url=start_url(branch_id, year),
            )
            for branch_id, secretary in _secretaries(branches, today)
        ),
        at=at,
    )


def without_plan(branches, year: int):
    """Keep the branches that were there when the year began and have no plan of it."""
    return branches.filter(
        Q(established_on=None) | Q(established_on__lt=date(year, 1, 1)),
        ~Q(pk__in=YearPlan.objects.filter(year=year).values("branch")),
    )


def _secretaries(branches, today: date) -> list[tuple[int, User]]:
    duties = Duty.objects.in_force(today).filter(
        kind=DutyKind.SECRETARY, organization__in=branches.order_by().values("pk")
    )
    rows = duties.select_related("user").order_by("pk")
    return [(duty.organization_id, duty.user) for duty in rows]
