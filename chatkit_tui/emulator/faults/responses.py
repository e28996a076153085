"""Error statuses, bodies that are not the API's JSON, and redirects."""

from __future__ import annotations

import time
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import formatdate
from functools import cache
from urllib.parse import urlencode

from chatkit_tui.emulator.faults.fault import ANY, FaultHandler, fault, register
from chatkit_tui.emulator.requests import Handler, Request, Response, error_response

OVERSIZE = 66 * 1024 * 1024
"""Bytes; more than a client should accept."""
OTHER_ORIGIN = "http://elsewhere.invalid"

# -- statuses --------------------------------------------------------------------------------------


def _fixed(response: Response) -> FaultHandler:
    """Send a response and do not carry out the request."""

    async def handle(_request: Request, _forward: Handler) -> Response:
        return response

    return handle


def _status(
    name: str,
    summary: str,
    status: int,
    message: str,
    *,
    code: str | None = None,
    kind: str = "invalid_request_error",
    **headers: str,
) -> None:
    """Register a fault that rejects every request."""
    response = error_response(status, message, code=code, kind=kind).with_headers(**headers)
    register(name, summary, _fixed(response))


def _too_many(**headers: str) -> Response:
    message = "Rate limit reached for this project: 60 requests a minute."
    kind = "rate_limit_error"
    response = error_response(429, message, code="rate_limit_exceeded", kind=kind)
    return response.with_headers(**headers)


_BUSY = "The server is overloaded at the moment. Try again in a while."
_BROKEN = "The server failed while it handled the request."
_SERVER = "server_error"

_status(
    "unauthorized",
    "401: the key was revoked",
    401,
    "This API key has been revoked.",
    code="invalid_api_key",
)
_status(
    "forbidden",
    "403: the key lacks a permission",
    403,
    "This key is restricted and lacks the scope chatkit.threads.",
    code="insufficient_permissions",
)
_status(
    "not-found",
    "404: the requested object does not exist",
    404,
    "There is nothing of that name here.",
    code="not_found",
)
_status(
    "bad-request",
    "400: the request is malformed",
    400,
    "The request could not be understood.",
    code="invalid_request",
)
_status(
    "unprocessable",
    "422: the request is well-formed but cannot be processed",
    422,
    "The values of the request contradict each other.",
    code="unprocessable",
)
_status(
    "request-timeout",
    "408: the request took too long to arrive",
    408,
    "The request took too long to arrive.",
    kind=_SERVER,
)
_status(
    "conflict",
    "409: another request is changing the object",
    409,
    "Another request is changing this resource.",
    code="conflict",
)
register("rate-limit", "429 with retry-after-ms: 40", _fixed(_too_many(retry_after_ms="40")))
register("rate-limit-seconds", "429 with Retry-After: 3", _fixed(_too_many(retry_after="3")))


@fault(*ANY)
async def rate_limit_date(_request: Request, _forward: Handler) -> Response:
    """429 with Retry-After as a date in 3 seconds by the real clock."""
    return _too_many(retry_after=formatdate(time.time() + 3, usegmt=True))


register("rate-limit-long", "429 with Retry-After: 300", _fixed(_too_many(retry_after="300")))
register("rate-limit-bare", "429 without a time to wait", _fixed(_too_many()))
register(
    "rate-limit-odd", "429 with Retry-After: presently", _fixed(_too_many(retry_after="presently"))
)
_status(
    "quota",
    "429 insufficient_quota with x-should-retry: false",
    429,
    "The quota of this project is used up.",
    code="insufficient_quota",
    kind="insufficient_quota",
    x_should_retry="false",
)
for _name, _number, _message in (
    ("server-error", 500, _BROKEN),
    ("bad-gateway", 502, _BUSY),
    ("overloaded", 503, _BUSY),
    ("gateway-timeout", 504, _BUSY),
):
    _status(_name, f"{_number} with the API's error object", _number, _message, kind=_SERVER)
_status(
    "retry-anyway",
    "400 with x-should-retry: true",
    400,
    "A passing confusion of the server.",
    x_should_retry="true",
)
_status(
    "retry-never",
    "503 with x-should-retry: false",
    503,
    _BUSY,
    kind=_SERVER,
    x_should_retry="false",
)

# -- bodies ----------------------------------------------------------------------------------------

_PIECE = 256 * 1024
_START, _END = b'{"object":"list","data":[],"padding":"', b'"}'

_LOGIN_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Sign in to the guest network</title></head>\n"
    b"<body><h1>Welcome to HotelNet</h1><form action='/login'>"
    b"<input name='room'><button>Connect</button></form></body></html>\n"
)


def gateway_page(status: int, reason: str) -> Response:
    """Return the HTML response of a gateway."""
    page = (
        f"<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n"
        f"<center><h1>{status} {reason}</h1></center>\r\n<hr><center>edge-07</center>\r\n"
        "</body>\r\n</html>\r\n"
    )
    return Response(status, body=page.encode(), headers={"content-type": "text/html"})


register(
    "not-json",
    "200 with the HTML of a network's sign-in page",
    _fixed(Response(body=_LOGIN_PAGE, headers={"content-type": "text/html"})),
)
register("proxy-error", "502 with the HTML of a gateway", _fixed(gateway_page(502, "Bad Gateway")))
register("empty-body", "200 with an empty body", _fixed(Response(body=b"")))
register(
    "another-shape",
    "200 with JSON that is not a response of this API",
    _fixed(Response(body=b'["up", true]')),
)


@fault(*ANY)
async def cut_short(request: Request, forward: Handler) -> Response:
    """200 with the first half of the JSON."""
    response = await forward(request)
    payload = response.payload()
    return replace(response, body=payload[: len(payload) // 2])


@fault(*ANY)
async def not_utf8(request: Request, forward: Handler) -> Response:
    """200 with JSON in UTF-16."""
    response = await forward(request)
    return replace(response, body=response.payload().decode().encode("utf-16"))


@fault(*ANY)
async def too_large(_request: Request, _forward: Handler) -> Response:
    """200 with a streamed body of 66 MiB."""

    async def pieces() -> AsyncIterator[bytes]:
        yield _START
        for _ in range(OVERSIZE // _PIECE):
            yield b" " * _PIECE
        yield _END

    return Response(pieces=pieces)


@fault(*ANY)
async def gzip_bomb(_request: Request, _forward: Handler) -> Response:
    """200 with a gzip body that inflates to 66 MiB."""
    return Response(body=_bomb(), headers={"content-encoding": "gzip"})


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    packed = [packer.compress(_START)]
    packed += [packer.compress(b" " * _PIECE) for _ in range(OVERSIZE // _PIECE)]
    return b"".join((*packed, packer.compress(_END), packer.flush()))


# -- redirects -------------------------------------------------------------------------------------


@fault(*ANY)
async def redirect(request: Request, forward: Handler) -> Response:
    """307 to the same path with moved=1, which responds normally."""
    if "moved" in request.query:
        return await forward(request)
    return _moved(f"{request.path}?{urlencode({**request.query, 'moved': '1'})}")


@fault(*ANY)
async def redirect_elsewhere(request: Request, _forward: Handler) -> Response:
    """307 to another origin."""
    return _moved(f"{OTHER_ORIGIN}{request.path}")


@fault(*ANY)
async def redirect_loop(request: Request, _forward: Handler) -> Response:
    """307 to the same address, without end."""
    return _moved(f"{request.path}?{urlencode(request.query)}" if request.query else request.path)


def _moved(location: str) -> Response:
    return Response(307, body=b"", headers={"location": location})
