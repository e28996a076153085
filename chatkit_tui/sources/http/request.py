"""A request to the API as data, checked before it is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias, TypedDict
from urllib.parse import quote, urlencode

import httpx

from chatkit_tui.errors import InvalidArgumentError
from chatkit_tui.models.json import is_mended
from chatkit_tui.secrets import SECRET_REFUSED, Secret, holds_secret

LONGEST_LIST: Final = 100
"""The most rows that the API puts on a page."""

LONGEST_USER: Final = 512
"""The most characters of a user name that the list call takes."""

LONGEST_TARGET: Final = 16_384
"""The most characters of path and query; servers and proxies refuse some less, none take more."""

_SEGMENT_SAFE = "!$&'()*+,;=:@"
"""What RFC 3986 allows in a path segment beside letters, digits and `-._~`."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")

IF_MISSING: Final = "Check the id and the key's project."


class NotGiven(Enum):
    """The type of `NOT_GIVEN`, the default of the client."""

    NOT_GIVEN = "not given"


NOT_GIVEN: Final = NotGiven.NOT_GIVEN

TimeoutValue: TypeAlias = float | httpx.Timeout | None
"""Seconds for each step of a call (connect, write, each read), or None for no limit."""

Headers: TypeAlias = Mapping[str, str]
Query: TypeAlias = Mapping[str, Any]
"""Text, numbers, truth values, and lists and mappings of these; None leaves a name out."""
Body: TypeAlias = Mapping[str, Any]


class Extras(TypedDict, total=False):
    """The keywords that every method of the client takes, as in the official SDK."""

    extra_headers: Headers | None
    extra_query: Query | None
    extra_body: Body | None
    timeout: TimeoutValue | NotGiven


class Request(NamedTuple):
    """One request, however often it is sent. Its `repr` shows neither query nor body."""

    method: str
    path: str
    """Percent-encoded, below the base URL."""
    subject: str
    """What it concerns, for messages: `thread cthr_1`."""
    effect: str = ""
    """Its effect, for messages: `the session was made`; empty if it only reads."""
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    timeout: TimeoutValue | NotGiven = NOT_GIVEN
    repeatable: bool = True
    """Whether it can arrive twice without a second effect."""
    way_on: str = ""
    """What the user can do if the effect of an unrepeatable request is unknown, for messages."""
    if_missing: str = IF_MISSING
    """What the user can do if the subject is missing, for messages."""
    answer_needed: bool = True
    """Whether an incomplete 2xx response is an error. Else the caller judges the part that arrived,
    and `BODY_WITHIN` limits the wait for the rest."""
    may_be_redirected: bool = False
    """Whether a request with a body may be sent again to where a 307 or 308 points."""
    final_statuses: frozenset[int] = frozenset()
    """Statuses from 500 on that another try would bring again."""
    brings_secret: bool = False
    """Whether the response contains a client secret that must not be redacted."""

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def after(self, cursor: str) -> Request:
        """Return the list request for the page after `cursor`."""
        return self._replace(query=tuple({**dict(self.query), "after": cursor}.items()))

    def __repr__(self) -> str:
        return f"Request({self.method} {self.path})"


def build_request(
    request: Request, extras: Extras, *, query: Query | None = None, body: Body | None = None
) -> Request:
    """Return a request with its arguments, checked. `extras` win over `query` and `body`.

    A GET has no body, as with the official SDK. Raise `InvalidArgumentError` for what cannot be
    put into an HTTP request.
    """
    if unknown := extras.keys() - Extras.__annotations__.keys():
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")
    content, extra_body = None, extras.get("extra_body")
    if request.method != "GET" and (body is not None or extra_body is not None):
        content = _json({**(body or {}), **(extra_body or {})})
    request = request._replace(
        query=tuple(_flat({**(query or {}), **(extras.get("extra_query") or {})})),
        body=content,
        headers=tuple((extras.get("extra_headers") or {}).items()),
        timeout=extras.get("timeout", NOT_GIVEN),
    )
    _check_headers(request.headers)
    _check_target(request)
    return request


