"""The renderer on an event loop, with a terminal that replies late, twice or never."""

from __future__ import annotations

import asyncio
import threading
from time import perf_counter

import pytest

from chatkit_tui.terminal import flow_control
from chatkit_tui.terminal import renderer as renderer_module
from chatkit_tui.terminal.cell_buffer import CellBuffer
from chatkit_tui.terminal.renderer import LiveRenderer
from chatkit_tui.terminal.styles import Styles

SIZE = (80, 24)
WHOLE = "".join(f"\x1b[{line + 1};1H{'words ' * 13}" for line in range(24))
"""A frame of more bytes than may be in flight."""


def live() -> tuple[LiveRenderer, list[str]]:
    """Return a renderer that has the terminal, and the list of what it sends."""
    sent: list[str] = []
    renderer = LiveRenderer(sent.append, {"TERM": "xterm"})
    renderer.begin()
    return renderer, sent


async def painted(sent: list[str], times: int) -> None:
    """Wait until so many frames were sent."""
    async with asyncio.timeout(60):
        while len(sent) < times:  # noqa: ASYNC110 # the renderer has no event for it
            await asyncio.sleep(0)


async def test_nothing_is_erased_before_the_first_frame() -> None:
    renderer, sent = live()
    renderer.write("\x1b[?1000h", SIZE)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sent == ["\x1b[?1000h"]
    renderer.write("\x1b[1;1Hdrawn", SIZE)
    await painted(sent, 2)
    assert "drawn" in sent[1]


async def test_frames_that_are_held_back_are_sent_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for is_released in (True, False):
        monkeypatch.setattr(renderer_module, "MAX_HOLD", 60.0 if is_released else 0.0)
        renderer, sent = live()
        renderer.assume(CellBuffer(*SIZE), Styles())
        renderer.hold()
        renderer.write("\x1b[1;1Hfirst", SIZE)
        renderer.write("\x1b[1;1Hsecond", SIZE)
        assert sent == []
        if is_released:
            renderer.release()
        await painted(sent, 1)
        assert "second" in sent[0]
        renderer.release()
        assert len(sent) == 1


async def test_nothing_is_released_once_the_terminal_is_given_back() -> None:
    renderer, sent = live()
    renderer.assume(CellBuffer(*SIZE), Styles())
    renderer.hold()
    renderer.write("\x1b[1;1Hfirst", SIZE)
    renderer.end()
    renderer.release()
    assert sent == []


async def test_output_of_another_thread_is_drawn() -> None:
    renderer, sent = live()
    await asyncio.to_thread(renderer.write, "\x1b[1;1Hfrom afar", SIZE)
    await painted(sent, 1)
    assert "from afar" in sent[0]


async def test_a_mute_terminal_that_replies_is_queried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flow_control, "FIRST_REPLY_WITHIN", 0.01)
    monkeypatch.setattr(flow_control, "INITIAL_BUDGET", flow_control.BUDGET)
    renderer, sent = live()
    renderer.write(WHOLE, SIZE)
    await painted(sent, 1)
    renderer.write("\x1b[3;1Hsecond", SIZE)
    await painted(sent, 2)
    assert flow_control.QUERY not in sent[1]
    assert renderer.expects_replies
    renderer.reply_received(perf_counter())
    await asyncio.sleep(0)
    renderer.write("\x1b[4;1Hthird", SIZE)
    await painted(sent, 3)
    assert flow_control.QUERY in sent[2]


async def test_the_first_screens_do_not_wait_for_a_reply() -> None:
    renderer, sent = live()
    for words in (WHOLE, WHOLE.upper(), WHOLE):
        renderer.write(words, SIZE)
    assert len(sent) == 3


async def test_on_a_slow_connection_frames_do_not_rely_on_the_replies_of_a_multiplexer() -> None:
    sent: list[str] = []
    slow = False
    renderer = LiveRenderer(sent.append, {"TERM": "xterm"}, is_slow=lambda: slow)
    renderer.begin()
    for number, words in enumerate((WHOLE, WHOLE.upper()), 1):
        renderer.write(words, SIZE)
        assert len(sent) == number
        renderer.reply_received(perf_counter())
        await asyncio.sleep(0)
    slow = True  # set by a command
    renderer.write(WHOLE, SIZE)
    renderer.reply_received(perf_counter())
    await asyncio.sleep(0)
    sent.clear()
    renderer.write("\x1b[3;1Hpassed by", SIZE)
    renderer.write("\x1b[3;1Hremaining", SIZE)
    assert sent == []
    await painted(sent, 1)
    assert "remaining" in sent[0]


