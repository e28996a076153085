"""`chatkit-tui config`: show, check, path."""

from __future__ import annotations

import json
import os

import click

from chatkit_tui.cli.failures import DONE, FAILED, complain
from chatkit_tui.cli.options import Given, connection_options, filled, given_on, screen_options
from chatkit_tui.cli.output import cell, exact_cell, table, write, write_json


@click.group()
def config() -> None:
    """Show and check the configuration."""


@config.command()
@click.option("--json", "as_json", is_flag=True, help="A list of name, value and origin.")
@connection_options
@screen_options
@click.pass_context
def show(context: click.Context, /, *, as_json: bool, **given: Given) -> None:
    """Show every setting in force and where it came from. Of a key, the last four characters.

    Flags come before the environment, that before the profile, that before the defaults.
    """
    from chatkit_tui.cli.browse import commands_with_keys
    from chatkit_tui.cli.connection import settings_from
    from chatkit_tui.config import describe, describe_values
    from chatkit_tui.secrets import redact

    settings = settings_from(given_on(context, given), commands_with_keys())
    for note in settings.notes:
        complain(note)
    if as_json:
        values = [
            {
                "name": name,
                "value": redact(value) if isinstance(value, str) else value,
                "origin": redact(origin),
            }
            for name, value, origin in describe_values(settings)
        ]
        write_json(json.dumps(values, indent=2).encode() + b"\n")
        return
    rows = [[redact(cell(text)) for text in row] for row in describe(settings)]
    write(table(rows, header=("SETTING", "VALUE", "FROM")))


@config.command()
@click.argument("file", type=click.Path(), required=False)
@click.option(
    "--profile", callback=filled(), metavar="NAME", help="Leave out what concerns other profiles."
)
@click.pass_context
def check(context: click.Context, /, file: str | None, profile: str | None) -> int:
    """Say what is wrong in the configuration file, line by line; exit code 1 when something is."""
    from pathlib import Path

    from chatkit_tui.cli.browse import commands_with_keys
    from chatkit_tui.config import check as faults_of
    from chatkit_tui.config import config_path

    path = Path(file) if file else config_path(os.environ)
    chosen = given_on(context, {"profile": profile}).get("profile")
    notes = faults_of(path, commands_with_keys(), str(chosen) if chosen else None)
    for note in notes:
        complain(note.text(str(path)))
    if notes:
        return FAILED
    write(f"{exact_cell(str(path))}: nothing is wrong.\n")
    return DONE


@config.command()
def path() -> None:
    """Print where the configuration file is, whether it is there or not."""
    from chatkit_tui.config import config_path

    write(f"{exact_cell(str(config_path(os.environ)))}\n")
