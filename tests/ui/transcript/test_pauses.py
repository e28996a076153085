"""What a large item costs is not paid on the keyboard's way."""

from __future__ import annotations

import gc
import json

from chatkit_tui.render.context import Context
from chatkit_tui.sources.http.list_answer import parse_list_answer
from chatkit_tui.ui.background_work import pause_gc
from chatkit_tui.ui.transcript.item_renderer import LARGE, DrawOptions, draw, read
from tests.ui.pages import ThreadOnServer, message
from tests.ui.transcript.test_search import loaded, search


def test_of_a_very_large_item_an_outline_is_read_and_drawn() -> None:
    row = {"id": "a", "type": "chatkit.client_tool_call", "name": "look", "output": "x" * 1_200_000}
    page = parse_list_answer(json.dumps({"data": [row]}).encode())
    assert not getattr(read(page.rows[0]), "output", None)
    drawn = draw(page.rows[0], DrawOptions(80, Context(now=0)), None)
    words = "\n".join("".join(span.text for span in line) for line in drawn.lines)
    assert "look" in words
    assert "too large to be drawn" in words


def test_garbage_is_looked_for_again_when_the_last_thread_is_done() -> None:
    assert gc.isenabled()
    with pause_gc():
        with pause_gc():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


async def test_a_search_stops_before_a_large_item_so_that_it_can_be_searched_apart() -> None:
    texts = ("cat", "cat " * LARGE, "cat")
    server = ThreadOnServer([message(number, text) for number, text in enumerate(texts)])
    found, _ = search(await loaded(server, 1, 0), "cat")
    assert found.next_large() is None
    assert found.step(60)
    assert found.total == 1
    heavy = found.next_large()
    assert heavy is not None
    found.count_large(heavy)
    assert found.next_large() is None
    assert (found.step(60), found.total) == (False, LARGE + 2)
