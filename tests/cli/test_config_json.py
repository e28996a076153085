"""`config show --json` and `config path`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

KEY = "sk-proj-canary-abcdefgh-1a2b"


def test_json_has_each_setting_with_its_origin_and_of_the_key_the_last_four(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    ended = chatkit("config", "show", "--json", "--read-only", "--user", " ada\u200b")
    rows = json.loads(ended.output)
    assert all(list(row) == ["name", "value", "origin"] for row in rows)
    values = {row["name"]: row["value"] for row in rows}
    assert values["api_key"] == "1a2b"
    assert values["read_only"] is True
    assert values["plain"] is False
    assert values["profile"] is None
    assert values["user"] == " ada\u200b"
    assert {row["name"]: row["origin"] for row in rows}["api_key"] == "OPENAI_API_KEY"
    assert "canary" not in ended.output


def test_json_has_the_settings_of_the_text(chatkit: Command) -> None:
    names = [line.split("\t")[0] for line in chatkit("config", "show").output.splitlines()]
    rows = json.loads(chatkit("config", "show", "--json").output)
    assert [row["name"] for row in rows] == names
    assert {row["name"]: row["value"] for row in rows}["api_key"] is None


@pytest.mark.parametrize("key", ["short", "sk-1"])
def test_json_shows_no_part_of_a_short_key(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    rows = json.loads(chatkit("config", "show", "--json").output)
    assert {row["name"]: row["value"] for row in rows}["api_key"] == ""


@pytest.mark.parametrize("command", ["path", "check"])
def test_the_path_cannot_control_a_terminal(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    path = tmp_path / "a\x1b[31m\r\nb\tc\u202e.toml"
    path.write_text("")
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(path))
    ended = chatkit("config", command)
    assert ended.output.rstrip("\n").isprintable()
    assert "a␛[31m␍␊b␉c⟨U+202E⟩.toml" in ended.output
