"""Everything that can go wrong with a call, turned into the program's own errors.

A message is one line: what happened, then what to do next. Words of the server are quoted with
control characters escaped, and without keys and client secrets.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

import httpx

from chatkit_tui.api.account import Account
from chatkit_tui.api.answer import Answer
from chatkit_tui.api.call import Call
from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    ResponseTooLargeError,
    UnprocessableEntityError,
)

EXCERPT: Final = 200
"""Characters of an answer that are quoted."""

_LONGEST_ESCAPE: Final = len(r"\U0010ffff")


class Fate(Enum):
    """What may have become of a request that brought no answer."""

    UNSENT = "not sent; another try may reach the server"
    UNSENDABLE = "not sent, and never will be as it stands"
    LOST = "may have arrived; another try may bring an answer"
    SPOILT = "arrived; another try would end the same way"

    @property
    def sent(self) -> bool:
        """Whether the server may have got the request."""
        return self in (Fate.LOST, Fate.SPOILT)

    @property
    def again(self) -> bool:
        """Whether another try may end better."""
        return self in (Fate.UNSENT, Fate.LOST)


class Foreign(NamedTuple):
    """What an exception of the HTTP library means here."""

    error: type[APIConnectionError | APIResponseError]
    fate: Fate
    words: str


FOREIGN: Final[dict[type[Exception], Foreign]] = {
    httpx.ConnectTimeout: Foreign(APITimeoutError, Fate.UNSENT, "no connection in time"),
    httpx.PoolTimeout: Foreign(APITimeoutError, Fate.UNSENT, "no free connection in time"),
    httpx.WriteTimeout: Foreign(APITimeoutError, Fate.LOST, "the request went out too slowly"),
    httpx.ReadTimeout: Foreign(APITimeoutError, Fate.LOST, "no answer in time"),
    httpx.TimeoutException: Foreign(APITimeoutError, Fate.LOST, "no answer in time"),
    httpx.ConnectError: Foreign(APIConnectionError, Fate.UNSENT, "no connection"),
    httpx.ReadError: Foreign(APIConnectionError, Fate.LOST, "the connection dropped"),
    httpx.WriteError: Foreign(APIConnectionError, Fate.LOST, "the connection dropped"),
    httpx.CloseError: Foreign(APIConnectionError, Fate.LOST, "the connection dropped"),
    httpx.NetworkError: Foreign(APIConnectionError, Fate.LOST, "the connection dropped"),
    httpx.RemoteProtocolError: Foreign(
        APIConnectionError, Fate.LOST, "the server broke the connection off"
    ),
    httpx.LocalProtocolError: Foreign(
        APIConnectionError, Fate.UNSENDABLE, "the request is not valid HTTP"
    ),
    httpx.ProtocolError: Foreign(APIConnectionError, Fate.SPOILT, "the two ends disagree on HTTP"),
    httpx.ProxyError: Foreign(APIConnectionError, Fate.UNSENT, "the proxy refused"),
    httpx.UnsupportedProtocol: Foreign(
        APIConnectionError, Fate.UNSENDABLE, "the address is neither http nor https"
    ),
    httpx.TransportError: Foreign(APIConnectionError, Fate.LOST, "the connection failed"),
    httpx.DecodingError: Foreign(
        APIResponseError, Fate.SPOILT, "the answer is not compressed as it says"
    ),
    httpx.TooManyRedirects: Foreign(
        APIResponseError, Fate.SPOILT, "the server redirects in a circle"
    ),
    httpx.RequestError: Foreign(APIConnectionError, Fate.LOST, "the connection failed"),
    httpx.HTTPStatusError: Foreign(APIResponseError, Fate.SPOILT, "an answer that means no"),
    httpx.HTTPError: Foreign(APIConnectionError, Fate.LOST, "the connection failed"),
    httpx.InvalidURL: Foreign(APIConnectionError, Fate.UNSENDABLE, "the address is not valid"),
    httpx.CookieConflict: Foreign(
        APIResponseError, Fate.SPOILT, "the answer sets contradicting cookies"
    ),
    httpx.StreamConsumed: Foreign(APIConnectionError, Fate.SPOILT, "the answer was read twice"),
    httpx.StreamClosed: Foreign(
        APIConnectionError, Fate.SPOILT, "the connection was closed meanwhile"
    ),
    httpx.ResponseNotRead: Foreign(APIConnectionError, Fate.SPOILT, "the answer was not read"),
    httpx.RequestNotRead: Foreign(APIConnectionError, Fate.SPOILT, "the request was not read"),
    httpx.StreamError: Foreign(APIConnectionError, Fate.SPOILT, "the answer broke off"),
    OSError: Foreign(APIConnectionError, Fate.LOST, "the connection failed"),
}
"""Every exception class of the HTTP library by name, and the system's own, which it may let
through. One that is not here is read as the nearest class above it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A try that brought no answer."""

    error: APIError
    words: str
    """What happened, in a few words."""
    fate: Fate


def connection_failure(cause: Exception, call: Call, account: Account) -> Failure:
    """What an exception of the HTTP library or the system means for `call`."""
    foreign = next(FOREIGN[step] for step in type(cause).__mro__ if step in FOREIGN)
    words, fate, advice = foreign.words, foreign.fate, "Check the network, then try again."
    for reason in _causes(cause) if fate is Fate.UNSENT else ():
        if isinstance(reason, ssl.SSLError):
            detail = getattr(reason, "verify_message", None) or getattr(reason, "reason", "TLS")
            words = f"the certificate or encryption of the server was refused ({detail})"
            advice = "Check the address, the clock and SSL_CERT_FILE."
            fate = Fate.UNSENDABLE
            break
        if isinstance(reason, socket.gaierror):
            words = "its name could not be looked up"
            advice = "Check the network and the base URL."
            break
        if isinstance(reason, ConnectionRefusedError):
            words = "nothing listens there"
            advice = "Check the base URL."
            break
    message = f"{account.base_url}: {words}. "
    error: APIError
    if fate.sent and call.effect:
        message += f"It is not known whether {call.effect}. "
        advice = "Asking again does no harm." if call.repeatable else advice
    if fate.sent and not call.repeatable:
        error = OutcomeUnknownError(
            message + "It was not sent again by itself, as that could do it twice."
        )
    else:
        error = foreign.error(message + advice)
    if not isinstance(cause, httpx.LocalProtocolError):  # whose text may quote a header, the key
        error.__cause__ = cause
    return Failure(error, words, fate)


def closed_failure() -> Failure:
    """What a call gets once its client is closed."""
    words = "the client is closed"
    return Failure(APIConnectionError("The client is closed."), words, Fate.UNSENDABLE)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what led to it, as far as the HTTP library tells."""
    yield error
    if isinstance(error, BaseExceptionGroup):  # one for each address that a name stands for
        for member in error.exceptions:
            yield from _causes(member)
    cause = error.__cause__
    if cause is None and not isinstance(error, httpx.HTTPError):
        cause = error.__context__  # the layer below httpx raises without naming the cause
    if cause is not None:
        yield from _causes(cause)


