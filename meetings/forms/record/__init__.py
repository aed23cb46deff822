"""The logging form: one screen for a whole meeting, filled in as far as the system knows."""

from .form import RecordForm
from .prefill import title_for

__all__ = ["RecordForm", "title_for"]
