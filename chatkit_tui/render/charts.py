"""Charts in cells: bars, areas and lines, each series a layer of braille dots.

A chart library does not pay: those whose canvas is an object of its own (plotille) set dots and
leave bars, stacks, words of double width and colors to the caller; those that draw whole charts
(plotext, uniplot) have one global figure, or need compiled packages.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple, TypeAlias

from chatkit_tui.document.spans import DIM, PLAIN, Line, Paint, Span, Style
from chatkit_tui.render.chart_data import (
    DOTS_DOWN,
    ChartData,
    Extent,
    Scale,
    Series,
    extents,
    number_words,
    scale_of,
)
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells as cells_of
from chatkit_tui.text.wrap import break_lines

DOTS_ACROSS: Final = 2
"""Dots of a cell's width."""
WIDEST_BAR: Final = 8
"""Cells."""
MOST_NUMBERS: Final = 12
"""Bars of one series with their number above them."""

_BLANK: Final = "⠀"
_BITS: Final = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""The bit of each dot in a braille character: by column, then from the bottom up."""
_BLOCKS: Final = {"⣀": "▂", "⣤": "▄", "⣶": "▆", "⣿": "█", "⠉": "▔", "⠛": "▀", "⠿": "▀"}
"""Blocks of the height of the dots in a solid bar."""
_SOLID: Final = "█▆"
"""Parts of a solid bar that look whole when something is cut out of them."""


# -- drawing ---------------------------------------------------------------------------------------

_Cells: TypeAlias = list[tuple[str, Style]]
"""One row of characters with their styles."""
_Run: TypeAlias = list[tuple[int, float]]
"""The points of a line without a gap: columns of dots, and values."""


def plot(data: ChartData, width: int, height: int, numbers: Sequence[str] = ()) -> list[Line]:
    """Return data with a number in it as `height` lines of `width` cells (both 2 or more).

    `numbers` are written above the bars, as `numbers_above` returns them, on one more line.
    """
    data = data.drawn()
    spans = extents(data)
    scale = scale_of(data, spans, height)
    cells: list[_Cells] = [[(" ", PLAIN)] * width for _ in range(scale.height)]
    if scale.has_zero_inside:
        zero = _Dots(width, scale.height)
        zero.line(0, scale.row_of(0), width * DOTS_ACROSS - 1, scale.row_of(0))
        _lay(cells, zero, "grey")
    for number, series in enumerate(data.series):
        if series.kind == "area":
            dots = _edge(spans[number], scale, width, data.symbol(number))
            _lay(cells, dots, series.color)
    for number, dots in _bars(data, spans, scale, width):
        _lay(cells, dots, data.series[number].color, data.symbol(number))
    for number, series in enumerate(data.series):
        if series.kind == "line":
            _lay(cells, _edge(spans[number], scale, width, ""), series.color)
    for number, series in enumerate(data.series):
        if series.kind == "line":
            _mark(cells, series, data.symbol(number), scale)
    if numbers:
        cells.insert(0, [(" ", PLAIN)] * width)
        _write_above(cells, numbers)
    return [_joined(row) for row in cells]


def numbers_above(data: ChartData, width: int) -> list[str]:
    """Return the number above each bar; none unless there is one bar at a point and room."""
    data = data.drawn()
    totals = data.totals()
    if totals is None or (len(data.series) == 1 and len(totals) > MOST_NUMBERS):
        return []
    texts = [number_words(total) for total in totals]
    return texts if max(map(len, texts)) < width / len(texts) else []


def _write_above(cells: list[_Cells], numbers: Sequence[str]) -> None:
    """Write a number above the middle of each slot, in the first row without a bar."""
    width = len(cells[0])
    slot = width / len(numbers)
    for number, text in enumerate(numbers):
        column = int((number + 0.5) * slot)
        start = max(0, min(width - len(text), column - len(text) // 2))
        own = range(int(number * slot), min(width, int((number + 1) * slot)))
        taken = (row for row, line in enumerate(cells) if any(line[at][0] != " " for at in own))
        row = next(taken, len(cells)) - 1
        for place, letter in enumerate(text, start):
            cells[row][place] = (letter, PLAIN)


class _Dots:
    """Dots in braille cells, counted from the bottom left."""

    __slots__ = ("rows",)

    def __init__(self, width: int, height: int) -> None:
        self.rows = [[0] * width for _ in range(height)]
        """The bits of each cell, from the top down."""

    def set(self, x: int, y: int, pattern: int = 0xFF) -> None:
        """Set a dot inside the canvas if the pattern of a cell has it."""
        row = len(self.rows) - 1 - y // DOTS_DOWN
        column = x // DOTS_ACROSS
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[0]):
            self.rows[row][column] |= _BITS[x % DOTS_ACROSS][y % DOTS_DOWN] & pattern

    def fill(self, left: int, right: int, low: int, high: int) -> None:
        """Set all dots from one column of cells to another, between two rows of dots."""
        for y in range(max(0, low), min(high, len(self.rows) * DOTS_DOWN)):
            cells = self.rows[len(self.rows) - 1 - y // DOTS_DOWN]
            bits = _BITS[0][y % DOTS_DOWN] | _BITS[1][y % DOTS_DOWN]
            for column in range(left, right):
                cells[column] |= bits

    def line(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Set the dots from one point to another."""
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            self.set(x0 + round((x1 - x0) / steps * step), y0 + round((y1 - y0) / steps * step))


