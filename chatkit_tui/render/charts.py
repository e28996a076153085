"""Charts in cells: bars, areas and lines, each series a layer of braille dots.

A chart library does not pay: those whose canvas is an object of its own (plotille) set dots and
leave bars, stacks, words of double width and colors to the caller; those that draw whole charts
(plotext, uniplot) have one global figure, or need compiled packages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple, TypeAlias

from chatkit_tui.document.blocks import Table
from chatkit_tui.document.spans import PLAIN, Inline, Line, Paint, Span, Style, untrusted

DOTS_ACROSS: Final = 2
"""Dots of a cell's width."""
DOTS_DOWN: Final = 4
"""Dots of a cell's height."""
MAX_SERIES: Final = 12
"""More series are in the table only, since they could not be told apart."""
WIDEST_BAR: Final = 8
"""Cells."""

FILLS: Final = ("█", "▒", "⣿", "░")
"""The characters of bars, one series after the other, so that they differ without color."""
AREAS: Final = ("⢕", "⠌", "⡇", "⠒")
"""The same for areas: which dots of a cell are set below the edge."""
MARKERS: Final = ("●", "○", "◆", "◇", "▲", "△", "■", "□")
"""The same for lines: the markers of their points."""

_BLANK: Final = "⠀"
_BITS: Final = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""The bit of each dot in a braille character: by column, then from the bottom up."""
_BLOCKS: Final = {"⣀": "▂", "⣤": "▄", "⣶": "▆", "⣿": "█", "⠉": "▔", "⠛": "▀", "⠿": "▀"}
"""Blocks of the height of the dots in a solid bar."""
_SOLID: Final = "█▆"
"""Parts of a solid bar that look whole when something is cut out of them."""


# -- data ------------------------------------------------------------------------------------------

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
    below: int
    """Rows below zero."""
    height: int

    @property
    def low(self) -> float:
        return -self.unit * self.below

    @property
    def high(self) -> float:
        return self.unit * (self.height - self.below)

    @property
    def dot(self) -> float:
        """The value of one row of dots."""
        return self.unit / DOTS_DOWN

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


def scale_of(spans: Sequence[Sequence[Extent]], height: int) -> Scale:
    """Return the scale that all values and zero fit into."""
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


def ticks(data: ChartData, height: int) -> dict[int, str]:
    """Return round numbers for the vertical axis, by their row from the top."""
    scale = scale_of(extents(data.drawn()), height)
    step = _round_up(scale.unit * max(2.0, height / 4))
    found: dict[int, str] = {}
    first, last = math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9)
    for count in range(last, first - 1, -1):
        above = round(count * step / scale.unit * DOTS_DOWN)
        row = scale.height - scale.below - 1 - (above - (above > 0)) // DOTS_DOWN
        value = count * step
        size = abs(value)
        text = f"{value:.3g}" if size >= 1e9 or 0 < size < 1e-4 else f"{value:,.6g}"
        found.setdefault(max(0, min(height - 1, row)), text)
    return found


def _round_up(value: float) -> float:
    """Return the next larger of 1, 2, 5, 10, … of the same magnitude."""
    magnitude = 10.0 ** math.floor(math.log10(value))
    return next(
        (factor * magnitude for factor in (1, 2, 5) if factor * magnitude >= value * (1 - 1e-9)),
        10 * magnitude,
    )


# -- drawing ---------------------------------------------------------------------------------------

_Cells: TypeAlias = list[tuple[str, Style]]
"""One row of characters with their styles."""
_Run: TypeAlias = list[tuple[int, float]]
"""The points of a line without a gap: columns of dots, and values."""


def plot(data: ChartData, width: int, height: int) -> list[Line]:
    """Return data with a number in it as `height` lines of `width` cells (both 2 or more)."""
    data = data.drawn()
    spans = extents(data)
    scale = scale_of(spans, height)
    cells: list[_Cells] = [[(" ", PLAIN)] * width for _ in range(height)]
    if 0 < scale.below < height:
        zero = _Dots(width, height)
        zero.line(0, scale.row_of(0), width * DOTS_ACROSS - 1, scale.row_of(0))
        _lay(cells, zero, "grey")
    for kind in ("area", "bar", "line"):  # the thinner ones are above
        for number, series in enumerate(data.series):
            if series.kind == "bar" == kind:
                _lay(
                    cells,
                    _bars(data, number, spans[number], scale, width),
                    series.color,
                    data.symbol(number),
                )
            elif series.kind == kind:
                pattern = data.symbol(number) if kind == "area" else ""
                _lay(cells, _edge(spans[number], scale, width, pattern), series.color)
    for number, series in enumerate(data.series):
        if series.kind == "line":
            _mark(cells, series, data.symbol(number), scale)
    return [_joined(row) for row in cells]


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


def _bars(data: ChartData, number: int, spans: Sequence[Extent], scale: Scale, width: int) -> _Dots:
    """Return the bars of a series.

    Where several points share a cell, the highest and the lowest are drawn.
    """
    stacks = [
        series.stack or place for place, series in enumerate(data.series) if series.kind == "bar"
    ]
    groups = list(dict.fromkeys(stacks))
    stack = data.series[number].stack
    place = groups.index(stack or number)
    slot = width / len(spans)
    own = max(1, min(WIDEST_BAR, int((slot - (slot > len(groups))) / len(groups))))
    spare = max(0.0, slot - own * len(groups)) / 2
    farthest: dict[tuple[int, bool], tuple[float, float]] = {}
    for point, span in enumerate(spans):
        if span is not None:
            offset = spare + place * min(own, slot / len(groups))
            left = min(int(point * slot + offset), width - 1)
            up = span[1] >= 0
            if abs(farthest.get((left, up), (0.0, 0.0))[1]) <= abs(span[1]):
                farthest[left, up] = span
    dots = _Dots(width, scale.height)
    for (left, _), span in farthest.items():
        low, high = _bar_rows(span, scale, whole=bool(stack))
        dots.fill(left, min(left + own, width), low, high)
    return dots


def _bar_rows(span: tuple[float, float], scale: Scale, *, whole: bool) -> tuple[int, int]:
    """Return the first row of dots of a bar and the one after its last.

    Some of a bar shows unless it is zero. With `whole` it takes whole rows of cells: parts of a
    stack cannot share one, so a part of less than half a row is not drawn.
    """
    begin, end = (round(edge / scale.unit * DOTS_DOWN) for edge in span)
    if whole:
        begin, end = (round(edge / DOTS_DOWN) * DOTS_DOWN for edge in (begin, end))
    elif begin == end and span[0] != span[1]:
        end += 1 if span[1] > span[0] else -1
    zero = scale.below * DOTS_DOWN
    return zero + min(begin, end), zero + max(begin, end)


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
        bases = _runs([None if span is None else min(span[0], highest) for span in spans], width)
        for top, base in zip(runs, bases, strict=False):
            lower = _heights(base)
            for x, value in _heights(top).items():
                low, high = sorted(map(scale.row_of, (value, lower.get(x, 0.0))))
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
            place = round(value / scale.unit * DOTS_DOWN)
            row = scale.height - scale.below - 1 - place // DOTS_DOWN
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
