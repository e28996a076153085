"""The screen on lists that do not keep to the rules, and on what changed since it was loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.emulator import DEMO_NOW, Emulator
from chatkit_tui.emulator.faults.lists import SHARED_ID
from chatkit_tui.emulator.requests import Request, Response
from chatkit_tui.sources.openai import ChatKitClient
from tests.ui.conftest import Start
from tests.ui.driver import Driver


def sent(emulator: Emulator, *calls: str) -> list[Any]:
    """The requests of some calls."""
    return [request for request in emulator.requests if request.operation in calls]


# -- shared ids ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [("enter",), ("enter", "G"), ("enter", "o", "G", "g")])
async def test_items_that_share_an_id_are_all_shown(start: Start, ends: tuple[str, ...]) -> None:
    async with start(emulator=Emulator(threads=1, items=45, faults=["shared-ids"])) as driver:
        await driver.press(*ends)
        pane = driver.browse.transcript
        await driver.type(("j" if ends[-1] != "G" else "k") * 45)
        assert pane.feed is not None
        assert pane.feed.whole
        assert pane.loaded == 45
        assert pane.feed.rows.repeats == 0
        entries = [*pane.feed.old, *pane.feed.new]
        assert sum(entry.id == SHARED_ID for entry in entries) > 5
        assert len({entry.key for entry in entries}) == 45


async def test_each_of_the_items_that_share_an_id_is_folded_and_shown_raw_by_itself(
    start: Start,
) -> None:
    async with start(emulator=Emulator(threads=1, items=12, faults=["shared-ids"])) as driver:
        await driver.press("enter")
        reading = driver.browse.transcript.view.state
        assert reading is not None
        rows = [row for row in range(len(reading.rows)) if reading.rows.entry(row).id == SHARED_ID]
        driver.browse.transcript.view._move(lambda it: it.cursor.go_to(rows[1]))
        await driver.press("i")
        raw = [reading.rows.key(row) in reading.items._raw for row in rows]
        assert raw == [False, True] + [False] * (len(rows) - 2)
        await driver.press("j", "k")
        assert reading.cursor.row == rows[1]


# -- order, empty pages, cursors -------------------------------------------------------------------


async def test_an_ignored_order_is_said_and_the_end_is_reached_from_one_side(start: Start) -> None:
    emulator = Emulator(threads=1, items=250, faults=["order-ignored"])
    async with start(emulator=emulator) as driver:
        await driver.press("enter", "G")
        pane = driver.browse.transcript
        assert pane.feed is not None
        assert pane.feed.order_ignored
        assert pane.feed.whole
        assert pane.loaded == 250
        assert "the server ignores the order" in pane.amount
        assert pane.position.startswith("250/250")


async def test_an_ignored_order_of_threads_is_said_and_not_half_a_list(start: Start) -> None:
    async with start(emulator=Emulator(threads=230, faults=["order-ignored"])) as driver:
        await driver.press("G")
        threads = driver.browse.threads
        assert threads.loaded == 230
        assert threads.whole
        assert "the server ignores the order" in threads.amount
        assert threads.list.cursor == 229


async def test_empty_pages_are_followed_to_the_threads_behind_them(start: Start) -> None:
    async with start(emulator=Emulator(threads=150, faults=["empty-pages"])) as driver:
        assert "There are no threads." not in driver.frame()
        assert driver.loaded("threads") > 0
        await driver.press("G")
        assert driver.browse.threads.position.startswith(("last", "150/150"))


async def test_pages_that_are_empty_without_end_are_not_an_empty_account(start: Start) -> None:
    async with start(emulator=Emulator(faults=["empty-page-with-more"])) as driver:
        assert "There are no threads." not in driver.frame()
        assert "The server's list is broken" in driver.frame()


async def test_the_same_row_under_new_cursors_ends_and_says_why(start: Start) -> None:
    async with start(160, 24, emulator=Emulator(faults=["new-cursors@threads.list"])) as driver:
        threads = driver.browse.threads
        assert threads.loaded == 1
        assert "the server's list is broken" in threads.amount
        assert "20 repeats left out" in threads.amount


# -- rows without an id ----------------------------------------------------------------------------


async def test_a_thread_without_an_id_is_shown_and_nothing_is_sent_for_it(start: Start) -> None:
    emulator = Emulator(faults=["null-ids@threads.list"])
    async with start(160, 24, emulator=emulator) as driver:
        await driver.press("j")
        row = driver.thread()
        assert row.id == ""
        assert "(no id)" in driver.frame()
        before = len(emulator.requests)
        for key in ("enter", "space", "D"):
            await driver.press(key)
            assert "without an id" in driver.status, key
            assert driver.is_alone()
            assert driver.has_keys(Pane.THREADS)
            await driver.press("k", "j")
        driver.browse.threads.action_open()
        driver.browse.marking.action_mark()
        driver.browse.copying.action_copy()
        await driver.settle()
        assert "thread id" not in driver.frame()
        await driver.press("escape")
        assert driver.marked() == []
        assert driver.browse.threads.chosen == []
        paths = [request.path for request in list(emulator.requests)[before:]]
        assert not any("no%20id" in path or "%00" in path for path in paths)
        assert not sent(emulator, "threads.delete", "threads.retrieve")


async def test_the_first_words_of_a_thread_without_an_id_are_not_asked_for(start: Start) -> None:
    emulator = Emulator(faults=["null-ids@threads.list", "no-title"])
    async with start(emulator=emulator) as driver:
        await driver.press("j", "j", "j")
        assert all("%00" not in request.path for request in emulator.requests)


# -- what became of it -----------------------------------------------------------------------------


@dataclass
class Renamed:
    """What a thread is called from now on."""

    title: str = ""
    status: str = ""


class ChangingEmulator(Emulator):
    """An API in which a thread gets another title and status."""

    renamed = Renamed()

    async def respond(self, request: Request) -> Response:
        answer = await super().respond(request)
        if self.renamed.title and request.operation in ("threads.list", "threads.retrieve"):
            rows = answer.content.get("data", [answer.content])
            rows[:1] = [{**rows[0], **self._changed()}]
            if "data" not in answer.content:
                answer.content.update(rows[0])
        return answer

    def _changed(self) -> dict[str, Any]:
        return {"title": self.renamed.title, "status": {"type": self.renamed.status}}


async def opened_in_progress(driver: Driver, emulator: Emulator) -> None:
    """Open a thread with a tool call that has no result yet, and let it have one."""
    await driver.press("enter")
    tools = [entry for entry in entries_of(driver) if b"client_tool_call" in entry.raw]
    assert tools
    assert all(b"in_progress" in entry.raw for entry in tools)
    emulator.faults = ()


def entries_of(driver: Driver) -> list[Any]:
    feed = driver.browse.transcript.feed
    assert feed is not None
    return [*feed.old, *feed.new]


async def as_on_the_server(driver: Driver, client: ChatKitClient) -> bool:
    """Whether all that is loaded is what the server lists now."""
    row = driver.opened()
    assert row is not None
    listed = await client.threads.list_items(row.id, limit=100, order="asc")
    now = {entry.id: entry.raw for entry in listed.rows}
    return all(now[entry.id] == entry.raw for entry in entries_of(driver))


def scripted(threads: int = 3, items: int = 40) -> Emulator:
    return Emulator(threads=threads, items=items, faults=["tools-in-progress"])


@pytest.mark.parametrize(
    ("columns", "keys"),
    [
        (80, ("r",)),
        (160, ("escape", "enter")),
        (80, ("escape", "j", "enter", "escape", "k", "enter")),
        (160, ("escape", "r")),
    ],
    ids=["r", "the same thread again", "another thread between", "the list refreshed"],
)
async def test_a_tool_call_that_completed_is_shown_so(
    start: Start, keys: tuple[str, ...], columns: int, make_client: Callable[..., ChatKitClient]
) -> None:
    emulator = scripted()
    client = make_client(emulator=emulator)
    async with start(columns, 24, emulator=emulator) as driver:
        await opened_in_progress(driver, emulator)
        assert not await as_on_the_server(driver, client)
        for key in keys:
            await driver.press(key)
        assert await as_on_the_server(driver, client)


async def test_a_tool_call_on_the_screen_is_drawn_as_it_is_now(start: Start) -> None:
    emulator = scripted()
    async with start(160, 40, emulator=emulator, times="utc") as driver:
        await opened_in_progress(driver, emulator)
        while "◐ rebook" not in driver.frame():
            await driver.press("pagedown")
        before = driver.frame().splitlines()
        await driver.press("r")
        after = driver.frame().splitlines()
        assert "✓ rebook" in "\n".join(after)
        assert "changed" in driver.status
        # What is read stays where it is: the first line of the window, whatever changed below.
        assert before[2] == after[2]


async def test_a_refresh_of_the_tail_does_not_move_what_is_read(start: Start) -> None:
    emulator = scripted(items=300)
    async with start(160, 24, emulator=emulator) as driver:
        await driver.press("enter", "G", "pageup", "pageup")
        emulator.faults = ()
        view = driver.browse.transcript.view

        def place() -> tuple[object, int]:
            assert view.state is not None
            rows = [row for row, _ in view.state.window]
            row = view.state.cursor.row
            assert row is not None
            return view.place, rows.index(row)

        before = place()
        await driver.press("r")
        assert "changed" in driver.status
        assert place() == before


async def test_reopening_shows_what_is_kept_at_once_and_asks_once(start: Start) -> None:
    emulator = Emulator(threads=3, items=40)
    async with start(emulator=emulator) as driver:
        await driver.press("enter", "escape", "j", "enter", "escape", "k")
        emulator.faults = ("reset@threads.list_items",)
        await driver.press("enter")
        assert driver.loaded("items") == 30
        emulator.faults = ()
        await driver.press("r")
        assert driver.failure("items") is None


async def test_reopening_a_kept_thread_asks_for_its_items_once(start: Start) -> None:
    emulator = Emulator(threads=3, items=20)
    async with start(emulator=emulator) as driver:
        await driver.press("enter", "escape", "j", "enter", "escape", "k")
        before = len(sent(emulator, "threads.list_items"))
        await driver.press("enter")
        assert len(sent(emulator, "threads.list_items")) - before == 1


@pytest.mark.parametrize("keys", [("r",), ("escape", "enter"), ("escape", "r")])
async def test_titles_and_statuses_are_asked_for_again_too(
    start: Start, keys: tuple[str, ...]
) -> None:
    emulator = ChangingEmulator(threads=3, items=10)
    async with start(160, 24, emulator=emulator) as driver:
        await driver.press("enter")
        emulator.renamed = Renamed("Another title", "closed")
        for key in keys:
            await driver.press(key)
        assert driver.frame().count("Another title") == 2, driver.frame()
        row = driver.opened()
        assert row is not None
        assert row.status == "closed"


async def test_items_that_were_not_asked_for_again_say_so(start: Start) -> None:
    emulator = Emulator(threads=1, items=400)
    async with start(160, 24, emulator=emulator) as driver:
        await driver.press("enter", "G")
        driver.browse.transcript.seek("not there")
        await driver.settle()
        assert driver.loaded("items") == 400
        await driver.press("g", "r")
        assert "as of" in driver.position()
        assert driver.frame().count("~ ") >= 1
        await driver.press("G")
        assert "as of" not in driver.position()


async def test_ages_agree_after_time_has_passed(start: Start) -> None:
    now = [float(DEMO_NOW)]
    emulator = Emulator(threads=3, items=10)
    async with start(160, 24, emulator=emulator, clock=lambda: now[0]) as driver:
        for keys in (("enter",), ("r",), ("escape", "r"), ("j", "enter")):
            now[0] += 7 * 24 * 3600
            await driver.press(*keys)
            browse = driver.browse
            assert browse.threads.setting.now == browse.transcript.setting.now == now[0]


# -- what the server lists after a deletion --------------------------------------------------------


async def test_a_thread_that_a_refresh_lists_is_shown_whatever_was_said_of_it(start: Start) -> None:
    async with start(emulator=Emulator(threads=5)) as driver:
        row = driver.thread()
        driver.browse.threads.drop([row.id])
        await driver.settle()
        assert driver.loaded("threads") == 4
        await driver.press("r")
        assert driver.loaded("threads") == 5
        assert driver.browse.threads.list.rows.index(row.id) == 0
