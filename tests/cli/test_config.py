"""`config check` and `config keys`."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_tui.commands.commands import COMMANDS
from chatkit_tui.storage.remembered import state_path
from tests.cli.conftest import Command


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('base_url = "ftp://h.example"', "base_url: The base URL 'ftp://h.example' does not begin"),
        ('base_url = "h.example/v1"', "base_url: The base URL 'h.example/v1' does not begin"),
        ('base_url = "https://h:99999/v1"', "base_url: "),
        ('base_url = "https://h/v1?a=b"', "base_url: "),
        ('base_url = "https://ada:hunter2@h/v1"', "base_url: The base URL holds a user name"),
        ('organization = "org 1"', "organization: There is a space or a character"),
        ('project = "é"', "project: There is a space or a character"),
        ('api_key_command = ["no-such-program-here"]', "api_key_command: there is no such program"),
    ],
)
def test_values_that_would_be_rejected_later_are_reported(
    chatkit: Command, tmp_path: Path, line: str, reason: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'theme = "nord"\n[profiles.a]\nuser = "ada"\n{line}\n[profiles.b]\n')
    ended = chatkit("config", "check", str(path))
    assert (ended.code, ended.output) == (1, "")
    [told] = ended.errors.splitlines()
    assert f"config.toml line 4: {reason}" in told
    assert "hunter2" not in told
    assert chatkit("config", "check", str(path), "--profile", "b").code == 0


def test_keys_has_every_command_by_its_id_with_the_keys_in_force(
    chatkit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[keys]\nmark = ["x", "shift+ctrl+m"]\n')
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(path))
    rows = [line.split("\t") for line in chatkit("config", "keys").output.splitlines()]
    assert [row[0] for row in rows] == [command.id for command in COMMANDS]
    by_id = {row[0]: row[1] for row in rows}
    assert by_id["mark"] == "x,ctrl+shift+m"
    assert by_id["page_down"] == "ctrl+d,pagedown"
    assert by_id["theme"] == "none"


@pytest.mark.parametrize(
    ("arguments", "is_reported"),
    [
        (("--demo", "threads", "list", "--limit", "1"), False),
        (("config", "show"), True),
    ],
)
def test_only_what_uses_the_choices_of_the_screen_reports_a_file_of_them_that_is_broken(
    chatkit: Command, arguments: tuple[str, ...], *, is_reported: bool
) -> None:
    state_path().parent.mkdir(parents=True, exist_ok=True)
    state_path().write_text("not JSON")
    ended = chatkit(*arguments)
    assert ended.code == 0
    assert ("state.json is ignored: it is not JSON" in ended.errors) is is_reported


def test_the_theme_is_an_option(chatkit: Command) -> None:
    assert "theme" in chatkit("config", "show", "--theme", "nord").output
    assert "\tnord\t--theme" in chatkit("config", "show", "--theme", "nord").output
    assert "must be one of dark, light" in chatkit("config", "show", "--theme", "nrod").errors
