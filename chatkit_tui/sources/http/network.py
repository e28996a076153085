"""The connections that requests are sent over: directly or through a proxy, watched for speed.

httpx would choose the proxy and the certificates itself and fail for settings that do not apply.
So the connection pool of the library below it is made here, from what `proxies` has read.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpcore
import httpx

from chatkit_tui.errors import ConfigError
from chatkit_tui.sources.http.deadlines import LeastSpeed, Watch
from chatkit_tui.sources.http.proxies import CLOSED, UNKNOWN_PROTOCOL, Proxy

KEPT_OPEN: Final = 20
"""Idle connections that are kept for the next request."""

KEPT_SECONDS: Final = 5.0

_SOCKS: Final = b"\x05"
_SOCKS_PASSWORD: Final = b"\x01"


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
        encrypted = "https" in (scheme, proxy.scheme if proxy else "")
        self._backend = WatchedBackend(proxy, least)
        self._pool = _pool(proxy, _encryption(environ) if encrypted else None, self._backend)
        self._socks_errors: tuple[type[Exception], ...] = ()
        if proxy is not None and proxy.scheme == "socks5":
            from socksio.exceptions import SOCKSError

            self._socks_errors = (SOCKSError, AssertionError)  # httpcore asserts what it expects

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its answer, the body unread."""
        assert isinstance(request.stream, httpx.AsyncByteStream)  # noqa: S101 - all of ours are
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _translated():
            async with self._backend.closing_failed():
                try:
                    response = await self._pool.handle_async_request(sent)
                except self._socks_errors as error:
                    raise httpx.ProxyError(UNKNOWN_PROTOCOL) from error
        stream = response.extensions.get("network_stream")
        if isinstance(stream, WatchedStream):
            stream.watch.head_arrived()
        # After an unhandled error, some servers drop the connection without announcing it.
        is_unsafe = response.status == 500 and isinstance(stream, httpcore.AsyncNetworkStream)
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response, stream if is_unsafe else None),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer, in the exceptions of httpx."""

    def __init__(
        self, response: httpcore.Response, closing: httpcore.AsyncNetworkStream | None
    ) -> None:
        """Close the connection `closing` after the body, so that no request is sent over it."""
        self._response = response
        self._closing = closing

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated():
            async for chunk in self._response.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        if self._closing is not None:
            await self._closing.aclose()
        await self._response.aclose()


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Raise the exceptions of httpcore as those of httpx that have the same names."""
    try:
        yield
    except _FOREIGN as error:
        kind = getattr(httpx, type(error).__name__, httpx.TransportError)
        raise kind(str(error)) from error


