"""JSON values for readers: names and values, tables, texts with their line breaks.

Arguments and outputs of tool calls are drawn in this form; the raw view has them unchanged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Final

from chatkit_tui.document.blocks import Block, Indented, Paragraph, Table, indented
from chatkit_tui.document.from_json import Number, inline_json, json_blocks
from chatkit_tui.document.spans import (
    BULLET,
    DIM,
    FIELD,
    PLAIN,
    Inline,
    Span,
    Style,
    raw_text,
    text_spans,
    untrusted,
)
from chatkit_tui.models.json import JSON, check_values, mend
from chatkit_tui.text.links import data_words
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells

LONGEST: Final = 300_000
"""Characters of JSON text up to which values are drawn for readers; longer ones are JSON."""

MOST_CELLS: Final = 5_000
"""Cells of the largest table; the entries of a larger one are listed."""

DEEPEST: Final = 8
"""Levels of values below one another; what is deeper is on one line."""

SHORT: Final = 60
"""Characters of the longest value inside others that is drawn on one line."""

LONGEST_NAME: Final = 20
"""Cells of the longest name that shares a line with its value."""

_LONGEST_CELL: Final = 300
_MOST_COLUMNS: Final = 12
_SHORTEST_BASE64: Final = 200
_FEWEST_CHARACTERS: Final = 27
"""Different characters at the beginning of base64: more than in hexadecimal digits and a word."""
_SHORTEST_LINE: Final = 60
"""Characters of a line of base64, 64 or 76; lists of ids have shorter ones."""
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_QUOTED: Final = re.compile(
    r"\s*|\s.{0,60}|.{0,60}\s|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null"
)
"""A text that would look like another value, or like none, without quotes."""


class UnreadableError(ValueError):
    """The value has no form for readers: a name twice in an object, or nested too deeply."""


def _object(members: list[tuple[str, JSON]]) -> dict[str, JSON]:
    found = dict(members)
    if len(found) < len(members):
        raise UnreadableError
    return found


_DECODER: Final = json.JSONDecoder(
    strict=False,
    parse_int=Number,
    parse_float=Number,
    parse_constant=Number,
    object_pairs_hook=_object,
)


@lru_cache(2)
def read_value(text: str) -> JSON:
    """Return the value of JSON text, with the digits of numbers as they are written.

    Raise `UnreadableError` if it has no form for readers, another `ValueError` if it is not JSON.
    The last two texts are cached: parts of a call read its arguments and output in turn.
    """
    return _decode(text)


def _decode(text: str) -> JSON:
    check_values(text)
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise UnreadableError from None


def readable_blocks(text: str) -> tuple[Block, ...]:
    """Return blocks of JSON text: its value for readers, else the JSON. Never raise."""
    try:
        value = opened(read_value(text)) if len(text) <= LONGEST else None
    except ValueError:
        value = None
    return json_blocks(text) if value is None else _blocks(value, 0)


def readable_value(value: JSON) -> tuple[Block, ...]:
    """Return blocks of a parsed value for readers: on one line if it is short."""
    return _blocks(value, 1)


def is_members(value: JSON) -> bool:
    """Return whether a value is an object whose names stand one below the other."""
    return isinstance(value, dict) and bool(value) and _columns(value) is None


def _blocks(value: JSON, depth: int) -> tuple[Block, ...]:
    if isinstance(value, str) and not isinstance(value, Number):
        return _string(value, depth)
    if not isinstance(value, dict | list) or not value or depth > DEEPEST:
        return (Paragraph(tuple(inline_json(value))),)
    if depth and (short := _short(value)):
        return (Paragraph(short),)
    if isinstance(value, dict):
        table = _columns(value)
        return (table,) if table else _members(value, depth)
    if table := _rows(value):
        return (table,)
    if all(not isinstance(entry, str) or isinstance(entry, Number) for entry in _leaves(value)):
        return (Paragraph(tuple(inline_json(value))),)
    bullet = BULLET.span()
    return tuple(Indented(_blocks(entry, depth + 1), bullet, Span("  ")) for entry in value)


def _leaves(value: list[JSON]) -> Iterable[JSON]:
    """Yield the entries of a list, and of the lists in it; a text for other containers."""
    for entry in value:
        if isinstance(entry, list):
            yield from ("" if isinstance(inner, dict | list) else inner for inner in entry)
        else:
            yield "" if isinstance(entry, dict) else entry


def _short(value: JSON) -> tuple[Inline, ...] | None:
    """Return a value on one line, or None if it is long or holds a text of several lines."""
    spans: list[Inline] = []
    length = 0
    for span in inline_json(value):
        text = raw_text((span,))
        length += len(text)
        if length > SHORT or "\\n" in text or '\\"' in text:
            return None
        spans.append(span)
    return tuple(spans)


def _members(value: dict[str, JSON], depth: int) -> tuple[Block, ...]:
    """Names and values in two columns; a long name, and one with names below it, has a line."""
    names = {name: cells(sanitize(name)) for name in map(mend, islice(value, 1000))}
    width = max((own for own in names.values() if own <= LONGEST_NAME), default=0) + 2
    blocks: list[Block] = []
    for name, entry in value.items():
        name = mend(name)
        own = names.get(name, LONGEST_NAME + 1)
        content = _blocks(entry, depth + 1)
        below = depth < DEEPEST and is_members(opened(entry)) and not _one_paragraph(content)
        if own > LONGEST_NAME or below:
            blocks += (Paragraph((untrusted(name, FIELD),)), indented(*content))
        else:
            head = untrusted(name + " " * (width - own), FIELD)
            blocks.append(Indented(content, head, Span(" " * width, DIM)))
    return tuple(blocks)


def _one_paragraph(blocks: tuple[Block, ...]) -> bool:
    return len(blocks) == 1 and isinstance(blocks[0], Paragraph)


# -- tables ----------------------------------------------------------------------------------------


def _rows(value: list[JSON]) -> Table | None:
    """Return the table of a list of like objects with short values, or None."""
    if len(value) < 2 or not all(isinstance(entry, dict) and entry for entry in value):
        return None
    names = list(dict.fromkeys(name for entry in value for name in entry))
    filled = sum(map(len, value))
    columns = len(names)
    if columns > _MOST_COLUMNS or columns * len(value) > min(MOST_CELLS, 2 * filled):
        return None
    return _table(names, ([entry.get(name, _MISSING) for name in names] for entry in value))


_MISSING: Final = object()


def _columns(value: dict[str, JSON]) -> Table | None:
    """Return the table of an object that has only rows and the names of their columns, or None."""
    names, rows = value.get("columns"), value.get("rows")
    if len(value) != 2 or not isinstance(names, list) or not isinstance(rows, list):
        return None
    if not all(isinstance(name, str) for name in names) or not names or not rows:
        return None
    if any(not isinstance(row, list) or len(row) != len(names) for row in rows):
        return None
    if len(names) > _MOST_COLUMNS or len(names) * len(rows) > MOST_CELLS:
        return None
    return _table(names, rows)


def _table(names: list[str], rows: Iterable[list[JSON]]) -> Table | None:
    lines: list[tuple[tuple[Inline, ...], ...]] = [
        tuple((untrusted(mend(name), Style(bold=True)),) for name in names)
    ]
    numeric = [True] * len(names)
    for row in rows:
        cells_of_row: list[tuple[Inline, ...]] = []
        for column, entry in enumerate(row):
            cell = () if entry is _MISSING else _cell(entry)
            if cell is None:
                return None
            numeric[column] &= entry is _MISSING or isinstance(entry, Number)
            cells_of_row.append(cell)
        lines.append(tuple(cells_of_row))
    return Table(tuple(lines), tuple("right" if number else "left" for number in numeric))


def _cell(value: JSON) -> tuple[Inline, ...] | None:
    if isinstance(value, str) and not isinstance(value, Number):
        whole = len(value) > _LONGEST_CELL or "\n" in value or opened(value) is not value
        return None if whole and not condensed(value) else _string_spans(value)
    if isinstance(value, dict | list):
        return _short(value)
    return tuple(inline_json(value))


# -- texts -----------------------------------------------------------------------------------------


def opened(value: JSON) -> JSON:
    """Return the object or list in a text that is JSON, else the value itself."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            found = _decode(value)
        except ValueError:
            return value
        return found if isinstance(found, dict | list) and found else value
    return value


