"""Where requests go, in what name, and the words that messages have for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

import httpx

from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import holds_secret

LARGEST_PORT: Final = 65_535

CHECK_ADDRESS: Final = "Check the {address}."
"""Advice, to be completed with `Wording.address`."""


class Wording(NamedTuple):
    """What messages call the settings that a user can correct."""

    address: str
    """The setting with the address: `base URL`."""
    credential: str
    """What the server knows the caller by: `key`."""
    if_unauthorized: str
    """What to do about a 401."""
    if_forbidden: str
    """What to do about a 403."""


class Endpoint(Protocol):
    """The address of an API or a server, and the headers of each request to it."""

    @property
    def base_url(self) -> str:
        """What the path of a request is appended to."""

    @property
    def place(self) -> str:
        """For messages: `api.openai.com/v1 (key …1a2b)`."""

    @property
    def host(self) -> str:
        """For messages: `api.openai.com`."""

    @property
    def wording(self) -> Wording:
        """What messages call its settings."""

    def request_headers(self) -> Mapping[str, str]:
        """Return the headers of every request."""


def check_advice(endpoint: Endpoint) -> str:
    """Return the advice to check the address."""
    return CHECK_ADDRESS.format(address=endpoint.wording.address)


def check_address(address: str, name: str, setting: str, *, with_query: bool = False) -> None:
    """Raise `ConfigError` for what is not an absolute `http` or `https` address.

    So for one that holds a user name, which would end up on the screen, for one with a fragment,
    and unless `with_query` for one with a query, to which no path can be added. Nothing that could
    be a secret is in the message. `name` and `setting` are `base URL` and where to correct it.
    """
    try:
        url = httpx.URL(address)
        host = url.host  # decoded only here, from names such as xn--0
    except (httpx.InvalidURL, UnicodeError):
        raise ConfigError(f"The {name} is not an address: check {setting}.") from None
    if url.userinfo:
        raise ConfigError(f"The {name} holds a user name: take it out of {setting}.")
    if holds_secret(address):
        raise ConfigError(f"The {name} holds a key: take it out of {setting}.")
    path_only = re.split("#" if with_query else "[?#]", address)[0]
    # With an @, the text before it may be a misplaced password.
    shown = "" if "@" in address else f" {path_only!r}"
    fault = ""
    if url.scheme not in ("http", "https") or not host:
        fault = "does not begin with https:// and a host"
    elif not 0 < (80 if url.port is None else url.port) <= LARGEST_PORT:
        fault = f"has a port that is not from 1 to {LARGEST_PORT}"
    elif path_only != address:
        fault = f"is followed by a {'fragment' if with_query else 'query or a fragment'}"
    if fault:
        raise ConfigError(f"The {name}{shown} {fault}: check {setting}.")


def host_of(address: str) -> str:
    """Return the host of an address, without its port."""
    return httpx.URL(address).host


def is_sendable(text: str) -> bool:
    """Return whether a header may have this value: printable ASCII."""
    return text.isascii() and text.isprintable()
