"""What was measured, beside its bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import NamedTuple


class Spread(NamedTuple):
    """The middle and the slow end of many timings, in milliseconds."""

    p50: float
    p95: float


def spread(seconds: Sequence[float]) -> Spread:
    """p50 and p95 of at least two timings in seconds."""
    milliseconds = [each * 1000 for each in seconds]
    return Spread(median(milliseconds), quantiles(milliseconds, n=20, method="inclusive")[-1])


def typical(seconds: Sequence[float]) -> float:
    """The median of timings in seconds, in milliseconds."""
    return median(seconds) * 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    what: str
    measured: float
    unit: str
    bar: float | None = None
    """The most (or the least) that is good enough; None where there is no bar."""
    least: bool = False
    """The bar is a least."""
    beside: str = ""
    """What it was measured against, with its own figure."""

    @property
    def verdict(self) -> str:
        """Whether the bar is met."""
        if self.bar is None:
            return ""
        met = self.measured >= self.bar if self.least else self.measured <= self.bar
        return "met" if met else "MISSED"

    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        sign = "≥" if self.least else "≤"
        bar = "" if self.bar is None else f"{sign} {self.bar:g}"
        return (self.what, f"{self.measured:.3g} {self.unit}", bar, self.verdict, self.beside)


def ratio(what: str, ours: float, theirs: float, bar: float | None, beside: str) -> Figure:
    """A row whose bar, if any, is a multiple of what was measured beside it, in milliseconds."""
    return Figure(what, ours / theirs, "×", bar, beside=f"{ours:.3g} ms; {beside} {theirs:.3g} ms")


def table(figures: Sequence[Figure]) -> str:
    """All rows in columns."""
    rows = [("what", "measured", "bar", "verdict", "beside"), *(each.cells() for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
