"""Numbers of a chart as rows of cells: where bars begin and end, and round numbers for the axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from chatkit_tui.render.widgets.chart_data import Figures

DOTS_DOWN: Final = 4
"""Dots of a cell's height."""
MOST_SERIES: Final = 12
"""More are told in the table alone: nobody can tell them apart."""

Extent: TypeAlias = tuple[float, float] | None
"""Where a value begins and ends; None where there is none."""


class Scale(NamedTuple):
    """How numbers become rows: zero is where two rows meet, so that bars begin at a cell's edge."""

    unit: float
    """What one row of cells is worth."""
    below: int
    """Rows below zero."""
    height: int

    @property
    def low(self) -> float:
        return -self.unit * self.below

    @property
    def high(self) -> float:
        return self.unit * (self.height - self.below)


def shown_of(figures: Figures) -> Figures:
    """The figures with no more series than can be drawn."""
    return figures._replace(series=figures.series[:MOST_SERIES])


def extents(figures: Figures) -> list[list[Extent]]:
    """Where each value begins and ends: at zero, or on those of its stack before it."""
    tops: dict[tuple[str, int, bool], float] = {}
    spans: list[list[Extent]] = []
    for series in figures.series:
        own: list[Extent] = []
        stacked = series.stack and series.kind != "line"
        for place, value in enumerate(series.values):
            if value is None:
                own.append(None)
                continue
            base = tops.get((series.stack, place, value < 0), 0.0) if stacked else 0.0
            if stacked:
                tops[series.stack, place, value < 0] = base + value
            own.append((base, base + value))
        spans.append(own)
    return spans


def scale_of(spans: Sequence[Sequence[Extent]], height: int) -> Scale:
    """The scale that all values and zero fit into."""
    values = [edge for series in spans for span in series if span for edge in span]
    high, low = max(0.0, *values), min(0.0, *values)
    if high == low:
        high = 1.0
    below = 0
    if low < 0:
        share = -low / 2 / (high / 2 - low / 2)
        below = height if high == 0 else max(1, min(height - 1, round(height * share)))
    unit = max(
        high / (height - below) if below < height else 0.0,
        -low / below if below else 0.0,
    )
    return Scale(max(unit, 1e-300), below, height)


def ticks(figures: Figures, height: int) -> dict[int, str]:
    """Round numbers for the axis beside the figures: the row from the top, and what it says."""
    scale = scale_of(extents(shown_of(figures)), height)
    step = _round_up(scale.unit * max(2.0, height / 4))
    found: dict[int, str] = {}
    first, last = math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9)
    for count in range(last, first - 1, -1):
        above = round(count * step / scale.unit * DOTS_DOWN)
        row = scale.height - scale.below - 1 - (above - (above > 0)) // DOTS_DOWN
        found.setdefault(max(0, min(height - 1, row)), _told(count * step))
    return found


def _round_up(value: float) -> float:
    """The next larger of 1, 2, 5, 10, … of the same magnitude."""
    magnitude = 10.0 ** math.floor(math.log10(value))
    return next(
        (factor * magnitude for factor in (1, 2, 5) if factor * magnitude >= value * (1 - 1e-9)),
        10 * magnitude,
    )


def _told(value: float) -> str:
    size = abs(value)
    return f"{value:.3g}" if size >= 1e9 or 0 < size < 1e-4 else f"{value:,.6g}"
