"""The key in the system's keyring: a real one with files, and its failures."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import InitError, KeyringLocked
from keyrings.alt.file import PlaintextKeyring

from chatkit_tui.config.api_key import resolve_api_key
from chatkit_tui.config.settings import Settings
from chatkit_tui.errors import ConfigError

KEY = "sk-test-keyring-abcdefgh-1a2b"
SETTINGS = Settings(Path("config.toml"), profile="live one", api_key_keyring=True)


class Failing(KeyringBackend):
    """A keyring that fails with a message that contains a key."""

    priority: ClassVar[float] = 0

    def __init__(self, error: Exception) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the library has no types here
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        del service, username, password
        raise self.error


class Waiting(Failing):
    """A keyring that waits for a password."""

    def __init__(self) -> None:
        super().__init__(InitError())
        self.over = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        self.over.wait()
        return None


@pytest.fixture(autouse=True)
def _own_keyring(tmp_path: Path) -> Iterator[None]:
    before = keyring.get_keyring()
    kept = PlaintextKeyring()
    kept.file_path = str(tmp_path / "keyring")
    keyring.set_keyring(kept)
    yield
    keyring.set_keyring(before)


def refused() -> str:
    """Return the message for a missing key."""
    with pytest.raises(ConfigError) as caught:
        resolve_api_key(SETTINGS, timeout=60)
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_key_is_that_of_the_entry_of_the_profiles_name() -> None:
    keyring.set_password("chatkit-tui", "live one", f" {KEY}\n")
    keyring.set_password("chatkit-tui", "other", "sk-another")
    assert resolve_api_key(SETTINGS).reveal() == KEY


def test_without_an_entry_the_command_that_makes_it_is_reported() -> None:
    keyring.set_password("chatkit-tui", "other", KEY)
    assert "`keyring set chatkit-tui 'live one'`" in refused()


def test_without_the_extra_it_is_reported_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)  # as Python has what cannot be imported
    assert "pip install '.[keyring]'" in refused()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyringLocked(f"not unlocked: {KEY}"), "is locked. Unlock it"),
        (InitError(KEY), "failed (InitError)"),
        (OSError(KEY), "failed (OSError)"),
    ],
)
def test_a_keyring_that_fails_is_reported_in_one_line_without_its_message(
    error: Exception, words: str
) -> None:
    keyring.set_keyring(Failing(error))
    assert words in refused()


def test_a_machine_without_a_keyring_is_reported_apart() -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    assert "is not available" in refused()


def test_a_keyring_that_does_not_respond_is_given_up() -> None:
    waiting = Waiting()
    keyring.set_keyring(waiting)
    with pytest.raises(ConfigError, match=r"did not answer within 0\.05 seconds"):
        resolve_api_key(SETTINGS, timeout=0.05)
    waiting.over.set()
