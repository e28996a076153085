"""Ask a proxy to connect to a server: by the `CONNECT` of HTTP, or by SOCKS5."""

from __future__ import annotations

from base64 import b64encode
from typing import Final

import httpx

from chatkit_tui.errors import ConfigError
from chatkit_tui.sources.http.connection import NO_ANSWER, Connection, Timeouts
from chatkit_tui.sources.http.proxies import ANOTHER_LOGIN, CLOSED, UNKNOWN_PROTOCOL, Proxy

_SOCKS_REPLIES: Final = {
    b"\x01": "General SOCKS server failure",
    b"\x02": "Connection not allowed by ruleset",
    b"\x03": "Network unreachable",
    b"\x04": "Host unreachable",
    b"\x05": "Connection refused",
    b"\x06": "TTL expired",
    b"\x07": "Command not supported",
    b"\x08": "Address type not supported",
}


def check_socks(proxy: Proxy) -> None:
    """Raise `ConfigError` if the package that SOCKS needs is not installed."""
    try:
        import socksio  # noqa: F401
    except ImportError:
        raise ConfigError(
            f"{proxy.variable} names a SOCKS proxy, which needs a package that is not installed: "
            "pip install 'chatkit-tui[socks]'."
        ) from None


def authorization(proxy: Proxy) -> list[tuple[bytes, bytes]]:
    """Return the header that names the user to an HTTP proxy, if there is one."""
    if not (proxy.username or proxy.password):
        return []
    login = b64encode(f"{proxy.username}:{proxy.password}".encode())
    return [(b"Proxy-Authorization", b"Basic " + login)]


async def connect_by_http(
    connection: Connection, proxy: Proxy, host: str, port: int, timeouts: Timeouts
) -> None:
    """Let an HTTP proxy connect to a server. Raise `httpx.ProxyError` if it does not."""
    name = f"[{host}]" if ":" in host else host
    place = f"{name}:{port}".encode()
    headers = [(b"Host", place), (b"Accept", b"*/*"), *authorization(proxy)]
    try:
        answer = await connection.request("CONNECT", place, headers, b"", timeouts)
    except httpx.RemoteProtocolError as error:
        message = CLOSED if str(error) == NO_ANSWER else UNKNOWN_PROTOCOL
        raise httpx.ProxyError(message) from error
    if not 200 <= answer.status_code < 300:
        reason = answer.reason.decode("ascii", "ignore")
        raise httpx.ProxyError(f"{answer.status_code} {reason}")


async def connect_by_socks(
    connection: Connection, proxy: Proxy, host: str, port: int, timeouts: Timeouts
) -> None:
    """Let a SOCKS proxy connect to a server. Raise `httpx.ProxyError` if it does not."""
    from socksio import socks5
    from socksio.exceptions import SOCKSError

    async def ask(message: bytes) -> bytes:
        await connection.write(message, timeouts.write)
        answer = await connection.read(timeouts.connect)
        if not answer:
            raise httpx.ProxyError(CLOSED)
        return answer

    methods = socks5.SOCKS5AuthMethod
    named = bool(proxy.username or proxy.password)
    method = methods.USERNAME_PASSWORD if named else methods.NO_AUTH_REQUIRED
    try:
        offered = await ask(socks5.SOCKS5AuthMethodsRequest([method]).dumps())
        if socks5.SOCKS5AuthReply.loads(offered).method != method:
            raise httpx.ProxyError(ANOTHER_LOGIN)
        if named:
            login = socks5.SOCKS5UsernamePasswordRequest(
                proxy.username.encode(), proxy.password.encode()
            )
            accepted = await ask(login.dumps())
            if not socks5.SOCKS5UsernamePasswordReply.loads(accepted).success:
                raise httpx.ProxyError(ANOTHER_LOGIN)
        wanted = socks5.SOCKS5CommandRequest.from_address(
            socks5.SOCKS5Command.CONNECT, (host, port)
        )
        code = socks5.SOCKS5Reply.loads(await ask(wanted.dumps())).reply_code
    except SOCKSError as error:
        raise httpx.ProxyError(UNKNOWN_PROTOCOL) from error
    if code is not socks5.SOCKS5ReplyCode.SUCCEEDED:
        raise httpx.ProxyError(f"not connected: {_SOCKS_REPLIES.get(code, code.name)}")
