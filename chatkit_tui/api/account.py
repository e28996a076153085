"""The account that calls are made for: which key, organisation and project, at which address."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final

import httpx

from chatkit_tui.errors import ConfigError
from chatkit_tui.text.plain import own

DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
"""Where calls go when nobody says otherwise."""

LARGEST_PORT: Final = 65_535

_SHORTEST_HINTED = 12
"""A key shorter than this is not hinted at: its last four characters would be too much of it."""

_LONGEST_HIDDEN = 4_000

_MASKED = re.compile(r"[\w.-]*\*{3,}[\w.*-]*")
_CLIENT_SECRET = re.compile(r"\bek_[\w.-]+")
_SECRET_FIELD = re.compile(r'("client_secret"\s*:\s*")(?:[^"\\]|\\.)*')


class Key:
    """An API key that nothing prints: its `repr` and `str` show its last four characters."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    @property
    def hint(self) -> str:
        """The last four characters; empty for a key so short that they would give it away."""
        return self._value[-4:] if len(self._value) >= _SHORTEST_HINTED else ""

    def bearer(self) -> str:
        """The value of the `Authorization` header."""
        return f"Bearer {self._value}"

    def hide(self, text: str) -> str:
        """The first 4,000 characters of `text`, without this key, keys that a server half masked,
        and client secrets."""
        # The whole text first: a key that the cut goes through would no longer be recognised.
        dots = own("…")
        text = text.replace(self._value, f"{dots}{self.hint}")[:_LONGEST_HIDDEN]
        text = _MASKED.sub(lambda match: dots + match[0][-4:].replace("*", ""), text)
        return _CLIENT_SECRET.sub(f"ek_{dots}", _SECRET_FIELD.sub(rf"\1{dots}", text))

    def __repr__(self) -> str:
        return f"Key(…{self.hint})"


class Account:
    """Where calls go and on whose behalf. Its `repr` holds nothing secret."""

    __slots__ = ("base_url", "key", "organization", "project")

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        organization: str | None = None,
        project: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Take what is given; what is None comes from the environment of the official SDK.

        These are `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_ORG_ID` and `OPENAI_PROJECT_ID`; a
        variable that is empty counts as missing. Raises `ConfigError` when there is no key, or
        when one of the four cannot be sent.
        """
        environ = os.environ if environ is None else environ
        key = _setting(api_key, environ, "OPENAI_API_KEY")
        if not key:
            raise ConfigError("There is no API key: set OPENAI_API_KEY. (--demo needs none.)")
        self.key = Key(_header_value(key, "the API key (OPENAI_API_KEY)"))
        self.base_url = check_base_url(
            _setting(base_url, environ, "OPENAI_BASE_URL") or DEFAULT_BASE_URL
        )
        """Without a slash at its end."""
        self.organization = _header_value(
            _setting(organization, environ, "OPENAI_ORG_ID"), "the organisation (OPENAI_ORG_ID)"
        )
        """Empty for the key's own."""
        self.project = _header_value(
            _setting(project, environ, "OPENAI_PROJECT_ID"), "the project (OPENAI_PROJECT_ID)"
        )
        """Empty for the key's own."""

    def headers(self) -> dict[str, str]:
        """The headers that say who asks."""
        headers = {"Authorization": self.key.bearer()}
        if self.organization:
            headers["OpenAI-Organization"] = self.organization
        if self.project:
            headers["OpenAI-Project"] = self.project
        return headers

    @property
    def place(self) -> str:
        """For messages: `api.openai.com/v1 (key …1a2b, project proj_1)`, less what is not set."""
        words = [f"key {own('…')}{self.key.hint}"] if self.key.hint else []
        if self.organization:
            words.append(f"organisation {self.organization}")
        if self.project:
            words.append(f"project {self.project}")
        address = self.base_url.partition("://")[2]
        return f"{address} ({', '.join(words)})" if words else address

    def __repr__(self) -> str:
        return f"Account({self.place})"


def check_base_url(text: str) -> str:
    """The base URL without a slash at its end.

    Raises `ConfigError` for what is not an absolute `http` or `https` address, and for one that
    holds a user name, a query or a fragment: the first would end up on the screen, the others
    cannot have a path added. Nothing that could be a secret is in the message.
    """
    address = text.strip().rstrip("/")
    try:
        url = httpx.URL(address)
        host = url.host  # decoded only here, from names such as xn--0
    except (httpx.InvalidURL, UnicodeError):
        raise ConfigError("The base URL is not an address: check OPENAI_BASE_URL.") from None
    if url.userinfo:
        raise ConfigError("The base URL holds a user name: take it out of OPENAI_BASE_URL.")
    path_only = re.split("[?#]", address)[0]
    # With an @, what stands before it may be a password gone astray.
    shown = "" if "@" in address else f" {path_only!r}"
    if url.scheme not in ("http", "https") or not host:
        raise ConfigError(
            f"The base URL{shown} does not begin with https:// and a host: check OPENAI_BASE_URL."
        )
    if not 0 < (80 if url.port is None else url.port) <= LARGEST_PORT:
        raise ConfigError(
            f"The base URL{shown} has a port that is not from 1 to {LARGEST_PORT}: "
            "check OPENAI_BASE_URL."
        )
    if path_only != address:
        raise ConfigError(
            f"The base URL{shown} is followed by a query or a fragment: check OPENAI_BASE_URL."
        )
    return address


def _setting(given: str | None, environ: Mapping[str, str], variable: str) -> str:
    return (environ.get(variable, "") if given is None else given).strip()


def _header_value(text: str, name: str) -> str:
    # An HTTP library would put the offending value, which may be the key, into its own message.
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ConfigError(f"There is a space or a character that cannot be sent in {name}.")
    return text
