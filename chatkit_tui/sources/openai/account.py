"""The account that requests are made for: key, organization, project and base URL."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import Secret, holds_secret, remember_environment
from chatkit_tui.sources.http.endpoint import Wording, check_address, host_of, is_sendable
from chatkit_tui.text.plain import ui_text

DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
"""The default base URL."""

WORDING: Final = Wording(
    address="base URL",
    credential="key",
    if_unauthorized="Check OPENAI_API_KEY or the profile.",
    if_forbidden="Ask for a key that may use ChatKit.",
)


class Account:
    """Where requests go and on whose behalf. Its `repr` contains no secret."""

    __slots__ = ("base_url", "key", "organization", "project")

    wording = WORDING

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        organization: str | None = None,
        project: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Use the arguments; None means the variable of the official SDK.

        These are `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_ORG_ID` and `OPENAI_PROJECT_ID`; a
        variable that is empty counts as missing. Raise `ConfigError` if there is no key, or
        when one of the four cannot be sent.
        """
        environ = os.environ if environ is None else environ
        key = _setting(api_key, environ, "OPENAI_API_KEY")
        if not key:
            raise ConfigError("There is no API key: set OPENAI_API_KEY. (--demo needs none.)")
        remember_environment(environ)
        self.key = Secret(_header_value(key, "the API key (OPENAI_API_KEY)"))
        self.base_url = check_base_url(
            _setting(base_url, environ, "OPENAI_BASE_URL") or DEFAULT_BASE_URL
        )
        """Without a slash at its end."""
        self.organization = _name_of_account(
            _setting(organization, environ, "OPENAI_ORG_ID"), "the organization (OPENAI_ORG_ID)"
        )
        """Empty for the key's own."""
        self.project = _name_of_account(
            _setting(project, environ, "OPENAI_PROJECT_ID"), "the project (OPENAI_PROJECT_ID)"
        )
        """Empty for the key's own."""

    def headers(self) -> dict[str, str]:
        """Return the headers that authenticate a request."""
        headers = {"Authorization": f"Bearer {self.key.reveal()}"}
        if self.organization:
            headers["OpenAI-Organization"] = self.organization
        if self.project:
            headers["OpenAI-Project"] = self.project
        return headers

    def request_headers(self) -> dict[str, str]:
        """Return the headers of every request."""
        return {"OpenAI-Beta": "chatkit_beta=v1", **self.headers()}

    @property
    def place(self) -> str:
        """For messages: `api.openai.com/v1 (key …1a2b, project proj_1)`, less what is not set."""
        words = [f"key {ui_text('…')}{self.key.hint}"] if self.key.hint else []
        if self.organization:
            words.append(f"organization {self.organization}")
        if self.project:
            words.append(f"project {self.project}")
        address = self.base_url.partition("://")[2]
        return f"{address} ({', '.join(words)})" if words else address

    @property
    def host(self) -> str:
        """For messages: `api.openai.com`."""
        return host_of(self.base_url)

    def __repr__(self) -> str:
        return f"Account({self.place})"


def check_base_url(text: str) -> str:
    """Return the base URL without a slash at its end. Raise what `check_address` raises."""
    address = text.strip().rstrip("/")
    check_address(address, WORDING.address, "OPENAI_BASE_URL")
    return address


def _setting(given: str | None, environ: Mapping[str, str], variable: str) -> str:
    return (environ.get(variable, "") if given is None else given).strip()


def _header_value(text: str, name: str) -> str:
    # An HTTP library would put the offending value, which may be the key, into its own message.
    if not is_sendable(text) or " " in text:
        raise ConfigError(f"There is a space or a character that cannot be sent in {name}.")
    return text


def _name_of_account(text: str, name: str) -> str:
    if holds_secret(text):
        raise ConfigError(f"There is a key in {name}: set OPENAI_API_KEY alone to it.")
    return _header_value(text, name)
