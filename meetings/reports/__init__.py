"""Reads over many rows: who owes what, and why."""

from .activity import ActivityRow, activity_days
from .rulebook import Rulebook
from .standing import Cell, Column, Row, Standing, cell_of, sentence, standing

__all__ = [
    "ActivityRow",
    "Cell",
    "Column",
    "Row",
    "Rulebook",
    "Standing",
    "activity_days",
    "cell_of",
    "sentence",
    "standing",
]
