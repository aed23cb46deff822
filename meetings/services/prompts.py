"""A township's own questions beside the minutes."""

from collections.abc import Sequence

from django.db import transaction

from branches.models import Organization
from meetings.models import Prompt


@transaction.atomic
def replace_prompts(township: Organization, *, kind: str, field: str, texts: Sequence[str]) -> bool:
    """Let the township ask these of one field, or what comes with the system where there are none.
    Return False when they are the ones it has."""
    own = Prompt.objects.filter(township=township, kind=kind, field=field)
    if list(own.values_list("text", flat=True)) == list(texts):
        return False
    own.delete()
    Prompt.objects.bulk_create(
        Prompt(township=township, kind=kind, field=field, text=text, position=position)
        for position, text in enumerate(texts, start=1)
    )
    return True
