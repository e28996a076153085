"""The components that are pictures: Icon, Image.

Each icon has a symbol of one cell from the parts of Unicode that the fonts of terminals have:
arrows, geometric shapes, mathematical and technical symbols, dingbats. None has an emoji form,
which some terminals draw in color and two cells wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_tui.document.spans import DIM, PLAIN, Inline, Line, Span, Style, address, untrusted
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render import RenderContext
from chatkit_tui.render.layout.box import LONGEST_WHOLE, Box, LayoutState, Text
from chatkit_tui.render.widgets.properties import colored, text
from chatkit_tui.render.widgets.registry import WidgetBuilder, component
from chatkit_tui.text.links import safe_link

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
    return CHATKIT_ICONS.get(own) or OTHER_ICONS.get(own) or f"({name})"


@component("Icon")
def icon(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its symbol or its name."""
    shown = icon_text(text(node, "name"), builder.context)
    if not shown:
        return None
    style = colored(node.props.get("color"))
    return Text((untrusted(shown, DIM if style == PLAIN else style),))


@component("Image")
def image(node: WidgetNode, _builder: WidgetBuilder) -> Box | None:
    """Return its alternative text and its address; it is never fetched."""
    alt, source = text(node, "alt"), text(node, "src")
    link = safe_link(source) if source else None
    label = f"[image: {alt}]" if alt else "[image]"
    name = untrusted(label, Style("link", link=link) if link else Style("quote"))
    is_data = source[:5].lower() == "data:"  # such an address holds the image itself
    return _Image(name, address(source) if source and not is_data else None)


class _Image(Box):
    """The label of an image, and its address where that fits on the line."""

    __slots__ = ("_address", "_label")

    def __init__(self, label: Inline, address: Inline | None) -> None:
        self._label = Text((label,), comfort=LONGEST_WHOLE)
        self._address = Text((address,)) if address else None
        super().__init__(self._label.min_width, self._label.natural)

    def parts(self) -> Sequence[Box]:
        return (self._label,) if self._address is None else (self._label, self._address)

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """Return one line if both fit; else the opened item shows the address below."""
        lines = self._label.draw(width, state)
        if self._address is None:
            return lines
        room = self._address.natural
        if self._label.natural + 1 + room <= width:
            return [(*lines[0], Span(" "), *self._address.draw(room, state)[0])]
        return lines if state.fold() else lines + self._address.draw(width, state)
