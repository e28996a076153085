"""The address of a server, and the headers that authenticate its caller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from chatkit_tui.errors import ConfigError, InvalidArgumentError
from chatkit_tui.secrets import ACCESS_TOKEN, Secret
from chatkit_tui.sources.base import SourceInfo
from chatkit_tui.sources.http.endpoint import Wording, check_address, is_sendable
from chatkit_tui.sources.http.request import refuse_secret
from chatkit_tui.text.plain import ui_text

WORDING: Final = Wording(
    address="address of the server",
    credential="token",
    if_unauthorized=(
        "Check CHATKIT_TUI_TOKEN, or token_command and headers of the profile;"
        " if a token has expired, open the profile again."
    ),
    if_forbidden="Ask the team of the server for a token that may read.",
)

_NOT_IN_NAMES: Final = frozenset(' :"(),/;<=>?@[]{}\\')
"""Printable characters that the name of a header cannot have."""


class ServerEndpoint:
    """Where requests go, and what they carry. Its `repr` contains no secret."""

    __slots__ = ("_headers", "base_url", "key_hint", "user_header")

    wording = WORDING

    def __init__(
        self,
        url: str,
        *,
        token: Secret | None = None,
        headers: Mapping[str, Secret | str] | None = None,
        user_header: str = "",
    ) -> None:
        """Take the address as it is written.

        `token` is sent as a bearer token. `user_header` is the name of a header with a user, whom
        the server trusts the caller to name. Raise `ConfigError` for what cannot be sent.
        """
        check_address(url, "address of the server", "`server`", with_query=True)
        self.base_url = url
        self.key_hint = token.hint if token else ""
        """The last four characters of the token."""
        self.user_header = user_header
        given = dict(headers or {})
        if token:
            given["Authorization"] = Secret(f"Bearer {token.reveal()}", ACCESS_TOKEN)
        if user_header:
            _check_name(user_header)
        self._headers: dict[str, Secret | str] = {}
        for name, value in given.items():
            _check_name(name)
            text = value.reveal() if isinstance(value, Secret) else value
            if not is_sendable(text):
                raise ConfigError(
                    f"The value of the header {name} holds a character that cannot be sent."
                )
            self._headers[name] = value

    def request_headers(self) -> dict[str, str]:
        """Return the headers of every request."""
        return {
            name: value.reveal() if isinstance(value, Secret) else value
            for name, value in self._headers.items()
        }

    def headers_of(self, user: str | None) -> tuple[tuple[str, str], ...]:
        """Return the headers that name a user. Raise `InvalidArgumentError` if none can."""
        if user is None:
            return ()
        if not self.user_header:
            raise InvalidArgumentError(
                "This server cannot filter by user: no user_header is set.", param="user"
            )
        refuse_secret(user, "user")
        if not user or not is_sendable(user) or user != user.strip():
            raise InvalidArgumentError(
                f"user cannot be sent in the header {self.user_header}.", param="user"
            )
        return ((self.user_header, user),)

    @property
    def place(self) -> str:
        """For messages: `shop.example/support/chatkit (token …1a2b)`."""
        address = self.base_url.partition("://")[2]
        return f"{address} (token {ui_text('…')}{self.key_hint})" if self.key_hint else address

    @property
    def host(self) -> str:
        """With the port, unless it is the default one of the scheme."""
        return urlsplit(self.base_url).netloc.lower()

    @property
    def info(self) -> SourceInfo:
        """How the source is presented."""
        return SourceInfo(
            "ChatKit server",
            self.host,
            self.key_hint,
            "SERVER",
            "token",
            shows_all=False,
            names_users=False,
            deletes_attachments=False,
        )

    def __repr__(self) -> str:
        return f"ServerEndpoint({self.place})"


def _check_name(name: str) -> None:
    if not name or not is_sendable(name) or not _NOT_IN_NAMES.isdisjoint(name):
        raise ConfigError(f"{name!r} is not a valid name of a header.")
