"""Measured figures beside their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import NamedTuple


class Spread(NamedTuple):
    """The median and the 95th percentile, in milliseconds."""

    p50: float
    p95: float


def spread(seconds: Sequence[float]) -> Spread:
    """Return p50 and p95 of at least two times in seconds."""
    milliseconds = [each * 1000 for each in seconds]
    return Spread(median(milliseconds), quantiles(milliseconds, n=20, method="inclusive")[-1])


def typical(seconds: Sequence[float]) -> float:
    """Return the median of times in seconds, in milliseconds."""
    return median(seconds) * 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    what: str
    measured: float
    unit: str
    target: float | None = None
    """The maximum, or the minimum; None without a target."""
    least: bool = False
    """Whether the target is a minimum."""
    beside: str = ""
    """The baseline with its own figure."""

    @property
    def verdict(self) -> str:
        """Return whether the target is met."""
        if self.target is None:
            return ""
        met = self.measured >= self.target if self.least else self.measured <= self.target
        return "met" if met else "MISSED"

    def cells(self) -> tuple[str, ...]:
        """Return the row as text."""
        sign = "≥" if self.least else "≤"
        target = "" if self.target is None else f"{sign} {self.target:g}"
        return (self.what, f"{self.measured:.3g} {self.unit}", target, self.verdict, self.beside)


def ratio(what: str, ours: float, theirs: float, target: float | None, beside: str) -> Figure:
    """Return a row with a multiple of a baseline; both are in milliseconds."""
    return Figure(
        what, ours / theirs, "×", target, beside=f"{ours:.3g} ms; {beside} {theirs:.3g} ms"
    )


def table(figures: Sequence[Figure]) -> str:
    """Return all rows in columns."""
    rows = [
        ("what", "measured", "target", "verdict", "beside"),
        *(each.cells() for each in figures),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
