"""A few words around what was found, with the finds marked."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from meetings import words

BEFORE, AFTER = 24, 60
EXCERPTS = 2


class Piece(NamedTuple):
    """A stretch of a text; `is_found` marks the words that were looked for."""

    text: str
    is_found: bool


def marked(line: str, wanted: Sequence[str]) -> list[Piece]:
    """Return the whole line with the words marked."""
    return _pieces(line, _spans(line, wanted), 0, len(line))


def excerpt(lines: Iterable[str], wanted: Sequence[str]) -> list[list[Piece]]:
    """Return the first two lines in which a word stands, cut around it; the same one only once."""
    found: list[list[Piece]] = []
    for line in lines:
        if len(found) == EXCERPTS:
            break
        if (spans := _spans(line, wanted)) and (cut := _cut(line, spans)) not in found:
            found.append(cut)
    return found


def _spans(line: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the words stand in the line as it was written, in either script."""
    shown = [(folded, at) for at, one in enumerate(line) for folded in words.folded(one)]
    text = "".join(folded for folded, _at in shown)
    spans = []
    for word in wanted:
        at = text.find(word)
        while at >= 0:
            spans.append((shown[at][1], shown[at + len(word) - 1][1] + 1))
            at = text.find(word, at + len(word))
    return sorted(spans)


def _cut(line: str, spans: list[tuple[int, int]]) -> list[Piece]:
    """Cut the line around the first find, and mark all finds in what is left."""
    start = max(spans[0][0] - BEFORE, 0)
    end = min(max(spans[0][1] + AFTER, start + BEFORE + AFTER), len(line))
    pieces = _pieces(line, spans, start, end)
    before = [Piece("…", is_found=False)] if start else []
    after = [Piece("…", is_found=False)] if end < len(line) else []
    return [*before, *pieces, *after]


def _pieces(line: str, spans: list[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for first, last in spans:
        if first < at or last > end:
            continue
        pieces += [
            Piece(line[at:first], is_found=False),
            Piece(line[first:last], is_found=True),
        ]
        at = last
    pieces.append(Piece(line[at:end], is_found=False))
    return [piece for piece in pieces if piece.text]
