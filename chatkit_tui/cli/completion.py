"""Completion in a shell: `chatkit-tui completion`, and the values of options and arguments.

What completes a value writes nothing and fails silently: a completion has no place for a message.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from chatkit_tui.cli.help import ExampleCommand
from chatkit_tui.cli.output import write

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_PROGRAM = "chatkit-tui"
_VARIABLE = "_CHATKIT_TUI_COMPLETE"
"""The variable that click reads for a program of this name."""


@click.command(cls=ExampleCommand)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="SHELL")
@click.pass_context
def completion(context: click.Context, /, shell: str) -> None:
    """Print the completion script of a shell: bash, zsh or fish.

    Commands, options, their values, profiles, themes and files are completed.
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 # the choices are click's
    write(kind(context.find_root().command, {}, _PROGRAM, _VARIABLE).source() + "\n")


# -- values ----------------------------------------------------------------------------------------


def complete_profile(
    context: click.Context,  # noqa: ARG001 # click's
    parameter: click.Parameter,  # noqa: ARG001 # click's
    incomplete: str,
) -> list[str]:
    """Return the profiles of the configuration file; none if it cannot be used."""
    from chatkit_tui.config.file import config_path, read_file
    from chatkit_tui.errors import ConfigError
    from chatkit_tui.secrets import holds_secret

    try:
        names = read_file(config_path(os.environ)).profiles
    except ConfigError:
        return []
    # The shell reads a line for each value.
    return [
        name
        for name in names
        if name.startswith(incomplete) and name.isprintable() and not holds_secret(name)
    ]


def complete_theme(
    context: click.Context,  # noqa: ARG001 # click's
    parameter: click.Parameter,  # noqa: ARG001 # click's
    incomplete: str,
) -> list[str]:
    """Return the names of themes."""
    from chatkit_tui.config.schema import THEMES

    return [name for name in THEMES if name.startswith(incomplete)]


def complete_file(
    context: click.Context,  # noqa: ARG001 # click's
    parameter: click.Parameter,  # noqa: ARG001 # click's
    incomplete: str,
) -> list[CompletionItem]:
    """Let the shell complete files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]
