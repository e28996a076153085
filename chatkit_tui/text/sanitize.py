"""Sanitizing: text of a source becomes text that is safe to show.

Characters that steer a terminal, or that a person cannot see, become visible symbols:

* control characters become their pictures: ESC is `␛`, DEL is `␡`;
* C1 controls, bidirectional and other format characters, zero-width characters, line and
  paragraph separators, private-use characters, lone surrogates, noncharacters and invisible
  letters become their number: `⟨U+202E⟩`;
* parts of an emoji (joiner, variation selector, skin tone, flag letters, tags) stay inside an
  emoji, and become their number anywhere else;
* zero-width joiners and non-joiners stay where they are part of the spelling, by the contexts of
  UAX #31, and become their number anywhere else: Persian writes "می\N{ZERO WIDTH NON-JOINER}خواهم"
  with a non-joiner, and the scripts of India use both in clusters;
* the first `MARKS` combining marks of a letter stay, and the others are counted: `⟨+12 marks⟩`; a
  mark without a letter gets a dotted circle, `◌`;
* tabs are expanded to stops of four characters; a line break stays or becomes `␊`.

In plain output (`text.plain`) the symbols are `<ESC>`, `<U+202E>` and so on.

Letters of every script, left to right or right to left, are ordinary text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple, NoReturn, final

from chatkit_tui.text.plain import is_plain, picture
from chatkit_tui.text.unicode_data import MARK, kinds

MARKS: Final = 8
"""Combining marks that a character may have; living languages need four."""

TAB: Final = 4
"""Characters between tab stops."""

# All but the characters that are always safe. Most text matches nowhere.
_SUSPECT: Final = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f\u05d0-\u05ea\u0620-\u064a"
    "\u0660-\u066f\u0671-\u06d5\u1e00-\u200a\u2010-\u2027\u202f-\u205f\u20a0-\u20bf\u2150-\u23ff"
    "\u2460-\u27ff\u2800-\u2aff\u3000-\u3029\u3030-\u3096\u309b-\u312f\u3400-\u9fff"
    "\uac00-\ud7a3\uff01-\uff9f]"
)
_SURROGATE: Final = re.compile("⟨(U\\+D[89A-F][0-9A-F]{2})⟩")
"""A lone surrogate, replaced by a symbol when its JSON was read."""
CONTROLS: Final = (*range(9), *range(11, 32), *range(127, 160))
"""Control characters of ASCII and C1, except tabs and line feeds."""
_DROPPED: Final = dict.fromkeys(CONTROLS)
_SLICE: Final = 128 * 1024
_REFUSED: Final = frozenset(("Cc", "Cs", "Zl", "Zp"))
"""Categories of controls, surrogates and line separators, which fields do not take."""
_TROUBLE: Final = re.compile("[HMZVFRTQ]")

# Matches the kinds of characters, not the characters. An emoji has at most three joiners.
_PIECES: Final = re.compile(
    "(?P<emoji>KVQ|RR|ET{4,6}|E[VF]?F?(?:ZE[VF]?F?){0,4})|(?P<marks>[MQ]+)|(?P<hidden>[HZVFRT])"
)
_FLAGS: Final = frozenset(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)


@final
class Untrusted:
    """Text as it came from a source.

    Not a `str`, so that mypy rejects it where text is drawn; `sanitize` is the only way to the
    screen. Raise `TypeError` where it is formatted, which mypy does not check. Frozen for mypy
    alone: thousands are made for an item, and a frozen data class takes twice as long.
    """

    __slots__ = ("unsafe",)

    def __init__(self, unsafe: str) -> None:
        self.unsafe: Final = unsafe
        """The text, for code that reads it or writes it to something other than the screen."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Untrusted) and self.unsafe == other.unsafe

    def __hash__(self) -> int:
        return hash(self.unsafe)

    def __repr__(self) -> str:
        return f"Untrusted({self.unsafe!r})"

    def __bool__(self) -> bool:
        return bool(self.unsafe)

    def __str__(self) -> NoReturn:
        raise TypeError("untrusted text must be sanitized before it is drawn")

    def __format__(self, _spec: str) -> NoReturn:
        self.__str__()


class Piece(NamedTuple):
    """Part of a sanitized text; `hidden` is the number of characters that it replaces, or 0."""

    text: str
    hidden: int = 0


def symbol_for(character: str, *, plain: bool | None = None) -> str:
    """Return the symbol for a character: a picture for a control, else its number."""
    plain = is_plain() if plain is None else plain
    point = ord(character)
    if point < 0x20 or point == 0x7F:
        return picture(point, plain=plain)
    return f"<U+{point:04X}>" if plain else f"⟨U+{point:04X}⟩"


