"""Reads over many rows: who owes what, and why."""

from .rulebook import Rulebook
from .standing import Cell, Column, Row, Standing, sentence, standing

__all__ = ["Cell", "Column", "Row", "Rulebook", "Standing", "sentence", "standing"]
