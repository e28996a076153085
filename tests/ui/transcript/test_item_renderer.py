"""Rendering of items: the cache, and large items."""

from __future__ import annotations

import gc
import json

from chatkit_tui.document.spans import Span
from chatkit_tui.render import RenderContext
from chatkit_tui.sources.http.response import parse_list_answer
from chatkit_tui.ui.background_work import pause_gc
from chatkit_tui.ui.transcript.item_renderer import (
    DrawnItem,
    DrawOptions,
    Neighbors,
    RenderedCache,
    draw,
    read,
)


def card(lines: int) -> DrawnItem:
    return DrawnItem(((Span("line"),),) * lines)


def cache(capacity: int = 10) -> RenderedCache:
    return RenderedCache(capacity)


def test_a_rendered_item_is_found_by_its_stamp() -> None:
    kept, drawn = cache(), card(3)
    kept.put("a", "raw", drawn)
    assert kept.get("a", "raw") is drawn


def test_an_item_with_another_stamp_is_not_found() -> None:
    kept = cache()
    kept.put("a", "raw", card(3))
    assert kept.get("a", "open") is None


def test_the_least_recently_used_item_is_evicted_first() -> None:
    kept = cache()
    for key in "abc":
        kept.put(key, None, card(3))
    kept.get("a", None)
    kept.put("d", None, card(3))
    assert [key for key in "abcd" if kept.get(key, None)] == ["a", "c", "d"]


def test_the_last_item_stays_even_if_it_has_too_many_lines() -> None:
    kept = cache()
    kept.put("a", None, card(3))
    kept.put("long", None, card(1000))
    assert (len(kept), kept.lines) == (1, 1000)


def test_rendering_an_item_again_replaces_its_lines() -> None:
    kept = cache()
    kept.put("a", None, card(3))
    kept.put("a", "raw", card(5))
    assert (len(kept), kept.lines) == (1, 5)


def test_a_cleared_cache_is_empty() -> None:
    kept = cache()
    kept.put("a", None, card(3))
    kept.clear()
    assert (len(kept), kept.lines) == (0, 0)


def test_recent_items_stay_beside_an_item_that_is_too_long() -> None:
    kept = RenderedCache(capacity=10, least=2)
    kept.put("long", None, card(100))
    kept.put("short", None, card(1))
    assert kept.get("long", None) is not None
    kept.put("other", None, card(1))
    assert kept.get("short", None) is None
    assert kept.get("long", None) is not None


def test_a_very_large_item_is_rendered_as_an_outline() -> None:
    row = {"id": "a", "type": "chatkit.client_tool_call", "name": "look", "output": "x" * 1_200_000}
    page = parse_list_answer(json.dumps({"data": [row]}).encode())
    assert not getattr(read(page.rows[0]), "output", None)
    drawn = draw(page.rows[0], DrawOptions(80, RenderContext(now=0)), Neighbors())
    words = "\n".join("".join(span.text for span in line) for line in drawn.lines)
    assert "look" in words
    assert "too large to be drawn" in words


def test_garbage_is_collected_again_when_the_last_pause_ends() -> None:
    assert gc.isenabled()
    with pause_gc():
        with pause_gc():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
