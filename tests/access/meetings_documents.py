"""Who gets what: documents and calendar feeds."""

from tests.access.rows import Row

ACCESS: dict[str, Row] = {}
