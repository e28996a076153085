"""A credential, its spellings in different encodings, and the search for them in a response.

A fast search finds the blocks in which a spelling may occur. Only these are unescaped, which takes
a hundred times as long per byte.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import AnyStr, Final, NamedTuple

from chatkit_tui.secrets.escapes import Spend, readings, unescaped, unlimited

# -- credentials -----------------------------------------------------------------------------------


class Credential:
    """A credential and its spellings."""

    __slots__ = ("exact", "folded", "kind", "mark", "needles", "value")

    def __init__(self, value: str, kind: str) -> None:
        raw = value.encode("utf-8", "surrogatepass")
        hexadecimal = raw.hex()
        self.value = value
        self.kind = kind
        self.mark = f"[{kind} redacted]"
        self.folded = (value.lower(), hexadecimal)
        """Spellings to search for in lower case."""
        self.exact = {
            value,
            raw.decode("latin-1"),
            unescaped("\\" + value),  # the text before it ends in a backslash
            hexadecimal,
            hexadecimal.upper(),
            *_base64_spellings(raw),
        }
        self.needles = tuple({needle for text in self.exact for needle in _needles(text)})


class _Needle(NamedTuple):
    """A part of a spelling of a credential, and the position of its rarest character."""

    raw: bytes
    rare: bytes
    """Empty if no character is rare."""
    offset: int

    def find(self, raw: bytes, start: int, end: int) -> int:
        """Return its first position in `raw`, or -1; a search for one byte is the fastest."""
        at = raw.find(self.rare, start + self.offset, end) if self.rare else start + self.offset
        for _ in range(_MOST_HITS if self.rare else 0):
            if at < 0:
                return -1
            if raw.startswith(self.raw, at - self.offset):
                return at - self.offset
            at = raw.find(self.rare, at + 1, end)
        return raw.find(self.raw, at - self.offset, end) if at >= 0 else -1


_MOST_HITS: Final = 100
"""Occurrences after which a byte is not considered rare."""


def _base64_spellings(raw: bytes) -> Iterator[str]:
    """Yield the part of `raw` in the base64 of any text around it, in both alphabets."""
    for before in range(3):
        whole = b2a_base64(b"\0" * before + raw, newline=False).decode()
        own = whole[-(-8 * before // 6) : 8 * (before + len(raw)) // 6]
        yield own
        yield own.translate(str.maketrans("+/", "-_"))


_RARE: Final = "ZXQJKVWYUGHFqzOjBNLDRPM"
_RAREST: Final = f"{_RARE}ETSCIA_-.xkvwybpgfmucldhrsnioate9876543210"
"""Characters by their frequency in JSON, the rarest first."""


def _needles(text: str) -> Iterator[_Needle]:
    """Yield needles for the longest part that no sensible encoding changes.

    There is one for each half, since a line break can split one half only. There is one for the
    whole if a half has no rare character.
    """
    plain = max(re.findall(r"[\w.-]+", text, re.ASCII) or ["\0"], key=len)
    halves = plain[: len(plain) // 2], plain[len(plain) // 2 :]
    rare = [min(half, key=_RAREST.find, default="") for half in halves]
    if not all(character and character in _RARE for character in rare):
        yield _Needle(plain.encode(), b"", 0)
        return
    for half, character in zip(halves, rare, strict=True):
        at = half.index(character)
        first = max(0, min(at - 5, len(half) - 12))
        yield _Needle(half[first : first + 12].encode(), character.encode(), at - first)


# -- the blocks of a response that may contain one ------------------------------------------------

_CODE: Final = r"(?:2[35dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[cCfF])"
"""The codes of letters, digits and `-._`, which no sensible encoding escapes, and of `#%\\`, which
start an escape."""

_NUMBER: Final = "(?:3[578]|4[5689]|5[0-7]|6[5-9]|[78][0-9]|9[0257-9]|1[01][0-9]|12[0-2])"
"""The same codes in decimal."""


class _Escape(NamedTuple):
    """An escape that occurs in a response if a character of a credential is escaped."""

    introducer: bytes
    """Its first bytes, which are fast to search for."""
    rest: str

    def find(self, raw: bytes, start: int, end: int) -> int:
        """Return its first position in `raw`, or -1."""
        pattern = _compiled(self)
        at = raw.find(self.introducer, start, end)
        for _ in range(_FEW_HITS):
            if at < 0 or pattern.match(raw, at, end):
                return at
            at = raw.find(self.introducer, at + 1, end)
        match = pattern.search(raw, at, end) if at >= 0 else None
        return match.start() if match else -1


_FEW_HITS: Final = 30
"""Occurrences of an introducer up to which single searches are faster than a pattern."""

_ESCAPES: Final = (
    _Escape(b"%", f"(?:{_CODE}|26(?:amp;)*#)"),
    _Escape(
        b"&",
        f"(?:amp;)*(?:#0*{_NUMBER}(?![0-9])|#[xX]0*(?:26|{_CODE})|bsol|percnt|lowb|Under|peri)",
    ),
    _Escape(b"\\u00", rf"(?:{_CODE}|00|26(?:amp;)*#)"),
    _Escape(b"\\\\", r"(?:[xU01_.-]|u\{)"),
)


@cache
def _compiled(escape: _Escape) -> re.Pattern[bytes]:
    return re.compile(re.escape(escape.introducer) + escape.rest.encode())


_BLOCK: Final = 4096
"""Bytes that are read around a possible credential: more than any spelling of one has."""


def suspicious_blocks(
    raw: bytes, known: Sequence[Credential], start: int, end: int
) -> Iterator[int]:
    """Yield the numbers of all blocks between `start` and `end` near a possible credential.

    The order is arbitrary.
    """
    for credential in known:
        for needle in credential.needles:
            yield from _blocks(needle.find, raw, start, end)
    yield from _blocks(lambda raw, *limits: raw.find(b"\0", *limits), raw, start, end)
    for escape in _ESCAPES:
        yield from _blocks(escape.find, raw, start, end)


def _blocks(
    find: Callable[[bytes, int, int], int], raw: bytes, start: int, end: int
) -> Iterator[int]:
    while (at := find(raw, start, end)) >= 0:
        block = at // _BLOCK
        yield block
        start = (block + 1) * _BLOCK


# -- search ----------------------------------------------------------------------------------------


class Span(NamedTuple):
    """A part of a text, and the `mark` that replaces it."""

    start: int
    end: int
    mark: str


_MOST_BLOCKS: Final = 64
"""Blocks that are searched at a time: limits memory, and how long other threads wait."""

_SPAN_STEPS: Final = 50
"""The cost of finding, sorting and replacing one span, in steps."""


def spans_in_answer(raw: bytes, known: Sequence[Credential], spend: Spend) -> Iterator[Span]:
    """Yield the spans of the process's credentials in a response, in any encoding."""
    blocks: set[int] = set()
    window = _MOST_BLOCKS * _BLOCK
    for start in range(0, len(raw), window):
        spend(1)
        blocks.update(suspicious_blocks(raw, known, start, start + window + _BLOCK))
    for start, end in _parts(blocks):
        for span in known_spans(raw[start:end].decode("latin-1"), known, spend):
            yield Span(start + span.start, start + span.end, span.mark)


def _parts(blocks: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the start and end of blocks and their neighbors, in overlapping parts."""
    wanted = sorted({near for block in blocks for near in (block - 1, block, block + 1)})
    first = 0
    for index, block in enumerate(wanted):
        is_last = index + 1 == len(wanted) or wanted[index + 1] != block + 1
        if is_last or index - first >= _MOST_BLOCKS:
            yield max(0, wanted[first] * _BLOCK), (block + 1) * _BLOCK
            first = index + 1 if is_last else index - 1


def known_spans(text: str, known: Sequence[Credential], spend: Spend = unlimited) -> Iterator[Span]:
    """Yield the spans of the process's credentials in a text, in any encoding."""
    for reading in readings(text, spend):
        folded = reading.text.replace("İ", "i").lower()  # the only letter whose lower case has two
        for credential in known:
            for searched, spellings in (
                (reading.text, credential.exact),
                (folded, credential.folded),
            ):
                for spelling in spellings:
                    for start in _positions(searched, spelling):
                        spend(_SPAN_STEPS)
                        yield Span(*reading.span(start, start + len(spelling)), credential.mark)


def _positions(text: AnyStr, part: AnyStr) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + len(part))
