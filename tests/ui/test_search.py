"""Search of an archive on the screen: hits while typing, and from hit to hit across threads."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.sources.archive.source import ArchiveSource
from chatkit_tui.sources.base import Found, SearchQuery, SourceObserver, ThreadSource
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.screens.search import PAGE, SearchScreen
from tests.sources.archive.builder import (
    THEN,
    follow,
    list_threads,
    message,
    read_again,
    thread,
    writing,
)
from tests.sources.archive.builder import archive as make_archive
from tests.ui.conftest import OPTIONS, Start
from tests.ui.driver import Driver


@pytest.fixture(scope="module")
def file(demo_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(demo_archive, tmp_path_factory.mktemp("archive") / "home"))


class SlowSource(ArchiveSource):
    """An archive whose answers to a search wait."""

    def __init__(self, answers: asyncio.Event, path: Path) -> None:
        super().__init__(path)
        self._answers = answers

    async def search(self, query: SearchQuery) -> Found:
        await self._answers.wait()
        return await super().search(query)


@asynccontextmanager
async def archive(
    file: Path,
    columns: int = 100,
    lines: int = 30,
    source: Callable[[Path], ArchiveSource] = ArchiveSource,
) -> AsyncIterator[Driver]:
    async def connect(observer: SourceObserver) -> ThreadSource:
        del observer
        return source(file)

    opened = ArchiveSource(file)
    capabilities, info = opened.capabilities, opened.info
    await opened.aclose()
    options = OPTIONS._replace(source=info, capabilities=capabilities, read_only=True)
    app = ChatKitApp(options, connect)
    async with app.run_test(size=(columns, lines)) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        yield driver


def screen_of(driver: Driver) -> SearchScreen:
    screen = driver.app.screen
    assert isinstance(screen, SearchScreen)
    return screen


async def search(driver: Driver, text: str) -> SearchScreen:
    await driver.press("S")
    await driver.paste(text)
    await driver.settle()
    return screen_of(driver)


async def test_enter_without_a_text_asks_for_one(start: Start) -> None:
    async with start() as driver:
        await driver.press("S", "enter")
        assert "type what to search for first" in driver.frame()


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_hits_appear_while_the_user_types(file: Path, size: tuple[int, int]) -> None:
    async with archive(file, *size) as driver:
        await driver.press("S")
        await driver.type("refund")
        screen = screen_of(driver)
        assert len(screen.hits) == 50
        frame = driver.frame()
        assert "refund" in frame
        assert "50 hits, more exist, newest first" in frame
        await driver.type(" zzzz")
        await driver.settle()
        assert not screen.hits
        assert "no hit, newest first" in driver.frame()


async def test_enter_opens_the_thread_at_the_item_with_the_words_marked(file: Path) -> None:
    async with archive(file) as driver:
        screen = await search(driver, "refund")
        hit = screen.hits[1]
        await driver.press("down", "enter")
        await driver.settle()
        assert driver.opened_id() == hit.thread_id
        assert driver.item() == hit.item_id
        assert driver.matches()
        assert "hit 2 of 50+: refund" in driver.status


async def test_n_goes_from_hit_to_hit_across_threads(file: Path) -> None:
    async with archive(file) as driver:
        hits = list((await search(driver, "refund")).hits)
        await driver.press("enter")
        await driver.settle()
        seen = [(driver.opened_id(), driver.item())]
        for _ in range(4):
            await driver.press("n")
            await driver.settle()
            seen.append((driver.opened_id(), driver.item()))
        expected = [(hit.thread_id, hit.item_id) for hit in hits[:5]]
        for (thread, item), (wanted, wanted_item) in zip(seen, expected, strict=True):
            assert thread == wanted
            assert item == wanted_item or wanted_item is None
        assert len({thread for thread, _ in seen}) > 1
        await driver.press("N")
        await driver.settle()
        assert driver.opened_id() == expected[3][0]


async def test_hits_keep_their_text_when_another_search_is_left(file: Path) -> None:
    async with archive(file) as driver:
        await search(driver, "refund")
        await driver.press("enter")
        await driver.settle()
        await driver.press("S")
        await driver.type("ed")
        await driver.press("escape")
        await driver.press("n")
        await driver.settle()
        assert "hit 2 of 50+: refund  " in driver.status


async def test_a_hit_in_the_open_thread_is_shown_on_a_narrow_screen(file: Path) -> None:
    async with archive(file, 80, 24) as driver:
        hit = (await search(driver, "refund")).hits[0]
        await driver.press("enter")
        await driver.settle()
        await driver.press("escape", "escape", "escape")
        assert "Threads  newest first" in driver.frame()
        await driver.press("S")
        await driver.settle()
        await driver.press("enter")
        await driver.settle()
        assert "Threads  newest first" not in driver.frame()
        assert (driver.opened_id(), driver.item()) == (hit.thread_id, hit.item_id)


async def test_more_hits_are_loaded_near_the_end(file: Path) -> None:
    async with archive(file) as driver:
        screen = await search(driver, "refund")
        for _ in range(3):
            await driver.press(*["pagedown"] * 8)
            await driver.settle()
        assert len(screen.hits) > 50
        places = [hit.place for hit in screen.hits if hit.place >= 0]
        assert places == sorted(places, reverse=True)


async def test_a_query_that_cannot_be_searched_for_says_why(file: Path) -> None:
    async with archive(file) as driver:
        await search(driver, "-refund")
        assert "A search needs at least one word that is not excluded." in driver.frame()


async def test_escape_leaves_and_the_query_is_kept(file: Path) -> None:
    async with archive(file) as driver:
        await search(driver, "refund")
        await driver.press("escape")
        assert driver.app.screen is driver.browse
        await driver.press("S")
        await driver.settle()
        assert len(screen_of(driver).hits) == 50


async def test_what_is_not_indexed_yet_is_said(tmp_path: Path) -> None:
    with writing(tmp_path / "file") as writer:
        list_threads(writer, thread("a"))
        follow(writer, "a", [message("1"), message("2")])
    connection = sqlite3.connect(tmp_path / "file")  # as if another version had made the index
    connection.executescript(
        "INSERT INTO fts(fts) VALUES ('delete-all'); DELETE FROM index_slot;"
        "UPDATE item SET slot = NULL; UPDATE thread SET slot = NULL"
    )
    connection.close()
    async with archive(tmp_path / "file") as driver:
        await search(driver, "hello")
        assert "no hit, newest first; 2 items not indexed yet" in driver.frame()


async def test_one_hit_is_no_plural(tmp_path: Path) -> None:
    make_archive(tmp_path / "file", {"a": [message("1", "lonely"), message("2")]})
    async with archive(tmp_path / "file") as driver:
        await search(driver, "lonely")
        assert " 1 hit, newest first" in driver.frame()


async def test_n_loads_the_hits_after_those_that_are_loaded(tmp_path: Path) -> None:
    count = PAGE + 2
    items = [message(str(number), created_at=THEN + number) for number in range(count)]
    make_archive(tmp_path / "file", {"a": items})
    async with archive(tmp_path / "file") as driver:
        screen = await search(driver, "hello")
        await driver.press("enter")
        assert len(screen.hits) == PAGE
        assert f"hit 1 of {PAGE}+: hello" in driver.status
        driver.browse.searching._number = PAGE - 1
        await driver.press("n")
        assert f"hit {PAGE + 1} of {count}: hello" in driver.status
        assert driver.item() == str(count - PAGE - 1)
        await driver.press("n")
        assert driver.item() == "0"
        await driver.press("n")
        assert "no further hits" in driver.status


async def test_all_words_of_the_query_are_marked(tmp_path: Path) -> None:
    text = "A refund for order 4711. " + "Filling " * 30 + "The delivery was late"
    make_archive(tmp_path / "file", {"a": [message("1", text), message("2", "delivery")]})
    async with archive(tmp_path / "file") as driver:
        await search(driver, 'deliver* "order 4711" -gone refund')
        await driver.press("enter")
        assert driver.item() == "1"
        assert driver.matches() == 4
        await driver.press("escape", "/")  # find begins again
        await driver.type("order")
        assert driver.matches() == 1


async def test_enter_opens_the_first_hit_of_the_typed_text(tmp_path: Path) -> None:
    make_archive(tmp_path / "file", {"a": [message("1", "wort")], "b": [message("2", "words")]})
    answers = asyncio.Event()
    async with archive(tmp_path / "file", source=partial(SlowSource, answers)) as driver:
        answers.set()
        screen = await search(driver, "wor*")
        assert len(screen.hits) == 2
        answers.clear()
        await driver.pilot.press("left", "d")
        await driver.pilot.press("enter")
        assert screen_of(driver) is screen
        assert "searching…" in driver.frame()
        answers.set()
        await driver.settle()
        assert (driver.opened_id(), driver.item()) == ("b", "2")
        assert "hit 1 of 1: word*" in driver.status


async def test_a_text_without_hits_leaves_nothing_to_open(tmp_path: Path) -> None:
    make_archive(tmp_path / "file", {"a": [message("1", "word")]})
    answers = asyncio.Event()
    async with archive(tmp_path / "file", source=partial(SlowSource, answers)) as driver:
        answers.set()
        screen = await search(driver, "word")
        answers.clear()
        await driver.pilot.press("s", "enter")
        answers.set()
        await driver.settle()
        assert screen_of(driver) is screen
        assert "no hit, newest first" in driver.frame()
        answers.clear()
        await driver.pilot.press("backspace", *["backspace"] * 4)
        answers.set()
        await driver.settle()
        assert not screen.hits


# -- a source that cannot search -------------------------------------------------------------------


@pytest.fixture
def emulator() -> Emulator:
    """Ten threads, two of which have the word that is searched for."""
    return Emulator(threads=10)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_without_an_archive_the_threads_are_read(start: Start, size: tuple[int, int]) -> None:
    async with start(*size) as driver:
        screen = await search(driver, "please")
        frame = driver.frame()
        assert not screen.hits
        assert "Enter reads the threads one by one, newest first" in frame
        assert "An archive is searched at once: chatkit-tui archive sync FILE" in frame
        await driver.press("enter")
        assert "all 10 threads read; 2 hits" in driver.frame()
        assert screen.hits[0].passage in driver.frame()
        await driver.type(" x")
        assert "Enter reads the threads one by one" in driver.frame()
        assert "these hits: “please”" in driver.frame()


async def test_the_hits_of_read_threads_are_gone_through_and_stay(start: Start) -> None:
    async with start(160, 50) as driver:
        screen = await search(driver, "please")
        await driver.press("enter")
        hits = list(screen.hits)
        await driver.press("enter")
        assert (driver.opened_id(), driver.item()) == (hits[0].thread_id, hits[0].item_id)
        assert driver.matches()
        await driver.press("n")
        assert (driver.opened_id(), driver.item()) == (hits[1].thread_id, hits[1].item_id)
        await driver.press("n")
        assert "no further hits" in driver.status
        await driver.press("S")
        again = screen_of(driver)
        assert again.hits == hits
        assert again.moves.highlighted == 1
        assert "all 10 threads read; 2 hits" in driver.frame()


async def test_escape_stops_the_reading_and_keeps_the_hits(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        screen = await search(driver, "please")
        emulator.latency = 60_000
        await driver.pilot.press("enter")
        assert "no threads listed yet; no hit" in driver.frame()
        assert "Esc stop" in driver.line(-1)
        await driver.press("escape")
        assert driver.app.screen is screen
        assert "Ctrl+r read on" in driver.line(-1)
        emulator.latency = 0
        await driver.press("ctrl+r")
        assert "all 10 threads read; 2 hits" in driver.frame()
        assert "Ctrl+r" not in driver.line(-1)


async def test_an_error_of_the_reading_is_shown_and_reading_goes_on(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        await search(driver, "please")
        emulator.faults = ("unauthorized",)
        await driver.press("enter")
        assert "401" in driver.line(-2)
        emulator.faults = ()
        await driver.press("ctrl+r")
        assert "all 10 threads read; 2 hits" in driver.frame()
        assert "An archive is searched at once" in driver.line(-2)


async def test_a_text_that_cannot_be_searched_for_says_why(start: Start) -> None:
    async with start() as driver:
        await search(driver, "-refund")
        await driver.press("enter")
        assert "A search needs at least one word that is not excluded." in driver.frame()


async def test_a_hit_whose_thread_was_deleted_says_so(start: Start, emulator: Emulator) -> None:
    async with start() as driver:
        screen = await search(driver, "please")
        await driver.press("enter")
        number = emulator.library.index_of(screen.hits[0].thread_id)
        assert number is not None
        emulator.library.delete(number)
        await driver.press("enter")
        assert "404" in driver.status


async def test_earlier_versions_and_missing_rows_can_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "file"
    items = [message("1"), message("2", "before"), message("3", "gone")]
    with writing(path) as writer:
        list_threads(writer, thread("a", title="Old title"))
        follow(writer, "a", items)
        list_threads(writer, thread("a", title="New title"))
        read_again(writer, "a", [items[0], message("2", "after")])
    async with archive(path) as driver:
        await driver.press("enter")
        await driver.settle()
        driver.browse.searching.action_versions()
        await driver.settle()
        frame = driver.frame()
        assert "thread · until" in frame
        assert "Old title" in frame
        assert "item 2 · until" in frame
        assert "before" in frame
        assert "item 3 · no longer at its source since" in frame
