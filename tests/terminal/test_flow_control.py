"""The bytes in flight are limited."""

from __future__ import annotations

import pytest

from chatkit_tui.terminal.flow_control import (
    ASSUMED_RATE,
    BUDGET,
    FIRST_REPLY_WITHIN,
    INITIAL_BUDGET,
    LOCAL_BELOW,
    LOST_AFTER,
    MAX_BUDGET,
    QUERY,
    STALLED_AFTER,
    FlowControl,
    Multiplexer,
)
from chatkit_tui.terminal.renderer import Renderer


def replied() -> FlowControl:
    """Return the flow control of a terminal that replied once, at once."""
    flow = FlowControl()
    flow.sent(1, 0)
    flow.reply_received(0)
    return flow


def test_one_query_is_in_flight_at_a_time() -> None:
    flow = FlowControl()
    assert flow.sent(100, 0) == QUERY
    assert flow.sent(100, 0) == ""
    flow.reply_received(0.1)
    assert flow.sent(100, 0.2) == QUERY


def test_frames_wait_for_the_reply_to_a_full_budget() -> None:
    flow = replied()
    flow.sent(BUDGET, 0)
    assert flow.delay(1, 0.5) > 0
    flow.reply_received(0.6)
    assert flow.delay(1, 0.6) == 0


def replying(seconds: float, length: int, times: int) -> FlowControl:
    """Return the flow control of a terminal that replied to frames after so many seconds, and to a
    short one after a tenth of a second."""
    flow = FlowControl()
    for number, (size, wait) in enumerate([(1, 0.1)] + [(length, seconds)] * times):
        flow.sent(size, number)
        flow.reply_received(number + wait)
    return flow


def test_a_fast_connection_with_a_long_round_trip_has_more_in_flight() -> None:
    for times, budget in ((0, BUDGET), (1, 2 * BUDGET), (5, MAX_BUDGET)):
        flow = replying(0.12, BUDGET, times)
        flow.sent(1, 10)
        assert flow.delay(budget - 1, 10) == 0
        assert flow.delay(budget, 10) > 0


@pytest.mark.parametrize(("seconds", "length"), [(0.3, BUDGET), (0.1, 100)])
def test_frames_that_queue_and_short_frames_do_not_raise_the_budget(
    seconds: float, length: int
) -> None:
    flow = replying(seconds, length, 5)
    flow.sent(1, 10)
    assert flow.delay(BUDGET, 10) > 0


def test_a_frame_that_queues_resets_the_budget() -> None:
    flow = replying(0.12, BUDGET, 5)
    flow.sent(BUDGET, 10)
    flow.reply_received(10.3)
    flow.sent(1, 11)
    assert flow.delay(BUDGET, 11) > 0


def test_a_small_frame_is_sent_while_a_reply_is_pending() -> None:
    flow = replied()
    flow.sent(100, 0)
    assert flow.delay(200, 0.1) == 0


