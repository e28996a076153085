"""What README and CONTRIBUTING say is true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from chatkit_tui.cli.main import run
from chatkit_tui.commands.command import Command
from chatkit_tui.commands.command_context import Pane
from chatkit_tui.commands.commands import COMMANDS
from chatkit_tui.commands.keymap import Keymap, key_name
from chatkit_tui.config.file import check
from chatkit_tui.config.schema import SETTINGS, THEMES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()


def places(command: Command[Any]) -> str:
    """Return where the keys of a command work."""
    panes = [pane for pane in Pane if pane in command.where]
    if len(panes) == len(Pane):
        return "everywhere"
    both = {Pane.THREADS, Pane.TRANSCRIPT} <= set(panes)
    return ", ".join([*(["both panes"] if both else []), *panes[2 * both :]])


def cell(key: str) -> str:
    """Return a key for a cell of the table, in which a bar ends the cell even in code."""
    return "`" + key_name(key).replace("|", r"\|") + "`"


def key_table() -> str:
    """Return the commands as a Markdown table."""
    rows = [
        f"| {' '.join(map(cell, Keymap().of(command))) or '–'} "
        f"| {command.title} | `{command.id}` | {command.help} "
        f"| {places(command)} |"
        for command in COMMANDS
    ]
    head = ["| key | command | id | what it does | where |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows])


def test_the_keys_are_those_that_are_declared() -> None:
    table = re.search(r"<!-- keys:.*?-->\n(.*?)<!-- end of keys -->", README, re.DOTALL)
    assert table is not None
    assert table[1].strip() == key_table(), "copy the table that key_table() returns"


def test_the_example_of_a_configuration_has_nothing_wrong_in_it(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert example is not None
    path = tmp_path / "config.toml"
    path.write_text(example[1])
    assert tomllib.loads(example[1])
    assert check(path) == []


def test_every_theme_is_named() -> None:
    for theme in THEMES:
        assert f"`{theme}`" in README, theme


def test_every_setting_is_listed_with_its_values_flag_and_variable() -> None:
    for setting in SETTINGS:
        row = re.search(rf"^\|[^|]* ?`{setting.name}`.* \|.*$", README, re.MULTILINE)
        assert row is not None, setting.name
        values = () if setting.choices == THEMES else setting.choices
        for word in (setting.flag, setting.variable, *values):
            assert f"`{word}`" in row[0] or not word, (setting.name, word)


def test_no_key_is_shown_on_a_command_line() -> None:
    assert not re.search(r"API_KEY=\S", README)


def test_every_file_it_points_at_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_every_command_for_scripts_is_one(capfd: object) -> None:
    commands = set(re.findall(r"chatkit-tui ((?:threads|sessions|config|archive) [a-z]+)", README))
    commands |= set(re.findall(r"`((?:archive )?[a-z]+) FILE", README))
    assert len(commands) == 18
    for command in sorted(commands):
        assert run([*command.split(), "--help"]) == 0


def test_the_drawing_of_the_layers_is_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    drawing = CONTRIBUTING.split("    __main__\n")[1].split("\n\n")[0]
    drawn = [line.strip().split("  ")[0] for line in drawing.splitlines()]
    assert ["__main__", *drawn] == layers


def test_every_path_in_contributing_is_there() -> None:
    paths = [
        word for word in re.findall(r"`([\w./]+)`", CONTRIBUTING) if re.search(r"\w/|\.\w", word)
    ]
    assert len(paths) > 20
    for path in paths:
        module = ROOT / "chatkit_tui" / path.replace(".", "/")
        places = (ROOT / path, ROOT / "chatkit_tui" / path, module, module.with_suffix(".py"))
        written_by_the_program = path in ("deletions.jsonl", ".venv", "dist/", "frames/")
        assert written_by_the_program or any(place.exists() for place in places), path


def test_every_target_of_make_in_contributing_is_one() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make ([a-z-]+)`", CONTRIBUTING):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
