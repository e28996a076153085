"""Requests without a response, and unusable responses, turned into the program's own errors.

A message is one line: what happened, then what to do next. Words of the server are quoted with
control characters escaped, and without keys and client secrets.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import partial
from typing import Final, NamedTuple

import httpx

from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    APIResponseError,
    APITimeoutError,
    OutcomeUnknownError,
    ProxyRefusedError,
    ResponseTooLargeError,
)
from chatkit_tui.secrets import redact
from chatkit_tui.sources.http.deadlines import HeadTooLargeError, TooSlowError
from chatkit_tui.sources.http.endpoint import CHECK_ADDRESS, Endpoint
from chatkit_tui.sources.http.proxies import CLOSED, UNKNOWN_PROTOCOL, Proxy
from chatkit_tui.sources.http.request import Request
from chatkit_tui.sources.http.response import RawResponse
from chatkit_tui.text.plain import ui_text

EXCERPT: Final = 200
"""Characters of an answer that are quoted."""

_LONGEST_READ: Final = 64 * 1024
"""Bytes of an answer that are looked through for secrets before some of them are quoted."""

_LONGEST_ESCAPE: Final = len(r"\U0010ffff")


class DeliveryState(Enum):
    """Whether a request without a response may have arrived."""

    UNSENT = "not sent; another try may reach the server"
    UNSENDABLE = "not sent; another try would fail, too"
    LOST = "may have arrived; another try may bring an answer"
    SPOILT = "arrived; another try would end the same way"

    @property
    def sent(self) -> bool:
        """Whether the server may have got the request."""
        return self in (LOST, SPOILT)

    @property
    def again(self) -> bool:
        """Whether another try may end better."""
        return self in (UNSENT, LOST)


UNSENT, UNSENDABLE, LOST, SPOILT = DeliveryState


class ErrorMapping(NamedTuple):
    """The meaning of an exception of the HTTP library."""

    error: type[APIConnectionError | APIResponseError]
    delivery: DeliveryState
    words: str
    advice: str = "Check the network, then try again."


_timed_out = partial(ErrorMapping, APITimeoutError)
_failed = partial(ErrorMapping, APIConnectionError)
_unusable = partial(ErrorMapping, APIResponseError)

ERROR_MAPPINGS: Final[Mapping[type[Exception], ErrorMapping]] = {
    httpx.ConnectTimeout: _timed_out(UNSENT, "no connection in time"),
    httpx.PoolTimeout: _timed_out(UNSENT, "no free connection in time"),
    httpx.WriteTimeout: _timed_out(LOST, "the request went out too slowly"),
    TooSlowError: _timed_out(LOST, "the answer came too slowly"),
    HeadTooLargeError: _failed(SPOILT, "the head of the answer does not end", CHECK_ADDRESS),
    httpx.ReadTimeout: _timed_out(LOST, "no answer in time"),
    httpx.TimeoutException: _timed_out(LOST, "no answer in time"),
    httpx.ConnectError: _failed(UNSENT, "no connection"),
    httpx.ReadError: _failed(LOST, "the connection dropped"),
    httpx.WriteError: _failed(LOST, "the connection dropped"),
    httpx.CloseError: _failed(LOST, "the connection dropped"),
    httpx.NetworkError: _failed(LOST, "the connection dropped"),
    httpx.RemoteProtocolError: _failed(LOST, "the server broke the connection off"),
    httpx.LocalProtocolError: _failed(UNSENDABLE, "the request is not valid HTTP"),
    httpx.ProtocolError: _failed(SPOILT, "the two ends disagree on HTTP"),
    httpx.ProxyError: _failed(UNSENT, "the proxy refused"),
    httpx.UnsupportedProtocol: _failed(
        UNSENDABLE, "the address is neither http nor https", CHECK_ADDRESS
    ),
    httpx.TransportError: _failed(LOST, "the connection failed"),
    httpx.DecodingError: _unusable(SPOILT, "the answer is not compressed as it says"),
    httpx.TooManyRedirects: _unusable(SPOILT, "the server redirects in a circle", CHECK_ADDRESS),
    httpx.RequestError: _failed(LOST, "the connection failed"),
    httpx.HTTPStatusError: _unusable(SPOILT, "an answer that means no"),
    httpx.HTTPError: _failed(LOST, "the connection failed"),
    httpx.InvalidURL: _failed(UNSENDABLE, "the address is not valid", CHECK_ADDRESS),
    httpx.CookieConflict: _unusable(SPOILT, "the answer sets contradicting cookies"),
    httpx.StreamConsumed: _failed(SPOILT, "the answer was read twice"),
    httpx.StreamClosed: _failed(SPOILT, "the connection was closed meanwhile"),
    httpx.ResponseNotRead: _failed(SPOILT, "the answer was not read"),
    httpx.RequestNotRead: _failed(SPOILT, "the request was not read"),
    httpx.StreamError: _failed(SPOILT, "the answer broke off"),
    UnicodeError: _unusable(SPOILT, "the server redirects to no address", CHECK_ADDRESS),
    OSError: _failed(LOST, "the connection failed"),
}
"""Every exception class of the HTTP library, and those of name lookup and of the system. A missing
class has the meaning of its nearest base class."""


class ConnectionFailure(NamedTuple):
    """A try without a response."""

    error: APIError
    words: str
    """What happened, in a few words of the program."""
    delivery: DeliveryState


def connection_failure(
    cause: Exception, request: Request, endpoint: Endpoint, proxy: Proxy | None = None
) -> ConnectionFailure:
    """Return what an exception of the HTTP library or the system means for `request`."""
    if proxy is not None and isinstance(cause, httpx.ProxyError):
        return _failure_of_proxy(cause, endpoint, proxy)
    mapping = next(ERROR_MAPPINGS[step] for step in type(cause).__mro__ if step in ERROR_MAPPINGS)
    if mapping.error is APIConnectionError and mapping.delivery is UNSENT:
        mapping = _unconnected(cause, mapping)
    words, delivery = mapping.words, mapping.delivery
    advice = mapping.advice.format(address=endpoint.wording.address)
    if isinstance(cause, TooSlowError):
        words += f" ({cause})"
    place = f"{endpoint.base_url} through {proxy.place}" if proxy else endpoint.base_url
    if delivery.sent and request.effect:
        advice = unknown_outcome(request)
    kind = OutcomeUnknownError if delivery.sent and not request.repeatable else mapping.error
    error = kind(f"{place}: {words}. {advice}")
    if not isinstance(cause, httpx.LocalProtocolError):  # whose text may quote a header, the key
        error.__cause__ = cause
    return ConnectionFailure(error, words, delivery)


def _unconnected(cause: Exception, mapping: ErrorMapping) -> ErrorMapping:
    """Return why there is no connection, as far as the causes of `cause` show."""
    for reason in causes(cause):
        if isinstance(reason, ssl.SSLWantReadError | ssl.SSLEOFError):
            return mapping._replace(words="the server ended the connection in the TLS handshake")
        if isinstance(reason, ssl.SSLError):
            detail = tls_detail(reason)
            return mapping._replace(
                words=f"the certificate or encryption of the server was refused ({detail})",
                advice="Check the address, the clock and SSL_CERT_FILE.",
                delivery=UNSENDABLE,
            )
        if isinstance(reason, socket.gaierror):
            return mapping._replace(
                words="its name could not be looked up",
                advice="Check the network and the {address}.",
            )
        if isinstance(reason, ConnectionRefusedError):
            return mapping._replace(words="nothing listens there", advice=CHECK_ADDRESS)
    return mapping


def _failure_of_proxy(
    cause: httpx.ProxyError, endpoint: Endpoint, proxy: Proxy
) -> ConnectionFailure:
    """Return the failure of a request that got no further than the proxy."""
    fault = proxy_fault(str(cause), list(causes(cause)), proxy, endpoint.host)
    kind = APIConnectionError if fault.again else ProxyRefusedError
    place = f"{proxy.place[:1].upper()}{proxy.place[1:]}"
    detail = f" ({fault.detail})" if fault.detail else ""
    error = kind(f"{place} {fault.words}{detail}. {fault.advice}")
    error.__cause__ = cause
    delivery = UNSENT if fault.again else UNSENDABLE
    return ConnectionFailure(error, f"the proxy {fault.words}", delivery)


def unknown_outcome(request: Request) -> str:
    """Return the sentence for a request that may have had its effect, with the next step."""
    if request.repeatable:
        return f"It is not known whether {request.effect}. Asking again does no harm."
    line = f"It is not known whether {request.effect}; it was not sent again. {request.way_on}"
    return line.rstrip()


def client_closed() -> ConnectionFailure:
    """Return the failure of a request of a closed client."""
    words = "the client is closed"
    return ConnectionFailure(APIConnectionError("The client is closed."), words, UNSENDABLE)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and its causes."""
    yield error
    if isinstance(error, BaseExceptionGroup):  # one for each address of a name
        for member in error.exceptions:
            yield from causes(member)
    cause = error.__cause__
    if cause is None and not isinstance(error, httpx.HTTPError):
        cause = error.__context__  # the layer below httpx raises without naming the cause
    if cause is not None:
        yield from causes(cause)


