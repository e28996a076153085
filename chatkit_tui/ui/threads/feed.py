"""The feed of threads: made for one user or all, and loaded anew as far as it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.ui.gateway import Gateway, Order

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.pages import Page
    from chatkit_tui.models.threads import Thread


def thread_feed(gateway: Gateway, user: str | None) -> Feed[Thread]:
    """A feed of the threads of one user, or of all with None; nothing is asked yet."""
    from chatkit_tui.feed import Feed  # brings the wire models, which the first paint can spare

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page[Thread]:
        return await gateway.threads.list(limit=limit, order=order, after=after, user=user)

    return Feed(fetch)


async def load_as_far(feed: Feed[Thread], side: Side, thread_id: str | None, index: int) -> None:
    """Load one side until it has a thread, or more rows than `index`, or nothing is left."""
    while feed.can_grow(side):
        await feed.load(side)
        if thread_id is None or feed.side_and_index(thread_id) or len(feed) > index:
            return
