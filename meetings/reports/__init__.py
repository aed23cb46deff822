"""Reads over many rows: who owes what, and why."""

from .activity import ActivityRow, activity_days
from .cells import Cell, Column, Row, Standing
from .rulebook import Rulebook
from .standing import cell_of, standing
from .words import sentence

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
