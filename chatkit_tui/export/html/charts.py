"""Charts as HTML: a drawing in SVG, a legend, and the numbers as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from chatkit_tui.document.spans import Span, Style, untrusted
from chatkit_tui.export.html.blocks import folded, table_html
from chatkit_tui.export.html.markup import element, inline_html
from chatkit_tui.render.chart_data import (
    ChartData,
    Extent,
    Scale,
    extents,
    range_words,
    round_numbers,
    scale_of,
)
from chatkit_tui.text.plain import counted
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells, shorten

WIDTH: Final = 400
HEIGHT: Final = 140
"""Units of the drawing without its words."""
_ROWS: Final = 10
"""Rows that the scale has numbers for."""
_LEFT, _TOP, _BELOW = 48, 8, 22
_LETTER: Final = 8
"""Units of a character in a label."""
_GAP: Final = 0.25
"""The part of a point's room that stays free of bars."""


def chart_html(data: ChartData) -> str:
    """Return a chart of series with numbers. The table below it has every word and number."""
    shown = data.drawn()
    scale = scale_of(shown, extents(shown), _ROWS)
    drawing = element(
        "svg",
        "".join((*_axis(scale), *_series(shown, scale), *_labels(shown))),
        viewBox=f"0 0 {_LEFT + WIDTH} {_TOP + HEIGHT + _BELOW}",
        role="img",
        aria_hidden="true",
    )
    size = counted(len(data.points), "point")
    if len(data.series) > 1:
        size += f" of {len(data.series)} series"
    table = folded(size, table_html(data.table()))
    return element("figure", _legend(data) + drawing + table, class_="chart")


def _legend(data: ChartData) -> str:
    entries = []
    for series in data.series:
        sign = Span("● " if series.kind == "line" else "■ ", Style(color=series.color))
        numbers = range_words(series)
        words = (sign, untrusted(series.label), Span(f"  {numbers}", Style("dim")))
        entries.append(element("li", inline_html(words if numbers else words[:2]), dir="auto"))
    return element("ul", "".join(entries), class_="legend")


# -- scale -----------------------------------------------------------------------------------------


def _y(value: float, scale: Scale) -> float:
    return _TOP + HEIGHT * (1 - (value - scale.low) / (scale.unit * scale.height))


def _axis(scale: Scale) -> Iterator[str]:
    for number, words in round_numbers(scale):
        y = _y(number, scale)
        yield element("line", class_="grid", x1=_LEFT, x2=_LEFT + WIDTH, y1=_n(y), y2=_n(y))
        yield _text(words, _LEFT - 6, y + 4, "end")
    if scale.has_zero_inside:
        zero = _n(_y(0, scale))
        yield element("line", class_="zero", x1=_LEFT, x2=_LEFT + WIDTH, y1=zero, y2=zero)


def _labels(data: ChartData) -> Iterator[str]:
    """Yield the names of as many points as there is room for."""
    slot = WIDTH / len(data.points)
    names = [sanitize(name) for name in data.points]
    widest = _LETTER * min(16, max(map(cells, names))) + _LETTER
    step = max(1, round(widest / slot + 0.49))
    for number in range(0, len(names), step):
        room = max(3, int(slot * step / _LETTER))
        words = shorten(names[number], room)
        yield _text(words, _LEFT + (number + 0.5) * slot, _TOP + HEIGHT + 16, "middle")


def _text(words: str, x: float, y: float, anchor: str) -> str:
    return element("text", escape(words), x=_n(x), y=_n(y), text_anchor=anchor)


def _n(value: float) -> str:
    return f"{value:.1f}"


# -- series ----------------------------------------------------------------------------------------


def _series(data: ChartData, scale: Scale) -> Iterator[str]:
    """Yield areas, then bars, then lines, so that none hides another."""
    spans = extents(data)
    for series, own in zip(data.series, spans, strict=True):
        if series.kind == "area":
            yield from (_area(run, scale, series.color) for run in _runs(own))
    yield from _bars(data, spans, scale)
    for series, own in zip(data.series, spans, strict=True):
        if series.kind == "line":
            yield from (_line(run, scale, series.color) for run in _runs(own))


def _runs(spans: Sequence[Extent]) -> Iterator[list[tuple[float, float, float]]]:
    """Yield the points of lines without a gap: across, where each begins and where it ends."""
    slot = WIDTH / len(spans)
    for has_number, group in groupby(enumerate(spans), lambda place: place[1] is not None):
        if has_number:
            yield [(_LEFT + (at + 0.5) * slot, *span) for at, span in group if span]


def _line(run: Sequence[tuple[float, float, float]], scale: Scale, color: str) -> str:
    points = [(x, _y(end, scale)) for x, _, end in run]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(
        element("circle", class_=f"p-{color}", cx=_n(x), cy=_n(y), r=3) for x, y in points
    )
    return element("polyline", class_=f"p-{color}", points=joined) + dots


def _area(run: Sequence[tuple[float, float, float]], scale: Scale, color: str) -> str:
    upper = [f"{x:.1f},{_y(end, scale):.1f}" for x, _, end in run]
    lower = [f"{x:.1f},{_y(max(start, scale.low), scale):.1f}" for x, start, _ in reversed(run)]
    area = element("polygon", class_=f"p-{color}", points=" ".join(upper + lower))
    return area + element("polyline", class_=f"p-{color}", points=" ".join(upper))


def _bars(data: ChartData, spans: Sequence[Sequence[Extent]], scale: Scale) -> Iterator[str]:
    groups = data.bar_groups()
    slot = WIDTH / len(data.points)
    width = slot * (1 - _GAP) / max(1, len(groups))
    for number, (series, own) in enumerate(zip(data.series, spans, strict=True)):
        if series.kind != "bar":
            continue
        place = groups.index(series.stack or number)
        for at, span in enumerate(own):
            if span is None:
                continue
            top, bottom = sorted((_y(span[0], scale), _y(span[1], scale)))
            x = _LEFT + at * slot + slot * _GAP / 2 + place * width
            yield element(
                "rect",
                class_=f"p-{series.color}",
                x=_n(x),
                y=_n(top),
                width=_n(max(0.5, width * 0.94)),
                height=_n(max(0.5, bottom - top)),
            )
