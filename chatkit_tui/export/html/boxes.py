"""Widgets as HTML: the boxes that the screen draws in cells, arranged by the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from chatkit_tui.document.spans import Inline, Span, Style, UntrustedSpan, raw_text
from chatkit_tui.export.html.blocks import blocks_html, scrolling_table
from chatkit_tui.export.html.charts import chart_html
from chatkit_tui.export.html.markup import classes, element, inline_html, style_classes
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render import RenderContext
from chatkit_tui.render.layout.blocks import BlockBox
from chatkit_tui.render.layout.box import Box, Note, Text
from chatkit_tui.render.layout.column import Column
from chatkit_tui.render.layout.frames import (
    Bar,
    Closed,
    Dot,
    Frame,
    LimitedList,
    Prefixed,
    Rule,
    Stripe,
)
from chatkit_tui.render.layout.notes import WithNotes
from chatkit_tui.render.layout.row import Row, Spacer
from chatkit_tui.render.layout.table import Cell, TableBox
from chatkit_tui.render.widgets import picture
from chatkit_tui.render.widgets.chart import Chart
from chatkit_tui.render.widgets.media import Image
from chatkit_tui.text.sanitize import Untrusted

_JUSTIFY: Final = {
    "center": "center",
    "end": "flex-end",
    "between": "space-between",
    "around": "space-around",
    "evenly": "space-evenly",
}
_ALIGN: Final = {"center": "center", "end": "flex-end", "stretch": "stretch"}
_BARS: Final = frozenset("▎│")
"""Prefixes that go down the side of a box."""
_BRACKETED: Final = re.compile(r"\[ ?(.*?) ?\]", re.DOTALL)
_LEAST_GROWTH: Final = 0.01
"""The weight of free space, which is left over by everything else."""


def widget_html(root: WidgetNode, context: RenderContext) -> str:
    """Return a tree of components with all its words; a note if it has none."""
    drawing = picture(root, context)
    html = box_html(drawing.whole()) if drawing else "(a widget without words)"
    return element("div", html, class_="widget" if drawing else "widget r-dim")


def box_html(box: Box) -> str:
    """Return a box and what is in it. Raise `KeyError` for a box that widgets do not consist of."""
    return _BOXES[type(box)](box)


def _each(boxes: Iterable[Box]) -> str:
    return "".join(map(box_html, boxes))


# -- text ------------------------------------------------------------------------------------------


def _text(box: Text) -> str:
    inlines: Sequence[Inline] = box.inlines
    if box.is_bracketed and (control := _control(inlines)):
        return element("div", control, class_="t", dir="auto")
    look = classes("t", box.align if box.align in ("center", "end") else "")
    return element("div", inline_html(inlines), class_=look, dir="auto")


def _control(inlines: Sequence[Inline]) -> str | None:
    """Return a button, a field or a badge with what follows it; None for other text."""
    first = next(iter(inlines), None)
    if not isinstance(first, UntrustedSpan):
        return None
    raw = raw_text((first,))
    words = _BRACKETED.fullmatch(raw)
    if words is None:
        return None
    is_badge = not raw.startswith("[ ")
    kind = "badge" if is_badge else "button" if first.style.role == "widget" else "field"
    shown = first._replace(text=Untrusted(words[1]), style=first.style._replace(role="text"))
    looks = "" if kind == "button" else style_classes(first.style)
    return element("span", inline_html((shown,)), class_=classes(kind, looks)) + inline_html(
        inlines[1:]
    )


def _image(box: Image) -> str:
    return element("div", inline_html(box.inlines), class_="t image", dir="auto")


def _noted(box: WithNotes) -> str:
    return element("div", box_html(box.box) + "".join(map(_note, box.own)), class_="noted")


def _note(note: Note) -> str:
    return element("span", inline_html(note.full.inlines), class_="note", dir="auto")


# -- arrangement -----------------------------------------------------------------------------------


def _row(box: Row) -> str:
    parts = "".join(element("div", box_html(part), style=_place(part)) for part in box.parts())
    style = f"gap:.4em {box.gap}ch"
    if justify := _JUSTIFY.get(box.justify):
        style += f";justify-content:{justify}"
    if align := _ALIGN.get(box.align):
        style += f";align-items:{align}"
    return element("div", parts, class_="row", style=style)


def _place(part: Box) -> str:
    """Return the CSS of a part of a row: at least as wide as its longest word, at most as its
    text."""
    if part.pushes:
        return f"flex:{_LEAST_GROWTH} 1 0"
    if part.stretches:
        return "flex:none;align-self:stretch"
    if part.share is not None:
        return f"flex:1 1 {part.share * 100:.4g}%"
    weight = part.flex or max(1, part.natural - part.min_width)
    limit = "" if part.flex or isinstance(part, (Chart, Bar)) else ";max-width:max-content"
    return f"flex:{weight:.4g} 1 {part.min_width}ch{limit}"


def _column(box: Column) -> str:
    look = classes("col", "gaps" if box.gap else "", box.align)
    return element("div", _each(box.parts()), class_=look)


def _frame(box: Frame) -> str:
    sections = "".join(element("div", box_html(part), class_="section") for part in box.parts())
    look = classes("card", "dashed" if box.dashed else "", _paint(box.style))
    size = f"max-width:{box.max_width}ch" if box.max_width else ""
    return element("div", sections, class_=look, style=size)


def _paint(style: Style) -> str:
    return f"p-{style.color}" if style.color else ""


def _prefixed(box: Prefixed) -> str:
    (inner,) = box.parts()
    content, mark = box_html(inner), box.first.text.strip()
    if not mark:
        return element("div", content, class_="indent" if box.first.text else "")
    if mark in _BARS:
        return element("div", content, class_=classes("bar", _paint(box.first.style)))
    sign = element("span", inline_html((Span(mark, box.first.style),)), class_="mark")
    return element("div", sign + element("div", content), class_="marked")


def _list(box: LimitedList) -> str:
    return element(
        "ul", "".join(element("li", box_html(row)) for row in box.parts()), class_="rows"
    )


def _table(box: TableBox) -> str:
    rows = [
        element("tr", _cells(row, box.align, is_header=box.header and not number))
        for number, row in enumerate(box.rows)
    ]
    return scrolling_table("".join(rows[: box.header]), "".join(rows[box.header :]))


def _cells(row: Sequence[Cell], align: Sequence[str], *, is_header: bool) -> str:
    found, column = [], 0
    for cell in row:
        side = cell.align or (align[column] if column < len(align) else "")
        column += cell.span
        found.append(
            element(
                "th" if is_header else "td",
                box_html(cell.box) if cell.box else "",
                class_=side if side in ("center", "end") else "",
                colspan=cell.span if cell.span > 1 else None,
            )
        )
    return "".join(found)


# -- colors ----------------------------------------------------------------------------------------


def _bar(box: Bar) -> str:
    total = max(100.0, sum(share for share, _ in box.shares))
    parts = "".join(
        element("span", class_=_paint(style), style=f"width:{share / total * 100:.4g}%")
        for share, style in box.shares
    )
    label = element("span", inline_html((Span(box.label),)), class_="r-dim") if box.label else ""
    return element("div", element("div", parts, class_="meter") + label, class_="t measured")


def _stripe(box: Stripe) -> str:
    return element("div", class_=classes("stripe", _paint(box.span.style)))


def _dot(box: Dot) -> str:
    return element("div", inline_html((box.span,)), class_="t")


_BOXES: Final[Mapping[type[Box], Callable[[Any], str]]] = {
    BlockBox: lambda box: blocks_html(box.blocks),
    Bar: _bar,
    Chart: lambda box: chart_html(box.data),
    Closed: lambda box: _each(box.parts()),
    Column: _column,
    Dot: _dot,
    Frame: _frame,
    Image: _image,
    LimitedList: _list,
    Prefixed: _prefixed,
    Row: _row,
    Rule: lambda _: element("hr"),
    Spacer: lambda _: "",
    Stripe: _stripe,
    TableBox: _table,
    Text: _text,
    WithNotes: _noted,
}
"""The function for each kind of box that widgets consist of."""
