"""Who gets what: attendance, make-ups, sign-in sheets, dues."""

from tests.access.rows import Row

ACCESS: dict[str, Row] = {}
