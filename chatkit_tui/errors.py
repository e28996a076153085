"""Every exception of the program. Names under `APIError` are those of the official SDK::

    ChatKitError
    ├── InvalidArgumentError        rejected before a request (also a ValueError)
    ├── ReadOnlyError               a change in read-only mode
    ├── ConfigError                 no key, no such profile, an unreadable file
    ├── MissingExtraError           an optional library is not installed
    ├── JournalError                the journal of deletions cannot be used
    ├── ArchiveError                an archive file cannot be used
    │   ├── ArchiveBusyError        another program writes it
    │   ├── OtherOriginError        it holds the conversations of another source
    │   └── DiskError               the disk failed while it was written
    ├── ExportError                 an export cannot be written
    ├── BackupError                 a thread is not saved, so it is not deleted
    ├── DatabaseError               a database of a self-hosted server cannot be read
    ├── FeedError
    │   └── BrokenListError         the server's list repeats a cursor or never ends
    └── APIError
        ├── APIConnectionError      no response: name, address, certificate, dropped connection
        │   ├── APITimeoutError     no response in time
        │   ├── ProxyRefusedError   the proxy does not forward requests
        │   └── OutcomeUnknownError sent, and no response proves the outcome
        ├── APIResponseError        an invalid response: not JSON, incomplete
        │   └── ResponseTooLargeError
        ├── UnknownCursorError      the row of a cursor is not in the list
        └── APIStatusError          the status is not 2xx
            ├── BadRequestError          400
            ├── AuthenticationError      401
            ├── PermissionDeniedError    403
            ├── NotFoundError            404, or what a self-hosted server answers in its place
            ├── ConflictError            409
            ├── UnprocessableEntityError 422
            ├── RateLimitError           429
            └── InternalServerError      5xx

`str(error)` is one line: what happened, and what to do. It never contains a key or a client
secret, but it may contain untrusted text, which must be sanitized.
"""

from __future__ import annotations

from typing import Final


class ChatKitError(Exception):
    """The base of all exceptions of this program."""


class InvalidArgumentError(ChatKitError, ValueError):
    """An argument that the API would reject; nothing was sent.

    `param` is the name of the argument, dotted for nested ones (`expires_after.seconds`).
    """

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


class ReadOnlyError(ChatKitError):
    """A change was requested in read-only mode."""


class ConfigError(ChatKitError):
    """The configuration prevents the start; the message names the setting and the remedy."""


class MissingExtraError(ChatKitError):
    """An optional library is not installed; the message has the command that installs it."""


class JournalError(ChatKitError):
    """The journal of deletions cannot be read or written, so nothing is deleted."""

    def __init__(self, message: str, *, cause: str = "") -> None:
        super().__init__(message)
        self.cause = cause
        """The file and the error of the system."""


class NotesError(ChatKitError):
    """The notes on threads cannot be read, or a change of them is not possible."""


class NoteChangedError(NotesError):
    """The note was changed elsewhere; `text` is what it is now."""

    def __init__(self, text: str) -> None:
        super().__init__("The note was changed elsewhere.")
        self.text = text


class ArchiveError(ChatKitError):
    """An archive file cannot be used; the message names the file and what to do."""


class ArchiveBusyError(ArchiveError):
    """Another program, or another part of this one, is writing an archive."""


class OtherOriginError(ArchiveError):
    """An archive holds the conversations of another source, or of another project."""


class DiskError(ArchiveError):
    """The disk failed while an archive was written, or is full."""


class ExportError(ChatKitError):
    """An export cannot be written; the message names the file or folder and the reason."""


class BackupError(ChatKitError):
    """A thread cannot be saved as it is on the server; another thread may be.

    The message contains no path and no text of the server.
    """


class DatabaseError(ChatKitError):
    """A database cannot be read; the message names it, without a password, and what to do."""


class FeedError(ChatKitError):
    """A list could not be extended."""


class BrokenListError(FeedError):
    """The server's list contradicts itself: following it would not end."""


class APIError(ChatKitError):
    """A request to the API failed.

    `reason` is a short explanation without text of the server; empty if the class and the status
    explain it.
    """

    in_doubt = False
    """Whether any attempt may have changed something; false for reads."""

    def __init__(self, message: str, *, request_id: str | None = None, reason: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.request_id = request_id
        self.reason = reason


class APIConnectionError(APIError):
    """The server could not be reached, or the connection dropped before the whole response."""


class APITimeoutError(APIConnectionError):
    """The server did not respond in time."""


class ProxyRefusedError(APIConnectionError):
    """The proxy does not forward requests until a setting is changed."""


class OutcomeUnknownError(APIConnectionError):
    """A request was sent, and no response proves its outcome.

    Its `__cause__` is the error of the last attempt, if there is one.
    """

    in_doubt = True


class APIResponseError(APIError):
    """An invalid 2xx response; `excerpt` is its first 200 characters, untrusted."""

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
    """A response over the limit of size."""


class UnknownCursorError(APIError):
    """The source does not know the row of a cursor, which may have been deleted.

    Its `__cause__` is the server's error, if there is a server.
    """


class APIStatusError(APIError):
    """The server responded with a status that is not 2xx.

    `detail`, `code` and `param` are from the server's error object. `retry_after` is the requested
    wait in seconds; `untimed` is then the message without it, for a countdown. `from_api` is false
    if the body is not the API's own error object about the request: the cause may be a gateway, a
    proxy or a wrong base URL.
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
    """403: the key lacks the permission."""


class NotFoundError(APIStatusError):
    """404, or what a self-hosted server answers in its place.

    Unless it is `from_api`, the cause may be another one.
    """


class ConflictError(APIStatusError):
    """409."""


class UnprocessableEntityError(APIStatusError):
    """422."""


class RateLimitError(APIStatusError):
    """429: too many requests, or the quota is used up."""


class InternalServerError(APIStatusError):
    """5xx."""


ACCOUNT_ERRORS: Final = (
    AuthenticationError,
    PermissionDeniedError,
    RateLimitError,
    APIConnectionError,
)
"""Errors of one thread that any other thread would have as well."""


def error_line(error: ChatKitError) -> str:
    """Return the error on one line, with the request id for the API's support."""
    line = str(error)
    if isinstance(error, APIError) and error.request_id and error.request_id not in line:
        line += f" (request {error.request_id})"
    return line
