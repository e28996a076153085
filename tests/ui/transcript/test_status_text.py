"""What the status line says of the loaded items."""

from __future__ import annotations

from chatkit_tui.feed import Feed
from chatkit_tui.ui.transcript.status_text import amount_words
from tests.feed.server import Dialect, ListServer, load_all


async def test_items_that_come_twice_leave_it_open_whether_others_are_missing() -> None:
    whole = Feed(ListServer(20).fetch)
    await load_all(whole)
    assert amount_words(whole) == "20 items"
    server = ListServer(20, dialect=Dialect(inclusive=True))
    disordered = Feed(server.fetch, first_limit=6, limit=6)
    await load_all(disordered)
    assert amount_words(disordered) == "20 items loaded; 3 repeats left out"