def test_the_first_screens_are_sent_before_the_first_reply() -> None:
    flow = FlowControl()
    for now in (0, 0.1, 0.2):
        assert flow.delay(INITIAL_BUDGET // 3, now) == 0
        flow.sent(INITIAL_BUDGET // 3, now)
    assert flow.delay(BUDGET, 0.3) > 0


def test_the_initial_budget_ends_with_the_first_reply() -> None:
    flow = FlowControl()
    flow.sent(100, 0)
    flow.reply_received(0.1)
    flow.sent(100, 0.2)
    assert flow.delay(BUDGET, 0.3) > 0


def test_frames_do_not_wait_for_a_mute_terminal() -> None:
    flow = FlowControl()
    flow.sent(INITIAL_BUDGET, 0)
    assert flow.delay(100, FIRST_REPLY_WITHIN / 2) == FIRST_REPLY_WITHIN / 2
    assert flow.delay(100, FIRST_REPLY_WITHIN) == 0
    assert flow.sent(BUDGET, FIRST_REPLY_WITHIN) == ""
    assert flow.delay(BUDGET, FIRST_REPLY_WITHIN + 0.1) == 0


def test_a_late_reply_shows_that_the_terminal_is_not_mute() -> None:
    flow = FlowControl()
    flow.sent(INITIAL_BUDGET, 0)
    flow.delay(100, FIRST_REPLY_WITHIN)
    flow.reply_received(FIRST_REPLY_WITHIN + 1)
    assert flow.sent(10, FIRST_REPLY_WITHIN + 1) == QUERY


def test_a_lost_reply_is_queried_again() -> None:
    flow = FlowControl()
    flow.sent(10, 0)
    flow.reply_received(0.1)
    flow.sent(BUDGET, 1)
    assert flow.delay(100, 1 + FIRST_REPLY_WITHIN) > 0
    assert flow.delay(100, 1 + STALLED_AFTER) == 0
    assert flow.sent(100, 1 + STALLED_AFTER) == QUERY


def test_the_round_trip_is_the_fastest_reply() -> None:
    flow = FlowControl()
    for asked, answered in ((0.0, 0.4), (1.0, 1.15), (2.0, 2.3)):
        flow.sent(10, asked)
        flow.reply_received(answered)
    assert flow.round_trip is not None
    assert abs(flow.round_trip - 0.15) < 1e-9


def test_on_a_slow_connection_a_local_reply_is_not_the_terminals() -> None:
    """As tmux sends them, wherever its own terminal is."""
    flow = replied()
    flow.is_slow = True
    flow.sent(BUDGET, 1)
    flow.reply_received(1 + LOCAL_BELOW / 2)
    delay = flow.delay(300, 1 + LOCAL_BELOW / 2)
    assert 0 < delay <= BUDGET / ASSUMED_RATE
    assert flow.delay(300, 1 + LOCAL_BELOW / 2 + delay) == 0


def test_on_a_slow_connection_a_mute_terminal_gets_the_assumed_rate() -> None:
    flow = FlowControl()
    flow.is_slow = True
    flow.sent(INITIAL_BUDGET, 0)
    assert flow.delay(100, FIRST_REPLY_WITHIN) > 0
    assert flow.delay(100, INITIAL_BUDGET / ASSUMED_RATE) == 0


def test_a_whole_screen_is_sent_once_the_connection_should_be_free() -> None:
    flow = replied()
    flow.is_slow = True
    flow.sent(BUDGET, 1)
    flow.reply_received(1)
    assert flow.delay(5 * BUDGET, 1) == BUDGET / ASSUMED_RATE
    assert flow.delay(5 * BUDGET, 1 + BUDGET / ASSUMED_RATE) == 0


def test_with_remote_replies_no_rate_is_assumed() -> None:
    flow = FlowControl()
    flow.is_slow = True
    flow.sent(INITIAL_BUDGET, 0)
    flow.reply_received(10 * LOCAL_BELOW)
    assert flow.delay(BUDGET, 10 * LOCAL_BELOW) == 0


def test_of_the_waiting_frames_the_last_is_sent() -> None:
    sent: list[str] = []
    flow = replied()
    renderer = Renderer(sent.append, size=(80, 24), erases_in_color=True, flow_control=flow)
    words = "".join(f"\x1b[{line + 1};1H{'x' * 70}" for line in range(24))
    renderer.write(words)
    renderer.draw(0)
    sent.clear()
    for number in range(1, 50):
        renderer.write(f"\x1b[3;1H{number:03}")
        assert renderer.draw(0.1) > 0
    assert not sent
    flow.reply_received(0.2)
    assert renderer.draw(0.2) == 0
    assert len(sent) == 1
    assert "049" in sent[0]
    assert "048" not in sent[0]


def test_replies_come_in_the_order_of_queries() -> None:
    flow = replied()
    flow.sent(100, 1)
    assert flow.sent(50, 1.1, ask=True) == QUERY
    number = flow.queries
    assert flow.reply_received(1.2) == pytest.approx(0.2)
    assert flow.replies < number
    assert flow.reply_received(1.25) == pytest.approx(0.15)
    assert flow.replies == number


def test_a_late_reply_is_not_taken_for_one_to_a_later_query() -> None:
    flow = replied()
    flow.sent(100, 1)
    assert flow.time_left(1 + STALLED_AFTER) == 0  # waited for no more
    flow.sent(100, 2 + STALLED_AFTER, ask=True)
    number = flow.queries
    flow.reply_received(3 + STALLED_AFTER)
    assert flow.replies < number
    flow.forget_owed()  # it was lost after all
    assert flow.replies == number


def test_a_query_is_last_until_more_is_sent() -> None:
    flow = replied()
    flow.sent(100, 1)
    assert flow.ends_in_query(1)
    assert not flow.ends_in_query(1.1)
    flow.sent(10, 1.2)
    assert not flow.ends_in_query(1)
    flow.sent(0, 1.3, ask=True)
    assert flow.ends_in_query(1.3)
    flow.begin()
    assert not flow.ends_in_query(1.3)


def test_a_mute_terminal_and_a_local_reply_on_a_slow_connection_acknowledge_nothing() -> None:
    flow = FlowControl()
    flow.sent(10, 0)
    assert flow.acknowledges(FIRST_REPLY_WITHIN / 2)
    assert not flow.acknowledges(FIRST_REPLY_WITHIN)
    near = replied()
    assert near.acknowledges(1)
    near.is_slow = True
    assert not near.acknowledges(1)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, Multiplexer.NONE),
        ({"TERM": "xterm-256color", "TMUX": "", "SSH_TTY": "/dev/pts/1"}, Multiplexer.NONE),
        ({"TERM": "tmux-256color"}, Multiplexer.POSSIBLE),
        ({"TERM": "screen.xterm-256color"}, Multiplexer.POSSIBLE),
        ({"TERM": "xterm", "NCURSES_NO_UTF8_ACS": "1"}, Multiplexer.POSSIBLE),
        ({"TERM": "screen", "TMUX": "default,1,0"}, Multiplexer.HERE),
        ({"TERM": "xterm", "STY": "1.pts-0"}, Multiplexer.HERE),
        ({"TERM": "xterm", "ZELLIJ": "0"}, Multiplexer.HERE),
    ],
)
def test_the_environment_says_whether_a_multiplexer_may_reply(
    variables: dict[str, str], expected: Multiplexer
) -> None:
    assert Multiplexer.of(variables) is expected


