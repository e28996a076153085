"""The connections that requests are sent over: directly or through a proxy, watched for speed.

httpx would choose the proxy and the certificates itself and fail for settings that do not apply,
and its connection pool takes several times as long for a request as all else.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
from asyncio.staggered import staggered_race
from collections.abc import AsyncIterator, Iterator, Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

import httpx

from chatkit_tui.errors import ConfigError
from chatkit_tui.sources.http.connection import Connection, Timeouts
from chatkit_tui.sources.http.deadlines import LeastSpeed, Watch
from chatkit_tui.sources.http.proxies import Proxy
from chatkit_tui.sources.http.tunnels import (
    authorization,
    check_socks,
    connect_by_http,
    connect_by_socks,
)

KEPT_OPEN: Final = 20
"""Idle connections that are kept for the next request."""

KEPT_SECONDS: Final = 5.0

_NEXT_ADDRESS_AFTER: Final = 0.25
"""Seconds after which the next address of a name is tried as well (RFC 8305)."""

_PORTS: Final = {"http": 80, "https": 443}


class Network(httpx.AsyncBaseTransport):
    """Sends requests to one server, over connections that it keeps open."""

    def __init__(
        self,
        scheme: str,
        proxy: Proxy | None,
        least: LeastSpeed,
        environ: Mapping[str, str],
    ) -> None:
        """Set up connections to a server of this scheme; nothing is opened yet.

        Raise `ConfigError` if certificates or a package that these connections need are missing.
        """
        self._proxy = proxy
        self._least = least
        self._encryption: ssl.SSLContext | None = None
        if "https" in (scheme, proxy.scheme if proxy else ""):
            self._encryption = _encryption(environ)
            self._encryption.set_alpn_protocols(["http/1.1"])
        if proxy is not None and proxy.scheme == "socks5":
            check_socks(proxy)
        self._idle: list[tuple[float, Connection]] = []
        """Connections that no request uses, and until when they are kept; the last used is last."""
        self._busy: set[Connection] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its answer, the body unread."""
        timeouts = Timeouts.of(request)
        connection = self._take_idle() or await self._open(request.url, timeouts)
        self._busy.add(connection)
        target, headers = request.url.raw_path, request.headers.raw
        if self._proxy and self._proxy.scheme != "socks5" and request.url.scheme == "http":
            target = str(request.url).encode()
            headers = [*authorization(self._proxy), *headers]
        try:
            head = await connection.request(
                request.method, target, headers, request.content, timeouts
            )
        except BaseException:
            self.give_back(connection, reusable=False)
            raise
        return httpx.Response(
            head.status_code,
            headers=head.headers.raw_items(),
            stream=_Body(self, connection, head.status_code, timeouts.read),
        )

    def _take_idle(self) -> Connection | None:
        """Return the open connection that was used last, if there is any."""
        now = monotonic()
        while self._idle and self._idle[0][0] < now:
            self._idle.pop(0)[1].abort()
        while self._idle:
            _, connection = self._idle.pop()
            if connection.is_quiet:
                return connection
            connection.abort()
        return None

    def give_back(self, connection: Connection, *, reusable: bool) -> None:
        """Keep a connection for the next request if it can be used, else close it."""
        self._busy.discard(connection)
        if reusable and len(self._idle) < KEPT_OPEN and connection.end_request():
            self._idle.append((monotonic() + KEPT_SECONDS, connection))
        else:
            connection.abort()

    async def aclose(self) -> None:
        for connection in (*self._busy, *(connection for _, connection in self._idle)):
            connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)  # the event loop closes the sockets

    # -- opening -----------------------------------------------------------------------------------

    async def _open(self, url: httpx.URL, timeouts: Timeouts) -> Connection:
        """Open a connection to the server of an address, through the proxy if there is one."""
        host, port = url.raw_host.decode(), url.port or _PORTS[url.scheme]
        proxy = self._proxy
        with _blamed(proxy), _connecting():
            connection = await _connect(
                proxy.host if proxy else host,
                proxy.port if proxy else port,
                Watch(self._least),
                timeouts.connect,
            )
        try:
            if proxy is not None:
                with _blamed(proxy):
                    await self._pass_proxy(connection, proxy, url.scheme, (host, port), timeouts)
            if url.scheme == "https":
                await self._encrypt(connection, host, timeouts)
        except BaseException:
            connection.abort()
            raise
        return connection

    async def _pass_proxy(
        self,
        connection: Connection,
        proxy: Proxy,
        scheme: str,
        server: tuple[str, int],
        timeouts: Timeouts,
    ) -> None:
        """Let the proxy connect to the server, unless it takes the requests themselves."""
        if proxy.scheme == "https":
            await self._encrypt(connection, proxy.host, timeouts)
        if proxy.scheme == "socks5":
            await connect_by_socks(connection, proxy, *server, timeouts)
        elif scheme == "https":
            await connect_by_http(connection, proxy, *server, timeouts)

    async def _encrypt(self, connection: Connection, host: str, timeouts: Timeouts) -> None:
        assert self._encryption is not None  # noqa: S101 - made for these schemes
        with _connecting():
            await connection.encrypt(self._encryption, host, timeouts.connect)


