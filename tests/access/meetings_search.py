"""Who gets what: search. Everybody may ask; what is found follows from the duties."""

from tests.access.rows import Row, everyone

ACCESS: dict[str, Row] = {
    "meetings:search": Row("get", everyone(), data={"q": "党费"}),
}
