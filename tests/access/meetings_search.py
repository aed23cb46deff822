"""Who gets what: search."""

from tests.access.rows import Row

ACCESS: dict[str, Row] = {}
