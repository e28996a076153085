"""A key on the command line, in an address, in the file: rejected, and never printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_tui.emulator import Emulator
from tests.cli.conftest import Command
from tests.fork_server import Program
from tests.pty_terminal import Terminal

KEY = "sk-proj-canary-abcdefgh-1a2b"


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize(
    "arguments",
    [
        ("--api-key", KEY),
        (f"--api-key={KEY}", "threads", "list"),
        ("threads", "list", "--key", KEY),
        ("threads", "list", KEY),
        ("threads", "list", f"--{KEY}"),
        (KEY,),
        ("threads", KEY),
        ("threads", "show", KEY),
        ("threads", "delete", "--yes", "cthr_1", KEY),
        ("threads", "list", "--user", KEY),
        ("sessions", "cancel", KEY),
    ],
    ids=range(11),
)
def test_a_key_on_the_command_line_is_rejected_and_neither_printed_nor_sent(
    chatkit: Command, emulator: Emulator, arguments: tuple[str, ...]
) -> None:
    assert chatkit("threads", "list", "--limit", "1").code == 0
    emulator.requests.clear()
    ended = chatkit(*arguments)
    assert not emulator.requests
    assert (ended.code, ended.output) == (2, "")
    [line] = ended.errors.splitlines()
    assert "OPENAI_API_KEY" in line
    assert "canary" not in line


@pytest.mark.parametrize(
    "arguments",
    [
        ("threads", "list", "--base-url", f"https://{KEY}@h.test/v1"),
        ("threads", "list", "--base-url", f"https://ada:{KEY}@h.test/v1"),
        ("threads", "list", "--profile", KEY),
        ("config", "show", "--base-url", f"https://h.test/{KEY}/v1"),
        ("config", "check", "--profile", KEY),
    ],
)
def test_a_key_in_the_wrong_place_is_not_repeated(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another-0123456789")
    ended = chatkit(*arguments)
    assert ended.output + ended.errors
    assert "canary" not in ended.output + ended.errors


FILE = f'profile = "a"\n[profiles.a]\napi_key = "{KEY}"\n'


def test_a_key_in_the_file_is_rejected_with_advice(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(path))
    ended = chatkit("threads", "list")
    assert (ended.code, ended.output) == (2, "")
    noted, refused = ended.errors.splitlines()
    assert "line 3: api_key: a key does not belong in this file" in noted
    assert "api_key_keyring = true" in noted
    assert "There is no API key" in refused
    assert "canary" not in ended.errors


def test_the_screen_reports_why_there_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    with Terminal(
        Program(), columns=250, environment={"CHATKIT_TUI_CONFIG": str(path)}
    ) as terminal:
        assert terminal.exit_code() == 2
        shown = "\n".join(terminal.screen())
    assert "a key does not belong in this file" in shown
    assert "There is no API key" in shown
    assert "canary" not in shown


def test_an_address_that_is_not_encrypted_is_warned_about(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    assert "not encrypted" not in chatkit("threads", "list").errors
    monkeypatch.setenv("OPENAI_BASE_URL", "http://192.0.2.1/v1")
    [line] = chatkit("config", "show").errors.splitlines()
    assert "http://192.0.2.1 is not encrypted" in line
    assert "https://" in line
