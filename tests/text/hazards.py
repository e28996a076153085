"""Characters of untrusted text that must never reach a terminal, by their Unicode categories.

Written without the tables of `chatkit_tui.text`, so that a mistake there is seen here.
"""

from __future__ import annotations

import re
import unicodedata

_HAZARDOUS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_DRAWN = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Visible format characters: number signs, the end of a verse."""
_FLAGS = re.compile(
    "\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|"
    "\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
"""The flags of England, Scotland and Wales, which are spelled with tags."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u180b\u180c\u180d\u180f\ufff9")
_SELECTORS = "\ufe0e\ufe0f"


def hazards_in(text: str) -> list[str]:
    """Return the characters of a text that control the terminal or are hidden."""
    if text.isascii() and text.isprintable():
        return []
    text = _FLAGS.sub("", text)
    return [found for index, found in enumerate(text) if _is_hazard(text, index)]


def _is_hazard(text: str, index: int) -> bool:
    character = text[index]
    if character in _SELECTORS:
        return not _is_symbol(text[index - 1 : index] if index else "")
    if character in "\u200c\u200d":
        return not _spells(text, index)
    if character in _BLANK or 0xFE00 <= ord(character) <= 0xFE0D:
        return True
    return unicodedata.category(character) in _HAZARDOUS and character not in _DRAWN


def _is_symbol(character: str) -> bool:
    """Return whether a character can start an emoji, by its category."""
    if not character:
        return False
    return unicodedata.category(character) in {"So", "Sk", "Sm", "Po", "Cn", "Nd"}


def _spells(text: str, index: int) -> bool:
    before, after = text[:index][-1:], text[index + 1 : index + 2]
    if not before:
        return False
    if text[index] == "\u200d" and (_is_symbol(before) or before in _SELECTORS):
        return _is_symbol(after)
    if text[index] == "\u200d":  # Bengali and Kannada ra in front of a virama
        return before in "\u09b0\u0cb0" and unicodedata.combining(after or "a") == 9
    # A long word may be folded behind one, and the rest of the line be empty.
    letter_after = after in {"", " "} or unicodedata.category(after) == "Lo"
    marked = unicodedata.category(before) == "Mn"
    return letter_after and (
        unicodedata.combining(before) == 9 or marked or "ARABIC" in unicodedata.name(before, "")
    )