# -- answers that cannot be used -------------------------------------------------------------------


def unusable_response(
    answer: RawResponse, request: Request, endpoint: Endpoint, reason: str
) -> APIResponseError:
    """Return the error of an unusable 2xx answer; `reason` follows "the answer".

    A status alone does not prove the effect of a request: a network with a sign-in page responds
    200 to everything. So the status counts only with a body that begins like JSON.
    """
    text = redact(answer.body[:_LONGEST_READ].decode("utf-8", "replace"))
    excerpt = text[:EXCERPT]
    message = f"The answer of {endpoint.base_url} ({answer.status}) {reason}."
    if request.effect and answer.body.lstrip()[:1] in (b"{", b"["):
        message += f" By its status, {request.effect} all the same. {request.way_on}".rstrip()
    elif request.effect:
        message += f" {unknown_outcome(request)}"
    if excerpt.strip():
        message += f" It begins: {truncated_line(excerpt, _LONGEST_ESCAPE * EXCERPT)}"
    kind = ResponseTooLargeError if answer.too_large else APIResponseError
    return kind(message, excerpt=excerpt, status=answer.status, request_id=answer.request_id)


def fault_of_transfer(answer: RawResponse) -> str:
    """Return why the body of a response is incomplete; empty if it is complete."""
    if answer.unsearchable:
        return "has too many escapes or keys in it and was not read"
    if answer.too_large:
        return "is over 64 MiB and was not read"
    if answer.too_slow:
        return "came too slowly and was given up"
    if answer.cut_short:
        return "was cut short"
    return "is compressed in an unknown way" if answer.garbled else ""