def path_segment(value: object, param: str) -> str:
    """Return an id as one segment of a path.

    Any text is taken, as ids are opaque. Raise `InvalidArgumentError` for the empty text, `.`
    and `..`, which would make the path lead somewhere else, for one that holds a key, and for one
    with a lone surrogate, which no path can have.
    """
    if not isinstance(value, str) or not value:
        raise InvalidArgumentError(f"{param} is empty: give an id.", param=param)
    if value in (".", ".."):
        raise InvalidArgumentError(f"{param} {value!r} is not an id.", param=param)
    refuse_secret(value, param)
    try:
        segment = quote(value, safe=_SEGMENT_SAFE)
    except UnicodeEncodeError:
        segment = ""
    if not segment or is_mended(value):
        raise InvalidArgumentError(
            f"{param} holds an unpaired surrogate, which no address can have.",
            param=param,
        )
    return segment


def refuse_secret(value: str, param: str) -> None:
    """Raise `InvalidArgumentError` for an argument that holds a key: it would be sent and kept."""
    if holds_secret(value):
        raise InvalidArgumentError(f"{param} {SECRET_REFUSED}.", param=param)


def build_list_query(
    *,
    limit: object,
    order: object,
    after: object,
    before: object,
    user: object = None,
) -> dict[str, object]:
    """Return the query of a list request, without None.

    Raise `InvalidArgumentError` for a limit outside 0–100, an order other than `asc` and
    `desc`, an empty cursor, and a user of no or more than 512 characters.
    """
    if limit is not None and (
        isinstance(limit, bool) or not isinstance(limit, int) or not 0 <= limit <= LONGEST_LIST
    ):
        raise InvalidArgumentError(
            f"limit must be a whole number from 0 to {LONGEST_LIST}, not {limit!r}.", param="limit"
        )
    if order not in (None, "asc", "desc"):
        raise InvalidArgumentError(f"order must be asc or desc, not {order!r}.", param="order")
    for name, cursor in (("after", after), ("before", before)):
        if cursor is not None and (not isinstance(cursor, str) or not cursor):
            raise InvalidArgumentError(
                f"{name} is empty: leave it out for the first page.", param=name
            )
    if user is not None and (not isinstance(user, str) or not 1 <= len(user) <= LONGEST_USER):
        raise InvalidArgumentError(
            f"user must be 1 to {LONGEST_USER} characters long.", param="user"
        )
    if isinstance(user, str):
        refuse_secret(user, "user")
    given = {"after": after, "before": before, "limit": limit, "order": order, "user": user}
    return {name: value for name, value in given.items() if value is not None}


def _flat(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield names and values of a query; lists as `name[]`, mappings as `name[key]`."""
    for name, value in query.items():
        if isinstance(value, Mapping):
            yield from _flat({f"{name}[{key}]": nested for key, nested in value.items()})
        elif isinstance(value, (list, tuple)):
            for entry in value:
                yield from _flat({f"{name}[]": entry})
        elif value is not None:
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


def _json(body: Body) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        raise InvalidArgumentError(
            "extra_body holds something that JSON cannot carry.", param="extra_body"
        ) from None


_CREDENTIALS: Final = {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key"}
"""Headers whose value is a credential."""


def _check_headers(headers: tuple[tuple[str, str], ...]) -> None:
    for name, value in headers:
        if name.lower() in _CREDENTIALS:
            Secret(value.rpartition(" ")[2])
        sendable = all(text.isascii() and text.isprintable() for text in (name, value))
        if not sendable or not name or any(character in name for character in ' :"(),/;<=>?@[]{}'):
            raise InvalidArgumentError(
                "extra_headers holds a name or a value that cannot be sent.", param="extra_headers"
            )


def _check_target(call: Request) -> None:
    try:
        length = len(call.target)
    except UnicodeEncodeError:
        faulty = next(name for name, value in call.query if _SURROGATE.search(name + value))
        raise InvalidArgumentError(f"{faulty} holds an unpaired surrogate.", param=faulty) from None
    if length > LONGEST_TARGET:
        raise InvalidArgumentError(
            f"The address of this request would have {length:,} characters; "
            f"at most {LONGEST_TARGET:,} can be sent."
        )
