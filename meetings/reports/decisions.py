"""What earlier meetings decided and nobody has reported on yet (决议落实)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from branches.models import Organization
from config.language import in_source_script
from meetings.models import AgendaItem, AgendaKind, Meeting, MeetingKind, MeetingType
from meetings.models.meeting import COUNTED_STATES
from meetings.record import Gathering, gathering

LOOK_BACK_DAYS = 100
MOST = 8


def open_decisions(
    branch: Organization, among: Gathering, *, group_id: int | None, before: date, but: int | None
) -> list[AgendaItem]:
    """Return the decisions of the same people's earlier meetings that no other item follows yet,
    newest first, each with `decided_on`. `but` is the meeting that asks."""
    kinds = [kind for kind in MeetingKind.values if gathering([kind]) is among]
    held = MeetingType.objects.filter(meeting=OuterRef("meeting"), kind__in=kinds)
    if among is Gathering.GROUP:
        held = held.filter(group=group_id)
    return list(
        AgendaItem.objects.filter(
            Q(kind=AgendaKind.DECISION) | ~Q(responsible="") | Q(due_on__isnull=False),
            Exists(held),
            meeting__branch=branch,
            meeting__state__in=COUNTED_STATES,
            meeting__day__gte=before - timedelta(days=LOOK_BACK_DAYS),
            meeting__day__lte=before,
        )
        .exclude(meeting=but)
        .exclude(Exists(AgendaItem.objects.filter(follows=OuterRef("pk")).exclude(meeting=but)))
        .annotate(decided_on=F("meeting__day"))
        .order_by("-meeting__day", "-meeting", "position", "pk")[:MOST]
    )


def decisions_among(pks: Iterable[int], branch: Organization) -> frozenset[int]:
    """Return which of these are items of the branch's own meetings."""
    meetings = Meeting.objects.filter(branch=branch)
    found = AgendaItem.objects.filter(pk__in=pks, meeting__in=meetings)
    return frozenset(found.values_list("pk", flat=True))


def decision_to_follow(pk: int, branch: Organization) -> dict | None:
    """Return the row that reports on an earlier decision of the branch, as the form begins it."""
    meetings = Meeting.objects.filter(branch=branch)
    item = AgendaItem.objects.filter(pk=pk, meeting__in=meetings).first()
    if item is None:
        return None
    return {"kind": AgendaKind.TOPIC.value, "title": title_of_report(item), "follows": item.pk}


@in_source_script
def title_of_report(item: AgendaItem) -> str:
    return (_("“%(title)s”落实情况") % {"title": item.title[:180]})[:200]
