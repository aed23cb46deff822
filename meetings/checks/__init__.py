"""会议记录自查: small pure functions that help a secretary see what an inspector would see.

`base` says what a check is; the modules beside it hold the checks. What a check needs to know is
gathered by `meetings.reports`, what it found is kept by `meetings.services`.
"""

from . import care, elements, frequency, organization, people, sequence, texts, truth, votes

__all__ = [
    "care",
    "elements",
    "frequency",
    "organization",
    "people",
    "sequence",
    "texts",
    "truth",
    "votes",
]
