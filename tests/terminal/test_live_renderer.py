"""The stage on an event loop, with a terminal that answers late, twice or never."""

from __future__ import annotations

import asyncio
import threading
from time import perf_counter

import pytest

from chatkit_tui.terminal import flow_control
from chatkit_tui.terminal.renderer import LiveRenderer

SIZE = (80, 24)
WHOLE = "".join(f"\x1b[{line + 1};1H{'words ' * 13}" for line in range(24))
"""A frame of more bytes than may be under way."""


def live() -> tuple[LiveRenderer, list[str]]:
    """A stage that has the terminal, and what it sent."""
    sent: list[str] = []
    stage = LiveRenderer(sent.append, {"TERM": "xterm"})
    stage.begin()
    return stage, sent


async def painted(sent: list[str], times: int) -> None:
    """Wait until so many frames were sent."""
    async with asyncio.timeout(5):
        while len(sent) < times:  # noqa: ASYNC110 # the stage tells nobody
            await asyncio.sleep(0)


async def test_nothing_is_wiped_before_there_is_a_picture() -> None:
    stage, sent = live()
    stage.write("\x1b[?1000h", SIZE)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sent == ["\x1b[?1000h"]
    stage.write("\x1b[1;1Hdrawn", SIZE)
    await painted(sent, 2)
    assert "drawn" in sent[1]


async def test_what_is_written_by_another_thread_is_painted() -> None:
    stage, sent = live()
    await asyncio.to_thread(stage.write, "\x1b[1;1Hfrom afar", SIZE)
    await painted(sent, 1)
    assert "from afar" in sent[0]


async def test_a_terminal_taken_for_mute_is_heard_when_it_answers_after_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flow_control, "FIRST_REPLY_WITHIN", 0.01)
    monkeypatch.setattr(flow_control, "INITIAL_BUDGET", flow_control.BUDGET)
    stage, sent = live()
    stage.write(WHOLE, SIZE)
    await painted(sent, 1)
    stage.write("\x1b[3;1Hsecond", SIZE)
    await painted(sent, 2)
    assert flow_control.QUERY not in sent[1]
    assert stage.expects_replies
    stage.reply_received(perf_counter())
    await asyncio.sleep(0)
    stage.write("\x1b[4;1Hthird", SIZE)
    await painted(sent, 3)
    assert flow_control.QUERY in sent[2]


async def test_the_first_screens_wait_for_no_answer() -> None:
    stage, sent = live()
    for words in (WHOLE, WHOLE.upper(), WHOLE):
        stage.write(words, SIZE)
    assert len(sent) == 3


async def test_on_a_slow_line_frames_do_not_rely_on_the_answers_of_a_multiplexer() -> None:
    sent: list[str] = []
    slow = False
    stage = LiveRenderer(sent.append, {"TERM": "xterm"}, is_slow=lambda: slow)
    stage.begin()
    for number, words in enumerate((WHOLE, WHOLE.upper()), 1):
        stage.write(words, SIZE)
        assert len(sent) == number
        stage.reply_received(perf_counter())
        await asyncio.sleep(0)
    slow = True  # as the reader says by a command
    stage.write(WHOLE, SIZE)
    stage.reply_received(perf_counter())
    await asyncio.sleep(0)
    sent.clear()
    stage.write("\x1b[3;1Hpassed by", SIZE)
    stage.write("\x1b[3;1Hremaining", SIZE)
    assert sent == []
    await painted(sent, 1)
    assert "remaining" in sent[0]


async def test_a_second_answer_to_one_question_changes_nothing() -> None:
    stage, sent = live()
    stage.write("\x1b[1;1Hwords", SIZE)
    await painted(sent, 1)
    stage.reply_received(perf_counter())
    stage.reply_received(perf_counter())
    await asyncio.sleep(0)
    assert not stage.expects_replies
    stage.write("\x1b[2;1Hmore", SIZE)
    await painted(sent, 2)
    assert sent[1] == f"\x1b[2Hmore{flow_control.QUERY}"


