"""Key, project and address of an account; a key is never shown."""

from __future__ import annotations

import pytest

from chatkit_tui.errors import ConfigError
from chatkit_tui.sources.openai.account import DEFAULT_BASE_URL, Account
from tests.sources.scripted import KEY


def account(**settings: str | None) -> Account:
    """An account of these settings, with nothing in the environment."""
    return Account(**{"api_key": KEY, **settings}, environ={})


def test_missing_settings_come_from_the_environment_of_the_sdk() -> None:
    found = Account(
        environ={
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": "http://localhost:8123/v1/",
            "OPENAI_ORG_ID": "org-1",
            "OPENAI_PROJECT_ID": "proj_1",
        }
    )
    assert found.base_url == "http://localhost:8123/v1"
    assert found.headers() == {
        "Authorization": f"Bearer {KEY}",
        "OpenAI-Organization": "org-1",
        "OpenAI-Project": "proj_1",
    }


def test_arguments_take_precedence_over_the_environment() -> None:
    found = Account(
        api_key=KEY,
        project="proj_2",
        environ={"OPENAI_API_KEY": "another-key-0000", "OPENAI_PROJECT_ID": "proj_1"},
    )
    assert found.headers() == {"Authorization": f"Bearer {KEY}", "OpenAI-Project": "proj_2"}


def test_an_empty_variable_counts_as_missing() -> None:
    found = Account(environ={"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "", "OPENAI_ORG_ID": " "})
    assert found.base_url == DEFAULT_BASE_URL
    assert list(found.headers()) == ["Authorization"]


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": ""}, {"OPENAI_API_KEY": " \n"}])
def test_no_key_names_the_variable_to_set_and_the_way_without_one(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"OPENAI_API_KEY.*--demo"):
        Account(environ=environ)


def test_space_around_a_key_is_not_part_of_it() -> None:
    assert account(api_key=f" {KEY}\r\n").headers()["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", ["sk-ab cdef0123456", "sk-abc\ndef0123456", "sk-ключ0123456789"])
def test_a_key_that_cannot_be_sent_is_rejected_without_being_shown(key: str) -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY") as caught:
        account(api_key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize("name", ["organization", "project"])
def test_an_organization_or_project_that_cannot_be_sent_is_rejected(name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        account(**{name: "a\nb"})


@pytest.mark.parametrize(
    "base_url",
    [
        "api.openai.com/v1",
        "ftp://api.openai.com",
        "https://",
        "/v1",
        "https://host:99999999/",
        "https://ada:secret@host/v1",
        "ada:secret@host/v1",
        "https://host/v1?key=secret",
        "https://host/v1#secret",
        "host/v1?key=secret",
        "https://host:99999/v1?key=secret",
        "https://host:0/v1",
        "https://[::1",
    ],
)
def test_an_unusable_base_url_is_rejected(base_url: str) -> None:
    with pytest.raises(ConfigError, match="OPENAI_BASE_URL") as caught:
        account(base_url=base_url)
    assert "secret" not in str(caught.value)


def test_an_invalid_port_is_named_in_the_error() -> None:
    with pytest.raises(ConfigError, match=r"'https://host:99999/v1' has a port .* 1 to 65535"):
        account(base_url="https://host:99999/v1")


@pytest.mark.parametrize(
    "base_url", ["http://10.0.0.1:8123/v1", "http://example.test", "https://[::1]:8000/v1"]
)
def test_a_base_url_without_encryption_or_name_is_accepted(base_url: str) -> None:
    assert account(base_url=base_url).base_url == base_url


def test_nothing_prints_a_key() -> None:
    whole = account(project="proj_1")
    for printed in (repr(whole), str(whole), repr(whole.key), f"{whole.key}", whole.place):
        assert KEY not in printed
        assert KEY[:-4] not in printed


@pytest.mark.parametrize("name", ["organization", "project"])
def test_a_key_is_rejected_as_the_name_of_an_account(name: str) -> None:
    with pytest.raises(ConfigError, match="There is a key in") as caught:
        account(**{name: KEY})
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "base_url", [f"https://h.test/{KEY}/v1", "https://h.test/sk%2Dproj-1a2b3c4d"]
)
def test_a_base_url_that_contains_a_key_is_rejected(base_url: str) -> None:
    with pytest.raises(ConfigError, match="The base URL holds a key") as caught:
        account(base_url=base_url)
    assert "sk" not in str(caught.value)
