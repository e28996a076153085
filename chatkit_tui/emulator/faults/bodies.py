"""Answers that say 200 and hold something else, or too much."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache

from chatkit_tui.emulator.calls import Answer, Call, Next
from chatkit_tui.emulator.faults.fault import ANY, Act, Fault

OVERSIZE = 66 * 1024 * 1024
"""Bytes; more than any client should take."""

_PIECE = 256 * 1024
_BEGINNING, _END = b'{"object":"list","data":[],"padding":"', b'"}'

_LOGIN_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Sign in to the guest network</title></head>\n"
    b"<body><h1>Welcome to HotelNet</h1><form action='/login'>"
    b"<input name='room'><button>Connect</button></form></body></html>\n"
)
_GATEWAY_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>edge-07</center>\r\n"
    b"</body>\r\n</html>\r\n"
)


def _fixed(status: int, body: bytes, content_type: str) -> Act:
    """Answer with these bytes, and do nothing of what was asked."""

    async def act(_call: Call, _go: Next) -> Answer:
        return Answer(status, body=body, headers={"content-type": content_type})

    return act


async def cut_short(call: Call, go: Next) -> Answer:
    """Send the first half of the JSON as if it were the whole."""
    answer = await go(call)
    payload = answer.payload()
    return replace(answer, body=payload[: len(payload) // 2])


async def not_utf8(call: Call, go: Next) -> Answer:
    """Send the JSON in UTF-16, without a word about it."""
    answer = await go(call)
    return replace(answer, body=answer.payload().decode().encode("utf-16"))


async def too_large(_call: Call, _go: Next) -> Answer:
    """Stream a list that does not end before `OVERSIZE`."""

    async def pieces() -> AsyncIterator[bytes]:
        yield _BEGINNING
        for _ in range(OVERSIZE // _PIECE):
            yield b" " * _PIECE
        yield _END

    return Answer(pieces=pieces)


async def gzip_bomb(_call: Call, _go: Next) -> Answer:
    """Send a small gzip body that inflates to more than `OVERSIZE`."""
    return Answer(body=_bomb(), headers={"content-encoding": "gzip"})


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    packed = [packer.compress(_BEGINNING)]
    packed += [packer.compress(b" " * _PIECE) for _ in range(OVERSIZE // _PIECE)]
    return b"".join((*packed, packer.compress(_END), packer.flush()))


BODY_FAULTS = (
    Fault(
        "not-json",
        "200 with the HTML of a network's sign-in page",
        ANY,
        _fixed(200, _LOGIN_PAGE, "text/html"),
    ),
    Fault(
        "proxy-error",
        "502 with the HTML of a gateway",
        ANY,
        _fixed(502, _GATEWAY_PAGE, "text/html"),
    ),
    Fault("empty-body", "200 with no body at all", ANY, _fixed(200, b"", "application/json")),
    Fault(
        "another-shape",
        "200 with JSON that is no answer of this API",
        ANY,
        _fixed(200, b'["up", true]', "application/json"),
    ),
    Fault("cut-short", "200 with the first half of the JSON", ANY, cut_short),
    Fault("not-utf8", "200 with JSON in UTF-16", ANY, not_utf8),
    Fault("too-large", "200 with a streamed body of 66 MiB", ANY, too_large),
    Fault("gzip-bomb", "200 with a gzip body that inflates to 66 MiB", ANY, gzip_bomb),
)
