"""What the record of a meeting says, as values: who was expected, how they voted, what is missing.

Pure: dataclasses in, values out; no database, no clock, no words (the form has those). Articles
name the 《中国共产党支部工作条例（试行）》 (2018) unless said otherwise.
"""

from .attendance import PRESENT, Seat, Tally, counts_for, voters
from .ballots import Ballots, Choice, Elected, Outcome, outcome
from .content import Assessed, Entry, Record, Remark, Shortcoming, Visitor
from .gatherings import HELD_BY_ANY, OWN_GATHERING, Gathering, TalkPair, gathering
from .lacks import NEEDS_FIRST_TOPIC, Lack, Missing, lacks

__all__ = [
    "HELD_BY_ANY",
    "NEEDS_FIRST_TOPIC",
    "OWN_GATHERING",
    "PRESENT",
    "Assessed",
    "Ballots",
    "Choice",
    "Elected",
    "Entry",
    "Gathering",
    "Lack",
    "Missing",
    "Outcome",
    "Record",
    "Remark",
    "Seat",
    "Shortcoming",
    "TalkPair",
    "Tally",
    "Visitor",
    "counts_for",
    "gathering",
    "lacks",
    "outcome",
    "voters",
]