@pytest.mark.parametrize(
    ("multiplexer", "seconds", "acknowledges"),
    [
        (Multiplexer.NONE, LOCAL_BELOW / 2, True),
        (Multiplexer.POSSIBLE, LOCAL_BELOW / 2, False),
        (Multiplexer.POSSIBLE, LOCAL_BELOW * 2, True),  # it came from afar: no multiplexer sent it
        (Multiplexer.HERE, LOCAL_BELOW / 2, False),
        (Multiplexer.HERE, LOCAL_BELOW * 50, False),  # a busy machine
    ],
)
def test_the_reply_of_a_multiplexer_acknowledges_nothing(
    multiplexer: Multiplexer, seconds: float, acknowledges: bool
) -> None:
    flow = FlowControl(multiplexer)
    flow.sent(10, 0)
    flow.reply_received(seconds)
    assert flow.acknowledges(1) is acknowledges


def test_a_reply_is_lost_when_a_later_one_came_and_then_none() -> None:
    flow = replied()
    flow.sent(100, 1)
    flow.sent(10, 1.1, ask=True)
    assert not flow.is_lost(5)  # the terminal may be far away
    flow.reply_received(5)
    assert not flow.is_lost(5 + LOST_AFTER / 2)
    assert flow.is_lost(5.1 + LOST_AFTER)
    flow.reply_received(5.2 + LOST_AFTER)
    assert not flow.is_lost(9)


def test_nothing_waits_for_a_lost_reply() -> None:
    flow = replied()
    flow.sent(BUDGET, 1)
    flow.sent(BUDGET, 1.1, ask=True)
    flow.reply_received(1.2)
    assert flow.delay(1, 3) > 0
    flow.forget_owed()
    assert flow.delay(1, 3) == 0
