"""The first rows of each list, to notice a page that starts over.

Many servers take a cursor that they do not know for the beginning of the list, and some ignore
every cursor.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from chatkit_tui.models.page import Page
from chatkit_tui.sources.base import Order

MOST_LISTS: Final = 500
"""Lists whose beginning is remembered, the latest ones."""
MOST_ROWS: Final = 3
"""Rows of a beginning that are compared."""


class ListName(NamedTuple):
    """What identifies a list."""

    thread_id: str
    """Empty for the list of threads."""
    order: Order
    user: str | None


class Beginnings:
    """The first rows of lists."""

    def __init__(self) -> None:
        self._rows: dict[ListName, list[int]] = {}

    def remember(self, name: ListName, page: Page) -> None:
        """Remember the first page of a list."""
        self._rows.pop(name, None)
        self._rows[name] = _digests(page)
        if len(self._rows) > MOST_LISTS:
            del self._rows[next(iter(self._rows))]

    def is_at(self, name: ListName, page: Page) -> bool:
        """Return whether a page has the rows with which its list begins."""
        first, found = self._rows.get(name, []), _digests(page)
        common = min(len(first), len(found))
        return common > 0 and first[:common] == found[:common]


def _digests(page: Page) -> list[int]:
    return [hash(page.text_of(index)) for index in range(min(len(page), MOST_ROWS))]
