"""The head of an item: who or what to the left, when to the right."""

from __future__ import annotations

from chatkit_tui.document.blocks import Paragraph
from chatkit_tui.document.spans import DIM, Line, Span, plain
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.render.context import Context
from chatkit_tui.render.layout import lay_out
from chatkit_tui.render.spans import untrusted
from chatkit_tui.text.times import age, gap, moment
from chatkit_tui.text.width import cells, shorten

APART = 2
"""Cells between the two sides of a head, at least."""
APART_FROM_ID = 20
"""Cells that must stay free for the id to be told: it helps few, and must not crowd the rest."""


def header_lines(
    left: Line,
    time: Timestamp | None,
    before: Timestamp | None,
    identifier: str,
    width: int,
    context: Context,
) -> tuple[Line, ...]:
    """One line where both sides fit; else what is to the left is wrapped and the time put below.

    `before` is the time of the item before this one; the gap to it is told where there is room
    for it, the id where there is room for that as well.
    """
    when = time_text(time, context)
    since = gap_text(time, before, context)
    room = width - cells(plain(left)) - APART
    for texts, free in (
        ((identifier, since, when), APART_FROM_ID),
        ((since, when), 0),
        ((when,), 0),
    ):
        span = untrusted("  ".join(filter(None, texts)), DIM)
        taken = cells(span.text)
        if taken + free <= room:
            return ((*left, Span(" " * (room + APART - taken)), span),)
    wrapped = lay_out((Paragraph(left),), width, plain=context.plain)
    return (*wrapped, (Span(shorten(when, width), DIM),))


def time_text(time: Timestamp | None, context: Context) -> str:
    """When something was, as the reader wants times told; `≈` where it was decoded from an id."""
    if time is None:
        return "time unknown"
    if context.relative:
        text = age(context.now - time.seconds)
        if text != "now" and not text.startswith("in "):
            text += " ago"
    else:
        text = moment(time.seconds, context.zone, precise=True)
    return f"{_about(context)}{text}" if time.approximate else text


def gap_text(time: Timestamp | None, before: Timestamp | None, context: Context) -> str:
    """How much later than the one before something was; "" below a minute or when not known."""
    if time is None or before is None:
        return ""
    text = gap(time.seconds - before.seconds)
    return f"{_about(context)}{text}" if text and (time.approximate or before.approximate) else text


def _about(context: Context) -> str:
    return "~" if context.plain else "≈"