class _Body(httpx.AsyncByteStream):
    """The body of an answer."""

    def __init__(
        self,
        network: Network,
        connection: Connection,
        status: int,
        timeout: float | None,
    ) -> None:
        self._network = network
        self._connection: Connection | None = connection
        self._status = status
        self._timeout = timeout

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self._connection and (part := await self._connection.next_of_body(self._timeout)):
            yield part

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # After an unhandled error, some servers drop the connection without announcing it.
            self._network.give_back(connection, reusable=self._status != 500)


async def _connect(host: str, port: int, watch: Watch, timeout: float | None) -> Connection:  # noqa: ASYNC109
    """Connect to one of the addresses of a name.

    Raise `TimeoutError`, `OSError`, or an `ExceptionGroup` with the failure of each address.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(timeout):
        try:
            addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:  # a part of the name is empty or too long
            raise socket.gaierror(socket.EAI_NONAME, "not a name") from error
        opened, _, failures = await staggered_race(
            [partial(_open_socket, *address) for address in addresses], _NEXT_ADDRESS_AFTER
        )
        if opened is None:
            raise ExceptionGroup("no connection", [each for each in failures if each is not None])
        _, connection = await loop.create_connection(partial(Connection, watch), sock=opened)
    return connection


async def _open_socket(
    family: int, kind: int, protocol: int, _name: str, address: tuple[str, int]
) -> socket.socket:
    opened = socket.socket(family, kind, protocol)
    try:
        opened.settimeout(0)
        await asyncio.get_running_loop().sock_connect(opened, address)
    except BaseException:
        opened.close()
        raise
    return opened


@contextlib.contextmanager
def _connecting() -> Iterator[None]:
    """Raise what fails while a connection is opened as the exceptions of httpx."""
    try:
        yield
    except TimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except (OSError, ExceptionGroup) as error:
        raise httpx.ConnectError(str(error)) from error


@contextlib.contextmanager
def _blamed(proxy: Proxy | None) -> Iterator[None]:
    """Raise what goes wrong on the way to the proxy as a fault of the proxy."""
    try:
        yield
    except httpx.TransportError as error:
        if proxy is None or isinstance(error, httpx.ProxyError):
            raise
        raise httpx.ProxyError(str(error)) from error


def _encryption(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return how servers are verified: `SSL_CERT_FILE`, else `SSL_CERT_DIR`, else certifi's list.

    Raise `ConfigError` naming the variable whose file or directory cannot be used.
    """
    file, folder = environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")
    if file:
        try:
            return ssl.create_default_context(cafile=file)
        except OSError as error:  # ssl.SSLError is one
            reason = error.strerror or "no certificates in it"
            if isinstance(error, ssl.SSLError):
                reason = "no certificates in it"
            raise ConfigError(
                f"SSL_CERT_FILE is {file!r}, which cannot be used: {reason}."
            ) from None
    if folder:
        if not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
            raise ConfigError(f"SSL_CERT_DIR is {folder!r}, which is not a directory.")
        return ssl.create_default_context(capath=folder)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())
