"""Icons: one sign of one cell for each name that ChatKit has, and for some that people use besides.

The signs come from parts of Unicode that the fonts of terminals have: arrows, geometric shapes,
mathematical and technical signs, dingbats. None has a second form as a picture, which some
terminals draw in colour and two cells wide.
"""

from __future__ import annotations

from typing import Final

from chatkit_tui.render.context import Context

CHATKIT: Final[dict[str, str]] = {
    "agent": "☻",
    "analytics": "∑",
    "atom": "¤",
    "batch": "❐",
    "bolt": "↯",
    "book-open": "◫",
    "book-closed": "▮",
    "book-clock": "◷",
    "bug": "✻",
    "calendar": "⊞",
    "chart": "◢",
    "check": "✓",
    "check-circle": "✓",
    "check-circle-filled": "✓",
    "chevron-left": "‹",
    "chevron-right": "›",
    "circle-question": "?",
    "compass": "◈",
    "confetti": "❋",
    "cube": "▣",
    "desktop": "▭",
    "document": "▤",
    "dot": "•",
    "dots-horizontal": "⋯",
    "dots-vertical": "¦",
    "empty-circle": "○",
    "external-link": "⇗",
    "globe": "⊕",
    "keys": "⊸",
    "lab": "△",
    "images": "▧",
    "info": "i",
    "lifesaver": "◎",
    "lightbulb": "☼",
    "mail": "⊠",
    "map-pin": "◉",
    "maps": "▥",
    "mobile": "▯",
    "name": "@",
    "notebook": "◨",
    "notebook-pencil": "✎",
    "page-blank": "□",
    "phone": "☏",
    "play": "►",
    "plus": "+",
    "profile": "♙",
    "profile-card": "◙",
    "reload": "↻",
    "star": "☆",
    "star-filled": "★",
    "search": "⌕",
    "sparkle": "✧",
    "sparkle-double": "✦",
    "square-code": "◊",
    "square-image": "▨",
    "square-text": "≡",
    "suitcase": "⊟",
    "settings-slider": "╪",
    "user": "♙",
    "wreath": "❀",
    "write": "✎",
    "write-alt": "✐",
    "write-alt2": "✑",
}
"""Every name of ChatKit's own icons."""

OTHERS: Final[dict[str, str]] = {
    "alarm": "◷",
    "arrow-down": "↓",
    "arrow-left": "←",
    "arrow-right": "→",
    "arrow-up": "↑",
    "bell": "♪",
    "book": "▮",
    "briefcase": "⊟",
    "chevron-down": "▾",
    "chevron-up": "▴",
    "circle": "○",
    "circle-alert": "!",
    "circle-check": "✓",
    "circle-help": "?",
    "circle-x": "×",
    "clock": "◷",
    "code": "◊",
    "download": "⇩",
    "file": "□",
    "file-text": "▤",
    "flag": "⚑",
    "gear": "╪",
    "heart": "♡",
    "help": "?",
    "home": "⌂",
    "house": "⌂",
    "image": "▨",
    "key": "⊸",
    "laptop": "▭",
    "link": "⇗",
    "list": "≡",
    "map": "▥",
    "menu": "≡",
    "minus": "−",
    "monitor": "▭",
    "moon": "☽",
    "music": "♫",
    "pause": "‖",
    "pen": "✎",
    "pencil": "✎",
    "person": "♙",
    "pin": "◉",
    "question": "?",
    "refresh": "↻",
    "scissors": "✁",
    "settings": "╪",
    "smartphone": "▯",
    "square": "□",
    "stop": "■",
    "sun": "☼",
    "triangle-alert": "!",
    "undo": "↶",
    "upload": "⇧",
    "warning": "!",
    "x": "×",
    "zap": "↯",
}
"""Names of other sets, as far as a sign means the same."""

_SETS: Final = ("vendor:", "lucide:")


def glyph(name: str, context: Context) -> str:
    """The sign for an icon, or its name in brackets where there is none; "" for no name.

    A name of another set (`lucide:clock`, `vendor:play`) has the sign of its last part. Where only
    ASCII is shown every icon is a name.
    """
    if not name:
        return ""
    if context.plain:
        return f"({name})"
    own = name.strip().lower()
    for prefix in _SETS:
        own = own.removeprefix(prefix)
    return CHATKIT.get(own) or OTHERS.get(own) or f"({name})"
