"""The numbers of a chart: series, the scale they are drawn to, and numbers in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from chatkit_tui.document.blocks import Table
from chatkit_tui.document.spans import PLAIN, Inline, Paint, Style, untrusted

DOTS_DOWN: Final = 4
"""Dots of a cell's height."""
MAX_SERIES: Final = 12
"""More series are in the table only, since their symbols and colors would repeat."""

FILLS: Final = ("█", "▒", "⣿", "░")
"""The characters of bars, one series after the other, so that they differ without color."""
AREAS: Final = ("⢕", "⠌", "⡇", "⠒")
"""The same for areas: which dots of a cell are set below the edge."""
MARKERS: Final = ("●", "○", "◆", "◇", "▲", "△", "■", "□")
"""The same for lines: the markers of their points."""

Kind: TypeAlias = Literal["bar", "area", "line"]


class Series(NamedTuple):
    """One series of a chart."""

    label: str
    """Untrusted."""
    kind: Kind
    color: Paint
    stack: str
    """Bars and areas with the same stack are drawn on one another; empty for none."""
    values: tuple[float | None, ...]
    """One for each point; None where there is no number."""
    texts: tuple[str, ...]
    """The same as they came; untrusted."""


class ChartData(NamedTuple):
    """A chart as numbers and words."""

    axis: str
    """The key of the points' names; empty if there is none. Untrusted."""
    points: tuple[str, ...]
    """The name of each point, or its label. Untrusted."""
    series: tuple[Series, ...]

    @property
    def has_numbers(self) -> bool:
        """Whether there is anything to draw."""
        return any(value is not None for series in self.series for value in series.values)

    def table(self) -> Table:
        """Return one row for each point and one column for each series."""
        bold = Style(bold=True)
        columns = [((series.label, *series.texts), "right") for series in self.series]
        if any(self.points):
            columns.insert(0, ((self.axis, *self.points), "left"))
        rows: list[tuple[tuple[Inline, ...], ...]] = [
            tuple((untrusted(text, PLAIN if number else bold),) for text in row)
            for number, row in enumerate(zip(*[texts for texts, _ in columns], strict=True))
        ]
        return Table(tuple(rows), tuple(align for _, align in columns))

    @property
    def is_flat(self) -> bool:
        """Whether lines and areas have one and the same value, or everything is zero."""
        values = {value for series in self.series for value in series.values if value is not None}
        if len(values) != 1:
            return False
        return values == {0.0} or not self.begins_at_zero

    @property
    def begins_at_zero(self) -> bool:
        """Whether something has its foot at zero: bars, or areas on one another."""
        return any(series.kind == "bar" or series.stack for series in self.series)

    def bar_groups(self) -> list[str | int]:
        """Return the bars that stand beside one another at each point.

        A group is a stack, or the number of a series without one.
        """
        bars = [
            (series.stack or place)
            for place, series in enumerate(self.series)
            if series.kind == "bar"
        ]
        return list(dict.fromkeys(bars))

    def totals(self) -> list[float] | None:
        """Return the height of the only bar at each point.

        Return None if there is more than that at a point, or something below zero.
        """
        if any(series.kind != "bar" for series in self.series) or len(self.bar_groups()) != 1:
            return None
        columns = list(zip(*[series.values for series in self.series], strict=True))
        if any((value or 0.0) < 0 for column in columns for value in column):
            return None
        return [math.fsum(value or 0.0 for value in column) for column in columns]

    def drawn(self) -> ChartData:
        """Return the data with no more series than can be drawn."""
        return self._replace(series=self.series[:MAX_SERIES])

    def symbol(self, number: int) -> str:
        """Return what the bars, the area or the points of a series consist of."""
        kind = self.series[number].kind
        place = sum(series.kind == kind for series in self.series[:number])
        symbols = {"bar": FILLS, "area": AREAS, "line": MARKERS}[kind]
        return symbols[place % len(symbols)]


# -- scale -----------------------------------------------------------------------------------------

Extent: TypeAlias = tuple[float, float] | None
"""Where a value begins and ends; None where there is none."""


class Scale(NamedTuple):
    """Numbers as rows of cells. Zero is between two rows, so that bars begin at a cell's edge."""

    unit: float
    """The value of one row of cells."""
    low: float
    """The value at the bottom: zero, a negative number, or a number near the least value."""
    height: int

    @property
    def high(self) -> float:
        return self.low + self.unit * self.height

    @property
    def dot(self) -> float:
        """The value of one row of dots."""
        return self.unit / DOTS_DOWN

    @property
    def has_zero_inside(self) -> bool:
        """Whether there are values above and below zero."""
        return self.low < 0 < self.high - self.dot

    def row_of(self, value: float) -> int:
        """Return the row of dots of a value, counted from the bottom."""
        return round((value - self.low) / self.unit * DOTS_DOWN)