async def test_a_second_reply_to_one_query_changes_nothing() -> None:
    renderer, sent = live()
    renderer.write("\x1b[1;1Hwords", SIZE)
    await painted(sent, 1)
    renderer.reply_received(perf_counter())
    renderer.reply_received(perf_counter())
    await asyncio.sleep(0)
    assert not renderer.expects_replies
    renderer.write("\x1b[2;1Hmore", SIZE)
    await painted(sent, 2)
    assert sent[1] == f"\x1b[2Hmore{flow_control.QUERY}"


async def test_the_end_waits_for_the_pending_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the next program takes the reply for typed keys."""
    monkeypatch.setattr(
        flow_control, "FIRST_REPLY_WITHIN", 20
    )  # more than a busy machine needs for the timer
    renderer, sent = live()
    renderer.write("\x1b[1;1Hwords", SIZE)
    await painted(sent, 1)
    begun = perf_counter()
    threading.Timer(0.1, renderer.reply_received, (begun,)).start()
    renderer.end()
    assert 0.1 <= perf_counter() - begun < flow_control.FIRST_REPLY_WITHIN


async def test_the_end_waits_only_until_the_timeout_for_a_mute_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flow_control, "FIRST_REPLY_WITHIN", 0.05)
    renderer, sent = live()
    renderer.write("\x1b[1;1Hwords", SIZE)
    await painted(sent, 1)
    begun = perf_counter()
    renderer.end()
    renderer.end()
    assert perf_counter() - begun < 1


async def test_nothing_is_drawn_while_another_program_has_the_terminal() -> None:
    renderer, sent = live()
    renderer.write("\x1b[1;1Hwords", SIZE)
    await painted(sent, 1)
    renderer.reply_received(perf_counter())
    renderer.end()
    renderer.write("\x1b[1;1Hchanged\x1b[?1049l", SIZE)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sent[1:] == ["\x1b[?1049l"]
    renderer.begin()
    renderer.write("\x1b[?1049h", SIZE)
    await painted(sent, 4)
    assert "changed" in sent[3]


async def test_a_frame_counts_as_shown_only_after_the_reply_behind_it() -> None:
    renderer, sent = live()
    shown: list[float] = []
    renderer.write("\x1b[1;1Hbefore", SIZE)
    await painted(sent, 1)
    renderer.write("\x1b[2;1Hquestion", SIZE)  # a reply is pending, so no query follows
    assert sent[1].count(flow_control.QUERY) == 0
    renderer.when_shown(shown.append)
    assert sent[2:] == [flow_control.QUERY]
    renderer.reply_received(1.0)
    await asyncio.sleep(0)
    assert shown == []
    renderer.reply_received(2.0)
    await asyncio.sleep(0)
    assert shown == [2.0]


async def test_a_delayed_frame_is_queried_when_it_is_sent() -> None:
    renderer, sent = live()
    shown: list[float] = []
    renderer.write("\x1b[1;1Hx", SIZE)
    renderer.reply_received(0.0)
    await asyncio.sleep(0)
    renderer.write(WHOLE, SIZE)
    renderer.write(WHOLE.upper(), SIZE)  # waits behind it
    renderer.when_shown(shown.append)
    assert renderer.is_behind
    renderer.reply_received(1.0)
    await asyncio.sleep(0)
    assert not renderer.is_behind
    assert sent[-1].endswith(flow_control.QUERY)
    assert shown == []
    renderer.reply_received(2.0)
    await asyncio.sleep(0)
    assert shown == [2.0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("\x1b[1;1Hw\x1b[1;1H", "\x1b[1Hw\x1b[H\x1b[6n"),
        ("\x1b[1;1Hw\x1b[1;16H", "\x1b[1Hw\x1b[16G\x1b[H\x1b[6n\x1b[1;16H"),
        ("\x1b[1;1Hw\x1b[2;3H", "\x1b[1Hw\x1b[2;3H\x1b[6n"),
    ],
)
async def test_the_cursor_is_never_queried_where_the_reply_is_also_a_key(
    written: str, expected: str
) -> None:
    renderer, sent = live()
    renderer.write("\x1b[2;1Hx", SIZE)
    renderer.reply_received(1.0)
    await asyncio.sleep(0)
    sent.clear()
    renderer.write(written, SIZE)
    assert sent == [expected]


async def test_only_a_query_sent_since_then_counts() -> None:
    renderer, sent = live()
    shown: list[float] = []
    renderer.write("\x1b[1;1Hquestion", SIZE)
    renderer.reply_received(1.0)
    await asyncio.sleep(0)
    many = len(sent)
    renderer.when_shown(shown.append, asyncio.get_running_loop().time())
    assert sent[many:] == [f"\x1b[H{flow_control.QUERY}\x1b[1;9H"]
    renderer.reply_received(2.0)
    await asyncio.sleep(0)
    assert shown == [2.0]