async def test_the_end_waits_for_the_answer_that_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whatever comes to the terminal next takes it for something that was typed."""
    monkeypatch.setattr(
        flow_control, "FIRST_REPLY_WITHIN", 20
    )  # more than a busy machine needs for the timer
    stage, sent = live()
    stage.write("\x1b[1;1Hwords", SIZE)
    await painted(sent, 1)
    begun = perf_counter()
    threading.Timer(0.1, stage.reply_received, (begun,)).start()
    stage.end()
    assert 0.1 <= perf_counter() - begun < flow_control.FIRST_REPLY_WITHIN


async def test_the_end_waits_no_longer_than_patience_for_one_that_never_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flow_control, "FIRST_REPLY_WITHIN", 0.05)
    stage, sent = live()
    stage.write("\x1b[1;1Hwords", SIZE)
    await painted(sent, 1)
    begun = perf_counter()
    stage.end()
    stage.end()
    assert perf_counter() - begun < 1


async def test_nothing_is_painted_while_the_terminal_is_anothers() -> None:
    stage, sent = live()
    stage.write("\x1b[1;1Hwords", SIZE)
    await painted(sent, 1)
    stage.reply_received(perf_counter())
    stage.end()
    stage.write("\x1b[1;1Hchanged\x1b[?1049l", SIZE)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sent[1:] == ["\x1b[?1049l"]
    stage.begin()
    stage.write("\x1b[?1049h", SIZE)
    await painted(sent, 4)
    assert "changed" in sent[3]


async def test_what_is_drawn_counts_as_shown_by_the_answer_behind_it_alone() -> None:
    stage, sent = live()
    shown: list[float] = []
    stage.write("\x1b[1;1Hbefore", SIZE)
    await painted(sent, 1)
    stage.write("\x1b[2;1Hquestion", SIZE)  # an answer is due: nothing is asked with it
    assert sent[1].count(flow_control.QUERY) == 0
    stage.when_shown(shown.append)
    assert sent[2:] == [flow_control.QUERY]
    stage.reply_received(1.0)
    await asyncio.sleep(0)
    assert shown == []
    stage.reply_received(2.0)
    await asyncio.sleep(0)
    assert shown == [2.0]


async def test_a_frame_that_waits_for_the_terminal_is_asked_about_when_it_is_sent() -> None:
    stage, sent = live()
    shown: list[float] = []
    stage.write("\x1b[1;1Hx", SIZE)
    stage.reply_received(0.0)
    await asyncio.sleep(0)
    stage.write(WHOLE, SIZE)
    stage.write(WHOLE.upper(), SIZE)  # waits behind it
    stage.when_shown(shown.append)
    assert stage.is_behind
    stage.reply_received(1.0)
    await asyncio.sleep(0)
    assert not stage.is_behind
    assert sent[-1].endswith(flow_control.QUERY)
    assert shown == []
    stage.reply_received(2.0)
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
async def test_the_place_asked_for_is_never_one_whose_report_is_also_a_key(
    written: str, expected: str
) -> None:
    stage, sent = live()
    stage.write("\x1b[2;1Hx", SIZE)
    stage.reply_received(1.0)
    await asyncio.sleep(0)
    sent.clear()
    stage.write(written, SIZE)
    assert sent == [expected]


async def test_only_a_question_sent_since_then_counts() -> None:
    stage, sent = live()
    shown: list[float] = []
    stage.write("\x1b[1;1Hquestion", SIZE)
    stage.reply_received(1.0)
    await asyncio.sleep(0)
    many = len(sent)
    stage.when_shown(shown.append, asyncio.get_running_loop().time())
    assert sent[many:] == [f"\x1b[H{flow_control.QUERY}\x1b[1;9H"]
    stage.reply_received(2.0)
    await asyncio.sleep(0)
    assert shown == [2.0]
