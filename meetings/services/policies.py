"""A township's own rules: it may ask more than the regulations, never less."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Organization
from meetings import rules
from meetings.models import AgendaItem, FixedAction, Obligation
from meetings.reports import Rulebook


@transaction.atomic
def tighten_obligation(
    township: Organization, *, code: str, times: int, period: str, article: str, valid_from: date
) -> Obligation:
    """Add the township's own version of a rule from `valid_from` on.

    Raises ValidationError when it would ask less than the national rule in force on that day.
    """
    national = next((r for r in Rulebook.load().in_force(None, valid_from) if r.code == code), None)
    if national is None:
        raise ValidationError({"code": _("那时没有这项制度要求。")})
    own, asked = (
        rules.times_a_year(times, period),
        rules.times_a_year(national.times, national.period),
    )
    if own < asked:
        raise ValidationError(
            {
                "times": _(
                    "乡镇的要求不能低于%(article)s：每年至少%(asked)s次，这里每年%(own)s次。"
                )
                % {"article": national.article, "asked": asked, "own": own}
            }
        )
    obligation, _created = Obligation.objects.update_or_create(
        code=code,
        township=township,
        valid_from=valid_from,
        defaults={
            "kind": national.kind,
            "body": national.body,
            "period": period,
            "times": times,
            "article": article,
        },
    )
    return obligation


@transaction.atomic
def replace_fixed_actions(township: Organization, names: list[str], *, from_on: date) -> bool:
    """Let these fixed actions hold from `from_on`; those before keep their time. False: no change."""
    current = FixedAction.objects.filter(township=township).in_force(from_on)
    if list(current.order_by("position").values_list("name", flat=True)) == names:
        return False
    # Steps that no record refers to vanish; the others keep the time they were in force.
    later = FixedAction.objects.filter(township=township, valid_from__gte=from_on)
    later.exclude(
        pk__in=AgendaItem.objects.exclude(fixed_action=None).values("fixed_action")
    ).delete()
    for action in current.filter(valid_from__lt=from_on):
        action.valid_to = from_on - timedelta(days=1)
        action.save(update_fields=["valid_to"])
    for position, name in enumerate(names, start=1):
        FixedAction.objects.create(
            township=township, name=name, position=position, valid_from=from_on
        )
    return True
