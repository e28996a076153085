"""The components that are pictures: Icon, Image."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_tui.document.spans import DIM, PLAIN, Inline, Line, Span, Style, address, untrusted
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.layout.box import LONGEST_WHOLE, Box, LayoutState, Text
from chatkit_tui.render.widgets.icons import glyph
from chatkit_tui.render.widgets.properties import colored, noted, text
from chatkit_tui.render.widgets.registry import WidgetBuilder, component
from chatkit_tui.text.links import safe_link


@component("Icon")
def icon(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its sign or its name."""
    shown = glyph(text(node, "name"), builder.context)
    if not shown:
        return None
    style = colored(node.props.get("color"))
    return noted(Text((untrusted(shown, DIM if style == PLAIN else style),)), node, builder)


@component("Image")
def image(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """What it shows, in words, and its address; it is never fetched."""
    alt, source = text(node, "alt"), text(node, "src")
    link = safe_link(source) if source else None
    label = f"[image: {alt}]" if alt else "[image]"
    words = untrusted(label, Style("link", link=link) if link else Style("quote"))
    is_itself = source[:5].lower() == "data:"  # the address is the image
    where = address(source) if source and not is_itself else None
    return noted(_Image(words, where), node, builder)


class _Image(Box):
    """What stands for an image: words that lead to it, and the address where there is room."""

    __slots__ = ("_address", "_label")

    def __init__(self, label: Inline, where: Inline | None) -> None:
        self._label = Text((label,), comfort=LONGEST_WHOLE)
        self._address = Text((where,)) if where else None
        super().__init__(self._label.min_width, self._label.natural)

    def parts(self) -> Sequence[Box]:
        return (self._label,) if self._address is None else (self._label, self._address)

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """On one line if both fit; else the address is left to the link, or to the opened item."""
        lines = self._label.draw(width, state)
        if self._address is None:
            return lines
        where = self._address.natural
        if self._label.natural + 1 + where <= width:
            return [(*lines[0], Span(" "), *self._address.draw(where, state)[0])]
        return lines if state.fold() else lines + self._address.draw(width, state)
