"""JSON as blocks: indented, colored by token, and otherwise unchanged.

The text is tokenized instead of parsed: numbers keep their digits, strings their escapes, objects
the order and repetition of their keys, and the depth of nesting has no limit.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from chatkit_tui.document.blocks import Block, Paragraph, Preformatted, note
from chatkit_tui.document.spans import Inline, Span, Style, untrusted
from chatkit_tui.models.json import JSON, dump_json, mend

MOST_LINES: Final = 10_000
"""Lines of JSON that are shown, with the number of the others below them."""
LONGEST: Final = 500_000
"""Characters of JSON text that are shown, likewise."""

_PIECE: Final = 128 * 1024
"""Bytes that are decoded in one step."""

DEEPEST_INDENT: Final = 40
"""Levels that are indented; deeper ones are aligned with the last of these."""

_TOKEN: Final = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\]++|\\.)*+")'
    r"|(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<word>true|false|null|NaN|-?Infinity)"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)|(?P<colon>:))",
    re.DOTALL,
)
_BLANK: Final = re.compile(r"[ \t\r\n]*")

_STYLES: Final[dict[str, Style]] = {
    "string": Style("code.string"),
    "number": Style("code.number"),
    "word": Style("code.keyword"),
}
_KEY: Final = Style("code.name")
_MARK: Final = Style("code")


class Number(str):
    """A number with the digits that it was written with."""

    __slots__ = ()


class NotJSONError(ValueError):
    """The text is not JSON; `position` is where it stops being so."""

    def __init__(self, position: int) -> None:
        super().__init__(f"not JSON at character {position + 1}")
        self.position = position


def json_blocks(value: Any) -> tuple[Block, ...]:
    """Return blocks of JSON: of its text if `value` is text or bytes, else of a parsed value.

    Text that is not JSON is shown unchanged below a line with the reason. Never raise.
    """
    if not isinstance(value, str | bytes):
        return _bounded(_lines(_value_tokens(value)))
    text, more = _front(value)
    if not text.strip():
        return (note("(empty)"),)
    left_out = len(text) + more - LONGEST
    if left_out > 0:
        lines = tuple(islice(_lines(_tokens_so_far(text[:LONGEST])), MOST_LINES))
        return (Preformatted(lines), _bad(f"({left_out:,} more characters of JSON are not shown)"))
    try:
        return _bounded(_lines(text_tokens(text)))
    except NotJSONError as error:
        unread = text.replace("\r\n", "\n").split("\n")
        return (_bad(f"({error})"), Preformatted(tuple((untrusted(line),) for line in unread)))


def value_blocks(value: JSON) -> tuple[Block, ...]:
    """Return blocks of a parsed value; a string is a string here, not JSON text."""
    return json_blocks(dump_json(value) if isinstance(value, str) else value)


def _front(value: str | bytes) -> tuple[str, int]:
    """Return the beginning of a text, at least what is shown, and the number of further characters.

    The rest is counted in pieces, so that no step takes long for a large text.
    """
    if isinstance(value, str):
        return value, 0
    decoder = codecs.getincrementaldecoder("utf-8-sig")("backslashreplace")
    pieces = (
        decoder.decode(value[start : start + _PIECE], final=start + _PIECE >= len(value))
        for start in range(0, max(1, len(value)), _PIECE)
    )
    front = "".join(islice(pieces, 1 + 4 * LONGEST // _PIECE))
    return front, sum(map(len, pieces))


def _bounded(lines: Iterator[tuple[Inline, ...]]) -> tuple[Block, ...]:
    """Return the lines as a block, and the number of lines that are omitted, if any."""
    shown = Preformatted(tuple(islice(lines, MOST_LINES)))
    left_out = sum(1 for _ in lines)
    rest = (_bad(f"({left_out:,} more lines of JSON are not shown)"),) if left_out else ()
    return (shown, *rest)


def _bad(words: str) -> Paragraph:
    return Paragraph((Span(words, Style("bad")),))


def _tokens_so_far(text: str) -> Iterator[tuple[str, str]]:
    """Yield the tokens of JSON text that ends early; the last one is the unreadable rest."""
    try:
        yield from text_tokens(text)
    except NotJSONError as error:
        if error.position < len(text):
            yield ("string", text[error.position :])


def text_tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield the tokens of JSON text, with keys apart from strings. Raise `NotJSONError`."""
    closers: list[str] = []  # the closing brackets of the open containers
    wanted = "value"  # or: "key", "colon", "next" (a comma or the end); "first …" allows the end
    position = 0
    while True:
        match = _TOKEN.match(text, position)
        if match is None or not (closers or wanted == "value"):
            break
        kind, found = str(match.lastgroup), match[match.lastgroup or 0]
        follow = _follow(wanted, kind, found, closers)
        if follow is None:
            raise NotJSONError(match.start(kind))
        yield ("key" if "key" in wanted and kind == "string" else kind, found)
        wanted = follow
        position = match.end()
    blank = _BLANK.match(text, position)
    end = blank.end() if blank else position
    if end < len(text) or closers or wanted != "next":
        raise NotJSONError(end)