def sanitize(text: Untrusted | str, *, breaks: bool = False, plain: bool | None = None) -> str:
    """Return the text as it can be shown: no character in it steers a terminal or hides.

    With `breaks`, line breaks (`\\n` and `\\r\\n`) stay as `\\n`; otherwise each becomes `␊`.
    A lone `\\r` becomes `␍`. `plain` writes symbols in ASCII; by default as the context does
    (`text.plain`). Sanitizing the result again changes nothing. Never raise.
    """
    if isinstance(text, Untrusted):
        text = text.unsafe
    if text.isascii() and text.isprintable():
        return text
    if is_ordinary(text) and "⟨U+D" not in text:
        return text
    return "".join([piece.text for piece in pieces(text, breaks=breaks, plain=plain)])


def without_controls(text: Untrusted | str) -> str:
    """Return the text to be copied: without control characters, except tabs and line breaks.

    Pasted into a terminal, an escape sequence could end the bracketed paste, and a carriage return
    would press Enter. "\\r\\n" becomes "\\n". Invisible and bidirectional characters belong to the
    text and stay. May be called in a thread.
    """
    raw = text.unsafe if isinstance(text, Untrusted) else text
    raw = raw.replace("\r\n", "\n") if "\r" in raw else raw
    # In slices, since each holds the interpreter lock.
    slices = (raw[start : start + _SLICE] for start in range(0, len(raw), _SLICE))
    return "".join([piece.translate(_DROPPED) for piece in slices])


def is_ordinary(text: str) -> bool:
    """Return whether every character is always safe: none is a control, a tab or a line break."""
    return not _SUSPECT.search(text)


def hidden_count(text: str) -> int:
    """Return the number of characters that `sanitize` replaces, tabs and line breaks excepted."""
    return sum(piece.hidden for piece in pieces(text, breaks=True, plain=False))


def pieces(text: str, *, breaks: bool = False, plain: bool | None = None) -> Iterator[Piece]:
    """Yield the result of `sanitize` in pieces, so that symbols can look different.

    Nothing for an empty text.
    """
    plain = is_plain() if plain is None else plain
    if plain and "⟨U+D" in text:
        text = _SURROGATE.sub(r"<\1>", text)
    text = text.replace("\r\n", "\n").expandtabs(TAB)
    if is_ordinary(text):
        if text:
            yield Piece(text)
        return
    # Replaced piece by piece: a symbol of several characters would move the text under its letters.
    line_break = "\n" if breaks else picture(10, plain=plain)
    letters = kinds(text)
    if not _TROUBLE.search(letters):
        yield Piece(text.replace("\n", line_break))
        return
    done = 0
    for match in _PIECES.finditer(letters):
        start, end = match.span()
        found = text[start:end]
        drawn = _joiner(text, start) if found in _JOINERS else None
        if drawn is None:
            at_edge = start == 0 or letters[start - 1] == "N"
            shown = list(_piece(found, match.lastgroup, at_edge=at_edge, plain=plain))
        else:
            shown = [Piece(drawn)] if drawn else []
        if len(shown) == 1 and shown[0].text == found:
            continue
        if done < start:
            yield Piece(text[done:start].replace("\n", line_break))
        yield from shown
        done = end
    if done < len(text):
        yield Piece(text[done:].replace("\n", line_break))


def symbols(text: str) -> str:
    """Return a text of as many characters of which none steers a terminal or hides.

    For text that is edited: a character that `sanitize` replaces becomes a dotted circle (in plain
    output `?`), a control its picture, and white space other than a blank `␣` (`_`).
    """
    if text.isascii() and text.isprintable():
        return text
    plain = is_plain()
    blank, hidden = ("_", "?") if plain else ("␣", "◌")
    shown = [blank if sign != " " and sign.isspace() else sign for sign in text]
    letters = kinds(text)
    for match in _PIECES.finditer(letters):
        start, end = match.span()
        found = text[start:end]
        if found in _JOINERS:
            unchanged = len(_joiner(text, start) or "")
        elif match.lastgroup == "marks":
            unchanged = MARKS if start else 0
        elif match.lastgroup == "hidden":
            unchanged = 0
        else:
            unchanged = 1 if found[-1] >= "\U000e0000" and found not in _FLAGS else len(found)
        for place in range(start + unchanged, end):
            point = ord(text[place])
            control = point < 0x20 or point == 0x7F
            shown[place] = picture(point, plain=False) if control and not plain else hidden
    return "".join(shown)


def hidden_text(typed: str | None) -> str | None:
    """Return the text of a key that Textual does not insert because Python calls it unprintable,
    such as a joiner or a no-break space; None for any other key."""
    if not typed or typed.isprintable():
        return None
    return None if any(unicodedata.category(sign) in _REFUSED for sign in typed) else typed


