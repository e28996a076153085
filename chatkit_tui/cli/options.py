"""The options that every command shares, wherever on the line they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import click

Given: TypeAlias = str | bool | None
"""What was given for an option; None when it was not."""

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def connection_options(command: CommandT) -> CommandT:
    """Which API, with which rights: for every command that talks to it."""
    return _with(
        command,
        click.option("--demo", is_flag=True, default=None, help="The built-in API, sample data."),
        click.option("--base-url", metavar="URL", help="The API's address, else OPENAI_BASE_URL."),
        click.option("--profile", metavar="NAME", help="A profile of the configuration file."),
        click.option(
            "--read-only", is_flag=True, default=None, help="Refuse whatever changes something."
        ),
        click.option("--log-file", metavar="FILE", help="Write a log; no key or name is in it."),
    )


def plain_option(command: CommandT) -> CommandT:
    """`--plain`, for whatever draws."""
    return _with(
        command,
        click.option(
            "--plain", is_flag=True, default=None, help="Words in place of colours and drawing."
        ),
    )


def screen_options(command: CommandT) -> CommandT:
    """How the screen starts."""
    return _with(
        plain_option(command),
        click.option("--slow", is_flag=True, default=None, help="Spare a slow line."),
        click.option("--user", metavar="NAME", help="Only threads of this user."),
    )


def json_option(command: CommandT) -> CommandT:
    """`--json`, for one answer."""
    return _with(
        command, click.option("--json", "as_json", is_flag=True, help="The API's own JSON.")
    )


def given_on(context: click.Context, own: dict[str, Given]) -> dict[str, Given]:
    """What was given before the command and after it; what stands after it wins."""
    before: dict[str, Given] = context.find_root().obj or {}
    return {name: value for name, value in {**before, **_set(own)}.items() if value is not None}


def _set(given: dict[str, Given]) -> dict[str, Given]:
    return {name: value for name, value in given.items() if value is not None}


def _with(command: CommandT, *options: Callable[[CommandT], CommandT]) -> CommandT:
    for option in reversed(options):
        command = option(command)
    return command
