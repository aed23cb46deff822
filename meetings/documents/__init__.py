"""Documents as bytes: the minutes in the official form, the year's handbook, the ledgers.

Each maker reads its rows and returns a file; who may ask, when it is made and where it is kept is
`services/documents.py`. Nothing here writes to the database.
"""

from collections.abc import Callable
from typing import NamedTuple


class Made(NamedTuple):
    """A finished file and the name it is downloaded under."""

    name: str
    content: bytes


class CannotMake(Exception):
    """Says in plain words, to the person who asked, why trying again would not help."""


# Takes how much is done, in percent.
Progress = Callable[[int], None]
