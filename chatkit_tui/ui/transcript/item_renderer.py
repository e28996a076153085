"""An item of the feed as lines: drawn, being drawn, or not to be drawn and why."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from chatkit_tui.document.blocks import Paragraph
from chatkit_tui.document.spans import DIM, Line, Span, Style
from chatkit_tui.render.context import Context
from chatkit_tui.render.layout import lay_out
from chatkit_tui.terminal.clipboard import json_for_copy
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.background_work import pause_gc

if TYPE_CHECKING:
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import Entry
    from chatkit_tui.models.timestamps import Timestamp

LARGE: Final = 8 * 1024
"""Bytes of JSON from which on an item is drawn in a thread: what is shorter takes 40 ms at worst,
when all of it is nesting or hidden characters."""


@dataclass(frozen=True, slots=True)
class DrawOptions:
    """How an item is to be drawn."""

    width: int
    """Cells."""
    context: Context
    open: bool | None = None
    """Whether its folds are open; None as they are by default."""
    raw: bool = False
    """Whether its JSON is shown in place of what it says."""


class DrawnItem(NamedTuple):
    """An item as lines, the last of which is blank and parts it from the next one."""

    lines: tuple[Line, ...]
    head: int = 0
    """How many lines from the top are the head, in which find does not look."""
    folded: bool = False
    """Whether opening it would show more."""
    pending: bool = False
    """Whether this stands in for what is still being drawn."""


def draw(entry: Entry[Item], manner: DrawOptions, previous: Entry[Item] | None) -> DrawnItem:
    """Draw an item; `previous` is the one before it in time. Never raises: a fault is a card."""
    from chatkit_tui.render.items import render_item

    try:
        drawn = render_item(
            read(entry),
            manner.width,
            manner.context,
            open=manner.open,
            raw=manner.raw,
            previous=_time(previous),
        )
    except Exception as error:  # noqa: BLE001 - one item must not cost the screen; it is shown
        return _fault(entry, manner, error)
    return DrawnItem((*drawn.lines, ()), drawn.head, drawn.folded)


def read(entry: Entry[Item]) -> Item:
    """An item as it is needed to be drawn; of one that is too large for that, an outline."""
    from chatkit_tui.models.items import read_outline
    from chatkit_tui.render.items import LARGEST

    return read_outline(entry.raw) if entry.size > LARGEST else entry.load()


def draw_apart(entry: Entry[Item], manner: DrawOptions, previous: Entry[Item] | None) -> DrawnItem:
    """As `draw`, for an item of any size, in a thread that the keys need not wait for."""
    with pause_gc():
        return draw(entry, manner, previous)


def _time(entry: Entry[Item] | None) -> Timestamp | None:
    return read(entry).time if entry else None


def _fault(entry: Entry[Item], manner: DrawOptions, error: Exception) -> DrawnItem:
    reason = sanitize(f"{type(error).__name__}: {error}"[:500])
    blocks = (
        Paragraph((Span("! this item could not be drawn", Style("bad", bold=True)),)),
        Paragraph((Span(reason),)),
        Paragraph(
            (Span(f"{sanitize(entry.id)}{ui_text(' · ')}copy its JSON to look into it", DIM),)
        ),
    )
    lines = lay_out(blocks, manner.width, plain=manner.context.plain)
    return DrawnItem((*lines, ()), head=len(lines))


def stand_in(entry: Entry[Item]) -> DrawnItem:
    """What is shown of a large item until a thread has drawn it."""
    return DrawnItem(((Span(f"drawing {amount(entry.size)}", DIM),), ()), head=1, pending=True)


def amount(size: int) -> str:
    """A number of bytes in the words of people."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1000 * 1024 else f"{size / 1024:.0f} KB"


def text_of(entry: Entry[Item], context: Context) -> str:
    """What an item says, folded parts included, without colours or line breaks of the screen's
    and with its hidden characters as they came, but for controls.

    Of an item that cannot be drawn, its JSON.
    """
    from chatkit_tui.render.clipboard_text import text_for_clipboard

    with suppress(Exception):  # what cannot be drawn can still be passed on
        text = text_for_clipboard(read(entry), replace(context, plain=False, tables=True))
        if text is not None:
            return text
    return raw_of(entry)


def raw_of(entry: Entry[Item]) -> str:
    """The JSON of an item as it came; controls that nobody escaped are, and bytes that are not
    UTF-8 are shown as U+FFFD."""
    return json_for_copy(entry.raw)
