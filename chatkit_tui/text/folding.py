"""Comparison of text in find and filter: which texts are equal, and the positions of matches.

Two texts are compared in their folded form:

* Composed and decomposed characters ("é") are equal, and so are compatibility variants: "ﬁ" and
  "fi", "Ａ" and "A", "²" and "2", "…" and "...". A variant that decomposes to a space (the spacing
  acute, "ﷺ") is not folded.
* A run of white space, whatever its characters (no-break, narrow, ideographic, a line break), is
  one space. A no-break hyphen is a hyphen; a typographic quotation mark or apostrophe is a plain
  one.
* Default-ignorable characters (joiners, zero-width spaces, soft hyphens, directional formatting,
  variation selectors) are ignored, and so are the symbols that `text.sanitize` draws for them. A
  query that names a symbol, or has only such characters, finds the symbols.
* Unless case matters, letters are case-folded: "ß" is "ss", "ς" is "σ". The four letters i of
  Turkish (I, İ, i, ı) are one, because the language of a text is unknown: "istanbul" finds
  "İstanbul" and "ırmak" finds "IRMAK".
* Accents matter: "cafe" does not find "café", in either form. Vowel signs of other scripts are
  separate letters: "क" finds "का".

A match covers whole characters as a terminal draws them: a letter with its marks, an emoji with
its parts, and the whole "ß" if only one "s" matches.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache, partial
from operator import attrgetter
from typing import Final, NamedTuple

from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.unicode_data import (
    EMOJI,
    JOINER,
    KEYCAP,
    MARK,
    REGIONAL,
    SELECTOR,
    SKIN,
    TAG,
    Computed,
    is_ignorable,
    kinds,
)

Span = tuple[int, int]
"""Start and end of a part of a text, in characters."""

_ODD: Final = "\uffff"
"""Replaces each character that does not fold to exactly one other."""
_ALIKE: Final = {"\u2010": "-", "\u2011": "-", "‘": "'", "’": "'", "“": '"', "”": '"'}
_ACCENT: Final = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\u20e1\u20e5-\u20f0\u3099\u309a\ufe20-\ufe2f]"
)
_SPACE: Final = re.compile(r"\s{2,}|[^\S ]")
_EVENT: Final = re.compile(f"{_ODD}| {{2,}}|[⟨<][Uu]\\+([0-9A-Fa-f]{{4,6}})[⟩>]")
_NAMES_SIGN: Final = re.compile(r"[⟨⟩]|[Uu]\+")
_DOT_ABOVE: Final = "\u0307"

# A pattern of the classes below. A joiner belongs to a character only between emoji or before a
# mark: a match must not include a hidden character that follows it.
_UNIT: Final = re.compile("(?:rr|.)(?:[ij]*[mv]|[ij]*j[ij]*e)*")
_ATTACHED: Final = frozenset("mvij")


class _Piece(NamedTuple):
    """A part of a folded text that does not map to its source one to one."""

    start: int
    end: int
    """The end in the folded text; equal to `start` for dropped characters."""
    source: int
    source_end: int


class Folded(NamedTuple):
    """A folded text, and the mapping of its parts to the source."""

    text: str
    pieces: tuple[_Piece, ...] = ()
    """In order; other characters map one to one."""

    def source(self, start: int, end: int) -> Span:
        """Return the part of the source for a non-empty part of the folded text."""
        return self.place(start)[0], self.place(end - 1)[1]

    def place(self, index: int) -> Span:
        """Return the part of the source for one character."""
        number = bisect_right(self.pieces, index, key=attrgetter("start")) - 1
        if number < 0:
            return index, index + 1
        piece = self.pieces[number]
        if index < piece.end:
            return piece.source, piece.source_end
        place = piece.source_end + index - piece.end
        return place, place + 1


def fold(text: str, *, case: bool = True, signs: bool = False) -> Folded:
    """Return the folded form of a text; folding it again has no effect.

    With `case`, case is ignored. With `signs`, the symbols of ignorable characters are kept.
    """
    if text.isascii() and "<U+" not in text and not _SPACE.search(text):
        return Folded(text.lower() if case else text)
    translated = text.translate(_ANY_CASE if case else _EXACT_CASE)
    if not _EVENT.search(translated):
        return Folded(translated)
    return _Folding(text, translated, case=case, signs=signs).folded()


class Query:
    """A text to search for. Spaces at its ends matter."""

    def __init__(self, text: str, *, capitals: bool | None = None) -> None:
        """Create a query. Case matters with `capitals`, by default if the text has any."""
        self.text = text
        self._case = not (text != text.lower() if capitals is None else capitals)
        self.names_signs = bool(_NAMES_SIGN.search(text))
        """Whether it searches for symbols of hidden characters."""
        folded = self.fold(text).text
        if text and not folded:  # only ignorable characters: search for their symbols
            self.names_signs = True
            folded = self.fold(sanitize(text)).text
        self._folded = folded

    def fold(self, text: str) -> Folded:
        """Return the folded form of a text, for `is_in`."""
        return fold(text, case=self._case, signs=self.names_signs)

    def narrows(self, other: Query) -> bool:
        """Return whether this query can only match where the other one matches."""
        stricter = self._case <= other._case and self.names_signs >= other.names_signs
        return stricter and other.count(self.text) > 0

    def is_in(self, folded: str) -> bool:
        """Return whether a folded text has a match."""
        return next(self._matches(folded), None) is not None

    def begins(self, text: str) -> bool:
        return next(self._matches(self.fold(text).text), None) == 0

    def count(self, text: str) -> int:
        """Return the number of matches in a text."""
        folded = self.fold(text)
        if not folded.pieces:
            return folded.text.count(self._folded) if self._folded else 0
        return len(self._spans(folded))

    def spans(self, text: str) -> list[Span]:
        """Return the start and end of each match in a text, in order, without overlaps."""
        return self._spans(self.fold(text))

    def _spans(self, folded: Folded) -> list[Span]:
        spans: list[Span] = []
        done = 0
        for start in self._matches(folded.text):
            span = folded.source(start, start + len(self._folded))
            if span[0] >= done:
                spans.append(span)
                done = span[1]
        return spans

    def _matches(self, folded: str) -> Iterator[int]:
        """Yield the start of each match in a folded text, including overlapping ones."""
        length = len(self._folded)
        start = folded.find(self._folded) if length else -1
        while start >= 0:
            if not _ACCENT.match(folded, start + length):
                yield start
            start = folded.find(self._folded, start + 1)


class _Folding:
    """One pass over a text that does not fold one to one."""

    def __init__(self, text: str, translated: str, *, case: bool, signs: bool) -> None:
        self._text = text
        self._translated = translated
        self._case = case
        self._signs = signs
        self._parts: list[str] = []
        self._pieces: list[_Piece] = []
        self._length = 0
        """The length of the folded text so far."""
        self._done = 0
        """The end of the folded part of the source."""
        self._after_space = False

    def folded(self) -> Folded:
        classes = self._text.translate(_CLASSES)
        for event in _EVENT.finditer(self._translated):
            start, end = event.span()
            if start < self._done:
                continue
            if event[0][0] == " ":
                self._replace(start, end, " ")
            elif event[1] is None:
                self._fold_odd(start, classes)
            else:
                point = int(event[1], 16)
                if not self._signs and point <= sys.maxunicode and is_ignorable(chr(point)):
                    self._replace(start, end, "")
        self._copy(len(self._text))
        return Folded("".join(self._parts), tuple(self._pieces))

    def _fold_odd(self, index: int, classes: str) -> None:
        """Fold the character at an index with its marks, or drop it."""
        start = index
        while start > self._done and classes[start] in _ATTACHED:
            start -= 1
        unit = _UNIT.match(classes, start)
        end = unit.end() if unit else start
        if end <= index:  # an ignorable character on its own
            start, end = index, index + 1
        self._replace(start, end, _folded_unit(self._text[start:end], self._case))

    def _copy(self, until: int) -> None:
        """Copy the source up to an index, one to one."""
        if until <= self._done:
            return
        if self._after_space and self._translated[self._done] == " ":
            self._replace(self._done, self._done + 1, "")
            self._copy(until)
            return
        self._take(self._translated[self._done : until])
        self._done = until

    def _replace(self, start: int, end: int, new: str) -> None:
        self._copy(start)
        if self._after_space and new == " ":
            new = ""
        before = self._length
        self._take(new)
        self._pieces.append(_Piece(before, self._length, start, end))
        self._done = end

    def _take(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)
            self._after_space = text[-1] == " "


@lru_cache(4096)
def _folded_unit(unit: str, case: bool) -> str:
    text = _decomposed("".join(sign for sign in unit if not is_ignorable(sign)))
    if case:
        text = _decomposed(text.casefold()).replace("ı", "i").replace(f"i{_DOT_ABOVE}", "i")
    return unicodedata.normalize("NFC", text)


def _decomposed(text: str) -> str:
    """Decompose a text, and compatibility variants unless they contain a space."""
    found = []
    for character in text:
        variant = unicodedata.normalize("NFKD", character)
        if " " in variant and not character.isspace():
            variant = character
        found.append(_ALIKE.get(variant, variant))
    return unicodedata.normalize("NFD", "".join(found))


def _class_of(point: int) -> str:
    """Return the class of a character.

    `m`: a mark; `v`: an ignored mark; `i`: ignored; `j`: an ignored joiner of emoji; `e`: emoji;
    `r`: half of a flag; `x`: any other.
    """
    character = chr(point)
    kind = kinds(character)
    if kind == JOINER:
        return "j"
    if is_ignorable(character):
        return "v" if kind in {SELECTOR, TAG} else "i"
    if kind in {MARK, SKIN, KEYCAP}:
        return "m"
    first = unicodedata.normalize("NFKD", character)[0]
    if first != character and kinds(first) == MARK:  # half-width voicing marks, Hangul vowels
        return "m"
    return {REGIONAL: "r", EMOJI: "e"}.get(kind, "x")


def _folded_character(point: int, *, case: bool) -> str:
    """Return the folded form of a character if it is one character, else `_ODD`."""
    character = chr(point)
    if character.isspace():
        return " "
    if _CLASSES[point] not in "xe":
        return _ODD
    folded = _folded_unit(character, case)
    return folded if len(folded) == 1 else _ODD


_CLASSES: Final = Computed(_class_of)
_ANY_CASE: Final = Computed(partial(_folded_character, case=True))
_EXACT_CASE: Final = Computed(partial(_folded_character, case=False))
