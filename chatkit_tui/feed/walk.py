"""What a page says about the page after it."""

from __future__ import annotations

from typing import Any, NamedTuple

from chatkit_tui.models.pages import Page

EMPTY_BUT_MORE = "the server says that there is more and gives nothing"
IN_A_CIRCLE = "the server gives a cursor that it gave before"
NOTHING_BUT_REPEATS = "the server gives only rows that it gave before"
NO_CURSOR = "the server says that there is more and gives no id to go on from"
REFUSES_ITS_OWN = "the server refuses as a cursor a row that it lists"


class Next(NamedTuple):
    """How a walk goes on: at `cursor`, or not at all because it `ended` or for a `reason`."""

    cursor: str | None = None
    ended: bool = False
    reason: str | None = None
    """What is wrong with the server's list, in one line."""


def after(page: Page[Any]) -> Next:
    """Where the page after this one begins.

    Without `has_more` the list goes on until an empty page; without `last_id` the cursor is the
    id of the last row that has one.
    """
    if page.has_more is False or (page.has_more is None and not page.entries):
        return Next(ended=True)
    if not page.entries:
        return Next(reason=EMPTY_BUT_MORE)
    cursor = page.next_cursor or last_id(page)
    return Next(cursor) if cursor else Next(reason=NO_CURSOR)


def last_id(page: Page[Any]) -> str | None:
    """The id of the last row that has one."""
    return next((entry.id for entry in reversed(page.entries) if entry.has_id), None)
