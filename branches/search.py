"""Finding what somebody types, in whichever script they and the roster are."""

from django.db.models import Q

from branches.scripts import spellings


def containing(words: str, *fields: str) -> Q:
    """Match rows of which one of the fields contains the words, in either script."""
    found = Q()
    for spelling in spellings(words):
        for field in fields:
            found |= Q((f"{field}__icontains", spelling))
    return found
