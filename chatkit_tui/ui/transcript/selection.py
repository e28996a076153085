"""What can be copied from a transcript: the text of an item, its JSON, and a mouse selection.

A point of a selection is a column and a line number. Line numbers grow downwards and stay with
their line when pages are added, so that a selection does not slide over the text.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.geometry import Offset
from textual.selection import Selection

from chatkit_tui.document.spans import line_text
from chatkit_tui.render import RenderContext
from chatkit_tui.terminal.clipboard import Source, json_for_copy
from chatkit_tui.ui.transcript.item_renderer import LARGE, read, size_text

if TYPE_CHECKING:
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.ui.transcript.transcript_state import TranscriptState

LARGEST_WITH_TEXT = 1_000_000
"""Bytes of JSON up to which an item has a text to copy."""

_LINE_BITS = 20
_MIDDLE = 1 << 40
"""The place of the gap: far from both ends, which count towards it."""


# -- an item ---------------------------------------------------------------------------------------


def copies_of(entry: RawRow, context: RenderContext) -> list[Source]:
    """Return what can be copied of an item: its text, unless it is too large, and its JSON."""
    texts = {"text": partial(_text_of, entry, context), "raw JSON": partial(_raw_of, entry)}
    if entry.size > LARGEST_WITH_TEXT:
        del texts["text"]
    small = entry.size < LARGE
    return [
        Source(name, make() if small else size_text(entry.size), make)
        for name, make in texts.items()
    ]


def _text_of(entry: RawRow, context: RenderContext) -> str:
    """Return an item's text, including folded parts, with its hidden characters but no controls.

    A tool call begins with its name and status. Return the JSON of an item that cannot be rendered.
    """
    from chatkit_tui.export.text import item_text
    from chatkit_tui.models.items import ClientToolCall
    from chatkit_tui.render.items import copied_text

    with suppress(Exception):  # the JSON of such an item can still be copied
        item = read(entry)
        if isinstance(item, ClientToolCall):
            return item_text(item, context, sanitized=False)
        text = copied_text(item, context)
        if text is not None:
            return text
    return _raw_of(entry)


def _raw_of(entry: RawRow) -> str:
    """Return an item's JSON with controls escaped, and U+FFFD for bytes that are not UTF-8."""
    return json_for_copy(entry.raw)


# -- a mouse selection -----------------------------------------------------------------------------


def number_of(state: TranscriptState, row: int, line: int) -> int:
    """Return the number of a line of the transcript."""
    rows = state.rows
    if row == rows.gap:
        place = _MIDDLE
    else:
        side, number = rows.side_and_number(row)
        place = number if side == "old" else 2 * _MIDDLE - number + state.arrived
    if rows.newest_first:
        place = 3 * _MIDDLE - place
    return place << _LINE_BITS | line


def place_of(state: TranscriptState, number: int) -> tuple[int, int] | None:
    """Return the row and line of a number; None if that row is gone."""
    rows = state.rows
    place, line = number >> _LINE_BITS, number & ((1 << _LINE_BITS) - 1)
    if rows.newest_first:
        place = 3 * _MIDDLE - place
    if place == _MIDDLE:
        return None if rows.gap is None else (rows.gap, line)
    is_old = place < _MIDDLE
    number = place if is_old else 2 * _MIDDLE - place + state.arrived
    if not 0 <= number < len(state.feed.old if is_old else state.feed.new):
        return None
    from_above = (rows.above == "old") == is_old
    return (number if from_above else len(rows) - 1 - number), line


def selected_text(state: TranscriptState, selection: Selection, gutter: int) -> str | None:
    """Return the text of a selection, or None if it is gone.

    An open end of the selection is the edge of the window.
    """
    if not state.window:
        return None
    top, bottom = state.window[0], state.window[-1]
    start = selection.start or Offset(0, number_of(state, *top))
    end = selection.end or Offset(1 << 16, number_of(state, *bottom))
    first, last = place_of(state, start.y), place_of(state, end.y)
    if first is None or last is None:
        return None
    text: list[str] = []
    for row in range(first[0], last[0] + 1):
        for number, line in enumerate(state.lines(row)):
            if first <= (row, number) <= last:
                begin = start.x - gutter if (row, number) == first else 0
                stop = end.x - gutter if (row, number) == last else None
                text.append(line_text(line)[max(0, begin) : None if stop is None else max(0, stop)])
    return "\n".join(text)