def _bars(
    data: ChartData, spans: Sequence[Sequence[Extent]], scale: Scale, width: int
) -> Iterator[tuple[int, _Dots]]:
    """Yield the bars of each series that has them.

    Where several points share a cell, the highest and the lowest are drawn.
    """
    groups = data.bar_groups()
    if not groups:
        return
    slot = width / len(data.points)
    own = max(1, min(WIDEST_BAR, int((slot - (slot > len(groups))) / len(groups))))
    spare = max(0.0, slot - own * len(groups)) / 2
    stacks = _stacks(data, scale)
    for number, series in enumerate(data.series):
        if series.kind != "bar":
            continue
        offset = spare + groups.index(series.stack or number) * min(own, slot / len(groups))
        farthest: dict[tuple[int, bool], tuple[float, int]] = {}
        for point, span in enumerate(spans[number]):
            if span is not None:
                place = min(int(point * slot + offset), width - 1), span[1] >= 0
                if farthest.get(place, (-1.0, 0))[0] <= abs(span[1]):
                    farthest[place] = abs(span[1]), point
        dots = _Dots(width, scale.height)
        for (left, _), (_, point) in farthest.items():
            span = spans[number][point]
            assert span is not None  # noqa: S101 # only numbers are in `farthest`
            low, high = stacks.get((number, point)) or _bar_rows(span, scale)
            dots.fill(left, min(left + own, width), low, high)
        yield number, dots


def _bar_rows(span: tuple[float, float], scale: Scale) -> tuple[int, int]:
    """Return the first row of dots of a bar and the one after its last.

    Some of a bar shows unless it is zero.
    """
    begin, end = map(scale.row_of, span)
    if begin == end and span[0] != span[1]:
        end += 1 if span[1] > span[0] else -1
    return min(begin, end), max(begin, end)


