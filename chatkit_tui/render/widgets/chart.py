"""Chart: a picture of its figures with axes, labels and a legend; where that cannot be, a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import DIM, PLAIN, Line, Span, Style, untrusted
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.layout.blocks import BlockBox
from chatkit_tui.render.layout.box import Box, LayoutState, Text
from chatkit_tui.render.layout.flow import Row
from chatkit_tui.render.widgets.axis import MOST_SERIES, ticks
from chatkit_tui.render.widgets.chart_data import Figures, read_figures
from chatkit_tui.render.widgets.plot import marker, plotted
from chatkit_tui.render.widgets.properties import PIXELS_DOWN, flag, object_of, pixels
from chatkit_tui.render.widgets.registry import WidgetBuilder, component
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells, shorten

HEIGHT: Final = 8
"""Rows of a plot that asks for no height."""
LOWEST: Final = 4
HIGHEST: Final = 16
NARROWEST: Final = 16
"""Cells of the narrowest plot; with less room the figures are told as a table."""
WIDEST: Final = 84
"""Cells of the widest plot."""
SLOT: Final = 12
"""Cells of a point, in a plot that has all the room it wants."""
LABEL: Final = 12
"""Cells that a label along the axis gets before its neighbours are left out."""
LEAST_LABEL: Final = 4
"""Cells of the shortest piece of a label that is worth showing."""

_AXIS: Final = Style("dim", color="grey")
"""Not just dim: a frame takes a dim line across for a rule of its own."""


@component("Chart")
def chart(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """A chart of its numbers, or a table where there are none or text is what is asked for."""
    figures = read_figures(node)
    if not figures.series:
        return None
    if not figures.points:
        names = ", ".join(sanitize(series.label) for series in figures.series)
        return Text((Span(f"(a chart without data: {names})", DIM),))
    if builder.context.plain or builder.context.tables or not figures.drawable:
        return BlockBox((figures.table(),))
    return _Chart(figures, node)


class _Chart(Box):
    """A plot between its words; when the item is opened, the figures as a table below it."""

    __slots__ = ("_figures", "_height", "_hidden", "_labels", "_legend", "_numbers")

    def __init__(self, figures: Figures, node: WidgetNode) -> None:
        super().__init__(NARROWEST + 8, max(40, min(WIDEST, len(figures.points) * SLOT)))
        self.flex = 1.0
        self.max_width = self.natural + SLOT
        self._figures = figures
        self._legend = _legend(figures) if _needs_legend(node, figures) else None
        self._numbers = flag(node, "showYAxis")
        self._hidden = object_of(node.props.get("xAxis")).get("hide") is True
        self._labels = tuple(sanitize(name) for name in figures.points)
        asked = pixels(node.props.get("height"))
        rows = HEIGHT if asked is None else round(asked / PIXELS_DOWN)
        self._height = max(LOWEST, min(HIGHEST, rows))

    def texts(self) -> Iterable[Line]:
        """Those of the table: every word and every number."""
        return (safe_spans(cell) for row in self._figures.table().rows for cell in row)

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """The legend, the plot, the axis, and either how much there is of it or all as a table."""
        table = BlockBox((self._figures.table(),)) if width < NARROWEST or state.open else None
        if width < NARROWEST and table:
            return table.draw(width, state)
        lines = self._legend.draw(width, state) if self._legend else []
        lines += self._plot(width)
        if not state.fold() and table:
            return lines + table.draw_limited(width, state)
        return lines + Text((Span(self._told(), DIM),)).draw(width, state)

    def _told(self) -> str:
        points, series = len(self._figures.points), len(self._figures.series)
        told = f"… {points:,} {'point' if points == 1 else 'points'}"
        return told if series == 1 else f"{told} of {series} series"

    def _plot(self, width: int) -> list[Line]:
        numbers = ticks(self._figures, self._height) if self._numbers else {}
        side = max(map(len, numbers.values()), default=-2) + 2
        if width - side < NARROWEST:
            side = 0
        lines: list[Line] = []
        for number, row in enumerate(plotted(self._figures, width - side, self._height)):
            tick = numbers.get(number, "")
            edge = f"{tick:>{side - 2}} {'┤' if tick else '│'}" if side else ""
            lines.append((Span(edge, DIM), *row) if edge else row)
        if not self._hidden:
            corner = f"{'└':>{side}}" if side else ""
            lines.append((Span(corner + "─" * (width - side), _AXIS),))
            lines += _under(self._labels, side, width - side)
        return lines


def _needs_legend(node: WidgetNode, figures: Figures) -> bool:
    """Whether there is a legend: where none is wanted, only for several series to be told apart."""
    return node.props.get("showLegend") is not False or len(figures.series) > 1


def _legend(figures: Figures) -> Box:
    """Every series behind its sign, as many on a line as there is room for."""
    entries: list[Box] = []
    for number, series in enumerate(figures.series):
        sign = marker(figures, number) if number < MOST_SERIES else " "
        if series.kind == "line":
            sign += "─"
        entries.append(
            Text((Span(sign, Style(color=series.color)), Span(" ", PLAIN), untrusted(series.label)))
        )
    return Row(entries, gap=3, wrap=True)


def _under(labels: Sequence[str], left: int, width: int) -> list[Line]:
    """The labels of the points below their middles; where they do not all fit, every so many."""
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
