"""The README says what is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from chatkit_tui.cli.main import run
from chatkit_tui.config import check
from chatkit_tui.config.keymap import commands_with_keys
from chatkit_tui.config.schema import SETTINGS, THEMES
from chatkit_tui.ui.keys import key_table

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_keys_are_those_that_are_declared() -> None:
    table = re.search(r"<!-- keys:.*?-->\n(.*?)<!-- end of keys -->", README, re.DOTALL)
    assert table is not None
    assert table[1].strip() == key_table().strip(), "write what key_table() gives between the marks"


def test_the_example_of_a_configuration_has_nothing_wrong_in_it(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert example is not None
    path = tmp_path / "config.toml"
    path.write_text(example[1])
    assert tomllib.loads(example[1])
    assert check(path, commands_with_keys()) == []


def test_every_theme_is_named() -> None:
    for theme in THEMES:
        assert f"`{theme}`" in README, theme


def test_every_variable_is_named() -> None:
    for setting in SETTINGS:
        short = setting.variable.removeprefix("CHATKIT_TUI")
        assert not setting.variable or f"{short}`" in README, setting.variable


def test_every_file_it_points_at_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)", README):
        assert (ROOT / target).exists(), target


def test_every_command_for_scripts_is_one(capfd: object) -> None:
    commands = re.findall(r"^    chatkit-tui ((?:threads|sessions) \w+)", README, re.MULTILINE)
    assert len(commands) == 11
    for command in commands:
        assert run([*command.split(), "--help"]) == 0
