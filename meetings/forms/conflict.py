"""Two people wrote at once: what the one sent and what the other saved, side by side."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .record import RecordForm


def differences(mine: "RecordForm", theirs: "RecordForm") -> list[tuple[str, str, str]]:
    """Return label, the text sent here and the text saved by somebody else, where they differ."""
    rows = [
        (str(mine.fields[name].label), shown(mine, name), shown(theirs, name))
        for name in mine.fields
        if name not in ("version", "token", "photos", "reason")
    ]
    rows.append((_("其他议题"), _items_text(mine), _items_text(theirs)))
    rows.append((_("未到会"), _away_text(mine), _away_text(theirs)))
    return [row for row in rows if row[1] != row[2]]


def _items_text(record: "RecordForm") -> str:
    texts = []
    for form in record.items.forms:
        names = (
            "title",
            "speaker",
            "minutes",
            "resolution",
            "in_favour",
            "against",
            "abstaining",
        )
        values = [str(form[name].value() or "") for name in names]
        # Ballots that nobody cast may be sent as nothing, and are stored as 0.
        values = ["" if value == "0" else value for value in values]
        texts.append(" · ".join(value for value in values if value))
    return "\n".join(text for text in texts if text)


def _away_text(record: "RecordForm") -> str:
    return "、".join(seat.name for seat in record.expected if not seat.is_present)


def shown(form: "RecordForm", name: str) -> str:
    """The value of a field as the page shows it."""
    value = form[name].value()
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        chosen = {str(v) for v in (value if isinstance(value, (list, tuple)) else [value])}
        return "、".join(str(label) for key, label in field.choices if str(key) in chosen and key)
    if hasattr(value, "strftime"):
        value = field.widget.format_value(value)
    return str(value or "").replace("\r\n", "\n").strip()
