"""Every exception of the program.

Names under `APIError` are those of the official SDK, so that who knows one knows the other::

    ChatKitError
    ├── InvalidArgumentError        refused before anything was sent (also a ValueError)
    ├── ReadOnlyError               the program was told not to change anything
    ├── ConfigError                 no key, no such profile, a file that cannot be read
    ├── JournalError                what is deleted cannot be recorded, so nothing is
    ├── FeedError
    │   └── BrokenListError         the server's list repeats a cursor or never ends
    └── APIError
        ├── APIConnectionError      no answer: name, address, route, certificate, a dropped line
        │   ├── APITimeoutError     no answer in time
        │   ├── ProxyRefusedError   the proxy will not pass requests on
        │   └── OutcomeUnknownError sent, and no answer proves what it did
        ├── APIResponseError        an answer that cannot be used: not JSON, cut short
        │   └── ResponseTooLargeError
        ├── UnknownCursorError      the row that a page shall follow is not in the list
        └── APIStatusError          the server said no
            ├── BadRequestError          400
            ├── AuthenticationError      401
            ├── PermissionDeniedError    403
            ├── NotFoundError            404
            ├── ConflictError            409
            ├── UnprocessableEntityError 422
            ├── RateLimitError           429
            └── InternalServerError      5xx

A message is one line for a person: what happened, then what to do. It never holds a key or a
client secret. `str(error)` is that line; text from the wire in it may still hold control
characters, which whoever shows it makes visible.
"""

from __future__ import annotations

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "BrokenListError",
    "ChatKitError",
    "ConfigError",
    "ConflictError",
    "FeedError",
    "InternalServerError",
    "InvalidArgumentError",
    "JournalError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "ProxyRefusedError",
    "RateLimitError",
    "ReadOnlyError",
    "ResponseTooLargeError",
    "UnknownCursorError",
    "UnprocessableEntityError",
    "error_line",
]


class ChatKitError(Exception):
    """The root of everything this program raises on purpose."""


class InvalidArgumentError(ChatKitError, ValueError):
    """An argument that the API would refuse; nothing was sent.

    `param` is the name of the argument, dotted for nested ones (`expires_after.seconds`).
    """

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


class ReadOnlyError(ChatKitError):
    """Something that changes the account was asked for in read-only mode."""


class ConfigError(ChatKitError):
    """The program cannot start as configured; the message names the setting and the mend."""


class JournalError(ChatKitError):
    """The record of deletions cannot be read or written, so nothing may be deleted."""

    def __init__(self, message: str, *, cause: str = "") -> None:
        super().__init__(message)
        self.cause = cause
        """Which file, and what the system said, for whoever says the rest in other words."""


class FeedError(ChatKitError):
    """A list could not be grown."""


class BrokenListError(FeedError):
    """The server's list contradicts itself, so that going on would never end."""


class APIError(ChatKitError):
    """A call to the API failed.

    `reason` is why, in a few words that hold none of the server's; empty where the class and the
    status say it.
    """

    in_doubt = False
    """Whether any try of the call may have had its effect; false where it only reads."""

    def __init__(self, message: str, *, request_id: str | None = None, reason: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.request_id = request_id
        self.reason = reason


class APIConnectionError(APIError):
    """The server could not be reached, or the line dropped before a whole answer came."""


class APITimeoutError(APIConnectionError):
    """The server did not answer in time."""


class ProxyRefusedError(APIConnectionError):
    """The proxy does not pass requests on, and will not until a setting is changed."""


class OutcomeUnknownError(APIConnectionError):
    """A request went out, and no answer proved what it did.

    Its `__cause__` is the error of the last try, where there was one.
    """

    in_doubt = True


class APIResponseError(APIError):
    """A 2xx answer that cannot be used; `excerpt` is its first 200 characters, as they came."""

    def __init__(
        self,
        message: str,
        *,
        excerpt: str = "",
        status: int = 0,
        request_id: str | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(message, request_id=request_id, reason=reason)
        self.excerpt = excerpt
        self.status = status


class ResponseTooLargeError(APIResponseError):
    """An answer over the limit, refused while it streamed."""


class UnknownCursorError(APIError):
    """The source does not know the row that a page shall follow; most often it was deleted.

    Its `__cause__` is the server's refusal, if there is a server.
    """


class APIStatusError(APIError):
    """The server answered with a status that is not 2xx.

    `detail` is the server's own words; `code` and `param` are what its error object said;
    `retry_after` is the wait that it asked for, in seconds, where it asked for one; `untimed` is
    then the message without that wait, for who counts it down. `from_api` is false when the body
    is not the API's own error object about what was asked for: then a gateway, a proxy or a wrong
    base URL may be the cause.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str | None = None,
        param: str | None = None,
        detail: str = "",
        request_id: str | None = None,
        retry_after: float | None = None,
        untimed: str = "",
        from_api: bool = True,
    ) -> None:
        super().__init__(message, request_id=request_id)
        self.from_api = from_api
        self.untimed = untimed
        self.status = status
        self.code = code
        self.param = param
        self.detail = detail
        self.retry_after = retry_after


class BadRequestError(APIStatusError):
    """400."""


class AuthenticationError(APIStatusError):
    """401: the key is missing, wrong or revoked."""


class PermissionDeniedError(APIStatusError):
    """403: the key is good, but not for this."""


class NotFoundError(APIStatusError):
    """404."""


class ConflictError(APIStatusError):
    """409."""


class UnprocessableEntityError(APIStatusError):
    """422."""


class RateLimitError(APIStatusError):
    """429: too many requests, or the quota is used up."""


class InternalServerError(APIStatusError):
    """5xx."""


def error_line(error: ChatKitError) -> str:
    """The error in one line, with the request id that the API's support asks for."""
    line = str(error)
    if isinstance(error, APIError) and error.request_id and error.request_id not in line:
        line += f" (request {error.request_id})"
    return line
