"""The feed of threads: made for one user or all, and loaded anew as far as it was read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatkit_tui.sources.base import ClientLike as ThreadSource
from chatkit_tui.sources.base import Order
from chatkit_tui.terminal.link_speed import LinkSpeed

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.page import Page
    from chatkit_tui.models.threads import Thread


@dataclass(frozen=True, slots=True)
class Ends:
    """Which end of time a list begins with, and what is loaded of the two."""

    newest_first: bool

    @property
    def near(self) -> Side:
        """The end that the list begins with."""
        return _sides()[0 if self.newest_first else 1]

    @property
    def far(self) -> Side:
        """The end that it ends with."""
        return _sides()[1 if self.newest_first else 0]

    def has(self, feed: Feed[Thread] | None, side: Side) -> bool:
        """Whether that end is loaded."""
        if feed is None:
            return False
        return feed.whole or bool(feed.old if side == "old" else feed.new)

    def wanted(self, feed: Feed[Thread], cursor: int, margin: int) -> Side | None:
        """The side to load, when the cursor is within so many rows of where threads are missing."""
        if feed.whole:
            return None
        upper = len(feed.new if self.newest_first else feed.old)
        if len(feed) > upper and cursor >= upper:
            return self.far if cursor - upper < margin else None
        return self.near if upper - cursor <= margin else None


def _sides() -> tuple[Side, Side]:
    from chatkit_tui.feed import Side  # brings the wire models, which the first paint can spare

    return Side.NEW, Side.OLD


def thread_feed(
    gateway: Callable[[], Awaitable[ThreadSource]], user: str | None, line: LinkSpeed
) -> Feed[Thread]:
    """A feed of the threads of one user, or of all with None; nothing is asked yet.

    `gateway` is called for each page, and may raise. `line` says how large a page is.
    """
    from chatkit_tui.feed import Feed  # as above

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page[Thread]:
        threads = (await gateway()).threads
        return await threads.list(limit=limit, order=order, after=after, user=user)

    return Feed(fetch, first_limit=line.first_page, limit=line.page)


async def load_as_far(feed: Feed[Thread], side: Side, key: str | None, index: int) -> None:
    """Load one side until it has a thread, or more rows than `index`, or nothing is left."""
    while feed.can_grow(side):
        await feed.load(side)
        if key is None or feed.side_and_index(key) or len(feed) > index:
            return
