"""Who gets what: the automatic checks."""

from tests.access.rows import Row

ACCESS: dict[str, Row] = {}
