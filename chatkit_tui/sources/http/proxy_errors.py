"""What went wrong between this machine and a proxy, and what to do about it."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterable
from typing import Final, NamedTuple

from chatkit_tui.secrets import redact
from chatkit_tui.sources.http.deadlines import TooSlowError
from chatkit_tui.sources.http.proxies import CLOSED, UNKNOWN_PROTOCOL, Proxy

_STATUS: Final = re.compile(r"(\d{3})\b")
_NOT_TLS: Final = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH")


class ProxyFault(NamedTuple):
    """A fault of a proxy."""

    words: str
    """What happened, after the name of the proxy; the program's own, for records as well."""
    advice: str
    again: bool = True
    """Whether another try may end better."""
    detail: str = ""
    """What the proxy said of it, for the message alone."""


def proxy_fault(
    message: str, causes: Iterable[BaseException], proxy: Proxy, host: str
) -> ProxyFault:
    """Explain a `ProxyError` with this message. `host` is the server that was to be reached."""
    around = f"Check {proxy.variable}, or put {host} into NO_PROXY to connect directly."
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return ProxyFault("cannot be found: its name could not be looked up", around)
        if isinstance(cause, ConnectionRefusedError):
            return ProxyFault("cannot be reached: nothing listens there", around)
        if isinstance(cause, TimeoutError | TooSlowError):
            return ProxyFault("did not answer in time", around)
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLWantReadError):
            return _not_encrypted(cause, proxy)
    if message == UNKNOWN_PROTOCOL:
        kind = "SOCKS5" if proxy.scheme == "socks5" else "HTTP"
        return ProxyFault(
            f"does not speak {kind}", f"Check its kind and port in {proxy.variable}.", again=False
        )
    if message == CLOSED:
        return ProxyFault("closed the connection without an answer", around)
    if status := _STATUS.match(message):
        return _refused(int(status[1]), proxy, host)
    if "username/password" in message or "Requested" in message:
        words = "refuses the user name and password, or wants them"
        return ProxyFault(words, _login(proxy), again=False)
    detail = message.partition(": ")[2].rstrip(".")
    if "not allowed" in detail:
        return _refused(403, proxy, host)
    return ProxyFault(f"did not connect to {host}", around, detail=redact(detail)[:100])


def tls_detail(error: ssl.SSLError) -> str:
    """Return what the TLS library says of an error, in a few words."""
    return getattr(error, "verify_message", None) or getattr(error, "reason", None) or "TLS"


def _not_encrypted(cause: ssl.SSLError, proxy: Proxy) -> ProxyFault:
    reason = tls_detail(cause)
    if any(sign in reason for sign in _NOT_TLS):
        return ProxyFault(
            "does not speak TLS", f"Write http:// for https:// in {proxy.variable}.", again=False
        )
    return ProxyFault(
        f"has a certificate or encryption that was refused ({reason})",
        f"Check {proxy.variable}, the clock and SSL_CERT_FILE.",
        again=False,
    )


def _refused(status: int, proxy: Proxy, host: str) -> ProxyFault:
    if status == 407:
        known = bool(proxy.username or proxy.password)
        words = (
            "refuses the user name or password" if known else "asks for a user name and password"
        )
        return ProxyFault(f"{words} (407)", _login(proxy), again=False)
    if status == 403:
        return ProxyFault(
            f"does not allow requests to {host} (403)",
            f"Ask those who run it, or put {host} into NO_PROXY to connect directly.",
            again=False,
        )
    if status >= 500:
        return ProxyFault(
            f"did not connect to {host} ({status})",
            f"Try again later, or put {host} into NO_PROXY to connect directly.",
        )
    return ProxyFault(
        f"refused to connect to {host} ({status})", f"Check {proxy.variable}.", again=False
    )


def _login(proxy: Proxy) -> str:
    return f"Write {proxy.scheme}://USER:PASSWORD@HOST:PORT in {proxy.variable}."
