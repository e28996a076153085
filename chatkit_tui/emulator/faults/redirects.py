"""Answers that send the client somewhere else."""

from __future__ import annotations

from urllib.parse import urlencode

from chatkit_tui.emulator.calls import Answer, Call, Next
from chatkit_tui.emulator.faults.fault import ANY, Fault

ELSEWHERE = "http://elsewhere.invalid"
"""An origin that is not the emulator's."""

_MARK = "moved"


async def redirect(call: Call, go: Next) -> Answer:
    """Send the client to the same path with `moved=1`, where it is answered."""
    if _MARK in call.query:
        return await go(call)
    return _moved(f"{call.path}?{urlencode({**call.query, _MARK: '1'})}")


async def redirect_elsewhere(call: Call, _go: Next) -> Answer:
    """Send the client, and with it the key, to another origin."""
    return _moved(f"{ELSEWHERE}{call.path}")


async def redirect_loop(call: Call, _go: Next) -> Answer:
    """Send the client to where it is already."""
    return _moved(f"{call.path}?{urlencode(call.query)}" if call.query else call.path)


def _moved(location: str) -> Answer:
    return Answer(307, body=b"", headers={"location": location})


REDIRECT_FAULTS = (
    Fault("redirect", "307 to the same path with moved=1, where the answer is", ANY, redirect),
    Fault("redirect-elsewhere", "307 to another origin", ANY, redirect_elsewhere),
    Fault("redirect-loop", "307 to the same address, for ever", ANY, redirect_loop),
)
