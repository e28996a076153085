"""The gate keeps the limits that the user and the server set."""

from __future__ import annotations

import asyncio

from chatkit_tui.sync.gate import RequestGate


async def most_at_once(gate: RequestGate, requests: int = 8) -> int:
    """Return how many of some requests run at once."""
    running = most = 0

    async def request() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    await asyncio.gather(*(gate.run(request) for _ in range(requests)))
    return most


async def test_half_as_many_requests_run_at_once_after_a_pause_until_100_were_answered() -> None:
    gate = RequestGate(4)
    assert await most_at_once(gate) == 4
    gate.pause(0)
    assert await most_at_once(gate) == 2
    assert await most_at_once(gate, 92) == 2
    assert await most_at_once(gate) == 3


async def test_several_refusals_for_one_reason_halve_once() -> None:
    gate = RequestGate(8)
    gate.pause(0.01)
    gate.pause(0.01)
    await most_at_once(gate, 1)  # the pause is over
    assert await most_at_once(gate) == 4


async def test_no_request_passes_during_a_pause() -> None:
    clock = asyncio.get_running_loop().time
    gate, began = RequestGate(2), clock()
    gate.pause(0.02)
    gate.pause(0.001)
    await most_at_once(gate)
    assert clock() - began >= 0.02


async def test_requests_start_at_the_rate() -> None:
    clock = asyncio.get_running_loop().time
    gate, began = RequestGate(4, rate=200), clock()
    await most_at_once(gate, 5)
    assert clock() - began >= 4 / 200
