"""A chart in cells. Lines and points are set by plotille; words are put around them here.

Of the libraries that plot in a terminal, plotille is the one whose canvas is an object of its own:
pure Python without dependencies, nothing global, so that charts can be drawn in several threads and
are the same every time; 13 ms to import. plotext draws axes and bars as well, but around one global
figure, with a compiled kernel (220 ms, none for every platform) and words that it takes to be one
cell a letter; uniplot needs NumPy and has no bars. Colours are not left to the library: it asks the
environment for them. Each series has a canvas, and here the canvases are laid on one another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from chatkit_tui.document.spans import PLAIN, Line, Paint, Span, Style
from chatkit_tui.render.widgets.axis import DOTS_DOWN, Extent, Scale, extents, scale_of, shown_of
from chatkit_tui.render.widgets.chart_data import Figures, Series

if TYPE_CHECKING:
    from plotille import Canvas

DOTS_ACROSS: Final = 2
"""Dots of a cell's width."""

WIDEST_BAR: Final = 8
"""Cells."""

FILLS: Final = ("█", "▒", "⣿", "░")
"""What bars are made of, one series after the other, so that they differ without colour."""
AREAS: Final = ("⢕", "⠌", "⡇", "⠒")
"""The same for areas: which dots of a cell are set below the edge."""
MARKERS: Final = ("●", "○", "◆", "◇", "▲", "△", "■", "□")
"""The same for lines: what stands at their points."""

_BLANK: Final = "⠀"
_BLOCKS: Final = {"⣀": "▂", "⣤": "▄", "⣶": "▆", "⣿": "█", "⠉": "▔", "⠛": "▀", "⠿": "▀"}
"""Parts of a solid bar: dots set across a cell, and the block of that height."""
_SOLID: Final = "█▆"
"""Parts of a solid bar that look whole when something is cut out of them."""


_Cells: TypeAlias = list[tuple[str, Style]]
"""One row of signs in their styles."""


class _Layer(NamedTuple):
    """One series, drawn on a canvas of its own."""

    rows: list[str]
    color: Paint | None
    fill: str
    """What bars are made of; empty for dots."""


def marker(figures: Figures, number: int) -> str:
    """The sign of a series in its plot: what its bars, its area or its points are made of."""
    kind = figures.series[number].kind
    place = sum(series.kind == kind for series in figures.series[:number])
    signs = {"bar": FILLS, "area": AREAS, "line": MARKERS}[kind]
    return signs[place % len(signs)]


def plotted(figures: Figures, width: int, height: int) -> list[Line]:
    """Figures with a number in them, from the top down, in `width` × `height` cells (2 or more)."""
    shown = shown_of(figures)
    spans = extents(shown)
    scale = scale_of(spans, height)
    cells: list[_Cells] = [[(" ", PLAIN)] * width for _ in range(height)]
    if 0 < scale.below < height:
        _lay(cells, _zero(scale, width))
    for kind in ("area", "bar", "line"):  # what is thinner lies on top
        for number, series in enumerate(shown.series):
            if series.kind == kind:
                _lay(cells, _layer(shown, number, spans[number], scale, width))
    for number, series in enumerate(shown.series):
        if series.kind == "line":
            _mark(cells, series, marker(shown, number), scale)
    return [_joined(row) for row in cells]


# -- drawing ---------------------------------------------------------------------------------------


def _canvas(scale: Scale, width: int) -> Canvas:
    """A canvas whose dots are counted across, and worth their part of a row's unit up and down."""
    from plotille import Canvas

    return Canvas(
        width,
        scale.height,
        xmin=0,
        xmax=width * DOTS_ACROSS,
        ymin=scale.low,
        ymax=scale.high,
    )


def _zero(scale: Scale, width: int) -> _Layer:
    canvas = _canvas(scale, width)
    canvas.line(0, 0, width * DOTS_ACROSS - 1, 0)
    return _Layer(_rows(canvas), "grey", "")