# -- answers that say no ---------------------------------------------------------------------------

_REFUSALS: Final[dict[int, type[APIStatusError]]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def refusal(
    answer: Answer, call: Call, account: Account, *, retry_after: float | None = None
) -> APIStatusError:
    """The error of an answer that is not 2xx. `retry_after` is the wait it asks for, in seconds."""
    status = answer.status
    said = _error_object(answer.body)
    detail = one_line(account.key.hide(said.message), 500)
    default = InternalServerError if status >= 500 else APIStatusError
    message = _headline(answer, said.code, call, account, retry_after)
    if detail:
        message += f" The server said: {detail}"
    if status >= 500 and answer.request_id:
        message += f" (request {one_line(answer.request_id, 100)})"
    return _REFUSALS.get(status, default)(
        message,
        status=status,
        code=said.code,
        param=said.param,
        detail=detail,
        request_id=answer.request_id,
        retry_after=retry_after,
    )


def _headline(
    answer: Answer, code: str | None, call: Call, account: Account, retry_after: float | None
) -> str:
    status = answer.status
    subject = one_line(account.key.hide(call.subject), 120)
    wait = f"Wait {_seconds(retry_after)}, then try again." if retry_after else "Try again."
    if status in (400, 422):
        return f"The request was refused ({status})."
    if status == 401:
        return (
            f"Not authorised (401) at {account.base_url} with {account.identity}. "
            "Check OPENAI_API_KEY, or the profile it comes from."
        )
    if status == 403:
        return (
            f"Not allowed (403) at {account.base_url}: {account.identity}. "
            "Ask for a key of this project that may use ChatKit."
        )
    if status == 404:
        return (
            f"Not found (404): {subject} at {account.base_url} for {account.identity}. "
            "Check the id, and that the key is of the right project."
        )
    if status == 409:
        return f"Something else is changing it (409): {subject}. {wait}"
    if status == 429 and code == "insufficient_quota":
        return f"The quota of {account.identity} is used up (429). Look at its plan and billing."
    if status == 429:
        return f"Too many requests (429) for {account.identity}. {wait}"
    if status >= 500:
        return f"The server failed ({status}). {wait}"
    if 300 <= status < 400:
        return (
            f"{account.base_url} answers with a redirect ({status}), which was not followed, so "
            "that the key stays where it belongs. Check the base URL."
        )
    return f"The server answered {status}. {wait}"


def _seconds(delay: float) -> str:
    if delay < 120:
        return f"{max(1, round(delay))} s"
    minutes = -(-delay // 60)
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{-(-delay // 3600):.0f} hours"


class _Said(NamedTuple):
    message: str
    code: str | None = None
    param: str | None = None


def _error_object(body: bytes) -> _Said:
    """What the body of a refusal says, whether it is the API's error object or anything else."""
    text = body.decode("utf-8", "replace").strip()
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _Said("" if text[:1] == "<" else text)  # a proxy's page of HTML helps nobody
    error = value.get("error", value) if isinstance(value, dict) else value
    if isinstance(error, dict):
        words = next(
            (error[name] for name in ("message", "detail", "error") if error.get(name)), ""
        )
        return _Said(
            words if isinstance(words, str) else json.dumps(words, ensure_ascii=False),
            _text_or_none(error.get("code")),
            _text_or_none(error.get("param")),
        )
    if error is None:
        return _Said("")
    return _Said(error if isinstance(error, str) else text)


def _text_or_none(value: object) -> str | None:
    return None if value is None else one_line(str(value), 200)


# -- answers that cannot be used -------------------------------------------------------------------


def unusable(answer: Answer, call: Call, account: Account, reason: str) -> APIResponseError:
    """The error of a 2xx answer that cannot be read; `reason` follows "the answer"."""
    text = account.key.hide(answer.body[: 1 << 20].decode("utf-8", "replace"))
    excerpt = text[:EXCERPT]
    message = f"The answer of {account.base_url} ({answer.status}) {reason}."
    if call.effect:
        message += f" By its status, {call.effect} all the same."
    if excerpt.strip():
        message += f" It begins: {one_line(excerpt, _LONGEST_ESCAPE * EXCERPT)}"
    kind = ResponseTooLargeError if answer.too_large else APIResponseError
    return kind(message, excerpt=excerpt, status=answer.status, request_id=answer.request_id)


def one_line(text: str, limit: int) -> str:
    """`text` on one line, what does not print escaped, at most `limit` characters and an `…`."""
    text = text[: 4 * limit]
    words = " ".join(text.split())
    visible = "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode()
        for character in words
    )
    return visible if len(visible) <= limit else visible[:limit] + "…"
