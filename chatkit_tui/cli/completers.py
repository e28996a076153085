"""The values that options and arguments complete in a shell.

They write nothing and fail silently: a completion has no place for a message.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


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