def _rows(canvas: Canvas) -> list[str]:
    drawn: str = canvas.plot(linesep="\n")
    return drawn.split("\n")


def _layer(
    figures: Figures,
    number: int,
    spans: Sequence[Extent],
    scale: Scale,
    width: int,
) -> _Layer:
    series = figures.series[number]
    canvas = _canvas(scale, width)
    if series.kind == "bar":
        groups = list(
            dict.fromkeys(
                other.stack or place
                for place, other in enumerate(figures.series)
                if other.kind == "bar"
            )
        )
        place = groups.index(series.stack or number)
        for left, right, span in _bars(spans, place, len(groups), width):
            _bar(canvas, scale, left, right, span, whole=bool(series.stack))
        return _Layer(_rows(canvas), series.color, marker(figures, number))
    dot = scale.unit / DOTS_DOWN
    tops = [None if span is None else min(span[1], scale.high - dot) for span in spans]
    runs = list(_runs(tops, width))
    for run in runs:
        for (x0, y0), (x1, y1) in zip(run, run[1:] or run, strict=False):
            canvas.line(x0, y0, x1, y1)
    rows = _rows(canvas)
    if series.kind == "area":
        bases = [None if span is None else min(span[0], scale.high - dot) for span in spans]
        rows = _filled(
            rows, _below(runs, list(_runs(bases, width)), scale), marker(figures, number)
        )
    return _Layer(rows, series.color, "")


def _bars(
    spans: Sequence[Extent], place: int, groups: int, width: int
) -> Iterator[tuple[int, int, tuple[float, float]]]:
    """The first and last cell of each bar of a series, and where it begins and ends.

    Where several points share a cell, the one that goes farthest up and the one farthest down.
    """
    slot = width / len(spans)
    own = max(1, min(WIDEST_BAR, int((slot - (slot > groups)) / groups)))
    spare = max(0.0, slot - own * groups) / 2
    farthest: dict[tuple[int, bool], tuple[float, float]] = {}
    for number, span in enumerate(spans):
        if span is not None:
            left = min(int(number * slot + spare + place * min(own, slot / groups)), width - 1)
            up = span[1] >= 0
            if abs(farthest.get((left, up), (0.0, 0.0))[1]) <= abs(span[1]):
                farthest[left, up] = span
    for (left, _), span in farthest.items():
        yield left, min(left + own - 1, width - 1), span


def _bar(
    canvas: Canvas,
    scale: Scale,
    left: int,
    right: int,
    span: tuple[float, float],
    *,
    whole: bool,
) -> None:
    """A bar from cell `left` to cell `right`.

    Some of it shows unless it is zero. With `whole` it takes whole rows: parts of a stack cannot
    share one, so a part of less than half a row is not there.
    """
    begin, end = (round(edge / scale.unit * DOTS_DOWN) for edge in span)
    if whole:
        begin, end = (round(edge / DOTS_DOWN) * DOTS_DOWN for edge in (begin, end))
    elif begin == end and span[0] != span[1]:
        end += 1 if span[1] > span[0] else -1
    dot = scale.unit / DOTS_DOWN
    low, high = sorted((begin, end))
    if low < high:
        for x in range(left * DOTS_ACROSS, (right + 1) * DOTS_ACROSS):
            canvas.line(x, low * dot, x, (high - 1) * dot)


def _runs(values: Sequence[float | None], width: int) -> Iterator[list[tuple[float, float]]]:
    """The points of a line in dots across and numbers up, a run for each part without a gap.

    Where there are more points than dots, the lowest and the highest of each dot are kept.
    """
    slot = width * DOTS_ACROSS / len(values)
    run: list[tuple[float, float]] = []
    at: int | None = None
    low = high = 0.0
    for number, value in enumerate([*values, None]):
        x = int((number + 0.5) * slot)
        if at is not None and (value is None or x != at):
            run += [(at, low)] if low == high else [(at, low), (at, high)]
            at = None
        if value is None:
            if run:
                yield run
            run = []
        elif at is None:
            at, low, high = x, value, value
        else:
            low, high = min(low, value), max(high, value)