_FOREIGN: Final = (
    httpcore.ConnectionNotAvailable,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


def _pool(
    proxy: Proxy | None, encryption: ssl.SSLContext | None, backend: WatchedBackend
) -> httpcore.AsyncConnectionPool:
    common: dict[str, Any] = {
        "ssl_context": encryption,
        "max_keepalive_connections": KEPT_OPEN,
        "keepalive_expiry": KEPT_SECONDS,
        "network_backend": backend,
    }
    if proxy is None:
        return httpcore.AsyncConnectionPool(**common)
    common["proxy_url"] = httpcore.URL(
        scheme=proxy.scheme, host=proxy.host, port=proxy.port, target=""
    )
    if proxy.username or proxy.password:
        common["proxy_auth"] = (proxy.username.encode(), proxy.password.encode())
    if proxy.scheme != "socks5":
        if proxy.scheme == "https":
            common["proxy_ssl_context"] = encryption
        return httpcore.AsyncHTTPProxy(**common)
    try:
        import socksio  # noqa: F401 - httpcore imports it later, and then without these words
    except ImportError:
        raise ConfigError(
            f"{proxy.variable} names a SOCKS proxy, which needs a package that is not installed: "
            "pip install 'chatkit-tui[socks]'."
        ) from None
    return httpcore.AsyncSOCKSProxy(**common)


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


class WatchedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections with a minimum speed, and separates faults of a proxy."""

    def __init__(self, proxy: Proxy | None, least: LeastSpeed) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._proxy = proxy
        self._least = least
        self._opened: dict[asyncio.Task[Any] | None, httpcore.AsyncNetworkStream] = {}

    @contextlib.asynccontextmanager
    async def closing_failed(self) -> AsyncIterator[None]:
        """Close what the current task opens inside if it fails: httpcore's SOCKS does not."""
        task = asyncio.current_task()
        try:
            yield
        except BaseException:
            if stream := self._opened.get(task):
                await stream.aclose()
            raise
        finally:
            self._opened.pop(task, None)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's word
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection: to the proxy, if there is one."""
        with _blamed(self._proxy):
            stream = await self._inner.connect_tcp(
                host, port, timeout, local_address, socket_options
            )
        self._opened[asyncio.current_task()] = stream
        return WatchedStream(stream, Watch(self._least), self._proxy, patience=timeout)


class WatchedStream(httpcore.AsyncNetworkStream):
    """A connection whose answers are counted byte by byte."""

    def __init__(
        self,
        stream: httpcore.AsyncNetworkStream,
        watch: Watch,
        proxy: Proxy | None,
        *,
        patience: float | None,
    ) -> None:
        """`patience` is how long a proxy may take to answer, in seconds."""
        self._stream = stream
        self._socket: socket.socket | None = None
        self.watch = watch
        self._patience = patience
        self._proxy = proxy
        self._handshaking = proxy if proxy and proxy.scheme == "https" else None
        """The proxy, until its own TLS handshake is over."""
        self._asking: Proxy | None = None
        """The proxy, as long as it is asked for a connection."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Return what arrives next.

        Raise `TooSlowError` if that is too little for too long.
        """
        asked = self._asking
        if asked and timeout is None:  # as in a handshake of SOCKS
            timeout = self._patience
        left = self.watch.left()
        hurried = left is not None and (timeout is None or left < timeout)
        with _blamed(asked):
            try:
                data = await self._stream.read(max_bytes, left if hurried else timeout)
            except httpcore.ReadTimeout:
                if hurried:
                    self.watch.give_up()
                raise
            self.watch.arrived(len(data))
        if asked:
            _check_reply(data, asked, first=left is None)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send bytes; what is read afterwards is the answer to them."""
        if not buffer:
            return
        asks = buffer[:1] in (_SOCKS, _SOCKS_PASSWORD) or buffer.startswith(b"CONNECT ")
        self._asking = self._proxy if asks else None
        self.watch.begin()
        with _blamed(self._asking):
            await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's word
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt the connection: to the proxy if it wants that, and then to the server."""
        with _blamed(self._handshaking):
            self._stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        self._handshaking = self._asking = None
        return self

    def get_extra_info(self, info: str) -> Any:
        """Return what the library asks of a connection.

        Each request asks of each idle connection whether it is readable, and the library below
        finds out its two addresses for that.
        """
        if info != "is_readable" or sys.platform == "win32":
            return self._stream.get_extra_info(info)
        if self._socket is None:
            self._socket = self._stream.get_extra_info("socket")
        return self._socket is None or _is_readable(self._socket)


def _is_readable(connection: socket.socket) -> bool:
    """Return whether reading would not wait, as from a connection that is closed."""
    if connection.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


@contextlib.contextmanager
def _blamed(proxy: Proxy | None) -> Iterator[None]:
    """Raise what goes wrong on the way to the proxy as a fault of the proxy."""
    try:
        yield
    except (httpcore.NetworkError, httpcore.TimeoutException, httpx.TransportError) as error:
        if proxy is None:
            raise
        raise httpcore.ProxyError(str(error)) from error


def _check_reply(data: bytes, proxy: Proxy, *, first: bool) -> None:
    """Raise `httpcore.ProxyError` if a proxy's reply ends early or is of another protocol."""
    if not data:
        raise httpcore.ProxyError(CLOSED)
    known = (_SOCKS, _SOCKS_PASSWORD) if proxy.scheme == "socks5" else (b"H",)
    if first and data[:1] not in known:
        raise httpcore.ProxyError(UNKNOWN_PROTOCOL)
