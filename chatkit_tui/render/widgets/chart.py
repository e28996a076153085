"""The component Chart: a plot with axes, labels and a legend, or a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from chatkit_tui.document.spans import DIM, Inline, Line, Paint, Span, Style, untrusted
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.chart_data import (
    MAX_SERIES,
    ChartData,
    Kind,
    Series,
    range_words,
    ticks,
)
from chatkit_tui.render.charts import lies_across, numbers_above, plot, plot_across
from chatkit_tui.render.colors import terminal_color
from chatkit_tui.render.layout.blocks import BlockBox
from chatkit_tui.render.layout.box import Box, LayoutState, Text
from chatkit_tui.render.layout.row import Row
from chatkit_tui.render.widgets.properties import (
    PIXELS_DOWN,
    flag,
    list_of,
    object_of,
    pixels,
    words,
)
from chatkit_tui.render.widgets.registry import WidgetBuilder, component
from chatkit_tui.text.plain import counted
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells, shorten

HEIGHT: Final = 8
"""Rows of a plot without a requested height."""
FLAT: Final = 2
"""Rows of a plot whose numbers are all the same."""
LOWEST: Final = 4
HIGHEST: Final = 16
NARROWEST: Final = 16
"""Cells of the narrowest plot; with less room the chart is a table."""
WIDEST: Final = 84
"""Cells of the widest plot."""
SLOT: Final = 12
"""Cells of a point in a plot with enough room."""
LABEL: Final = 12
"""Cells that a label gets before its neighbors are omitted."""
LEAST_LABEL: Final = 4
"""Cells of the shortest part of a label that is worth showing."""
LARGEST: Final = 1e300
"""Larger numbers are not drawn: the distance of two of them would be infinite."""

_COLORS: Final[tuple[Paint, ...]] = ("blue", "magenta", "yellow", "green", "red", "cyan")
"""The colors of series that request none, in turn."""
_AXIS: Final = Style("dim", color="grey")
"""Not just dim: a frame takes a dim horizontal line for its own rule."""


@component("Chart")
def chart(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return a plot, or a table where there are no numbers or the output is text."""
    data = read_chart(node)
    if not data.series:
        return None
    if not data.points:
        names = ", ".join(series.label for series in data.series)
        return Text((untrusted(f"(a chart without data: {names})", DIM),))
    if builder.context.plain or builder.context.tables or not data.has_numbers:
        return BlockBox((data.table(),))
    return Chart(data, node)


class Chart(Box):
    """A plot with its text; the opened item also shows the table."""

    __slots__ = ("_across", "_has_legend", "_height", "_hidden", "_labels", "_numbers", "data")

    def __init__(self, data: ChartData, node: WidgetNode) -> None:
        natural = max(40, min(WIDEST, len(data.points) * SLOT))
        self._hidden = object_of(node.props.get("xAxis")).get("hide") is True
        self._across = not self._hidden and lies_across(data, natural + SLOT)
        super().__init__(NARROWEST + 8, WIDEST if self._across else natural)
        self.flex = 1.0
        self.max_width = self.natural + SLOT
        self.data = data
        self._has_legend = node.props.get("showLegend") is not False or len(data.series) > 1
        self._numbers = flag(node, "showYAxis")
        self._labels = tuple(sanitize(name) for name in data.points)
        requested = pixels(node.props.get("height"))
        rows = HEIGHT if requested is None else round(requested / PIXELS_DOWN)
        self._height = FLAT if data.is_flat else max(LOWEST, min(HIGHEST, rows))

    def texts(self) -> Iterable[Sequence[Inline]]:
        """Return the text of the table: every word and every number."""
        return (cell for row in self.data.table().rows for cell in row)

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """Return the legend, the plot and its axis; below them the table, if it is open."""
        table = BlockBox((self.data.table(),)) if width < NARROWEST or state.open else None
        if width < NARROWEST and table:
            return table.draw(width, state)
        across = plot_across(self.data, width) if self._across else None
        plotted, has_numbers = self._plot(width) if across is None else (across, True)
        legend = self._legend(numbers=not has_numbers)
        lines = (legend.draw(width, state) if legend else []) + plotted
        if not state.fold() and table:
            return lines + table.draw_limited(width, state)
        points, series = len(self.data.points), len(self.data.series)
        size = f"… {counted(points, 'point')}"
        size += f" of {series} series" if series > 1 else ""
        return lines + Text((Span(size, DIM),)).draw(width, state)

    def _legend(self, *, numbers: bool) -> Box | None:
        """Return the symbol and the name of each series, with its numbers if they are not drawn.

        Without names, only the number of a flat plot is left, which nothing else shows.
        """
        data = self.data
        if not self._has_legend:
            flat = range_words(data.series[0]) if numbers and data.is_flat else ""
            return Text((Span(flat, DIM),)) if flat else None
        entries: list[Box] = []
        for number, series in enumerate(data.series):
            symbol = data.symbol(number) if number < MAX_SERIES else " "
            if series.kind == "line":
                symbol += "─"
            name = (Span(symbol, Style(color=series.color)), Span(" "), untrusted(series.label))
            numbers_text = range_words(series) if numbers else ""
            entries.append(Text((*name, Span(f"  {numbers_text}", DIM)) if numbers_text else name))
        return Row(entries, gap=3, wrap=True)

    def _plot(self, width: int) -> tuple[list[Line], bool]:
        """Return the plot with its axes, and whether numbers are above its bars."""
        has_ticks = self._numbers and not self.data.is_flat
        numbers: list[str] = []
        for above in (1, 0):  # with a line for the numbers, else without
            height = self._height - above
            found = ticks(self.data, height) if has_ticks else {}
            axis = {row + above: text for row, text in found.items()}
            side = max(map(len, axis.values()), default=-2) + 2
            if width - side < NARROWEST:
                side = 0
            if above and (numbers := numbers_above(self.data, width - side)):
                break
        lines: list[Line] = []
        for number, row in enumerate(plot(self.data, width - side, height, numbers)):
            tick = axis.get(number, "")
            edge = f"{tick:>{side - 2}} {'┤' if tick else '│'}" if side else ""
            lines.append((Span(edge, DIM), *row) if edge else row)
        if not self._hidden:
            corner = f"{'└':>{side}}" if side else ""
            lines.append((Span(corner + "─" * (width - side), _AXIS),))
            lines += _under(self._labels, side, width - side)
        return lines, bool(numbers)


