"""The sources of the key, which is never printed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chatkit_tui.config.api_key import resolve_api_key
from chatkit_tui.config.settings import Settings
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import Secret

KEY = "sk-test-abcdefgh-1a2b"


def settings_with(*command: str) -> Settings:
    """Settings whose key a command writes."""
    return Settings(Path("config.toml"), profile="work", api_key_command=command)


def python(program: str) -> Settings:
    """Settings whose key a Python program writes."""
    return settings_with(sys.executable, "-c", program)


def test_the_key_of_the_environment_exists_at_once() -> None:
    settings = Settings(Path("config.toml"), api_key=Secret(KEY))
    assert resolve_api_key(settings).reveal() == KEY


def test_the_first_line_that_the_command_writes_is_the_key() -> None:
    settings = python(f"print(' {KEY} '); print('login: ada')")
    assert resolve_api_key(settings).reveal() == KEY


def test_no_shell_reads_the_command() -> None:
    settings = settings_with(
        sys.executable, "-c", "import sys; print(sys.argv[1])", f"{KEY};$(id)*"
    )
    assert resolve_api_key(settings).reveal() == f"{KEY};$(id)*"


def test_without_a_key_the_message_names_the_settings_and_the_demo() -> None:
    with pytest.raises(ConfigError, match=r"OPENAI_API_KEY.*--demo"):
        resolve_api_key(Settings(Path("config.toml")))


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (f"import sys; print('{KEY}'); sys.exit('{KEY}')", "failed with status 1"),
        ("print(); print('second line')", "wrote nothing on its first line"),
        ("pass", "wrote nothing on its first line"),
    ],
)
def test_a_command_that_fails_is_reported_without_its_output(program: str, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve_api_key(python(program))
    assert reason in str(caught.value)
    assert "profile work" in str(caught.value)
    assert "second" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_command_that_does_not_exist_is_reported() -> None:
    with pytest.raises(ConfigError, match="cannot be run"):
        resolve_api_key(settings_with("/nowhere/at/all"))


def test_a_word_that_cannot_be_passed_on_is_reported() -> None:
    with pytest.raises(ConfigError, match="cannot be run"):
        resolve_api_key(settings_with("pass", "a\0b"))


def test_a_command_that_does_not_end_is_given_up() -> None:
    with pytest.raises(ConfigError, match=r"did not end within 0\.2 seconds"):
        resolve_api_key(
            python("input() if 0 else __import__('select').select([], [], [])"), timeout=0.2
        )


def test_a_command_that_writes_without_end_is_ended() -> None:
    with pytest.raises(ConfigError, match=r"wrote more than 65,536 bytes"):
        resolve_api_key(settings_with("cat", "/dev/zero"))


def test_a_command_that_leaves_a_program_behind_is_given_up() -> None:
    program = "import subprocess, sys; subprocess.Popen(['sleep', '5']); print('sk-x')"
    with pytest.raises(ConfigError, match=r"did not end within 0\.5 seconds"):
        resolve_api_key(python(program), timeout=0.5)


def test_only_the_last_four_characters_of_a_secret_are_shown() -> None:
    secret = Secret(KEY)
    assert repr(secret) == str(secret) == "Secret(…1a2b)"
    assert f"{secret}" == "Secret(…1a2b)"


def test_a_short_secret_has_no_hint() -> None:
    assert repr(Secret("short")) == "Secret(…)"


def test_secrets_are_equal_when_their_texts_are() -> None:
    assert Secret(KEY) == Secret(KEY)
    assert Secret(KEY) != Secret("other")
    assert len({Secret(KEY), Secret(KEY)}) == 1