def _string(value: str, depth: int) -> tuple[Block, ...]:
    if (found := opened(value)) is not value and depth <= DEEPEST:
        return _blocks(found, depth + 1)
    return (Paragraph(_string_spans(value)),)


def _string_spans(value: str) -> tuple[Inline, ...]:
    if words := condensed(value):
        return (untrusted(words, DIM),)
    if _QUOTED.fullmatch(value):
        return tuple(inline_json(value))
    return text_spans(mend(value), PLAIN, breaks=True, links="inside")


def condensed(text: str) -> str | None:
    """Return a short form of a `data:` address or of base64; None for other text."""
    if words := data_words(text):
        return words
    return f"<base64, {len(text):,} characters>" if is_base64(text) else None


def is_base64(text: str) -> bool:
    """Return whether a text is certainly base64: long, and of all its kinds of characters.

    A list of ids, one on each line, must be read, and so must a path or words with dashes.
    """
    if len(text) < _SHORTEST_BASE64:
        return False
    start = text[:_SHORTEST_BASE64]
    if len(set(start)) < _FEWEST_CHARACTERS or not any(map(str.isdigit, start)):
        return False
    if any(start.count(mark) > _SHORTEST_BASE64 // 12 for mark in "/-_"):
        return False
    first, *others = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if others and not len(others[-1]) <= len(first) >= _SHORTEST_LINE:
        return False
    if any(len(line) != len(first) for line in others[:-1]):
        return False
    return _BASE64.fullmatch("".join((first, *others))) is not None
