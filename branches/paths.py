"""Materialised paths: fixed-width hexadecimal segments, so that 'everything below' is one range.

A range and not a prefix match, because LIKE uses no index on SQLite and none under a linguistic
collation on PostgreSQL; digits and a-f sort alike under all of them.
"""

SEGMENT_WIDTH = 8


def segment(pk: int) -> str:
    return f"{pk:0{SEGMENT_WIDTH}x}"


def join(parent_path: str, pk: int) -> str:
    return parent_path + segment(pk)


def end(path: str) -> str:
    """Return the first path that is no longer below `path`."""
    head, last = path[:-SEGMENT_WIDTH], path[-SEGMENT_WIDTH:]
    return head + segment(int(last, 16) + 1)


def contains(ancestor: str, path: str) -> bool:
    """Say whether `path` is `ancestor` itself or below it."""
    return path.startswith(ancestor)


def depth(path: str) -> int:
    return len(path) // SEGMENT_WIDTH


def upwards(path: str) -> list[str]:
    """Return the path itself and those of everything above it, from the top down."""
    return [path[:length] for length in range(SEGMENT_WIDTH, len(path) + 1, SEGMENT_WIDTH)]
