"""One item as an article of HTML, with a heading, its time and an anchor."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from typing import Final

from chatkit_tui.document.blocks import Block, Widget
from chatkit_tui.document.from_item import KINDS, from_item
from chatkit_tui.document.spans import Inline
from chatkit_tui.export.html.blocks import blocks_html
from chatkit_tui.export.html.boxes import widget_html
from chatkit_tui.export.html.markup import element, inline_html
from chatkit_tui.models.items import Item
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import gap_text, is_one_line, item_header, time_text
from chatkit_tui.text.sanitize import sanitize

LINE: Final = 110
"""Cells of a tool call on one line."""

_PLAIN_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{2,99}")


class Anchors:
    """The anchors of one file: the ids of items, and numbers for those that cannot be one."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def anchor(self, item_id: str, number: int) -> str:
        """Return an anchor that no other item of the file has."""
        is_plain = _PLAIN_ID.fullmatch(item_id) is not None and item_id not in self._used
        anchor = item_id if is_plain else f"item.{number}"
        self._used.add(anchor)
        return anchor


def item_html(
    item: Item, context: RenderContext, anchor: str, previous: Timestamp | None = None
) -> str:
    """Return an item; a call of a tool is one line that opens.

    `previous` is the time of the item before it, from which the time between them is shown.
    """
    body = element("div", _body(from_item(item), context), class_="body")
    when = _time(item, context, anchor, previous)
    if is_one_line(item):
        line = element("h2", _heading(item_header(item, context, LINE)))
        summary = element("summary", line + when)
        content = element("details", summary + body, open="open" if item.problems else None)
    else:
        head = element("h2", _heading(item_header(item, context)))
        content = element("header", head + when) + body
    role = KINDS[type(item)].role
    return element("article", content, class_=f"item i-{role}", id=anchor) + "\n"


def _heading(header: tuple[Inline, ...]) -> str:
    """Return the header of an item; a name in another direction does not turn its neighbors."""
    return "".join(element("bdi", inline_html((inline,))) for inline in header if inline.text)


def _body(blocks: Iterable[Block], context: RenderContext) -> str:
    parts = []
    for is_widget, group in groupby(blocks, lambda block: isinstance(block, Widget)):
        if is_widget:
            drawn = (widget_html(block.root, context) for block in group if type(block) is Widget)
            parts.append("".join(drawn))
        else:
            parts.append(blocks_html(group))
    return "".join(parts)


def _time(item: Item, context: RenderContext, anchor: str, previous: Timestamp | None) -> str:
    """Return the time as a link to the item, and how long after the item before it is."""
    words = escape(time_text(item.time, context))
    if item.time:
        moment = datetime.fromtimestamp(item.time.seconds, UTC)
        words = element("time", words, datetime=f"{moment:%Y-%m-%dT%H:%M:%SZ}")
    since = gap_text(item.time, previous, context)
    later = element("span", escape(since), class_="since") if since else ""
    name = sanitize(item.id) or "no id"
    return element(
        "span", later + element("a", words, href=f"#{anchor}", title=name), class_="when"
    )
