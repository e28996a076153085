"""`chatkit-tui config`: show, check, keys, path."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from chatkit_tui.cli.completion import complete_profile
from chatkit_tui.cli.exit_codes import DONE, FAILED, WRONG_USAGE
from chatkit_tui.cli.help import ExampleGroup
from chatkit_tui.cli.options import (
    Given,
    connection_options,
    merge_options,
    not_empty,
    screen_options,
)
from chatkit_tui.cli.output import cell, exact_cell, report, table, write, write_json
from chatkit_tui.secrets import redact, redact_json

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_tui.config.file import Note, Profile
    from chatkit_tui.config.schema import Value


@click.group(cls=ExampleGroup)
def config() -> None:
    """Show and check the configuration."""


@config.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list of name, value and origin.")
@connection_options
@screen_options
def show(*, as_json: bool, **given: Given) -> None:
    """Show every setting and its origin. Of a key, at most the last four characters.

    Flags override the environment, which overrides the profile, which overrides the defaults.
    """
    from chatkit_tui.cli.connection import load_and_report
    from chatkit_tui.config.describe import describe

    rows = describe(load_and_report(given, for_screen=True), as_json=as_json)
    if as_json:
        values = [redact_json(row._asdict()) for row in rows]
        write_json(json.dumps(values, indent=2).encode() + b"\n")
    else:
        cells = [[redact(cell(str(text))) for text in row] for row in rows]
        write(table(cells, header=("SETTING", "VALUE", "FROM")))


@config.command()
@click.argument("file", type=click.Path(), required=False)
@click.option(
    "--profile",
    callback=not_empty(),
    shell_complete=complete_profile,
    metavar="NAME",
    help="Ignore the mistakes in other profiles.",
)
@click.pass_context
def check(context: click.Context, /, file: str | None, profile: str | None) -> int:
    """Report the mistakes in the configuration file.

    Exit with 1 if there are any, and with 2 if one of them makes the program refuse a profile.
    """
    from pathlib import Path

    from chatkit_tui.config.file import check as read_mistakes
    from chatkit_tui.config.file import read_file

    path = Path(file) if file else _path()
    given = merge_options(context, {"profile": profile}).get("profile")
    chosen = str(given) if given else None
    profiles = [
        known
        for name, known in read_file(path).profiles.items()
        if chosen is None or chosen == name
    ]
    notes = [*read_mistakes(path, chosen), *_later_mistakes(profiles)]
    for note in sorted(notes, key=lambda note: note.line or 0):
        report(note.text(str(path)))
    if any(known.refusal for known in profiles):
        return WRONG_USAGE
    if any(note.is_fault for note in notes):
        return FAILED
    write(f"{exact_cell(str(path))}: nothing is wrong.\n")
    return DONE


@config.command()
def keys() -> None:
    """Show the commands of the screen with ids and keys.

    The ids are those for `[keys]` in the configuration file. The keys are those in effect, in the
    form that the file uses.
    """
    from chatkit_tui.cli.connection import load_and_report
    from chatkit_tui.commands.commands import COMMANDS
    from chatkit_tui.commands.keymap import read_keys

    keymap, _ = read_keys(load_and_report({}, for_screen=True).keys)
    rows = [
        [command.id, ",".join(keymap.of(command)) or "none", command.title, command.help]
        for command in COMMANDS
    ]
    write(table(rows, header=("ID", "KEYS", "COMMAND", "WHAT IT DOES")))


def _later_mistakes(profiles: Iterable[Profile]) -> list[Note]:
    """Return mistakes of profiles that appear only when they are used."""
    from chatkit_tui.config.file import Note

    return [
        Note(placed.line, f"{name}: {reason}", ("profiles", known.name))
        for known in profiles
        for name, placed in known.values.items()
        if (reason := _mistake(name, placed.value))
    ]


def _mistake(name: str, value: Value) -> str | None:
    from shutil import which

    from chatkit_tui.config.schema import Header
    from chatkit_tui.errors import ConfigError
    from chatkit_tui.sources.openai.account import Account

    if isinstance(value, tuple):
        commands = [part.command if isinstance(part, Header) else value for part in value]
        missing = [command for command in commands if command and not which(str(command[0]))]
        return "there is no such program on this machine" if missing else None
    if name not in ("base_url", "organization", "project"):
        return None
    given: dict[str, Any] = {name: str(value)}
    try:
        Account(api_key="x", environ={}, **given)
    except ConfigError as error:
        # The rest is advice on the environment variable.
        return str(error).partition(": ")[0].rstrip(".")
    return None


@config.command()
def path() -> None:
    """Print the path of the configuration file, which may not exist."""
    write(f"{exact_cell(str(_path()))}\n")


def _path() -> Path:
    from chatkit_tui.config.file import config_path
    from chatkit_tui.errors import ConfigError
    from chatkit_tui.storage.private_file import is_nowhere

    path = config_path(os.environ)
    if is_nowhere(path):
        raise ConfigError("There is no home folder: set HOME, or CHATKIT_TUI_CONFIG to a file.")
    return path
