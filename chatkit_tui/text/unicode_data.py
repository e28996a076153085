"""What kind of character each code point is: facts of the Unicode standard, nothing else.

The kinds and widths of characters that this Python knows come from `unicodedata`, which costs
nothing to import; only for younger ones is `wcwidth` asked, whose import takes 90 ms.
"""

from __future__ import annotations

import unicodedata
from typing import Final

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

# Symbols one cell wide that a variation selector 16 turns into an emoji two cells wide
# (Unicode's emoji-variation-sequences.txt; the wide ones need no list).
_NARROW_EMOJI: Final = frozenset(
    "©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼☀☁☂☃☄☎☑☘☝☠☢☣☦☪☮☯☸☹☺♀♂♟♠♣♥♦♨♻♾⚒⚔⚕⚖⚗⚙⚛⚜⚠⚧⚰⚱⛈⛏⛑⛓⛩"
    "⛰⛱⛴⛷⛸⛹✂✈✉✌✍✏✒✔✖✝✡✳✴❄❇❣❤➡⤴⤵⬅⬆⬇🅰🅱🅾🅿🌡🌤🌥🌦🌧🌨🌩🌪🌫🌬🌶🍽🎖🎗🎙🎚🎛🎞🎟🏋🏌🏍🏎"
    "🏔🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕴🕵🕶🕷🕸🕹🖇🖊🖋🖌🖍🖐🖥🖨🖱🖲🖼🗂🗃🗄🗑🗒🗓🗜🗝🗞"
    "🗡🗣🗨🗯🗳🗺🛋🛍🛎🛏🛠🛡🛢🛣🛤🛥🛩🛰🛳"
)

# Letters and fillers that are drawn as nothing, and code points set aside for such.
_BLANK: Final = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0, 0x1D159}
    | set(range(0x180B, 0x1810))
    | set(range(0xFE00, 0xFE0E))
    | set(range(0xFFF0, 0xFFF9))
    | set(range(0xE0000, 0xE1000))
)

# Format characters that are drawn: signs that stand before a number, the end of a verse.
_DRAWN_FORMATS: Final = frozenset(
    {*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD}
)

# Symbols that became two cells wide in Unicode 16, which older Pythons do not know.
_WIDENED: Final = (
    (0x2630, 0x2637),
    (0x268A, 0x268F),
    (0x4DC0, 0x4DFF),
    (0x1D300, 0x1D356),
    (0x1D360, 0x1D376),
)


def _is_jamo_tail(point: int) -> bool:
    """Whether this is a vowel or final of conjoining Hangul, drawn inside the block before it."""
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


class _Widths(dict[str, int]):
    def __missing__(self, character: str) -> int:
        width = self[character] = _width_of(character)
        return width


WIDTHS: Final = _Widths()
"""Cells of a character that stands alone: 0, 1 or 2. Filled as characters turn up."""


def is_emoji(character: str) -> bool:
    """Whether the character can begin an emoji sequence."""
    if character in _NARROW_EMOJI:
        return True
    point = ord(character)
    in_symbols = 0x231A <= point <= 0x2B55 or 0x1F004 <= point <= 0x1FAFF
    if not in_symbols and point not in {0x3030, 0x303D, 0x3297, 0x3299}:
        return False
    return WIDTHS[character] == 2 and unicodedata.category(character) in {"So", "Po", "Cn", "Sk"}


def widens(character: str) -> bool:
    """Whether a variation selector 16 makes the character two cells wide instead of one."""
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


class _Kinds(dict[int, str]):
    def __missing__(self, point: int) -> str:
        kind = self[point] = _kind_of(point)
        return kind


_KINDS: Final = _Kinds()


def kinds(text: str) -> str:
    """The kind of each character, as a string of letters equally long."""
    return text.translate(_KINDS)


def is_ignorable(character: str) -> bool:
    """Return whether a text means the same without the character: a joiner, a selector, a
    zero-width space, a directional or other format that is not drawn, a blank filler."""
    kind = kinds(character)
    if kind == HIDDEN:
        return ord(character) in _BLANK or unicodedata.category(character) == "Cf"
    return kind in {JOINER, SELECTOR, TAG}