def _stacks(data: ChartData, scale: Scale) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the rows of dots of each part of a stack, by the numbers of its series and point.

    Parts take whole rows of cells, as two colors cannot share one, and at least one row as far as
    there is room.
    """
    found: dict[tuple[int, int], tuple[int, int]] = {}
    zero = scale.row_of(0) // DOTS_DOWN
    for stack in {series.stack for series in data.series if series.kind == "bar" and series.stack}:
        numbers = [n for n, series in enumerate(data.series) if series.stack == stack]
        for point in range(len(data.points)):
            for sign, room in ((1, scale.height - zero), (-1, zero)):
                sizes = [max(0.0, (data.series[n].values[point] or 0.0) * sign) for n in numbers]
                edge = zero
                for number, rows in zip(numbers, _shares(sizes, scale.unit, room), strict=True):
                    ends = sorted((edge, edge + sign * rows))
                    if rows:
                        found[number, point] = ends[0] * DOTS_DOWN, ends[1] * DOTS_DOWN
                    edge += sign * rows
    return found


def _shares(sizes: Sequence[float], unit: float, room: int) -> list[int]:
    """Return how many rows each part of a stack takes, at most `room` of them together.

    Together they are as high as their sum. A part above zero has a row as far as there is room.
    """
    exact = [size / unit for size in sizes]
    rows = [max(size > 0, round(own)) for size, own in zip(sizes, exact, strict=True)]
    height = min(room, max(sum(size > 0 for size in sizes), round(math.fsum(exact))))
    while sum(rows) != height:
        step = 1 if sum(rows) < height else -1
        able = [n for n, own in enumerate(rows) if own + step > 0] or [
            n for n, own in enumerate(rows) if own
        ]
        rows[max(able, key=lambda n: (exact[n] - rows[n]) * step)] += step
    return rows


def _edge(spans: Sequence[Extent], scale: Scale, width: int, pattern: str) -> _Dots:
    """Return a line along the ends of values, and the area below it if there is a pattern."""
    highest = scale.high - scale.dot
    runs = _runs([None if span is None else min(span[1], highest) for span in spans], width)
    dots = _Dots(width, scale.height)
    for run in runs:
        for (x0, y0), (x1, y1) in zip(run, run[1:] or run, strict=False):
            dots.line(x0, scale.row_of(y0), x1, scale.row_of(y1))
    if pattern:
        bits = ord(pattern) - ord(_BLANK)
        floor = scale.low
        bases = _runs(
            [None if span is None else max(floor, min(span[0], highest)) for span in spans], width
        )
        for top, base in zip(runs, bases, strict=False):
            lower = _heights(base)
            for x, value in _heights(top).items():
                low, high = sorted(map(scale.row_of, (value, lower.get(x, floor))))
                for y in range(low, high):
                    dots.set(x, y, bits)
    return dots


def _runs(values: Sequence[float | None], width: int) -> list[_Run]:
    """Return the points of a line, a run for each part without a gap.

    Where there are more points than dots, each column has its lowest and its highest.
    """
    slot = width * DOTS_ACROSS / len(values)
    runs: list[_Run] = []
    run: _Run = []
    at: int | None = None
    low = high = 0.0
    for number, value in enumerate([*values, None]):
        x = int((number + 0.5) * slot)
        if at is not None and (value is None or x != at):
            run += [(at, low)] if low == high else [(at, low), (at, high)]
            at = None
        if value is None:
            if run:
                runs.append(run)
            run = []
        elif at is None:
            at, low, high = x, value, value
        else:
            low, high = min(low, value), max(high, value)
    return runs


def _heights(run: _Run) -> dict[int, float]:
    """Return the value at each column of dots along a run."""
    heights = dict(run)
    for (x0, y0), (x1, y1) in pairwise(run):
        for x in range(x0 + 1, x1):
            share = (x - x0) / (x1 - x0)
            heights[x] = y0 * (1 - share) + y1 * share
    return heights


# -- layers ----------------------------------------------------------------------------------------


def _lay(cells: list[_Cells], dots: _Dots, color: Paint, fill: str = "") -> None:
    """Lay a series over those before it: dots join other dots; bars of a fill replace them."""
    for row, bits_of_row in zip(cells, dots.rows, strict=True):
        for column, bits in enumerate(bits_of_row):
            if not bits:
                continue
            letter = chr(ord(_BLANK) | bits)
            before, style = row[column]
            if fill:
                # Solid bars end in a block of their height, patterned ones in a whole cell.
                if fill != "⣿":
                    letter = _BLOCKS.get(letter, letter) if fill == "█" else fill
                row[column] = (letter, Style(color=color))
                continue
            if _BLANK < before <= "⣿":
                letter = chr(ord(before) | bits)
            row[column] = _over(before, style, letter, color)


def _over(before: str, style: Style, letter: str, color: Paint) -> tuple[str, Style]:
    """Return a character over another; it is cut out of a solid bar, which stays whole."""
    if before in _SOLID and style.color is not None:
        return letter, Style(background=style.color)
    return letter, Style(color=color, background=style.background)


def _mark(cells: list[_Cells], series: Series, symbol: str, scale: Scale) -> None:
    """Set the symbol of a line on its points, as far as some line between them stays visible."""
    width = len(cells[0])
    values = series.values
    slot = width / len(values)
    step = max(1, math.ceil(3 / slot))
    for number, value in enumerate(values):
        if value is None:
            continue
        alone = all(
            other is None
            for other in (*values[max(0, number - 1) : number], *values[number + 1 : number + 2])
        )
        if number % step == 0 or alone:
            row = scale.height - 1 - scale.row_of(value) // DOTS_DOWN
            cell = cells[max(0, min(scale.height - 1, row))]
            column = min(int((number + 0.5) * slot), width - 1)
            cell[column] = _over(*cell[column], symbol, series.color)


def _joined(row: _Cells) -> Line:
    """Return cells as spans, without empty ones at the end."""
    spans: list[Span] = []
    start = 0
    for end in range(1, len(row) + 1):
        if end == len(row) or row[end][1] != row[start][1]:
            text, style = "".join(letter for letter, _ in row[start:end]), row[start][1]
            if end == len(row):
                text = text.rstrip(" ")
            if text:
                spans.append(Span(text, style))
            start = end
    return tuple(spans)


# -- bars across -----------------------------------------------------------------------------------

MOST_ACROSS: Final = 16
"""Lines of bars that lie on their side."""
SHORT_LABEL: Final = 12
"""Cells of labels that may be thinned out below upright bars."""
_WIDEST_ACROSS: Final = 40
"""Cells of the longest bar, at most."""
_NARROWEST_ACROSS: Final = 4
"""The same, at least."""


def lies_across(data: ChartData, width: int) -> bool:
    """Return whether bars lie on their side, since their labels would not fit below them."""
    data = data.drawn()
    values = (value or 0.0 for series in data.series for value in series.values)
    if any(series.kind != "bar" for series in data.series) or min(values, default=-1.0) < 0:
        return False
    longest = max(cells_of(sanitize(name)) for name in data.points)
    fits = longest < max(SHORT_LABEL + 1, width / len(data.points))
    return not fits and len(data.points) * len(data.bar_groups()) <= MOST_ACROSS


def plot_across(data: ChartData, width: int) -> list[Line] | None:
    """Return bars on their side, each behind the label of its point, in lines of `width` cells.

    Return None if there is no room for bars and their numbers.
    """
    data = data.drawn()
    labels = [sanitize(name) for name in data.points]
    bars = [_Bar.of(data, point) for point in range(len(labels))]
    side = min(max(map(cells_of, labels)), width * 3 // 5)
    number = max(len(bar.number) for own in bars for bar in own)
    room = min(_WIDEST_ACROSS, width - side - number - 3)
    if room < _NARROWEST_ACROSS:
        return None
    unit = max(max(bar.total for own in bars for bar in own) / room, 1e-300)
    lines: list[Line] = []
    for label, own in zip(labels, bars, strict=True):
        words = [label[start:end] for start, end in break_lines(label, side)]
        for text, bar in zip_longest(words, own):
            name = Span(f"{text or ''}{' ' * (side - cells_of(text or '') + 2)}", DIM)
            lines.append((name, *bar.draw(data, unit, room)) if bar else (name,))
    return lines


class _Bar(NamedTuple):
    """One bar on its side: the parts of a stack, or a single series."""

    series: Sequence[int]
    """The numbers of its series."""
    sizes: Sequence[float]
    total: float
    number: str
    """The total in words."""

    @classmethod
    def of(cls, data: ChartData, point: int) -> list[_Bar]:
        """Return the bars of a point."""
        bars = []
        for group in data.bar_groups():
            own = [n for n, series in enumerate(data.series) if (series.stack or n) == group]
            sizes = [data.series[n].values[point] or 0.0 for n in own]
            total = math.fsum(sizes)
            bars.append(cls(own, sizes, total, number_words(total)))
        return bars

    def draw(self, data: ChartData, unit: float, room: int) -> Iterator[Span]:
        parts = _shares(self.sizes, unit, room)
        for number, part in zip(self.series, parts, strict=True):
            if part:
                yield Span(data.symbol(number) * part, Style(color=data.series[number].color))
        yield Span(f" {self.number}" if any(parts) else self.number)
