"""Changes in words and the position of the cursor, for screen readers.

A screen reader reads what is new on a line and follows the terminal's cursor. With `--plain` the
status line reports the effect of a key, and the cursor is where the effect is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import Input, OptionList, TextArea

from chatkit_tui.document.spans import Line, line_text
from chatkit_tui.terminal.textual_private import line_of_option
from chatkit_tui.text.plain import counted
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import shorten
from chatkit_tui.ui.threads.line import time_text, title_span, user_text
from chatkit_tui.ui.threads.list import ThreadList
from chatkit_tui.ui.threads.pane import ThreadsPane
from chatkit_tui.ui.transcript.view import TranscriptView

if TYPE_CHECKING:
    from chatkit_tui.ui.transcript.pane import TranscriptPane

LINES = 3
"""Lines of an item that are reported: its header and its beginning."""
LONGEST = 160
"""Cells for one thread or item; a braille display has 40."""


class Situation(NamedTuple):
    """What is reported when it changes."""

    about: str = ""
    """The list or the thread."""
    key: str | None = None
    """The id of the thread or item under the cursor."""
    place: str = ""
    """Its position and its text."""
    loaded: int = 0
    marks: int = 0
    found: str = ""
    """The position of a search."""
    lines: int = 0
    """The height of the item, which changes if it is folded or shown as JSON."""


def situation(pane: ThreadsPane | TranscriptPane) -> Situation:
    """Return the situation of a pane."""
    if isinstance(pane, ThreadsPane):
        row, marks = pane.list.current, len(pane.marks)
        place = _place("thread", pane.position, _thread_words(pane)) if row else ""
        return Situation("threads", row.key if row else None, place, pane.loaded, marks)
    key = pane.view.state.cursor.key if pane.view.state else None
    place = _place("item", pane.position, _item_words(pane)) if key else ""
    thread = pane.row.id if pane.row else ""
    lines = len(_item_lines(pane))
    # The items may be loaded before their widget has a size: both are reported together.
    loaded = pane.loaded if lines else 0
    marks = len(pane.view.state.marks) if pane.view.state else 0
    return Situation(f"items of {thread}", key, place, loaded, marks, pane.found_words, lines)


def changes(before: Situation, now: Situation) -> str:
    """Return the changes in words, the shortest first; empty if there are none."""
    parts: list[str] = []
    same = before.about == now.about
    if same and now.marks != before.marks:
        parts.append(
            f"{'marked' if now.marks > before.marks else 'unmarked'}, {now.marks:,} in all"
        )
    if same and now.found != before.found:
        words = f"found {now.found}" if now.found[:1].isdigit() else now.found
        parts.append(words or "search ended")
    if same and now.loaded > before.loaded:
        parts.append(f"{now.loaded - before.loaded:,} {'more ' if before.loaded else ''}loaded")
    if now.place and (now.key, now.about) != (before.key, before.about):
        parts.append(now.place)
    elif now.lines != before.lines and min(now.lines, before.lines):
        parts.append(f"shown in {counted(now.lines, 'line')}")
    return "; ".join(parts)


def _place(what: str, position: str, words: str) -> str:
    number, _, rest = position.partition("  ")
    number = number.replace("/", " of ")
    return shorten(f"{what} {number}: {words}{f', {rest}' if rest else ''}", LONGEST)


def _thread_words(pane: ThreadsPane) -> str:
    row = pane.list.current
    if row is None:
        return ""
    title, _ = title_span(row, pane.words.found.get(row.id))
    user = user_text(row, pane.setting)
    marked = ["marked"] if row.id in pane.marks else []
    when = time_text(row, pane.setting)
    problems = pane.list.findings.words(row.id)
    found = [problems] if problems else []
    words = [*found, title, user, sanitize(row.status), when, *marked]
    return ", ".join(word for word in words if word)


def _item_lines(pane: TranscriptPane) -> Sequence[Line]:
    state = pane.view.state
    row = state.cursor.row if state else None
    return () if state is None or row is None else state.lines(row)


def _item_words(pane: TranscriptPane) -> str:
    lines = [line_text(line).strip(" |") for line in _item_lines(pane)[:LINES]]
    return ", ".join(re.sub(r"\s{2,}", ", ", line) for line in lines if line)


def reading_place(widget: Widget | None) -> Offset | None:
    """Return the position of the terminal's cursor for the focused widget."""
    if widget is None:
        return None
    if isinstance(widget, Input | TextArea):
        return widget.cursor_screen_offset
    corner = widget.content_region.offset
    return corner + Offset(0, max(0, min(_line_in(widget), widget.size.height - 1)))


def _line_in(widget: Widget) -> int:
    """Return the current line of a widget, counted from its first visible one."""
    if isinstance(widget, ThreadList):
        return (widget.cursor - widget.top) * widget.lines_each
    if isinstance(widget, TranscriptView) and widget.state is not None:
        row = widget.state.cursor.row
        rows = [shown for shown, _ in widget.state.window]
        return rows.index(row) if row in rows else 0
    if isinstance(widget, OptionList) and widget.highlighted is not None:
        line = line_of_option(widget, widget.highlighted)
        return line - round(widget.scroll_y)
    return 0