def _under(labels: Sequence[str], left: int, width: int) -> list[Line]:
    """Return the labels below the middle of their points; if they do not fit, every nth."""
    if not any(labels):
        return []
    slot = width / len(labels)
    longest = max(map(cells, labels))
    step = 1
    while step < len(labels) and step * slot < min(longest, LABEL) + 1:
        step += 1
    room = max(1, int(step * slot) - 1) if len(labels) > step else width
    text, end = "", 0
    for number in range(0, len(labels), step):
        shown = shorten(labels[number], min(width, room))
        start = max(end, min(int((number + 0.5) * slot - cells(shown) / 2), width - cells(shown)))
        if width - start < min(LEAST_LABEL, cells(shown)):
            break
        shown = shorten(shown, width - start)
        text += " " * (start - cells(text)) + shown
        end = cells(text) + 1
    return [(Span(" " * left + text.rstrip(" "), DIM),)] if text.strip(" ") else []


# -- data ------------------------------------------------------------------------------------------


def read_chart(node: WidgetNode) -> ChartData:
    """Return the data of a Chart, whatever its properties hold.

    Without declared series, each key of the points but the axis is a series.
    """
    points = [object_of(point) for point in list_of(node.props.get("data"))]
    axis = node.props.get("xAxis")
    key = axis if isinstance(axis, str) else words(object_of(axis).get("dataKey"))
    labels = object_of(object_of(axis).get("labels"))
    found = [words(point.get(key)) for point in points]
    names = tuple(words(labels.get(name)) or name for name in found)
    declared = [given for entry in list_of(node.props.get("series")) if (given := _declared(entry))]
    if not declared:
        keys = dict.fromkeys(name for point in points for name in point if name != key)
        declared = [{"dataKey": name} for name in keys]
    series = [_series(given, number, points) for number, given in enumerate(declared)]
    return ChartData(key, names, tuple(series))


def _declared(entry: JSON) -> dict[str, JSON]:
    """Return the fields of a declared series; an empty object if it is none."""
    given = object_of(entry)
    if "dataKey" not in given:  # some servers wrap a series as if it were a component
        given = object_of(given.get("value"))
    if isinstance(entry, str) and entry:
        given = {"dataKey": entry}
    return given if words(given.get("dataKey")) else {}


def _series(given: dict[str, JSON], number: int, points: list[dict[str, JSON]]) -> Series:
    key = words(given["dataKey"])
    values = [point.get(key) for point in points]
    return Series(
        words(given.get("label")) or key,
        _kind(given.get("type")),
        terminal_color(given.get("color")) or _COLORS[number % len(_COLORS)],
        words(given.get("stack")),
        tuple(_number(value) for value in values),
        tuple(words(value) for value in values),
    )


def _kind(value: JSON) -> Kind:
    kind = value.lower() if isinstance(value, str) else ""
    return "line" if kind == "line" else "area" if kind == "area" else "bar"


def _number(value: JSON) -> float | None:
    """Return a number, also from text; None for anything else or a number that is too large."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value.strip().removesuffix("%") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= LARGEST else None
