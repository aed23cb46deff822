"""What a printed record is made of, for whichever renderer sets it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeVar

from django.utils.formats import date_format

T = TypeVar("T")
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text with an optional label before it; each line of `text` is a paragraph of its own."""

    text: str
    label: str = ""
    kind: str = "paragraph"

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `widths` are the columns' shares of the type area."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    kind: str = "grid"

    @property
    def shares(self) -> list[str]:
        """The columns' widths in percent, as style sheets write them."""
        return [f"{100 * width / sum(self.widths):.2f}" for width in self.widths]


Block = Heading | Paragraph | Grid


def numeral(number: int) -> str:
    """Return 一, 十二 or 三十 for 1, 12 or 30 (up to 99)."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[ones] if ones else ''}"


def day_text(day: date) -> str:
    return date_format(day, "Y年n月j日")


def batched(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Yield the things in rows of at most `size`."""
    rest = iter(things)
    while row := tuple(islice(rest, size)):
        yield row
