"""Measuring: medians taken in turn, what a call adds to memory, and the line that says the result."""

import gc
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True)
class Line:
    """One goal with its figure; the goal is the most that the value may be."""

    name: str
    value: float
    goal: float
    unit: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def is_met(self) -> bool:
        return self.value <= self.goal

    def __str__(self) -> str:
        value, goal = f"{_figure(self.value)}{self.unit}", f"{_figure(self.goal)}{self.unit}"
        return f"{self.name:<58} {value:>10} {goal:>10}  {'PASS' if self.is_met else 'FAIL'}"


def _figure(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


@dataclass(frozen=True)
class Call:
    """What is timed, with what has to be done before and after each time, untimed.

    What `before` returns is handed to the other two.
    """

    run: Callable[[Any], Any]
    before: Callable[[], Any] = lambda: None
    after: Callable[[Any], Any] = lambda _made: None

    def seconds(self) -> float:
        made = self.before()
        start = time.perf_counter()
        self.run(made)
        taken = time.perf_counter() - start
        self.after(made)
        return taken


def in_turn(calls: Mapping[Key, Call], *, seconds: float, least: int) -> dict[Key, float]:
    """Return each call's median time in seconds.

    They run one after the other, round after round, so that what else the machine does meets all
    of them alike: `least` rounds, and more while the time lasts.
    """
    for call in calls.values():
        call.seconds()
    gc.collect()
    taken: dict[Key, list[float]] = {key: [] for key in calls}
    end = time.monotonic() + seconds
    rounds = 0
    while rounds < least or time.monotonic() < end:
        for key, call in calls.items():
            taken[key].append(call.seconds())
        rounds += 1
    return {key: median(times) for key, times in taken.items()}


def exponent(small: float, large: float, factor: float) -> float:
    """Return the power of its input's growth by which a time grew: 0 is flat, 1 proportional."""
    return math.log(large / small) / math.log(factor)


STATUS, CLEAR_REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def added_megabytes(call: Callable[[], Any]) -> float:
    """Return by how much the process grew at its largest during the call; 0 where unknown."""
    if not CLEAR_REFS.exists():
        return 0.0
    gc.collect()
    CLEAR_REFS.write_text("5")  # forget the largest size so far
    before = _kilobytes("VmRSS")
    call()
    return max(0, _kilobytes("VmHWM") - before) / 1024


def _kilobytes(name: str) -> int:
    lines = STATUS.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
