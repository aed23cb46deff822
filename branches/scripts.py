"""The two scripts, for comparing. What is kept and shown is never converted, names least of all.

An office reads and types both, often in one text.
"""

import unicodedata
from functools import cache

from opencc import OpenCC


@cache
def _converter(name: str) -> OpenCC:
    """Load a converter when it is first needed: its dictionaries take a moment."""
    return OpenCC(name)


def tight(text: str) -> str:
    """Return the text with full-width forms narrowed and every blank gone."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").split())


def fold(text: str) -> str:
    """Return the form in which texts of both scripts compare equal."""
    return _converter("t2s").convert(tight(text))


def spellings(words: str) -> list[str]:
    """Return the words as typed, in Simplified and in Traditional script, each once.

    於洪喜 → 於洪喜, 于洪喜; 党支部 → 党支部, 黨支部.
    """
    simplified = _converter("t2s").convert(words)
    return list(dict.fromkeys([words, simplified, _converter("s2tw").convert(simplified)]))
