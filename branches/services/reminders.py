"""What falls due with the calendar: terms that end, holidays that are not yet known."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from branches import reports, rules
from branches.models import Duty, DutyKind, Term
from branches.rules import TermStep
from notifications.services import Message, notify, notify_each, year_is_known

# The State Council publishes next year's arrangement in November.
HOLIDAYS_KNOWN_BY = (12, 1)


def warn_of_ending_terms(*, at: datetime) -> int:
    """Tell secretaries and staff of terms that end: half a year and a quarter ahead, and when over.

    支部工作条例 art. 21. The secretary hears of each term and step once. Staff hear of all terms of
    a township that end on one day in one notice: a whole township elects together.
    """
    on = timezone.localdate(at)
    steps = [(term, rules.term_step(term.ends_on, on)) for term in _terms_to_warn_of(on)]
    return notify_each([*_to_secretaries(steps, on), *_to_staff(steps, on)], at=at)


def warn_of_unknown_holidays(*, at: datetime) -> int:
    """From December on, tell staff once that next year's holidays are not in the calendar."""
    today = timezone.localdate(at)
    year = today.year + 1
    if (today.month, today.day) < HOLIDAYS_KNOWN_BY or year_is_known(year):
        return 0
    keepers = User.objects.filter(
        pk__in=Duty.objects.in_force(today).filter(kind=DutyKind.STAFF).values("user"),
        is_active=True,
    )
    return notify(
        keepers,
        key=f"branches.holidays:{year}",
        title=_("%(year)s年放假安排尚未导入") % {"year": year},
        text=_("国务院办公厅公布后请录入，否则按周一至周五上班推算各项期限。"),
        url=reverse("branches:calendar_edit", args=[year]),
        at=at,
    )


def _terms_to_warn_of(on: date) -> Iterable[Term]:
    """Return the terms that end; an election put off with approval is not warned of as over."""
    approved = ~Q(extension_note="") & Q(ends_on__lt=on)
    return reports.ending_terms(on).exclude(approved).select_related("organization")


def _holders(kind: str, organizations: Iterable[int], on: date) -> dict[int, list[User]]:
    """Return who holds the duty, by organization."""
    found = defaultdict(list)
    duties = (
        Duty.objects.in_force(on)
        .filter(kind=kind, organization__in=set(organizations))
        .select_related("user")
    )
    for duty in duties:
        found[duty.organization_id].append(duty.user)
    return found


def _to_secretaries(steps: list[tuple[Term, TermStep]], on: date) -> Iterator[Message]:
    secretaries = _holders(DutyKind.SECRETARY, (t.organization_id for t, _step in steps), on)
    for term, step in steps:
        for secretary in secretaries[term.organization_id]:
            yield Message(
                secretary,
                key=f"branches.term:{term.pk}:{step}",
                title=_title(step, term.ends_on),
                text=_advice(step),
                url=term.organization.get_absolute_url(),
            )


def _to_staff(steps: list[tuple[Term, TermStep]], on: date) -> Iterator[Message]:
    together = defaultdict(list)
    for term, step in steps:
        if term.organization.township_id:
            together[term.organization.township_id, step, term.ends_on].append(term)
    staff = _holders(DutyKind.STAFF, (township for township, _step, _day in together), on)
    for (township, step, ends_on), terms in together.items():
        for person in staff[township]:
            yield Message(
                person,
                key=f"branches.terms:{township}:{ends_on:%Y%m%d}:{step}",
                title=_("%(who)s：%(title)s")
                % {"who": _who(terms), "title": _title(step, ends_on)},
                text=_("涉及：%(names)s。%(advice)s")
                % {
                    "names": "、".join(str(term.organization) for term in terms),
                    "advice": _advice(step),
                },
                url=reverse("branches:organization_list"),
            )


def _who(terms: list[Term]) -> str:
    if len(terms) == 1:
        return str(terms[0].organization)
    return _("%(count)s个党组织") % {"count": len(terms)}


def _title(step: TermStep, ends_on: date) -> str:
    day = {"day": f"{ends_on:%Y-%m-%d}"}
    if step == TermStep.ENDED:
        return _("本届任期已于%(day)s届满") % day
    if step == TermStep.THREE_MONTHS:
        return _("本届任期三个月内届满（%(day)s）") % day
    return _("本届任期半年内届满（%(day)s）") % day


def _advice(step: TermStep) -> str:
    if step == TermStep.ENDED:
        return _("请尽快组织换届选举；提前或延期须经上级党组织批准（支部工作条例第二十一条）。")
    return _("请及早准备换届选举（支部工作条例第二十一条）。")
