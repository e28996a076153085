"""The pauses between the polls of a thread that is followed."""

from __future__ import annotations

from chatkit_tui.inspection.poll_schedule import LATEST, SETTLED, SOONEST, PollSchedule


def test_pauses_grow_while_nothing_happens_and_begin_again_when_something_does() -> None:
    schedule = PollSchedule()
    assert schedule.succeeded(changed=True) == SOONEST
    pauses = [schedule.succeeded(changed=False) for _ in range(12)]
    assert pauses[:3] == [1.5, 2.25, 3.375]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LATEST
    assert schedule.succeeded(changed=True) == SOONEST


def test_a_thread_that_is_closed_is_asked_for_less_often() -> None:
    schedule = PollSchedule()
    schedule.is_open = False
    assert schedule.succeeded(changed=True) == SETTLED[0]
    assert [schedule.succeeded(changed=False) for _ in range(12)][-1] == SETTLED[1]


def test_failures_double_the_pause_and_the_server_may_ask_for_more() -> None:
    schedule = PollSchedule()
    assert [schedule.failed() for _ in range(6)] == [5, 10, 20, 40, 80, 120]
    assert schedule.failed(wait=600) == 600
    assert schedule.succeeded(changed=True) == SOONEST
    assert schedule.failed() == 5


def test_every_fifth_poll_asks_for_the_thread() -> None:
    schedule = PollSchedule()
    kinds = []
    for _ in range(10):
        kinds.append(schedule.asks_thread)
        schedule.succeeded(changed=False)
    assert kinds == [False, False, False, False, True] * 2
