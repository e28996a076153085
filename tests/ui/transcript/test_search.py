"""A search in slices, during which pages are loaded, finds what a plain search finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.feed import Feed, RowView, Side
from chatkit_tui.models.items import Item, UserMessage, read_item
from chatkit_tui.text.folding import Query
from chatkit_tui.ui.transcript.item_renderer import LARGE
from chatkit_tui.ui.transcript.search import Match, Search
from tests.ui.pages import ThreadOnServer, message, talk


def words_of(item: Item) -> str:
    assert isinstance(item, UserMessage)
    return "\n".join(getattr(part, "text", "") for part in item.content)


async def loaded(server: ThreadOnServer, old: int, new: int) -> Feed:
    """Return a feed with some pages of ten from each end."""
    feed = server.feed(first_limit=10, limit=10)
    for side, pages in ((Side.OLD, old), (Side.NEW, new)):
        for _ in range(pages):
            await feed.load(side)
    return feed


def search(
    feed: Feed, text: str, *, start: int = 0, newest_first: bool = False
) -> tuple[Search, RowView]:
    rows = RowView(feed, newest_first=newest_first)
    return Search(feed, rows, Query(text), start, words_of), rows


def finished(found: Search) -> Search:
    while found.step(1):
        pass
    return found


def one_item(found: Search) -> bool:
    """Search a single item."""
    return found.step(0, lambda: 0)


@pytest.mark.parametrize(
    ("query", "text", "count"),
    [
        ("cat", "Cat cat CAT", 3),
        ("Cat", "Cat cat CAT", 1),
        ("a.c", "abc a.c", 1),
        ("two words", "two\n  words", 1),
        ("aa", "aaaa", 2),
        ("straße", "STRASSE Straße", 2),
        ("日本", "日本語と日本", 2),
    ],
)
def test_a_query_is_plain_text_and_capitals_count_when_it_has_some(
    query: str, text: str, count: int
) -> None:
    assert Query(query).count(text) == count


@given(
    texts=st.lists(st.text("ab ", max_size=8), min_size=1, max_size=60),
    query=st.text("ab", min_size=1, max_size=2),
    old=st.integers(0, 3),
    new=st.integers(0, 3),
    start=st.integers(0, 70),
    newest_first=st.booleans(),
)
async def test_the_count_is_that_of_a_search_over_all_loaded_words(
    texts: list[str], query: str, old: int, new: int, start: int, newest_first: bool
) -> None:
    server = ThreadOnServer([message(number, text) for number, text in enumerate(texts)])
    feed = await loaded(server, old, new)
    found, _ = search(
        feed, query, start=min(start, max(0, len(feed) - 1)), newest_first=newest_first
    )
    finished(found)
    entries = [*feed.old, *feed.new]
    assert found.searched == len(entries)
    assert found.total == sum(
        " ".join(words_of(read_item(entry)).split()).lower().count(query) for entry in entries
    )


async def test_matches_are_numbered_from_the_top_of_the_screen() -> None:
    server = ThreadOnServer([message(n, "x " * (n % 3)) for n in range(40)])
    for newest_first in (False, True):
        found, _ = search(await loaded(server, 1, 1), "x", newest_first=newest_first)
        finished(found)
        matches = [found.numbered(number) for number in range(found.total)]
        assert matches == sorted(match for match in matches if match)
        assert [found.number_of(match) for match in matches if match] == list(range(found.total))


async def test_the_first_item_searched_is_the_one_that_the_search_begins_at() -> None:
    found, _ = search(await loaded(talk(35), 2, 2), "number 25", start=25)
    one_item(found)
    assert found.numbered(0) == Match(25, 0)


async def test_an_item_above_the_start_is_found_as_well() -> None:
    found, _ = search(await loaded(talk(35), 2, 2), "number 3", start=25)
    assert finished(found).numbered(0) == Match(3, 0)


async def test_pages_loaded_during_a_search_are_searched_too() -> None:
    feed = await loaded(talk(100), 1, 1)
    found, _ = search(feed, "message")
    one_item(found)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    found.follow()
    assert finished(found).total == 40


async def test_newer_items_loaded_during_a_search_are_searched_too() -> None:
    server = talk(30)
    feed = await loaded(server, 1, 1)
    found, rows = search(feed, "message")
    for _ in range(13):
        one_item(found)
    server.items += [message(n, f"message number {n}") for n in (30, 31)]
    await feed.refresh()
    found.follow()
    finished(found)
    assert [found.count_in(row) for row in range(len(rows))] == [1] * 10 + [0] + [1] * 12


async def test_items_removed_during_a_search_take_their_matches_with_them() -> None:
    feed = await loaded(talk(20), 2, 0)
    found, rows = search(feed, "message")
    finished(found)
    feed.drop([rows.key(5)])
    found.follow()
    assert finished(found).total == 19
    assert found.searched == 19


async def test_the_match_after_the_last_is_the_first() -> None:
    found, _ = search(await loaded(talk(10), 1, 0), "message")
    assert finished(found).numbered(10) == Match(0, 0)


async def test_the_match_before_the_first_row_is_the_last() -> None:
    found, _ = search(await loaded(talk(10), 1, 0), "message")
    assert finished(found).before_row(0) == Match(9, 0)


async def test_without_a_match_there_is_none_to_go_to() -> None:
    found, _ = search(await loaded(talk(10), 1, 0), "nowhere")
    assert finished(found).from_row(3) is None


@pytest.mark.parametrize(
    ("longer", "shorter", "narrows"),
    [
        ("cats", "cat", True),
        ("Cats", "cat", True),
        ("cats", "Cat", False),
        ("cat", "cats", False),
        ("a  b", "a b", True),
    ],
)
def test_a_longer_text_narrows_the_search(longer: str, shorter: str, narrows: bool) -> None:
    assert Query(longer).narrows(Query(shorter)) is narrows


async def test_items_without_the_shorter_text_are_not_searched_for_the_longer_text() -> None:
    feed = await loaded(talk(40), 2, 2)
    rows = RowView(feed, newest_first=False)
    shorter = finished(Search(feed, rows, Query("number 3"), 0, words_of))
    looked: list[str] = []

    def noted(item: Item) -> str:
        looked.append(item.id)
        return words_of(item)

    longer = finished(Search(feed, rows, Query("number 39"), 0, noted, shorter))
    assert len(looked) == shorter.total == 11
    assert (longer.total, longer.searched) == (1, 40)


async def test_a_slice_ends_when_its_time_is_over() -> None:
    found, _ = search(await loaded(talk(40), 2, 2), "message")
    ticks = iter(range(100))
    assert found.step(5, lambda: next(ticks))
    assert found.searched == 5


async def test_a_search_stops_before_a_large_item_for_a_thread_to_search_it() -> None:
    texts = ("cat", "cat " * LARGE, "cat")
    server = ThreadOnServer([message(number, text) for number, text in enumerate(texts)])
    found, _ = search(await loaded(server, 1, 0), "cat")
    assert not found.next_slow()
    assert found.step(60)
    assert found.total == 1
    heavy = found.next_slow()
    assert heavy is not None
    found.count_slow(heavy)
    assert not found.next_slow()
    assert (found.step(60), found.total) == (False, LARGE + 2)
