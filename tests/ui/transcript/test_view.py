"""The widget of the transcript: keys, the mouse, and what stays in place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.events import MouseScrollDown, Resize

from chatkit_tui.emulator import Emulator
from chatkit_tui.feed import Side
from chatkit_tui.models.items import Item
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.ui.transcript import item_renderer
from tests.ui.pages import ThreadOnServer, message, talk
from tests.ui.transcript.host import CONTEXT, Host, shown, thread_feed


def long_message(number: int, lines: int) -> dict[str, object]:
    return message(number, "\n".join(f"line {line} of {number}" for line in range(lines)))


# -- what stays where it was -----------------------------------------------------------------------


async def test_a_page_added_above_does_not_move_the_visible_text() -> None:
    async with shown(talk(1000).feed()) as host:
        host.view.action_bottom()
        await host.settle()
        host.app.open_gate.clear()
        for _ in range(2):
            host.view.action_page_up()
        await host.pilot.pause()
        before = host.frame
        wanted = len(host.app.wanted)
        host.app.open_gate.set()
        await host.settle()
        assert len(host.app.wanted) > 1
        assert wanted == len(host.app.wanted)
        assert host.view.position is not None
        assert host.view.position.loaded == 90
        assert host.frame == before


async def test_a_page_that_fills_the_gap_from_below_leaves_the_cursor_on_its_line() -> None:
    async with shown(talk(1000).feed()) as host:
        host.view.action_bottom()
        await host.settle()
        host.app.open_gate.clear()
        while "not loaded" not in host.frame:
            host.view.scroll_lines(-1)
            await host.pilot.pause()
        read, line = host.under_cursor, host.line_of("▌")
        host.app.open_gate.set()
        await host.settle()
        assert "not loaded" not in host.frame
        assert (host.under_cursor, host.line_of("▌")) == (read, line)


async def test_newer_items_leave_the_window_alone_and_are_counted() -> None:
    server = talk(50)
    feed = server.feed(first_limit=50)
    async with shown(feed) as host:
        host.view.action_bottom()
        await host.settle()
        before = host.frame
        server.items += [message(number, "newer") for number in range(50, 53)]
        await feed.refresh()
        host.view.feed_changed()
        await host.settle()
        assert host.frame == before
        assert host.view.position is not None
        assert host.view.position.fresh == 3


async def test_newer_items_in_the_window_are_no_longer_counted() -> None:
    server = talk(50)
    feed = server.feed(first_limit=50)
    async with shown(feed) as host:
        host.view.action_bottom()
        server.items += [message(number, "newer") for number in range(50, 53)]
        await feed.refresh()
        host.view.feed_changed()
        host.view.action_bottom()
        await host.settle()
        assert host.app.positions[-1].fresh == 0


@pytest.mark.parametrize("columns", [40, 55, 132])
async def test_a_resize_keeps_the_cursor_on_its_line(columns: int) -> None:
    server = ThreadOnServer(
        [message(n, f"number {n} " + "some words " * (n % 20)) for n in range(40)]
    )
    async with shown(server.feed(first_limit=40)) as host:
        for _ in range(12):
            host.view.action_cursor_down()
        await host.settle()
        read, line = host.under_cursor, host.line_of("▌")
        await host.resize(columns, 24)
        assert host.under_cursor == read
        assert host.lines[host.line_of("▌")].startswith("▌ user")
        assert abs(host.line_of("▌") - line) <= 12


async def test_a_size_that_is_not_reported_is_followed_too() -> None:
    async with shown(talk(100).feed()) as host:
        host.view.disable_messages(Resize)
        await host.resize(80, 40)
        assert any(host.lines[30:])


@pytest.mark.parametrize("wait", [item_renderer.WAIT, 0])
async def test_a_resize_inside_a_long_item_keeps_the_place_in_it(
    monkeypatch: pytest.MonkeyPatch, wait: float
) -> None:
    """Also if the thread that renders the item takes longer than it is waited for."""
    monkeypatch.setattr(item_renderer, "WAIT", wait)
    text = " ".join(f"word{number}" for number in range(2000))
    async with shown(ThreadOnServer([message(0, text)]).feed()) as host:
        while "word1000 " not in host.lines[0]:
            host.view.scroll_lines(1)
            await host.pilot.pause()
        await host.resize(40, 24)
        numbers = [int(word[4:]) for word in host.frame.split() if word[:4] == "word"]
        assert min(numbers) - 50 <= 1000 <= max(numbers) + 50


async def test_folding_keeps_the_head_of_the_item_on_its_line() -> None:
    items = [message(n, f"number {n}") for n in range(3)]
    call = {
        **message(3, ""),
        "type": "chatkit.client_tool_call",
        "name": "look_up",
        "call_id": "call",
        "status": "completed",
        "arguments": "[" + ",".join(map(str, range(60))) + "]",
        "output": "{}",
    }
    async with shown(ThreadOnServer([*items, call]).feed(), lines=100) as host:
        host.view.action_bottom()
        host.view.action_top()
        for _ in range(3):
            host.view.action_cursor_down()
        await host.settle()
        line = host.line_of("look_up")
        assert host.view.toggle_fold()
        await host.settle()
        opened = host.frame
        assert host.line_of("look_up") == line
        assert host.view.toggle_fold()
        await host.settle()
        assert host.frame != opened
        assert host.line_of("look_up") == line


async def test_an_item_without_folds_says_so() -> None:
    async with shown(talk(3).feed()) as host:
        assert not host.view.toggle_fold()


async def test_raw_shows_the_json_of_the_item_where_its_head_was() -> None:
    async with shown(talk(50).feed(), lines=50) as host:
        for _ in range(3):
            host.view.action_cursor_down()
        await host.settle()
        line = host.line_of("▌")
        host.view.toggle_raw()
        await host.settle()
        assert host.line_of("▌") == line
        assert '"input_text"' in host.frame
        host.view.toggle_raw()
        await host.settle()
        assert '"input_text"' not in host.frame


async def test_an_item_opened_at_the_lower_edge_is_scrolled_into_the_window() -> None:
    async with shown(talk(50).feed()) as host:
        for _ in range(7):
            host.view.action_cursor_down()
        await host.settle()
        assert host.line_of("▌") > 18
        host.view.toggle_raw()
        await host.settle()
        assert '"input_text"' in host.frame
        assert host.lines[host.line_of("▌")].startswith("▌ user")


async def test_reversing_the_order_keeps_the_cursor_on_its_item() -> None:
    async with shown(talk(50).feed(first_limit=50)) as host:
        for _ in range(20):
            host.view.action_cursor_down()
        read = host.under_cursor
        host.view.set_order(newest_first=True)
        await host.settle()
        assert host.under_cursor == read
        host.view.action_cursor_down()
        assert host.under_cursor == "message number 19"


async def test_other_times_keep_the_cursor_on_its_item() -> None:
    async with shown(talk(50).feed(first_limit=50)) as host:
        for _ in range(20):
            host.view.action_cursor_down()
        await host.settle()
        line = host.line_of("▌")
        host.view.set_context(CONTEXT._replace(relative=True))
        await host.settle()
        assert (host.under_cursor, host.line_of("▌")) == ("message number 20", line)


# -- moving ----------------------------------------------------------------------------------------


async def test_moving_the_cursor_inside_the_window_redraws_two_items() -> None:
    async with shown(talk(50).feed()) as host:
        lines = range(host.view.size.height)
        before = [host.view.render_line(y) for y in lines]
        host.view.action_cursor_down()
        await host.pilot.pause()
        # The same strip brings with it all that the toolkit made of it.
        drawn = [y for y in lines if host.view.render_line(y) is not before[y]]
        assert drawn
        assert set(drawn) <= {0, 1, 2, 3, 4, 5}
        assert "▌" in host.lines[3]
        assert "▌" not in host.lines[0]


async def test_every_line_of_an_item_has_a_bar_and_the_line_between_two_has_none() -> None:
    async with shown(talk(50).feed()) as host:
        assert [line[:2].strip() for line in host.lines[:6]] == ["▌", "▌", "", "▎", "▎", ""]
        host.view.screen.set_focus(None)
        await host.pilot.pause()
        assert host.lines[0].startswith("▌ ")


@pytest.mark.parametrize(("terminal", "filled"), [("xterm-256color", 80), ("screen", 6)])
async def test_the_head_of_the_cursors_item_is_filled_as_far_as_it_is_cheap(
    monkeypatch: pytest.MonkeyPatch, terminal: str, filled: int
) -> None:
    monkeypatch.setenv("TERM", terminal)
    server = ThreadOnServer([{**message(n, "text"), "created_at": 1_700_000} for n in range(4)])
    async with shown(server.feed()) as host:
        host.view.action_cursor_down()
        await host.pilot.pause()
        head, below = (
            [segment.style and segment.style.bgcolor for segment in strip for _ in segment.text]
            for strip in map(host.view.render_line, (3, 4))
        )
        assert head[0] != below[0]
        assert head.count(head[0]) == filled


@pytest.mark.parametrize("newest_first", [False, True])
async def test_the_first_of_several_items_with_one_time_tells_it(newest_first: bool) -> None:
    server = ThreadOnServer([{**message(n, f"n {n}"), "created_at": 1_700_000} for n in range(4)])
    async with shown(server.feed(), newest_first=newest_first) as host:
        assert [host.lines[n].endswith("1970-01-20 16:13:20 UTC") for n in (0, 3, 6)] == [
            *(True, False, False)
        ]


async def test_the_cursor_keys_scroll_through_a_long_item() -> None:
    server = ThreadOnServer([long_message(0, 100), message(1, "the next")])
    async with shown(server.feed()) as host:
        seen: set[str] = set()
        while host.under_cursor != "the next":
            seen.update(host.lines)
            host.view.action_cursor_down()
            await host.pilot.pause()
        text = "\n".join(seen)
        assert all(f"line {line} of 0" in text for line in range(100))


async def test_keys_never_change_the_virtual_size() -> None:
    async with shown(talk(50).feed()) as host:
        before = host.view.virtual_size
        for act in (
            host.view.action_cursor_down,
            host.view.action_page_down,
            host.view.action_bottom,
            host.view.action_top,
        ):
            act()
            await host.pilot.pause()
        assert host.view.virtual_size == before


async def test_a_click_puts_the_cursor_on_an_item() -> None:
    async with shown(talk(50).feed()) as host:
        await host.pilot.click(host.view, offset=(10, 7))
        await host.settle()
        assert host.under_cursor == "message number 2"


async def test_the_wheel_scrolls() -> None:
    async with shown(talk(50).feed()) as host:
        await host.pilot._post_mouse_events([MouseScrollDown], host.view, offset=(10, 7))
        await host.settle()
        assert "message number 1" in host.lines[1]


async def test_a_thread_opens_at_the_line_where_it_was_left() -> None:
    feed = talk(50).feed(first_limit=50)
    async with shown(feed) as host:
        for _ in range(20):
            host.view.action_cursor_down()
        place = host.view.place
        host.view.show(None)
        host.view.show(feed, at=place)
        await host.settle()
        assert host.under_cursor == "message number 20"


# -- copying ---------------------------------------------------------------------------------------


async def test_the_text_of_an_item_is_copied_as_it_was_written() -> None:
    text = "first line\nsecond line " + "and on " * 30
    async with shown(ThreadOnServer([message(0, text)]).feed()) as host:
        assert host.copied("text") == text.rstrip()
        assert host.view.id_of_cursor() == "item_000000"
        assert '"type": "input_text"' in host.copied("raw JSON")


async def test_the_mouse_selects_text_without_the_gutter() -> None:
    async with shown(talk(50).feed()) as host:
        await host.pilot.mouse_down(host.view, offset=(2, 1))
        await host.pilot.hover(host.view, offset=(16, 4))
        await host.pilot.mouse_up(host.view, offset=(16, 4))
        await host.pilot.pause()
        selected = host.app.screen.get_selected_text()
        assert selected is not None
        lines = selected.splitlines()
        assert lines[0] == "message number 0"
        assert lines[-1] == "message number "


# -- faults ----------------------------------------------------------------------------------------


async def test_an_item_that_cannot_be_drawn_is_a_card_and_the_others_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from chatkit_tui.render import items

    drawing = items.render_item

    def broken(item: Item, *args: object, **named: object) -> object:
        if item.id == "item_000001":
            raise RuntimeError("no \x1b[31m way")
        return drawing(item, *args, **named)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(items, "render_item", broken)
    async with shown(talk(3).feed()) as host:
        assert "! this item could not be drawn" in host.frame
        assert "RuntimeError: no ␛[31m way" in host.frame
        assert "message number 2" in host.frame


async def test_a_large_item_is_rendered_in_a_thread_behind_a_placeholder() -> None:
    text = "\n".join(f"row {number} of a long report" for number in range(28_000))
    server = ThreadOnServer([message(0, "before"), message(1, text)])
    feed = server.feed()
    await feed.load(Side.OLD)
    async with shown(None) as host:
        host.view.show(feed)
        assert "drawing" in host.view.render_line(3).text
        await host.settle()
        assert "row 3 of a long report" in host.frame


def checked(host: Host) -> None:
    """Assert that each line is as wide as the widget."""
    width = host.view.size.width
    for y in range(host.view.size.height):
        assert host.view.render_line(y).cell_length == width


@pytest.mark.parametrize("columns", [1, 2, 3, 5, 8, 13, 21, 34, 80])
async def test_every_line_is_as_wide_as_the_widget(
    columns: int, make_client: Callable[..., ChatKitClient]
) -> None:
    emulator = Emulator()
    client = make_client(emulator=emulator)
    for thread in range(-1, -12, -5):
        feed = thread_feed(client, emulator.thread_id(thread))
        async with shown(feed, columns=columns) as host:
            for _ in range(3):
                checked(host)
                host.view.action_page_down()
