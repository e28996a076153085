"""Send one request over the network, and return its response or failure."""

from __future__ import annotations

import asyncio
import logging
import os
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final, ParamSpec, TypeVar

import httpx

from chatkit_tui import __version__
from chatkit_tui.models.json import Effort, TooMuchError, stoppable
from chatkit_tui.secrets import CLIENT_SECRET, holds_secret, may_hold_known, redact, redact_known
from chatkit_tui.sources.http.connection_errors import (
    ConnectionFailure,
    client_closed,
    connection_failure,
)
from chatkit_tui.sources.http.deadlines import LeastSpeed, TooSlowError
from chatkit_tui.sources.http.endpoint import Endpoint
from chatkit_tui.sources.http.proxies import Proxy, proxy_for
from chatkit_tui.sources.http.request import NOT_GIVEN, Request, TimeoutValue
from chatkit_tui.sources.http.response import LARGE_ANSWER, LARGEST_ANSWER, RawResponse


class PriorityLimiter:
    """Limits concurrency. Background waiters come after all others, else first come, first served.

    Not thread-safe.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiters: list[tuple[bool, int, asyncio.Future[None]]] = []
        """A heap: whether in the background, a number that counts up, and the waiter."""
        self._numbers = count()

    @asynccontextmanager
    async def turn(self, *, background: bool) -> AsyncIterator[None]:
        """Hold a slot in the block. Cancelling a waiter has no side effects."""
        if self._free:  # a free slot means that there are no waiters
            self._free -= 1
        else:
            await self._wait(background=background)
        try:
            yield
        finally:
            self._give_back()

    async def _wait(self, *, background: bool) -> None:
        waiter = asyncio.get_running_loop().create_future()
        heappush(self._waiters, (background, next(self._numbers), waiter))
        try:
            await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled():  # called and cancelled in the same turn of the event loop
                self._give_back()
            raise

    def _give_back(self) -> None:
        while self._waiters:
            *_, waiter = heappop(self._waiters)
            if not waiter.done():
                waiter.set_result(None)
                return
        self._free += 1


AT_ONCE: Final = 4
"""Concurrent requests by default."""

DEFAULT_TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)
"""Seconds for each step of a request."""

MOST_REDIRECTS: Final = 5

BODY_WITHIN: Final = 10.0
"""Seconds for the whole body of a response whose beginning may be enough."""

SLICE: Final = 1024 * 1024
"""Bytes that are decompressed at once: a few milliseconds, between which keys are handled."""

END_WITHIN: Final = 0.1
"""Seconds for the end of a response whose body is complete; then its connection is closed."""

_GZIP: Final = 16 + zlib.MAX_WBITS

_FOREIGN_ERRORS: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    httpx.CookieConflict,
    UnicodeError,
    OSError,
)

Parameters = ParamSpec("Parameters")
T = TypeVar("T")

logger = logging.getLogger("chatkit_tui.sources.http")


class Transport:
    """Sends requests, each once, over connections that it keeps open."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeout: TimeoutValue,
        transport: httpx.AsyncBaseTransport | None = None,
        least_speed: LeastSpeed | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        """Set up connections to the address; nothing is opened yet.

        `transport` replaces the network, for an API in the same process. `least_speed` is how
        slowly an answer may arrive. At most `at_once` requests are in flight.

        Raise `ConfigError` if the environment's proxy or certificate settings apply and cannot be
        used.
        """
        self.endpoint = endpoint
        self._base = httpx.URL(endpoint.base_url)
        self._headers = httpx.Headers(
            {
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": f"chatkit-tui/{__version__}",
                **endpoint.request_headers(),
            }
        )
        self._limiter = PriorityLimiter(at_once)
        self._proxy: Proxy | None = None
        if transport is None:
            from chatkit_tui.sources.http.network import Network  # imports httpcore

            self._proxy = proxy_for(endpoint.base_url, os.environ)
            transport = Network(
                self._base.scheme, self._proxy, least_speed or LeastSpeed(), os.environ
            )
        # Not a client of httpx: that costs as much as all else for each request, and logs whole
        # addresses, in which the query of a list call holds a user's name.
        self._transport = transport
        self._timeout = httpx.Timeout(timeout)
        self._is_closed = False

    async def send(
        self, call: Request, *, background: bool = False
    ) -> RawResponse | ConnectionFailure:
        """Send a request once; a failure of the network or the server is returned, not raised.

        In the `background`, it waits until no other is pending.
        """
        async with self._limiter.turn(background=background):
            if self._is_closed:
                return client_closed()
            begun = time.perf_counter()
            result: RawResponse | ConnectionFailure
            try:
                answer = await self._exchange(self._request(call), call)
                result = await _redacted(answer, call)
            except _FOREIGN_ERRORS as error:
                result = connection_failure(error, call, self.endpoint, self._proxy)
            self._log(call, result, time.perf_counter() - begun)
            return result

    async def aclose(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            await self._transport.aclose()

    def _request(self, call: Request) -> httpx.Request:
        headers = self._headers.copy()
        if call.method != "GET":
            headers["Content-Type"] = "application/json"
        if call.headers:
            headers.update(dict(call.headers))
        timeout = self._timeout if call.timeout is NOT_GIVEN else httpx.Timeout(call.timeout)
        return httpx.Request(
            call.method,
            httpx.URL(f"{self.endpoint.base_url}{call.target}"),
            headers=headers,
            content=call.body,
            extensions={"timeout": timeout.as_dict()},
        )

    async def _exchange(self, request: httpx.Request, call: Request) -> RawResponse:
        """Send a request, and follow its redirects within the origin."""
        cookies: httpx.Cookies | None = None
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._transport.handle_async_request(request)
            response.request = request
            try:
                self._check_proxy(response)
                following = _redirected(request, response, call)
                if following is None:
                    answer = await _read(
                        response, within=None if call.answer_needed else BODY_WITHIN
                    )
                    return answer._replace(proxy=self._own_answers()) if self._proxy else answer
            finally:
                await response.aclose()
            cookies = cookies or httpx.Cookies()
            cookies.extract_cookies(response)
            request = _following(request, following, call, cookies, self._headers.get("cookie"))
        raise httpx.TooManyRedirects("too many redirects", request=request)

    def _own_answers(self) -> str:
        """Return the proxy, for messages, if it can answer instead of the server; else ""."""
        if self._proxy is None or self._base.scheme != "http" or self._proxy.scheme == "socks5":
            return ""
        return self._proxy.place

    def _check_proxy(self, response: httpx.Response) -> None:
        """Raise `httpx.ProxyError` for a response of the proxy in place of the server."""
        if not self._own_answers():
            return
        is_api = "json" in response.headers.get("content-type", "").lower()
        if response.status_code == 407 or (response.status_code == 403 and not is_api):
            raise httpx.ProxyError(str(response.status_code))

    def _log(self, call: Request, result: RawResponse | ConnectionFailure, seconds: float) -> None:
        if not logger.isEnabledFor(logging.INFO):
            return
        # An id is part of a path, and a key that was pasted for an id must not get here.
        # Requests with one address for all are told apart by the subject, which has foreign text.
        path = redact(call.path or ascii(call.subject)[1:-1])
        if isinstance(result, ConnectionFailure):
            logger.warning(
                "%s %s failed after %.0f ms: %s", call.method, path, seconds * 1e3, result.words
            )
        else:
            logger.info(
                "%s %s answered %d in %.0f ms, request %a",
                call.method,
                path,
                result.status,
                seconds * 1e3,
                (result.request_id or "")[:100],
            )


async def _redacted(answer: RawResponse, call: Request) -> RawResponse:
    """Return the response without the credentials of this process.

    All content enters the program here. Log and messages quote headers as the program's own text.
    """
    headers = answer.headers
    if holds_secret("\t".join(headers.values())):
        redacted = {name: redact(value) for name, value in headers.items()}
        headers = httpx.Headers(redacted, encoding="utf-8")
    sparing = CLIENT_SECRET if call.brings_secret else ""
    body = answer.body
    if len(body) < LARGE_ANSWER and not may_hold_known(body, except_kind=sparing):
        return answer._replace(headers=headers)
    try:
        body = await in_thread(_redacted_body, body, sparing)
    except TooMuchError:
        return answer._replace(body=b"", headers=headers, too_large=True, unsearchable=True)
    return answer._replace(body=body, headers=headers)


def _redacted_body(body: bytes, sparing: str) -> bytes:
    return redact_known(body, except_kind=sparing, spend=Effort().spend)


async def in_thread(
    function: Callable[Parameters, T], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> T:
    """Run a function that counts its steps in a thread, and stop it there on cancellation."""
    with stoppable() as stop:
        try:
            return await asyncio.to_thread(function, *args, **kwargs)
        finally:
            stop.set()


def _redirected(
    request: httpx.Request, response: httpx.Response, call: Request
) -> httpx.URL | None:
    """Return the address that a request is redirected to, if it is within its origin.

    A request with a body is sent there again only where the status asks for that.
    """
    if not response.has_redirect_location:
        return None
    if request.method != "GET" and not (
        call.may_be_redirected and response.status_code in (307, 308)
    ):
        return None
    try:
        url = httpx.URL(response.headers["location"])
        if url.scheme and not url.host:
            url = url.copy_with(host=request.url.host)
        url = request.url.join(url)
    except httpx.InvalidURL as error:
        raise httpx.RemoteProtocolError(f"invalid address in a redirect: {error}") from None
    return url if _origin(url) == _origin(request.url) else None


def _following(
    request: httpx.Request,
    address: httpx.URL,
    call: Request,
    cookies: httpx.Cookies,
    own_cookie: str | None,
) -> httpx.Request:
    """Return a request for another address, with the cookies of the redirects."""
    headers = request.headers.copy()
    headers.pop("cookie", None)
    again = httpx.Request(
        request.method,
        address,
        headers=headers,
        cookies=cookies,
        content=call.body,
        extensions=request.extensions,
    )
    if own_cookie:
        given = again.headers.get("cookie")
        again.headers["cookie"] = f"{own_cookie}; {given}" if given else own_cookie
    return again


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.raw_host, port


async def _read(response: httpx.Response, *, within: float | None) -> RawResponse:
    """Return status, headers and as much of the body as came and is allowed.

    Once there is a status, what happens to the body is a property of the answer: what came of it
    may be enough when the connection drops, or `within` so many seconds the rest does not come.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(within):
            faults = await _collect(response, body)
    except TooSlowError:
        faults = {"cut_short": True, "too_slow": True}
    except (httpx.TransportError, OSError):
        faults = {"cut_short": True}
    return RawResponse(response.status_code, response.headers, bytes(body), **faults)


async def _collect(response: httpx.Response, body: bytearray) -> dict[str, Any]:
    """Decompress the body into `body`; return its faults."""
    if response.is_stream_consumed:  # a transport in this process may answer ready and inflated
        body += response.content[:LARGEST_ANSWER]
        return {"too_large": len(response.content) > LARGEST_ANSWER}
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("gzip", "x-gzip", "identity", ""):
        return {"garbled": True}
    # The library's own decoder has no limit, and a few kilobytes can inflate to gigabytes.
    inflater = zlib.decompressobj(_GZIP) if "gzip" in encoding else None
    received = 0
    assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - what is asynchronous
    chunks = aiter(response.stream)
    async for chunk in chunks:
        received += len(chunk)
        try:
            if inflater:
                await _inflate(inflater, chunk, body)
            else:
                body += chunk[: LARGEST_ANSWER + 1 - len(body)]
        except zlib.error:
            return {"garbled": True}
        if len(body) > LARGEST_ANSWER or received > LARGEST_ANSWER:
            del body[LARGEST_ANSWER:]
            return {"too_large": True}
        if inflater is not None and inflater.eof:
            await _finish(chunks)
            return {}
    return {"cut_short": inflater is not None and received > 0}


async def _finish(chunks: AsyncIterator[bytes]) -> None:
    """Receive the end of a complete body: only then can the connection be used again."""
    with suppress(TooSlowError, httpx.TransportError, OSError):
        async with asyncio.timeout(END_WITHIN):
            await anext(chunks, b"")


async def _inflate(inflater: zlib._Decompress, chunk: bytes, body: bytearray) -> None:
    """Decompress `chunk` in slices, up to one byte over the limit."""
    while chunk and len(body) <= LARGEST_ANSWER and not inflater.eof:
        body += inflater.decompress(chunk, min(SLICE, LARGEST_ANSWER + 1 - len(body)))
        chunk = inflater.unconsumed_tail
        if chunk:
            await asyncio.sleep(0)
