"""The kind and the width of each code point.

They come from `unicodedata`. Only for characters that are newer than this Python, `wcwidth` is
imported, which takes 90 ms.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Final, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

PLAIN: Final = "."
HIDDEN: Final = "H"
MARK: Final = "M"
EMOJI: Final = "E"
JOINER: Final = "Z"
SELECTOR: Final = "V"
SKIN: Final = "F"
REGIONAL: Final = "R"
TAG: Final = "T"
KEY: Final = "K"
KEYCAP: Final = "Q"
NEWLINE: Final = "N"

# Narrow symbols that a variation selector 16 turns into wide emoji (Unicode's
# emoji-variation-sequences.txt).
_NARROW_EMOJI: Final = frozenset(
    "©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼☀☁☂☃☄☎☑☘☝☠☢☣☦☪☮☯☸☹☺♀♂♟♠♣♥♦♨♻♾⚒⚔⚕⚖⚗⚙⚛⚜⚠⚧⚰⚱⛈⛏⛑⛓⛩"
    "⛰⛱⛴⛷⛸⛹✂✈✉✌✍✏✒✔✖✝✡✳✴❄❇❣❤➡⤴⤵⬅⬆⬇🅰🅱🅾🅿🌡🌤🌥🌦🌧🌨🌩🌪🌫🌬🌶🍽🎖🎗🎙🎚🎛🎞🎟🏋🏌🏍🏎"
    "🏔🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕴🕵🕶🕷🕸🕹🖇🖊🖋🖌🖍🖐🖥🖨🖱🖲🖼🗂🗃🗄🗑🗒🗓🗜🗝🗞"
    "🗡🗣🗨🗯🗳🗺🛋🛍🛎🛏🛠🛡🛢🛣🛤🛥🛩🛰🛳"
)

# Invisible letters and fillers, and code points reserved for such.
_BLANK: Final = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0, 0x1D159}
    | set(range(0x180B, 0x1810))
    | set(range(0xFE00, 0xFE0E))
    | set(range(0xFFF0, 0xFFF9))
    | set(range(0xE0000, 0xE1000))
)

# Format characters that are visible: number signs, the end of a verse.
_DRAWN_FORMATS: Final = frozenset(
    {*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD}
)

# Symbols that are two cells wide since Unicode 16.
_WIDENED: Final = (
    (0x2630, 0x2637),
    (0x268A, 0x268F),
    (0x4DC0, 0x4DFF),
    (0x1D300, 0x1D356),
    (0x1D360, 0x1D376),
)


class Computed(dict[Key, Value]):
    """A dictionary that computes each value when it is first read."""

    def __init__(self, compute: Callable[[Key], Value]) -> None:
        self._compute = compute

    def __missing__(self, key: Key) -> Value:
        value = self[key] = self._compute(key)
        return value


def _is_jamo_tail(point: int) -> bool:
    """Return whether a character is a conjoining Hangul vowel or final, drawn in its block."""
    return 0x1160 <= point <= 0x11FF or 0xD7B0 <= point <= 0xD7FB


def _width_of(character: str) -> int:
    point = ord(character)
    if point < 0x300:
        return 1 if 0x20 <= point < 0x7F or point >= 0xA0 else 0
    category = unicodedata.category(character)
    if category == "Cn":
        from wcwidth import wcwidth

        return max(0, wcwidth(character))
    if category in {"Mn", "Me", "Mc", "Zl", "Zp"} or _is_jamo_tail(point):
        return 0
    if category == "Cf":
        return int(point in _DRAWN_FORMATS)
    if point in {0x3164, 0xFFA0} or 0x1F3FB <= point <= 0x1F3FF:
        return 0
    if any(first <= point <= last for first, last in _WIDENED):
        return 2
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


WIDTHS: Final = Computed(_width_of)
"""The width of each character in cells: 0, 1 or 2."""


def is_emoji(character: str) -> bool:
    """Return whether the character can start an emoji sequence."""
    if character in _NARROW_EMOJI:
        return True
    point = ord(character)
    in_symbols = 0x231A <= point <= 0x2B55 or 0x1F004 <= point <= 0x1FAFF
    if not in_symbols and point not in {0x3030, 0x303D, 0x3297, 0x3299}:
        return False
    return WIDTHS[character] == 2 and unicodedata.category(character) in {"So", "Po", "Cn", "Sk"}


def widens(character: str) -> bool:
    """Return whether a variation selector 16 makes the character two cells wide."""
    return character in _NARROW_EMOJI or character in "0123456789#*"


_BY_POINT: Final[dict[int, str]] = {
    0x0A: NEWLINE,
    0x200D: JOINER,
    0xFE0E: SELECTOR,
    0xFE0F: SELECTOR,
    0x20E3: KEYCAP,
    **dict.fromkeys(map(ord, "0123456789#*"), KEY),
    **dict.fromkeys(range(0x1F3FB, 0x1F400), SKIN),
    **dict.fromkeys(range(0x1F1E6, 0x1F200), REGIONAL),
    **dict.fromkeys(range(0xE0020, 0xE0080), TAG),
}


def _kind_of(point: int) -> str:
    if kind := _BY_POINT.get(point):
        return kind
    character = chr(point)
    category = unicodedata.category(character)
    if point in _BLANK or (point & 0xFFFE) == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
        return HIDDEN
    if category in {"Cc", "Cs", "Co", "Zl", "Zp"}:
        return HIDDEN
    if category == "Cf":
        return PLAIN if point in _DRAWN_FORMATS else HIDDEN
    if category in {"Mn", "Me", "Mc"} or _is_jamo_tail(point):
        return MARK
    if category == "Cn" and WIDTHS[character] == 0:
        return MARK
    return EMOJI if is_emoji(character) else PLAIN


_KINDS: Final = Computed(_kind_of)


def kinds(text: str) -> str:
    """Return the kind of each character, as a string of the same length."""
    return text.translate(_KINDS)


def is_ignorable(character: str) -> bool:
    """Return whether the character is default-ignorable: a joiner, a selector, an invisible format
    or filler."""
    kind = kinds(character)
    if kind == HIDDEN:
        return ord(character) in _BLANK or unicodedata.category(character) == "Cf"
    return kind in {JOINER, SELECTOR, TAG}
