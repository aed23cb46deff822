"""Who gets what: the year's plan."""

from tests.access.rows import Row

ACCESS: dict[str, Row] = {}
