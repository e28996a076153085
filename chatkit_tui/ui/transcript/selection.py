"""What the mouse selects: text between two points of the transcript.

A point is a column and a number. Numbers grow downwards and stay with their line when pages come
above or below, so that a selection does not slide over the text.
"""

from __future__ import annotations

from textual.geometry import Offset
from textual.selection import Selection

from chatkit_tui.document.spans import plain
from chatkit_tui.ui.transcript.transcript_state import TranscriptState

_LINE_BITS = 20
_MIDDLE = 1 << 40
"""Where the gap stands: far from both ends, which count towards it."""


def number_of(reading: TranscriptState, row: int, line: int) -> int:
    """The number of a line of the transcript."""
    rows = reading.rows
    if row == rows.gap:
        place = _MIDDLE
    else:
        side, number = rows.side_and_number(row)
        place = number if side == "old" else 2 * _MIDDLE - number + reading.arrived
    if rows.newest_first:
        place = 3 * _MIDDLE - place
    return place << _LINE_BITS | line


def place_of(reading: TranscriptState, number: int) -> tuple[int, int] | None:
    """The row and line of a number; None when that row is gone."""
    rows = reading.rows
    place, line = number >> _LINE_BITS, number & ((1 << _LINE_BITS) - 1)
    if rows.newest_first:
        place = 3 * _MIDDLE - place
    if place == _MIDDLE:
        return None if rows.gap is None else (rows.gap, line)
    is_old = place < _MIDDLE
    number = place if is_old else 2 * _MIDDLE - place + reading.arrived
    if not 0 <= number < len(reading.feed.old if is_old else reading.feed.new):
        return None
    from_above = (rows.above == "old") == is_old
    return (number if from_above else len(rows) - 1 - number), line


def selected_text(reading: TranscriptState, selection: Selection, gutter: int) -> str | None:
    """The text of a selection; an open end is the edge of the window. None when it is gone."""
    if not reading.window:
        return None
    top, bottom = reading.window[0], reading.window[-1]
    start = selection.start or Offset(0, number_of(reading, *top))
    end = selection.end or Offset(1 << 16, number_of(reading, *bottom))
    first, last = place_of(reading, start.y), place_of(reading, end.y)
    if first is None or last is None:
        return None
    text: list[str] = []
    for row in range(first[0], last[0] + 1):
        for number, line in enumerate(reading.lines(row)):
            if first <= (row, number) <= last:
                begin = start.x - gutter if (row, number) == first else 0
                stop = end.x - gutter if (row, number) == last else None
                text.append(plain(line)[max(0, begin) : None if stop is None else max(0, stop)])
    return "\n".join(text)
