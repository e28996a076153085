"""The cache of drawn items keeps what was used last, up to a number of lines."""

from __future__ import annotations

from chatkit_tui.document.spans import Span
from chatkit_tui.ui.transcript.item_renderer import DrawnItem, RenderedCache


def card(lines: int) -> DrawnItem:
    return DrawnItem(((Span("line"),),) * lines)


def cache(capacity: int = 10) -> RenderedCache:
    return RenderedCache(capacity)


def test_what_was_drawn_is_found_under_its_stamp() -> None:
    kept, drawn = cache(), card(3)
    kept.put("a", "raw", drawn)
    assert kept.get("a", "raw") is drawn


def test_what_was_drawn_otherwise_is_not_found() -> None:
    kept = cache()
    kept.put("a", "raw", card(3))
    assert kept.get("a", "open") is None


def test_the_one_not_used_for_longest_goes_first() -> None:
    kept = cache()
    for key in "abc":
        kept.put(key, None, card(3))
    kept.get("a", None)
    kept.put("d", None, card(3))
    assert [key for key in "abcd" if kept.get(key, None)] == ["a", "c", "d"]


def test_an_item_with_more_lines_than_there_is_room_for_stays_while_it_is_the_last() -> None:
    kept = cache()
    kept.put("a", None, card(3))
    kept.put("long", None, card(1000))
    assert (len(kept), kept.lines) == (1, 1000)


def test_drawing_an_item_again_takes_the_place_of_its_old_lines() -> None:
    kept = cache()
    kept.put("a", None, card(3))
    kept.put("a", "raw", card(5))
    assert (len(kept), kept.lines) == (1, 5)


def test_a_cleared_cache_keeps_nothing() -> None:
    kept = cache()
    kept.put("a", None, card(3))
    kept.clear()
    assert (len(kept), kept.lines) == (0, 0)


def test_what_was_used_last_stays_beside_an_item_that_is_too_long() -> None:
    kept = RenderedCache(capacity=10, least=2)
    kept.put("long", None, card(100))
    kept.put("short", None, card(1))
    assert kept.get("long", None) is not None
    kept.put("other", None, card(1))
    assert kept.get("short", None) is None
    assert kept.get("long", None) is not None
