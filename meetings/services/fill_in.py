"""A township's own order of the upper platform's fields."""

from collections.abc import Sequence
from datetime import datetime

from auditlog.models import LogEntry
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import Organization
from config.language import in_source_script
from meetings.models import FillInField


@in_source_script
@transaction.atomic
def replace_fill_in_fields(
    township: Organization, fields: Sequence[tuple[str, str]], *, by: User, at: datetime
) -> bool:
    """Keep these codes and labels in this order; return False if they are so already."""
    known = FillInField.objects.filter(township=township)
    before = list(known.values_list("code", "label"))
    if before == list(fields):
        return False
    known.delete()
    FillInField.objects.bulk_create(
        FillInField(township=township, code=code, label=label, position=position)
        for position, (code, label) in enumerate(fields, start=1)
    )
    LogEntry.objects.log_create(
        township,
        action=LogEntry.Action.UPDATE,
        changes={_("填报栏目"): ["、".join(label for _code, label in f) for f in (before, fields)]},
        actor=by,
        timestamp=at,
    )
    return True