def extents(data: ChartData) -> list[list[Extent]]:
    """Return where each value begins and ends: at zero, or on the stack before it."""
    tops: dict[tuple[str, int, bool], float] = {}
    spans: list[list[Extent]] = []
    for series in data.series:
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


def scale_of(data: ChartData, spans: Sequence[Sequence[Extent]], height: int) -> Scale:
    """Return the scale that all values fit into.

    Zero is in it, unless there are only lines and areas whose values differ by less than half of
    the largest: then it begins near the least, so that their course can be seen.
    """
    values = [edge for series in spans for span in series if span for edge in span]
    ends = [span[1] for series in spans for span in series if span]
    high, low = max(ends, default=0.0), min(ends, default=0.0)
    if not data.begins_at_zero and 0 < high - low < max(high, -low) / 2:
        step = _round_up((high - low) / max(1, height // 2))
        least = math.floor(low / step) * step
        if high - least > abs(high) * 1e-9:
            return Scale((high - least) / height, least, height)
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
    unit = max(unit, 1e-300)
    return Scale(unit, -unit * below, height)


def ticks(data: ChartData, height: int) -> dict[int, str]:
    """Return round numbers for the vertical axis, by their row from the top."""
    data = data.drawn()
    scale = scale_of(data, extents(data), height)
    origin = scale.low if scale.low > 0 or scale.high < 0 else 0.0
    base = scale.row_of(origin) // DOTS_DOWN
    found: dict[int, str] = {}
    for number, words in round_numbers(scale):
        above = round((number - origin) / scale.unit * DOTS_DOWN)
        row = height - 1 - base - (above - (above > 0)) // DOTS_DOWN
        found.setdefault(max(0, min(height - 1, row)), words)
    return found


def round_numbers(scale: Scale) -> Iterator[tuple[float, str]]:
    """Yield round numbers for the vertical axis, the largest first, with their words."""
    step = _round_up(scale.unit * max(2.0, scale.height / 4))
    first, last = math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9)
    numbers = [count * step for count in range(last, first - 1, -1)]
    return zip(numbers, _axis_words(numbers, step), strict=True)


def _round_up(value: float) -> float:
    """Return the next larger of 1, 2, 5, 10, … of the same magnitude."""
    magnitude = 10.0 ** math.floor(math.log10(value))
    return next(
        (factor * magnitude for factor in (1, 2, 5) if factor * magnitude >= value * (1 - 1e-9)),
        10 * magnitude,
    )


# -- numbers in words ------------------------------------------------------------------------------

_UNITS: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
_WRITTEN: Final = 1e-12, 1e18
"""Smaller and larger numbers have an exponent, as their zeros are too many to count."""


def _axis_words(values: Sequence[float], step: float) -> list[str]:
    """Return the numbers of an axis, all with the same unit and number of decimals."""
    largest = max(map(abs, values), default=0.0)
    if step < _WRITTEN[0] or largest >= _WRITTEN[1]:
        return [f"{value:.3g}" for value in values]
    unit, name = next(((unit, name) for unit, name in _UNITS if largest >= 10 * unit), (1.0, ""))
    decimals = max(0, -math.floor(math.log10(step / unit) + 1e-9))
    return [f"{value / unit:,.{decimals}f}{name if value else ''}" for value in values]


def number_words(value: float) -> str:
    """Return a number with thousands separated, and at least three digits that count."""
    size = abs(value)
    if size and not _WRITTEN[0] <= size < _WRITTEN[1]:
        return f"{value:.3g}"
    decimals = 2 if size >= 1 or not size else 2 - math.floor(math.log10(size))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def range_words(series: Series) -> str:
    """Return the least and the largest number of a series, and the last one unless it has bars."""
    values = [value for value in series.values if value is not None]
    if len(values) < 2:  # one number has no range
        return ""
    least, most = min(values), max(values)
    if least == most:
        return f"always\u00a0{number_words(most)}"
    words = f"{number_words(least)}\u00a0…\u00a0{number_words(most)}"  # it stays on one line
    return words if series.kind == "bar" else f"{words}, last\u00a0{number_words(values[-1])}"
