"""Zero-width joiners and non-joiners that are part of the spelling, by the contexts of UAX #31.

Persian writes "می\N{ZERO WIDTH NON-JOINER}خواهم" with a non-joiner, and the scripts of India use
both in clusters. Elsewhere, they are invisible.
"""

from __future__ import annotations

import unicodedata
from enum import Enum, auto
from typing import Final

from chatkit_tui.text.unicode_data import MARK, kinds

NON_JOINER: Final = "\u200c"
JOINER: Final = "\u200d"

_VIRAMA: Final = 9
"""The canonical combining class of every virama."""

# Arabic letters that join only the previous letter, and those that join none.
_JOIN_BEFORE: Final = frozenset(
    "\u0622\u0623\u0624\u0625\u0627\u0629\u062f\u0630\u0631\u0632\u0648\u0671\u0672\u0673\u0675"
    "\u0676\u0677\u06c0\u06cd\u06cf\u06d2\u06d3\u06d5\u06ee\u06ef\u0759\u075a\u075b\u076b\u076c"
    "\u0771\u0773\u0774\u0778\u0779\u08aa\u08ab\u08ac\u08ae\u08b1\u08b2\u08b9"
) | frozenset(map(chr, (*range(0x0688, 0x069A), *range(0x06C3, 0x06CC))))
_JOIN_NOTHING: Final = frozenset("\u0621\u0640\u0674\u06e5\u06e6\u08ad\u08c9")

# A joiner between these letters and the virama prevents the form above the line.
_RA: Final = {"\u09b0": "\u09cd", "\u0cb0": "\u0ccd"}  # Bengali and Assamese, Kannada


class Spelling(Enum):
    """The role of a joiner in its context."""

    NONE = auto()
    """Not part of the spelling: hidden."""
    SHOWN = auto()
    """Part of the spelling, sent to the terminal."""
    SILENT = auto()
    """Part of the spelling, not sent to the terminal: Textual and terminals count its cells
    differently."""


def spelling(text: str, index: int, marks: int) -> Spelling:
    """Return the role of the joiner at an index; a letter has at most `marks` marks."""
    before = index - 1
    while before >= 0 and index - before <= marks and unicodedata.category(text[before]) == "Mn":
        before -= 1
    if before < 0 or unicodedata.category(text[before]) != "Lo":
        return Spelling.NONE
    if kinds(text[before + 1 : index]).strip(MARK):
        return Spelling.NONE  # a hidden mark between them
    follower = text[index + 1 : index + 2]
    after_virama = unicodedata.combining(text[index - 1]) == _VIRAMA
    if after_virama and _script(text[before]) != _script(text[index - 1]):
        return Spelling.NONE
    if text[index] == JOINER:
        return _of_joiner(text, index, follower)
    if not follower or unicodedata.category(follower) != "Lo":
        return Spelling.NONE
    if after_virama:
        return Spelling.SHOWN if _script(text[before]) == _script(follower) else Spelling.NONE
    parts = _joins(text[before], forward=True) and _joins(follower, forward=False)
    return Spelling.SHOWN if parts else Spelling.NONE


def _of_joiner(text: str, index: int, follower: str) -> Spelling:
    if unicodedata.combining(text[index - 1]) == _VIRAMA:
        ends_cluster = not follower or unicodedata.category(follower) in {
            *("Lo", "Po", "Pd", "Pe", "Pf", "Zs"),
        }
        return Spelling.SILENT if ends_cluster else Spelling.NONE
    virama = _RA.get(text[index - 1])
    beyond = text[index + 2 : index + 3]
    if virama and follower == virama and beyond and unicodedata.category(beyond) == "Lo":
        return Spelling.SHOWN
    return Spelling.NONE


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _joins(letter: str, *, forward: bool) -> bool:
    """Return whether an Arabic letter joins the next or the previous letter."""
    point = ord(letter)
    is_arabic = 0x0620 <= point <= 0x06FF or 0x0750 <= point <= 0x077F or 0x08A0 <= point <= 0x08C9
    if not is_arabic or letter in _JOIN_NOTHING:
        return False
    return not (forward and letter in _JOIN_BEFORE)
