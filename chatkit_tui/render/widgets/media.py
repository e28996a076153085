"""The components that are pictures: Icon, Image."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_tui.document.spans import DIM, PLAIN, Inline, Line, Span, Style, address, untrusted
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.widgets.icons import glyph
from chatkit_tui.render.widgets.layout import Box, Sheet
from chatkit_tui.render.widgets.properties import colored, noted, text
from chatkit_tui.render.widgets.registry import Walk, component
from chatkit_tui.render.widgets.text_boxes import Words
from chatkit_tui.text.links import safe_link


@component("Icon")
def icon(node: WidgetNode, walk: Walk) -> Box | None:
    """Its sign or its name."""
    shown = glyph(text(node, "name"), walk.context)
    if not shown:
        return None
    style = colored(node.props.get("color"))
    return noted(Words((untrusted(shown, DIM if style == PLAIN else style),)), node, walk)


@component("Image")
def image(node: WidgetNode, walk: Walk) -> Box | None:
    """What it shows, in words, and its address; it is never fetched."""
    alt, source = text(node, "alt"), text(node, "src")
    link = safe_link(source) if source else None
    label = f"[image: {alt}]" if alt else "[image]"
    words = untrusted(label, Style("link", link=link) if link else Style("quote"))
    is_itself = source[:5].lower() == "data:"  # the address is the image
    where = address(source) if source and not is_itself else None
    return noted(_Image(words, where), node, walk)


class _Image(Box):
    """What stands for an image: words that lead to it, and the address where there is room."""

    __slots__ = ("_address", "_label")

    def __init__(self, label: Inline, where: Inline | None) -> None:
        self._label = Words((label,), whole=True)
        self._address = Words((where,)) if where else None
        super().__init__(self._label.least, self._label.natural)

    def parts(self) -> Sequence[Box]:
        return (self._label,) if self._address is None else (self._label, self._address)

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        """On one line if both fit; else the address is left to the link, or to the opened item."""
        lines = self._label.draw(width, sheet)
        if self._address is None:
            return lines
        where = self._address.natural
        if self._label.natural + 1 + where <= width:
            return [(*lines[0], Span(" "), *self._address.draw(where, sheet)[0])]
        return lines if sheet.fold() else lines + self._address.draw(width, sheet)
