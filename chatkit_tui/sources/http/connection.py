"""One connection: its bytes, watched for speed, and the requests of HTTP/1.1 over it.

Failures are the exceptions of httpx, as its own transports raise them.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple

import h11
import httpx

from chatkit_tui.sources.http.deadlines import Watch

NO_ANSWER: Final = "the connection was closed without an answer"

_LARGEST_LINES: Final = 100 * 1024
"""Bytes of a status line with its headers, or of the size of a chunk."""
_MOST_AT_ONCE: Final = 64 * 1024
_MOST_UNREAD: Final = 256 * 1024
"""Bytes that arrived and were not read, with which receiving stops."""


class Timeouts(NamedTuple):
    """Seconds for each step of a request; None for no limit."""

    connect: float | None = None
    read: float | None = None
    write: float | None = None

    @classmethod
    def of(cls, request: httpx.Request) -> Timeouts:
        found = request.extensions.get("timeout", {})
        return cls(found.get("connect"), found.get("read"), found.get("write"))


class Connection(asyncio.Protocol):
    """A connection to a server or to a proxy, which has one request at a time."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._transport: asyncio.Transport
        self._http = _http()
        self._arrived = b""
        self._waiter: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._paused = False
        self._ended = False
        self._error: Exception | None = None

    # -- what the event loop calls -----------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - as of each stream
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._arrived = self._arrived + data if self._arrived else data
        if len(self._arrived) > _MOST_UNREAD and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = exc
        self._writable.set()
        self._wake()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # -- bytes -------------------------------------------------------------------------------------

    async def read(self, timeout: float | None) -> bytes:  # noqa: ASYNC109 - each read has its own
        """Return what arrives next; nothing at the end.

        Raise `TooSlowError` or `HeadTooLargeError` if the response must be aborted.
        """
        if not self._arrived and not self._ended:
            await self._wait(timeout)
        data, self._arrived = self._arrived[:_MOST_AT_ONCE], self._arrived[_MOST_AT_ONCE:]
        if not data and self._error is not None:
            raise httpx.ReadError(str(self._error)) from self._error
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        self._watch.arrived(len(data))
        return data

    async def _wait(self, timeout: float | None) -> None:  # noqa: ASYNC109
        left = self._watch.left()
        is_hurried = left is not None and (timeout is None or left < timeout)
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(left if is_hurried else timeout):
                await self._waiter
        except TimeoutError as error:
            if is_hurried:
                self._watch.give_up()
            raise httpx.ReadTimeout(str(error)) from error
        finally:
            self._waiter = None

    async def write(self, data: bytes, timeout: float | None) -> None:  # noqa: ASYNC109
        """Send bytes; what is read afterwards is the answer to them."""
        self._watch.begin()
        self._transport.write(data)
        if self._writable.is_set():
            return
        try:
            async with asyncio.timeout(timeout):
                await self._writable.wait()
        except TimeoutError as error:
            raise httpx.WriteTimeout(str(error)) from error

    async def encrypt(self, context: ssl.SSLContext, host: str, timeout: float | None) -> None:  # noqa: ASYNC109
        """Encrypt what follows. Raise `TimeoutError` or `ssl.SSLError`."""
        loop = asyncio.get_running_loop()
        try:
            encrypted = await loop.start_tls(
                self._transport, self, context, server_hostname=host, ssl_handshake_timeout=timeout
            )
        except ConnectionAbortedError as error:
            raise TimeoutError(str(error)) from error
        except ConnectionError as error:
            raise ssl.SSLEOFError("the connection ended in the handshake") from error
        assert encrypted is not None  # noqa: S101 - only for a transport that is closing
        self._transport = encrypted
        self._http = _http()  # what was sent so far was for a proxy

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    # -- requests ----------------------------------------------------------------------------------

    async def request(
        self,
        method: str,
        target: bytes,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        timeouts: Timeouts,
    ) -> h11.Response | h11.InformationalResponse:
        """Send a request, and return the head of the answer."""
        try:
            data = self._http.send(h11.Request(method=method, headers=headers, target=target))
            if body:
                data = (data or b"") + (self._http.send(h11.Data(body)) or b"")
            self._http.send(h11.EndOfMessage())
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        await self.write(data or b"", timeouts.write)
        while True:
            event = await self._event(timeouts.read)
            if isinstance(event, h11.Response):
                break
            if isinstance(event, h11.InformationalResponse) and event.status_code == 101:
                break
        self._watch.head_arrived()
        return event

    async def next_of_body(self, timeout: float | None) -> bytes:  # noqa: ASYNC109
        """Return the next part of the body of the answer; nothing at its end."""
        event = await self._event(timeout)
        return event.data if isinstance(event, h11.Data) else b""

    async def _event(self, timeout: float | None) -> object:  # noqa: ASYNC109
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise httpx.RemoteProtocolError(str(error)) from error
            if event is not h11.NEED_DATA:
                return event
            is_first = self._watch.left() is None
            data = await self.read(timeout)
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise httpx.RemoteProtocolError(NO_ANSWER)
            if is_first and not data.startswith(b"H"):  # what may never end a line
                raise httpx.RemoteProtocolError("the answer is not of HTTP")
            self._http.receive_data(data)

    def end_request(self) -> bool:
        """Return whether another request can follow: the answer was read, or its end is there."""
        if self._http.their_state is h11.SEND_BODY:
            with suppress(h11.RemoteProtocolError):
                self._http.next_event()
        states = {self._http.our_state, self._http.their_state}
        if states != {h11.DONE} or self._http.trailing_data[0]:
            return False
        self._http.start_next_cycle()
        return self.is_quiet

    @property
    def is_quiet(self) -> bool:
        """Whether a connection that no request uses is open: then nothing arrives."""
        if self._ended or self._arrived or self._transport.is_closing():
            return False
        return not _is_readable(self._transport.get_extra_info("socket"))


def _http() -> h11.Connection:
    return h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_LINES)


def _is_readable(connection: Any) -> bool:
    """Return whether something arrived that the event loop has not seen yet, such as the end."""
    poll: Callable[[], Any] | None = getattr(select, "poll", None)
    if poll is None or connection is None:  # Windows
        return False
    polled = poll()
    polled.register(connection, select.POLLIN)
    return bool(polled.poll(0))
