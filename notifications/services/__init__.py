"""The verbs of the inbox, the outbox and the working calendar."""

from .calendar import (
    add_working_days,
    import_year,
    is_working_day,
    year_is_known,
)
from .inbox import read_all, read_notice
from .outbox import deliver_due, send_mails
from .writing import Message, notify, notify_each

__all__ = [
    "Message",
    "add_working_days",
    "deliver_due",
    "import_year",
    "is_working_day",
    "notify",
    "notify_each",
    "read_all",
    "read_notice",
    "send_mails",
    "year_is_known",
]
