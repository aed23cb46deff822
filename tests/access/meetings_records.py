"""Who gets what: the record: autosave, versions, joint meetings, the fill-in sheet."""

from tests.access.rows import Row

ACCESS: dict[str, Row] = {}
