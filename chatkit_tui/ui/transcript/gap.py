"""What stands where items are not loaded, and in a transcript without items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatkit_tui.document.blocks import Block, Paragraph
from chatkit_tui.document.spans import DIM, Line, Span, Style
from chatkit_tui.render.context import Context
from chatkit_tui.render.layout import lay_out
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import moment

if TYPE_CHECKING:
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import Entry
    from chatkit_tui.ui.transcript.rows import TranscriptRows

BAD = Style("bad", bold=True)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page did not come."""

    message: str
    """One line, as `str(error)` has it; control characters are made visible here."""
    hint: str = ""
    """What helps: a key to try again, a countdown."""


def failure_blocks(failure: Failure, *, plain: bool) -> tuple[Block, ...]:
    """A failure and what helps, a paragraph each."""
    sign = "!" if plain else "✗"
    blocks = [Paragraph((Span(f"{sign} {sanitize(failure.message)}", BAD),))]
    if failure.hint:
        blocks.append(Paragraph((Span(f"  {sanitize(failure.hint)}"),)))
    return tuple(blocks)


def gap_lines(
    rows: TranscriptRows,
    context: Context,
    width: int,
    *,
    loading: bool,
    failures: tuple[Failure, ...],
) -> tuple[Line, ...]:
    """The gap in a transcript: what is missing, whether it is on its way, what went wrong."""
    dots = "..." if context.plain else "···"
    what = Span(f"{dots} not loaded: {_missing(rows, context)}", DIM)
    blocks: list[Block] = [Paragraph((what,))]
    for failure in failures:
        blocks += failure_blocks(failure, plain=context.plain)
    broken = None if rows.feed.whole else rows.feed.broken
    if rows.feed.order_ignored:
        told = "the server ignores the order: items are loaded from one side alone"
        blocks.append(Paragraph((Span(told, DIM),)))
    if loading:
        blocks.append(Paragraph((Span(f"{dots} loading", Style("busy")),)))
    elif broken and not failures:
        hint = "what follows can only be reached from the other end"
        blocks += failure_blocks(Failure(broken, hint), plain=context.plain)
    elif not failures:
        blocks.append(Paragraph((Span(dots, DIM),)))
    return (*lay_out(blocks, width, plain=context.plain), ())


def _missing(rows: TranscriptRows, context: Context) -> str:
    """The items that are missing, by the times of their neighbours."""
    feed = rows.feed
    older, newer = (_told(side[-1], context) if side else "" for side in (feed.old, feed.new))
    if older and newer:
        return f"items between {older} and {newer}"
    return f"items after {older}" if older else f"items before {newer}"


def _told(entry: Entry[Item], context: Context) -> str:
    time = entry.load().time
    return moment(time.seconds, context.zone) if time else f"item {sanitize(entry.id)}"


def notice_lines(
    text: str, width: int, *, failure: Failure | None = None, plain: bool = False
) -> list[Line]:
    """What stands in a transcript without items: a sentence, or why there are none."""
    blocks = failure_blocks(failure, plain=plain) if failure else (Paragraph((Span(text, DIM),)),)
    return [(), *lay_out(blocks, width, plain=plain)]
