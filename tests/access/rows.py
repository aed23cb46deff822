"""How one row of the access table reads.

Every route of the product has a row: the method, how its arguments come from the world, what is
sent, and the status each of the people of `tests.world` gets. 302 to the sign-in page counts as
401 here, so that a redirect after success cannot hide a missing permission.
"""

from collections.abc import Callable
from typing import NamedTuple

# The people of the world, in the order of the statuses in a row.
PEOPLE = (
    "secretary",  # of the branch that owns the object
    "committee",  # member of that branch's committee
    "neighbour",  # secretary of another branch of the same township
    "staff",  # of the township
    "leader",  # of the township, linked to the branch
    "township_secretary",
    "observer",  # of the county
    "stranger",  # staff of another township
    "administrator",  # of the township; no Party data
    "auditor",
    "anonymous",
)


class Row(NamedTuple):
    """One route × all people. `statuses` follows PEOPLE."""

    method: str
    statuses: tuple[int, ...]
    args: Callable | None = None  # world -> list of URL arguments
    data: Callable | dict | None = None  # world -> what is sent, or the thing itself


def everyone(status: int = 200, *, anonymous: int = 401) -> tuple[int, ...]:
    return (status,) * (len(PEOPLE) - 1) + (anonymous,)


def statuses(default: int = 404, **known: int) -> tuple[int, ...]:
    """Statuses by name; those not named get `default`, anonymous gets 401."""
    known.setdefault("anonymous", 401)
    assert set(known) <= set(PEOPLE), set(known) - set(PEOPLE)
    return tuple(known.get(who, default) for who in PEOPLE)