def _follow(wanted: str, kind: str, found: str, closers: list[str]) -> str | None:
    """Return what may follow a token, or None if the token itself is not allowed here."""
    if kind == "close":
        fits = closers and closers[-1] == found and wanted in {"next", "first value", "first key"}
        if not fits:
            return None
        closers.pop()
        return "next"
    if wanted == "next":
        return None if kind != "comma" or not closers else "key" if closers[-1] == "}" else "value"
    if wanted == "colon":
        return "value" if kind == "colon" else None
    if "key" in wanted:
        return "colon" if kind == "string" else None
    if kind == "open":
        closers.append("]" if found == "[" else "}")
        return "first value" if found == "[" else "first key"
    return "next" if kind in _STYLES else None


def _value_tokens(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the tokens of a parsed value; a value without a form in JSON is written by `repr`."""
    end: Any = object()
    waiting: list[tuple[Iterator[Any], str, bool]] = [(iter((value,)), "", False)]
    first = True
    while waiting:
        entries, closer, keyed = waiting[-1]
        entry = next(entries, end)
        if entry is end:
            waiting.pop()
            if closer:
                yield ("close", closer)
            first = False
            continue
        if not first:
            yield ("comma", ",")
        first = False
        if keyed:
            key, entry = entry
            yield ("key", _scalar(key if isinstance(key, str) else str(key)))
            yield ("colon", ":")
        if isinstance(entry, Mapping):
            yield ("open", "{")
            waiting.append((iter(entry.items()), "}", True))
            first = True
        elif isinstance(entry, list | tuple):
            yield ("open", "[")
            waiting.append((iter(entry), "]", False))
            first = True
        elif isinstance(entry, Number):
            yield ("number", entry)
        else:
            kind = "string" if isinstance(entry, str) else "number"
            yield ("word" if entry is None or isinstance(entry, bool) else kind, _scalar(entry))


def inline_json(value: JSON) -> Iterator[Inline]:
    """Yield the pieces of a parsed value on one line."""
    for kind, text in _value_tokens(value):
        if kind == "comma":
            yield Span(", ", _MARK)
        elif kind == "colon":
            yield Span(": ", _MARK)
        elif kind in {"open", "close"}:
            yield Span(text, _MARK)
        else:
            yield untrusted(mend(text), _KEY if kind == "key" else _STYLES[kind])


def _scalar(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return repr(value)


def _lines(tokens: Iterator[tuple[str, str]]) -> Iterator[tuple[Inline, ...]]:
    line: list[Inline] = []
    depth = 0
    opened = False  # whether the last token opened a container, which may be empty
    for kind, text in tokens:
        if kind == "close":
            depth -= 1
            if not opened:
                yield tuple(line)
                line = _indentation(depth)
        elif opened:
            yield tuple(line)
            line = _indentation(depth)
        opened = kind == "open"
        depth += opened
        if kind == "comma":
            line.append(Span(",", _MARK))
            yield tuple(line)
            line = _indentation(depth)
        elif kind == "colon":
            line.append(Span(": ", _MARK))
        elif kind in {"open", "close"}:
            line.append(Span(text, _MARK))
        else:
            line.append(untrusted(text, _KEY if kind == "key" else _STYLES[kind]))
    yield tuple(line)


def _indentation(depth: int) -> list[Inline]:
    width = 2 * min(depth, DEEPEST_INDENT)
    return [Span(" " * width, _MARK)] if width else []
