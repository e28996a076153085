"""Find as the user types: marks, counts, folds and the cursor."""

from __future__ import annotations

from rich.style import Style

from chatkit_tui.feed import Side
from tests.ui.pages import ThreadOnServer, message, talk
from tests.ui.transcript.host import Host, shown


def marked(host: Host) -> list[tuple[str, bool]]:
    """Return the highlighted text, and whether it is the current match."""
    found = []
    for y in range(host.view.size.height):
        for segment in host.view.render_line(y):
            style = segment.style or Style()
            if segment.text.strip() and (style.underline or style.reverse):
                found.append((segment.text, bool(style.reverse)))
    return found


def fruits() -> ThreadOnServer:
    words = ["apple", "banana", "cherry"]
    return ThreadOnServer([message(n, f"{words[n % 3]} number {n}") for n in range(60)])


def tool_call(number: int, output: str) -> dict[str, object]:
    return {
        **message(number, ""),
        "type": "chatkit.client_tool_call",
        "name": "look_up",
        "call_id": "call",
        "status": "completed",
        "arguments": "{}",
        "output": output,
    }


async def search(host: Host, text: str) -> tuple[int, int]:
    """Search, and return the number of the current match and the total."""
    host.view.finder.find(text)
    await host.settle()
    return state(host)


def state(host: Host) -> tuple[int, int]:
    assert host.app.found is not None
    return host.app.found.current, host.app.found.total


async def test_the_cursor_goes_to_the_first_match_below_it() -> None:
    async with shown(fruits().feed(first_limit=60)) as host:
        host.view.action_cursor_down()
        host.view.action_cursor_down()
        assert await search(host, "apple") == (2, 20)
        assert host.under_cursor == "apple number 3"


async def test_matches_are_marked_and_the_current_one_differs() -> None:
    async with shown(fruits().feed(first_limit=60)) as host:
        await search(host, "apple")
        assert marked(host) == [("apple", True), ("apple", False), ("apple", False)]


async def test_next_and_previous_go_round() -> None:
    async with shown(fruits().feed(first_limit=60)) as host:
        assert await search(host, "number 5") == (1, 11)
        host.view.finder.go(-1)
        await host.settle()
        assert (host.under_cursor, state(host)) == ("cherry number 59", (11, 11))
        host.view.finder.go(1)
        await host.settle()
        assert (host.under_cursor, state(host)) == ("cherry number 5", (1, 11))


async def test_next_starts_from_the_cursor() -> None:
    async with shown(fruits().feed(first_limit=60)) as host:
        await search(host, "apple")
        host.view.action_bottom()
        host.view.finder.go(-1)
        await host.settle()
        assert host.under_cursor == "apple number 57"


async def test_each_letter_searches_from_where_the_first_one_did() -> None:
    async with shown(fruits().feed(first_limit=60)) as host:
        for text in ("n", "nu", "number 2", "number 29"):
            await search(host, text)
        assert host.under_cursor == "cherry number 29"
        await search(host, "number 2")
        assert host.under_cursor == "cherry number 2"


async def test_an_ended_search_leaves_no_marks_and_returns_to_where_it_began() -> None:
    async with shown(fruits().feed(first_limit=60)) as host:
        await search(host, "number 40")
        host.view.finder.clear(back=True)
        await host.settle()
        assert host.under_cursor == "apple number 0"
        assert marked(host) == []
        assert host.app.found is not None
        assert host.app.found.query == ""


async def test_an_accepted_search_that_ends_stays_where_it_is() -> None:
    async with shown(fruits().feed(first_limit=60)) as host:
        await search(host, "number 40")
        host.view.finder.accept()
        host.view.finder.clear(back=True)
        assert host.under_cursor == "banana number 40"


async def test_nothing_found_leaves_the_cursor_alone() -> None:
    async with shown(fruits().feed(first_limit=60)) as host:
        host.view.action_cursor_down()
        assert await search(host, "durian") == (0, 0)
        assert host.under_cursor == "banana number 1"
        assert not host.view.finder.go(1)


async def test_a_match_that_is_folded_away_opens_its_item() -> None:
    rows = ",".join(f'"row {number}"' for number in range(80))
    items = [message(0, "nothing"), tool_call(1, f"[{rows}]"), message(2, "the other row 70")]
    async with shown(ThreadOnServer(items).feed()) as host:
        assert '"row 70"' not in host.frame
        assert await search(host, "row 70") == (1, 2)
        assert ("row 70", True) in marked(host)


async def test_a_match_far_down_a_long_item_is_scrolled_to() -> None:
    text = "\n".join(f"line {number}" for number in range(300))
    async with shown(ThreadOnServer([message(0, text)]).feed()) as host:
        assert await search(host, "line 250") == (1, 1)
        assert marked(host) == [("line 250", True)]


async def test_a_match_in_a_large_item_is_scrolled_to_once_it_is_rendered() -> None:
    text = "\n".join(f"row {number} of a long report" for number in range(4000))
    server = ThreadOnServer([*(message(n, "x") for n in range(20)), message(20, text)])
    async with shown(server.feed()) as host:
        assert await search(host, "row 3999 ") == (1, 1)
        assert ("row 3999", True) in marked(host)


async def test_pages_loaded_later_are_searched_too() -> None:
    async with shown(talk(90).feed()) as host:
        assert await search(host, "message") == (1, 30)
        host.view.action_bottom()
        await host.settle()
        assert state(host) == (1, 60)
        assert host.app.found is not None
        assert (host.app.found.searched, host.app.found.loaded, host.app.found.done) == (
            60,
            60,
            True,
        )


async def test_reversing_the_order_keeps_the_item_of_the_current_match() -> None:
    async with shown(fruits().feed(first_limit=60)) as host:
        assert await search(host, "number 40") == (1, 1)
        await search(host, "apple")
        host.view.set_order(newest_first=True)
        await host.settle()
        assert state(host) == (20, 20)
        host.view.finder.go(-1)
        await host.settle()
        assert host.under_cursor == "apple number 3"


async def test_a_new_text_ends_the_search_for_the_old_one() -> None:
    feed = talk(3000).feed(first_limit=100, limit=100)
    while not feed.whole:
        await feed.load(Side.OLD)
    async with shown(feed) as host:
        host.view.finder.find("message")
        await host.pilot.pause()
        assert await search(host, "number 2999") == (1, 1)
        assert host.app.found is not None
        assert host.app.found.query == "number 2999"
        assert not [worker for worker in host.app.workers if worker.is_running]
