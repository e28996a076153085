"""`chatkit-tui completion`: the script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from chatkit_tui.cli.help import ExampleCommand
from chatkit_tui.cli.output import write

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
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 # the choices are click's
    write(kind(context.find_root().command, {}, _PROGRAM, _VARIABLE).source() + "\n")