def describe_bad_body(body: bytes, address: str = "") -> str:
    """Return what is wrong with a body that is not the JSON that was requested.

    With `address`, what that setting is called, there is advice for a web page.
    """
    text = body.strip()
    if not text:
        return "is empty"
    if text.startswith(b"<"):
        advice = f": check the {address}, or sign in to the network" if address else ""
        return f"is a web page, not JSON{advice}"
    if text.startswith(b"{") and not text.endswith(b"}"):
        return "was cut short"
    return "is not JSON of the kind that was asked for"


def truncated_line(text: str, limit: int) -> str:
    """Return a text on one line, escaped, with at most `limit` characters and an `…`."""
    text = text[: 4 * limit]
    words = " ".join(text.split())
    visible = "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode()
        for character in words
    )
    return visible if len(visible) <= limit else visible[:limit] + ui_text("…")


# -- faults of a proxy -----------------------------------------------------------------------------

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


_permanent = partial(ProxyFault, again=False)


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
            return _not_encrypted(tls_detail(cause), proxy)
    if message == UNKNOWN_PROTOCOL:
        kind = "SOCKS5" if proxy.scheme == "socks5" else "HTTP"
        return _permanent(f"does not speak {kind}", f"Check its kind and port in {proxy.variable}.")
    if message == CLOSED:
        return ProxyFault("closed the connection without an answer", around)
    if status := _STATUS.match(message):
        return _refused(int(status[1]), proxy, host)
    if "username/password" in message or "Requested" in message:
        return _permanent("refuses the user name and password, or wants them", _login(proxy))
    detail = message.partition(": ")[2].rstrip(".")
    if "not allowed" in detail:
        return _refused(403, proxy, host)
    return ProxyFault(f"did not connect to {host}", around, detail=redact(detail)[:100])


def _not_encrypted(reason: str, proxy: Proxy) -> ProxyFault:
    if any(sign in reason for sign in _NOT_TLS):
        return _permanent("does not speak TLS", f"Write http:// for https:// in {proxy.variable}.")
    return _permanent(
        f"has a certificate or encryption that was refused ({reason})",
        f"Check {proxy.variable}, the clock and SSL_CERT_FILE.",
    )


def _refused(status: int, proxy: Proxy, host: str) -> ProxyFault:
    around = f"put {host} into NO_PROXY to connect directly."
    if status == 407 and (proxy.username or proxy.password):
        return _permanent("refuses the user name or password (407)", _login(proxy))
    if status == 407:
        return _permanent("asks for a user name and password (407)", _login(proxy))
    if status == 403:
        words = f"does not allow requests to {host} (403)"
        return _permanent(words, f"Ask those who run it, or {around}")
    if status >= 500:
        return ProxyFault(f"did not connect to {host} ({status})", f"Try again later, or {around}")
    return _permanent(f"refused to connect to {host} ({status})", f"Check {proxy.variable}.")


def _login(proxy: Proxy) -> str:
    return f"Write {proxy.scheme}://USER:PASSWORD@HOST:PORT in {proxy.variable}."


def tls_detail(error: ssl.SSLError) -> str:
    """Return what the TLS library says of an error, in a few words."""
    return getattr(error, "verify_message", None) or getattr(error, "reason", None) or "TLS"
