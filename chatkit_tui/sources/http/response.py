"""A response of the API, as far as it arrived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

LARGEST_ANSWER: Final = 64 * 1024 * 1024
"""Bytes after decompression. A larger response is refused while it streams."""

LARGE_ANSWER: Final = 256 * 1024
"""Bytes from which a response is parsed in a thread, so that keys do not wait for it."""


class RawResponse(NamedTuple):
    """Status, headers and decompressed body. Its `repr` shows no body."""

    status: int
    headers: Mapping[str, str]
    """Looked up without regard to case."""
    body: bytes = b""
    cut_short: bool = False
    """The connection dropped before the body was whole, or the body came too slowly."""
    too_slow: bool = False
    """The body was given up because it came too slowly; it is cut short."""
    too_large: bool = False
    """The body went over the limit; `body` is its beginning."""
    unsearchable: bool = False
    """The body has too many escapes or credentials in it to be redacted, so it was dropped; it
    counts as too large."""
    garbled: bool = False
    """The body is not compressed as its headers say."""
    proxy: str = ""
    """The proxy that an unencrypted response came through, which may have answered itself."""

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str | None:
        """The server's id of the request, for its support."""
        return self.headers.get("x-request-id")

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.body)} bytes)"
