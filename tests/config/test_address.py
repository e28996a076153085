"""Addresses on other machines without encryption."""

from __future__ import annotations

import pytest

from chatkit_tui.config.resolve import load_settings
from chatkit_tui.sources.http.proxies import is_exposed
from tests.config.conftest import Write


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example/v1",
        "HTTP://API.EXAMPLE/v1",
        " http://10.0.0.5:8123/v1",
        "http://[2001:db8::1]:8123/v1",
        "http://0.0.0.0/v1",
        "http://127.0.0.1.example/v1",
        "http://localhost.example/v1",
        "http://localhost@api.example/v1",
        "http://127.0.0.1:80@api.example/v1",
        "http://[::ffff:10.0.0.5]/v1",
        "http://api.example:80",
    ],
)
def test_http_to_another_machine_is_reported_as_unencrypted(address: str) -> None:
    assert is_exposed(address, {})


@pytest.mark.parametrize(
    "address",
    [
        "https://api.example/v1",
        "HTTPS://api.example/v1",
        "http://localhost:8123/v1",
        "HTTP://LocalHost/v1",
        "http://localhost./v1",
        "http://127.0.0.1/v1",
        "http://127.8.9.10:8123/v1",
        "http://[::1]:8123/v1",
        "http://[0:0:0:0:0:0:0:1]/v1",
        "http://[::ffff:127.0.0.1]/v1",
        "http://ada:secret@localhost/v1",
        "http://[::1/v1",
        "http://host:port/v1",
        "api.example/v1",
        "http://",
        "",
    ],
)
def test_https_loopback_and_invalid_addresses_have_no_warning(address: str) -> None:
    assert not is_exposed(address, {})


def test_the_note_is_the_first_and_does_not_contain_the_user(write: Write) -> None:
    path = write("nothing = 1\n")
    settings = load_settings(
        {"base_url": "http://ada:hunter2@h.example:81/v1?key=hunter2"}, {}, path
    )
    assert len(settings.notes) == 2
    assert settings.notes[0].startswith("http://h.example:81 is not encrypted")
    assert "hunter2" not in repr(settings)


def test_a_demonstration_has_no_note_on_encryption(write: Write) -> None:
    environ = {"OPENAI_BASE_URL": "http://h.example/v1"}
    assert load_settings({"demo": True}, environ, write("")).notes == ()


def test_a_proxy_on_the_way_to_loopback_is_warned_about(write: Write) -> None:
    given: dict[str, str | bool | None] = {"base_url": "http://127.0.0.1:8123/v1"}
    environ = {"HTTP_PROXY": "http://proxy.test:3128"}
    assert load_settings(given, environ, write("")).notes == ()
    (note,) = load_settings(given, {**environ, "NO_PROXY": "<-loopback>"}, write("")).notes
    assert "127.0.0.1:8123 is reached through a proxy without encryption" in note
