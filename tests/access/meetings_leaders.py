"""Who gets what: the leader's three duties."""

from tests.access.rows import Row

ACCESS: dict[str, Row] = {}