def pasted_text(pasted: str) -> str:
    """Return a paste for a field, with symbols for controls and spaces for tabs."""
    lines = pasted.replace("\r\n", "\n").replace("\r", "\n").strip("\n").expandtabs(TAB)
    return "".join(
        symbol_for(sign) if sign != "\n" and unicodedata.category(sign) in _REFUSED else sign
        for sign in lines
    )


def _piece(found: str, group: str | None, *, at_edge: bool, plain: bool) -> Iterator[Piece]:
    if group == "hidden":
        yield Piece(symbol_for(found, plain=plain), 1)
    elif group == "marks":
        base = "_" if plain else "◌"
        yield Piece((base if at_edge else "") + found[:MARKS])
        surplus = len(found) - MARKS
        if surplus > 0:
            count = f"+{surplus} marks" if surplus > 1 else "+1 mark"
            yield Piece(f"<{count}>" if plain else f"⟨{count}⟩", surplus)
    elif found[-1] >= "\U000e0000" and found not in _FLAGS:
        yield Piece(found[0])
        for character in found[1:]:
            yield Piece(symbol_for(character, plain=plain), 1)
    else:
        yield Piece(found)


# -- zero-width joiners ----------------------------------------------------------------------------

_NON_JOINER: Final = "\u200c"
_JOINER: Final = "\u200d"
_JOINERS: Final = frozenset({_NON_JOINER, _JOINER})

_VIRAMA: Final = 9
"""The canonical combining class of every virama."""

# Arabic letters that join only the previous letter, and those that join none.
_JOIN_BEFORE: Final = frozenset(
    "\u0622\u0623\u0624\u0625\u0627\u0629\u062f\u0630\u0631\u0632\u0648\u0671\u0672\u0673\u0675"
    "\u0676\u0677\u06c0\u06cd\u06cf\u06d2\u06d3\u06d5\u06ee\u06ef\u0759\u075a\u075b\u076b\u076c"
    "\u0771\u0773\u0774\u0778\u0779\u08aa\u08ab\u08ac\u08ae\u08b1\u08b2\u08b9"
) | frozenset(map(chr, (*range(0x0688, 0x069A), *range(0x06C3, 0x06CC))))
_JOIN_NOTHING: Final = frozenset("\u0621\u0640\u0674\u06e5\u06e6\u08ad\u08c9")

_AFTER_CLUSTER: Final = frozenset({"Lo", "Po", "Pd", "Pe", "Pf", "Zs"})
"""The categories of what may follow a cluster that ends in a joiner."""

# A joiner between these letters and the virama prevents the form above the line.
_RA: Final = {"\u09b0": "\u09cd", "\u0cb0": "\u0ccd"}  # Bengali and Assamese, Kannada


def _joiner(text: str, index: int) -> str | None:
    """Return what the terminal gets of the joiner at an index; None if it is not part of a word.

    Nothing of one before which Textual and terminals count the cells differently.
    """
    before = index - 1
    while before >= 0 and index - before <= MARKS and unicodedata.category(text[before]) == "Mn":
        before -= 1
    if before < 0 or unicodedata.category(text[before]) != "Lo":
        return None
    if kinds(text[before + 1 : index]).strip(MARK):
        return None  # a hidden mark between them
    follower, beyond = text[index + 1 : index + 2], text[index + 2 : index + 3]
    after_virama = unicodedata.combining(text[index - 1]) == _VIRAMA
    if after_virama and _script(text[before]) != _script(text[index - 1]):
        return None
    if text[index] == _JOINER and after_virama:
        ends_cluster = not follower or unicodedata.category(follower) in _AFTER_CLUSTER
        return "" if ends_cluster else None
    if text[index] == _JOINER:
        virama = _RA.get(text[index - 1])
        is_spelling = virama is not None and follower == virama and _is_letter(beyond)
    elif after_virama:
        is_spelling = _is_letter(follower) and _script(text[before]) == _script(follower)
    else:
        is_spelling = _is_letter(follower) and (
            _joins(text[before], forward=True) and _joins(follower, forward=False)
        )
    return text[index] if is_spelling else None


def _is_letter(character: str) -> bool:
    return bool(character) and unicodedata.category(character) == "Lo"


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _joins(letter: str, *, forward: bool) -> bool:
    """Return whether an Arabic letter joins the next or the previous letter."""
    point = ord(letter)
    is_arabic = 0x0620 <= point <= 0x06FF or 0x0750 <= point <= 0x077F or 0x08A0 <= point <= 0x08C9
    if not is_arabic or letter in _JOIN_NOTHING:
        return False
    return not (forward and letter in _JOIN_BEFORE)
