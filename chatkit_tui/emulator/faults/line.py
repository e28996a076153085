"""What a network does to an answer: nothing comes, it stops midway, it trickles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from chatkit_tui.emulator.calls import Answer, Call, LineDroppedError, Next
from chatkit_tui.emulator.faults.fault import ANY, Fault

DRIP_PIECES = 10
DRIP_PAUSE = 0.1
"""Seconds between two pieces of a slow answer."""


async def reset(_call: Call, _go: Next) -> Answer:
    """Drop the line before anything is done."""
    raise LineDroppedError


async def lost_answer(call: Call, go: Next) -> Answer:
    """Do what was asked, then drop the line."""
    await go(call)
    raise LineDroppedError


async def stall(_call: Call, _go: Next) -> Answer:
    """Do nothing and answer nothing, until whoever asked gives up."""
    return await _silence()


async def stalled_answer(call: Call, go: Next) -> Answer:
    """Do what was asked and answer nothing."""
    await go(call)
    return await _silence()


async def dropped_midway(call: Call, go: Next) -> Answer:
    """Send half of the answer, then drop the line."""
    answer = await go(call)
    payload = answer.payload()

    async def pieces() -> AsyncIterator[bytes]:
        yield payload[: len(payload) // 2]
        raise LineDroppedError

    return _in_pieces(answer, payload, pieces())


async def stall_midway(call: Call, go: Next) -> Answer:
    """Send half of the answer, then nothing."""
    answer = await go(call)
    payload = answer.payload()

    async def pieces() -> AsyncIterator[bytes]:
        yield payload[: len(payload) // 2]
        await _silence()

    return _in_pieces(answer, payload, pieces())


async def slow_drip(call: Call, go: Next) -> Answer:
    """Send the whole answer in small pieces."""
    answer = await go(call)
    payload = answer.payload()
    size = -(-len(payload) // DRIP_PIECES)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(payload), size):
            await asyncio.sleep(DRIP_PAUSE)
            yield payload[start : start + size]

    return _in_pieces(answer, payload, pieces())


def _in_pieces(answer: Answer, payload: bytes, pieces: AsyncIterator[bytes]) -> Answer:
    """The same answer sent bit by bit, with the length of the whole declared."""
    whole = answer.with_headers(content_length=str(len(payload)))
    return replace(whole, pieces=lambda: pieces)


async def _silence() -> Answer:
    await asyncio.get_running_loop().create_future()
    raise LineDroppedError  # a future that nobody fulfils


LINE_FAULTS = (
    Fault("reset", "the line drops before anything is done", ANY, reset),
    Fault("lost-answer", "the request is carried out, then the line drops", ANY, lost_answer),
    Fault("stall", "nothing is done and nothing is answered, ever", ANY, stall),
    Fault("stalled-answer", "the request is carried out and never answered", ANY, stalled_answer),
    Fault("dropped-midway", "half of the answer comes, then the line drops", ANY, dropped_midway),
    Fault("stall-midway", "half of the answer comes, then nothing more", ANY, stall_midway),
    Fault("slow-drip", "the answer comes in ten pieces, a tenth of a second apart", ANY, slow_drip),
)
