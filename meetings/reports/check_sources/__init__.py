"""What the checks of a branch need to know, read for any number of branches at once."""

from . import calendar, people, structure
from .base import needed, sources

__all__ = ["calendar", "needed", "people", "sources", "structure"]
