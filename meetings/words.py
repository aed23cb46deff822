"""Words as search and likeness compare them: folded, in pairs of characters, in runs of eight.

Pure but for the two scripts' dictionary: texts in, values out; no database, no clock.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b, shake_128
from itertools import pairwise
from struct import Struct

from branches.scripts import fold

# --- Search -------------------------------------------------------------------------------------

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def folded(text: str) -> str:
    """Return the text in the form in which it is searched: Simplified, narrow, without blanks."""
    return fold(text).lower()


def bigrams(text: str) -> set[str]:
    """Return every pair of neighbouring characters of a folded text, each as a plain word.

    Written in base 36, so that no engine's own idea of words gets in the way: 党费 and 5+ are
    found alike.
    """
    return {_base36(ord(one) << 16 | ord(other)) for one, other in pairwise(text)}


def _base36(number: int) -> str:
    word = ""
    while number:
        number, digit = divmod(number, 36)
        word = DIGITS[digit] + word
    return word or "0"


# --- Likeness -----------------------------------------------------------------------------------

SHINGLE = 8
# Shorter texts are alike by nature: 全体党员集中学习.
COMPARED_FROM = 40
BANDS, ROWS = 12, 5
NOT_WORDS = re.compile(r"\d+[年月日号时点分]?|[\W_]+")
OF_BRANCH = re.compile(r"第?[一二三四五六七八九十百\d]*(党总支|党支部|支部|党委)$")
SENTENCES = re.compile(r"[。；！？\n]")
_SIGNED = 1 << 63


def bare(text: str) -> str:
    """Return a text as likeness reads it: folded, without digits, marks and blanks.

    A copied record differs from its model in dates and numbers first.
    """
    return NOT_WORDS.sub("", folded(text))


def pieces(shared: Iterable[str]) -> tuple[str, ...]:
    """Return the bare pieces of texts that many have rightly, longest first.

    Each text counts as a whole and sentence by sentence, as branches copy it.
    """
    found = {bare(piece) for whole in shared for piece in (whole, *SENTENCES.split(whole))}
    return tuple(sorted((p for p in found if len(p) >= SHINGLE), key=lambda p: (-len(p), p)))


def names(*own: str) -> tuple[str, ...]:
    """Return the bare names of a branch and of its village, longest first: 上峰村党支部, 上峰村.

    A copied record has another branch's name in every other sentence.
    """
    found = {bare(name) for whole in own for name in (whole, OF_BRANCH.sub("", whole))}
    return tuple(sorted((name for name in found if len(name) > 1), key=lambda n: (-len(n), n)))


def without(text: str, shared: Iterable[str]) -> str:
    """Take these pieces out of a bare text."""
    for piece in shared:
        text = text.replace(piece, "")
    return text


def shingles(text: str) -> frozenset[str]:
    """Return the runs of eight characters of a bare text; nothing of one too short to compare."""
    if len(text) < COMPARED_FROM:
        return frozenset()
    return frozenset(text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of common runs (Jaccard), from 0 to 1."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    return common / (len(one) + len(other) - common)


PERMUTATIONS = Struct(f"<{BANDS * ROWS}I")


def bands(runs: frozenset[str]) -> tuple[int, ...]:
    """Return the MinHash of a text in twelve bands of five rows, as signed 64-bit numbers.

    Two texts of likeness 0.85 share a band with probability 0.999, of 0.5 with 0.32, of 0.3 with
    0.03: who shares one is compared for real. The same numbers come out on every machine.
    """
    if not runs:
        return ()
    hashes = (shake_128(run.encode()).digest(PERMUTATIONS.size) for run in runs)
    least = [min(column) for column in zip(*map(PERMUTATIONS.unpack, hashes), strict=True)]
    return tuple(
        int.from_bytes(
            blake2b(repr((band, least[band * ROWS :][:ROWS])).encode(), digest_size=8).digest()
        )
        - _SIGNED
        for band in range(BANDS)
    )