def _below(
    tops: list[list[tuple[float, float]]],
    bases: list[list[tuple[float, float]]],
    scale: Scale,
) -> dict[int, tuple[int, int]]:
    """For each column of dots under a line, the dots from which and up to which it is filled."""
    filled: dict[int, tuple[int, int]] = {}
    for top, base in zip(tops, bases, strict=False):
        upper, lower = _heights(top), _heights(base)
        for x, value in upper.items():
            ends = sorted(
                round((edge - scale.low) / scale.unit * DOTS_DOWN)
                for edge in (value, lower.get(x, 0.0))
            )
            filled[x] = (ends[0], ends[1])
    return filled


def _heights(run: list[tuple[float, float]]) -> dict[int, float]:
    """The number at each column of dots along a run."""
    heights = {int(x): y for x, y in run}
    for (x0, y0), (x1, y1) in pairwise(run):
        for x in range(int(x0) + 1, int(x1)):
            share = (x - x0) / (x1 - x0)
            heights[x] = y0 * (1 - share) + y1 * share
    return heights


def _filled(rows: list[str], below: dict[int, tuple[int, int]], pattern: str) -> list[str]:
    """Rows with the dots of a pattern set wherever an area is."""
    made = [[ord(letter) for letter in row] for row in rows]
    bits = ord(pattern) - ord(_BLANK)
    for x, (low, high) in below.items():
        for y in range(low, high):
            row, column = len(rows) - 1 - y // DOTS_DOWN, x // DOTS_ACROSS
            bit = _DOTS[x % DOTS_ACROSS][y % DOTS_DOWN]
            if bits & bit and 0 <= row < len(made) and column < len(made[row]):
                made[row][column] |= bit
    return ["".join(map(chr, row)) for row in made]


_DOTS: Final = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""The bit of each dot in a braille letter: by column, then from the bottom up."""


# -- laying over one another -----------------------------------------------------------------------


def _lay(cells: list[_Cells], layer: _Layer) -> None:
    """Lay a series over those before it: dots among dots, anything else over what was there."""
    for row, letters in zip(cells, layer.rows, strict=True):
        for column, letter in enumerate(letters):
            if letter == _BLANK:
                continue
            before, style = row[column]
            if layer.fill:
                row[column] = (_fill(letter, layer.fill), Style(color=layer.color))
                continue
            if _BLANK < before <= "⣿":
                letter = chr(ord(before) | ord(letter))
            row[column] = _over(before, style, letter, layer.color)


def _over(before: str, style: Style, letter: str, color: Paint | None) -> tuple[str, Style]:
    """A sign over what was there: on a solid bar it is cut out, so that the bar stays whole."""
    if before in _SOLID and style.color is not None:
        return letter, Style(background=style.color)
    return letter, Style(color=color, background=style.background)


def _fill(letter: str, fill: str) -> str:
    """A cell of a bar: solid bars end in a block of their height, patterned ones in a cell."""
    if fill == "█":
        return _BLOCKS.get(letter, letter)
    return letter if fill == "⣿" else fill


def _mark(cells: list[_Cells], series: Series, sign: str, scale: Scale) -> None:
    """Set the sign of a line on its points, as far as there is room for some line between."""
    width = len(cells[0])
    slot = width / len(series.values)
    step = max(1, math.ceil(3 / slot))
    for number, value in enumerate(series.values):
        lonely = value is not None and not any(
            0 <= other < len(series.values) and series.values[other] is not None
            for other in (number - 1, number + 1)
        )
        if value is not None and (number % step == 0 or lonely):
            place = round(value / scale.unit * DOTS_DOWN)
            row = scale.height - scale.below - 1 - place // DOTS_DOWN
            column = int((number + 0.5) * slot)
            cell = cells[max(0, min(scale.height - 1, row))]
            column = min(column, width - 1)
            cell[column] = _over(*cell[column], sign, series.color)


def _joined(row: _Cells) -> Line:
    """Cells as spans, without those that are empty at the end."""
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
