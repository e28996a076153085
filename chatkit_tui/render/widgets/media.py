"""The components that are pictures: Icon, Image.

Each icon has a symbol of one cell from the parts of Unicode that the fonts of terminals have:
arrows, geometric shapes, mathematical and technical symbols, dingbats. None has an emoji form,
which some terminals draw in color and two cells wide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from chatkit_tui.document.spans import (
    DIM,
    IMAGE,
    PLAIN,
    Inline,
    Line,
    Span,
    Style,
    line_text,
    untrusted,
)
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render import RenderContext
from chatkit_tui.render.layout.box import COMFORT, LONGEST_RULE, Box, LayoutState, Text
from chatkit_tui.render.widgets.properties import PIXELS_ACROSS, colored, pixels, text
from chatkit_tui.render.widgets.registry import WidgetBuilder, component
from chatkit_tui.text.links import file_name, safe_link
from chatkit_tui.text.width import clusters, line_width, shorten

CHATKIT_ICONS: Final[dict[str, str]] = {
    "agent": "☻", "analytics": "∑", "atom": "¤", "batch": "❐", "bolt": "↯", "book-open": "◫",
    "book-closed": "▮", "book-clock": "◷", "bug": "✻", "calendar": "⊞", "chart": "◢", "check": "✓",
    "check-circle": "✓", "check-circle-filled": "✓", "chevron-left": "‹", "chevron-right": "›",
    "circle-question": "?", "compass": "◈", "confetti": "❋", "cube": "▣", "desktop": "▭",
    "document": "▤", "dot": "•", "dots-horizontal": "⋯", "dots-vertical": "¦", "empty-circle": "○",
    "external-link": "⇗", "globe": "⊕", "keys": "⊸", "lab": "△", "images": "▧", "info": "i",
    "lifesaver": "◎", "lightbulb": "☼", "mail": "⊠", "map-pin": "◉", "maps": "▥", "mobile": "▯",
    "name": "@", "notebook": "◨", "notebook-pencil": "✎", "page-blank": "□", "phone": "☏",
    "play": "►", "plus": "+", "profile": "♙", "profile-card": "◙", "reload": "↻", "star": "☆",
    "star-filled": "★", "search": "⌕", "sparkle": "✧", "sparkle-double": "✦", "square-code": "◊",
    "square-image": "▨", "square-text": "≡", "suitcase": "⊟", "settings-slider": "╪", "user": "♙",
    "wreath": "❀", "write": "✎", "write-alt": "✐", "write-alt2": "✑"
}  # fmt: skip
"""Every name of ChatKit's own icons."""

OTHER_ICONS: Final[dict[str, str]] = {
    "alarm": "◷", "arrow-down": "↓", "arrow-left": "←", "arrow-right": "→", "arrow-up": "↑",
    "bell": "♪", "book": "▮", "briefcase": "⊟", "chevron-down": "▾", "chevron-up": "▴",
    "circle": "○", "circle-alert": "!", "circle-check": "✓", "circle-help": "?", "circle-x": "×",
    "clock": "◷", "code": "◊", "download": "⇩", "file": "□", "file-text": "▤", "flag": "⚑",
    "gear": "╪", "heart": "♡", "help": "?", "home": "⌂", "house": "⌂", "image": "▨", "key": "⊸",
    "laptop": "▭", "link": "⇗", "list": "≡", "map": "▥", "menu": "≡", "minus": "−", "monitor": "▭",
    "moon": "☽", "music": "♫", "pause": "‖", "pen": "✎", "pencil": "✎", "person": "♙", "pin": "◉",
    "question": "?", "refresh": "↻", "scissors": "✁", "settings": "╪", "smartphone": "▯",
    "square": "□", "stop": "■", "sun": "☼", "triangle-alert": "!", "undo": "↶", "upload": "⇧",
    "warning": "!", "x": "×", "zap": "↯"
}  # fmt: skip
"""Names from other sets, as far as a symbol has the same meaning."""

LEAST_IMAGE: Final = 12
"""Cells of the smallest image."""
LEAST_NAME: Final = 8
"""Cells of the shortest form of a file name."""

_SETS: Final = ("vendor:", "lucide:")


def icon_text(name: str, context: RenderContext) -> str:
    """Return the symbol of an icon, or its name in parentheses if there is none; "" for no name.

    A name of another set (`lucide:clock`, `vendor:play`) has the symbol of its last part. In plain
    output every icon is a name.
    """
    if not name:
        return ""
    if context.plain:
        return f"({name})"
    own = name.strip().lower()
    for prefix in _SETS:
        own = own.removeprefix(prefix)
    return CHATKIT_ICONS.get(own) or OTHER_ICONS.get(own) or _emoji(name) or f"({name})"


def _emoji(name: str) -> str:
    """Return a name that is itself a symbol of one or two cells; else ""."""
    symbol = name.strip()
    is_symbol = bool(symbol) and not symbol[0].isalnum() and unicodedata.category(symbol[0]) == "So"
    return symbol if is_symbol and len(list(clusters(symbol))) == 1 else ""


@component("Icon")
def icon(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its symbol or its name."""
    shown = icon_text(text(node, "name"), builder.context)
    if not shown:
        return None
    style = colored(node.props.get("color"))
    return Text((untrusted(shown, DIM if style == PLAIN else style),))


@component("Image")
def image(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return a symbol with its alternative text or its file name; it is never fetched.

    A text next to it is not repeated. The address is listed below the widget.
    """
    alt, source = text(node, "alt"), text(node, "src")
    link = safe_link(source) if source else None
    label = _unless_repeated(alt, builder) if alt else file_name(source)
    style = Style("link", link=link) if link else Style("quote")
    sign = IMAGE.form(plain=builder.context.plain)
    words = (Span(" ", style), untrusted(label, style)) if label else ()
    own_width = _own_width(node) + len(sign) - 1
    return Image((Span(sign, style), *words), own_width, is_name=not alt)


def _unless_repeated(alt: str, builder: WidgetBuilder) -> str:
    """Return an alternative text, or "" if a text next to the image has it."""
    own = alt.strip().casefold()
    return "" if any(own in words for words in builder.adjacent_texts) else alt


def _own_width(node: WidgetNode) -> int:
    sizes = [pixels(node.props.get(prop)) for prop in ("width", "size")]
    own = next((size for size in sizes if size), 0.0)
    return max(LEAST_IMAGE, min(LONGEST_RULE, round(own / PIXELS_ACROSS)))


class Image(Text):
    """The label of an image: words, or a name on one line, which the list of images has in full."""

    __slots__ = ("_is_name", "picture")

    def __init__(self, inlines: Sequence[Inline], own_width: int, *, is_name: bool) -> None:
        """Make a label that takes `own_width` cells, or a third of its row if that is more."""
        super().__init__(inlines, comfort=LEAST_IMAGE)
        least = LEAST_NAME if is_name else max(LEAST_IMAGE, min(self.longest_word(), COMFORT))
        self.min_width = min(self.natural, least)
        self.picture = own_width
        self._is_name = is_name

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        shown = self.shown(state)
        if not self._is_name or line_width(shown) <= width:
            return super().draw(width, state)
        dots = "..." if state.plain else "…"
        return [(Span(shorten(line_text(shown), width, ellipsis=dots), shown[-1].style),)]
