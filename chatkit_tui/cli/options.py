"""The options that every command shares, wherever on the line they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias, TypeVar

import click

from chatkit_tui.cli.failures import SecretGivenError
from chatkit_tui.secrets import holds_secret

Given: TypeAlias = str | bool | None
"""What was given for an option; None when it was not."""

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def filled(hint: str = "") -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A check that text has something in it; `hint` follows the words that say that it has not.

    A variable of a script that is not set arrives as an empty text, and an empty filter or profile
    would lead to everybody's threads, or to another account.
    """

    def check(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        texts = value if isinstance(value, tuple) else (value,)
        if any(text is not None and not text.strip() for text in texts):
            raise click.BadParameter(f"it is empty{hint}.", context, parameter)
        return value

    return check


def user_name(hint: str = "") -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A check that text can be the name of a user, which is then sent as it is."""
    check = filled(hint)

    def check_user(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        from chatkit_tui.models.references import has_control

        if value is not None and has_control(value):
            raise click.BadParameter(f"it holds a control character: {value}", context, parameter)
        return check(context, parameter, value)

    return check_user


def refuse_secret_id(text: str) -> None:
    """Raise `SecretGivenError` if an id, of standard input or as it was read, holds a key.

    It is looked at again once the key is known (`refuse_secrets_given`).
    """
    if context := click.get_current_context(silent=True):
        context.meta.setdefault(ARGUMENTS, []).append(text)
    refuse_secrets([text])


def refuse_secrets(arguments: Iterable[str]) -> None:
    """Raise `SecretGivenError` if an argument holds a key or a client secret."""
    if holds_secret("\0".join(arguments)):  # which no argument can hold
        raise SecretGivenError


def refuse_secrets_given() -> None:
    """Raise `SecretGivenError` if the command line that is carried out holds a key.

    It was looked through before anything was done. That is repeated once the key is known, which
    may look like any word.
    """
    context = click.get_current_context(silent=True)
    refuse_secrets(context.meta.get(ARGUMENTS, ()) if context else ())


ARGUMENTS = "chatkit_tui.arguments"
"""The name of the command line among what a context knows."""


def connection_options(command: CommandT) -> CommandT:
    """Which API, with which rights: for every command that talks to it."""
    return _with(
        command,
        click.option("--demo", is_flag=True, default=None, help="The built-in API, sample data."),
        click.option(
            "--base-url",
            callback=filled(),
            metavar="URL",
            help="The API's address, else OPENAI_BASE_URL.",
        ),
        click.option(
            "--profile",
            callback=filled(),
            metavar="NAME",
            help="A profile of the configuration file.",
        ),
        click.option(
            "--read-only", is_flag=True, default=None, help="Refuse whatever changes something."
        ),
        click.option(
            "--log-file",
            callback=filled(),
            metavar="FILE",
            help="Write a log; no key or name is in it.",
        ),
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
        plain_option(user_options(command)),
        click.option(
            "--slow/--no-slow",
            default=None,
            help="Spare a slow line, or do not; else that is measured.",
        ),
        click.option(
            "--copy",
            type=click.Choice(["auto", "osc52", "native", "off"]),
            help="Which way copied texts go.",
        ),
        click.option(
            "--no-mouse", is_flag=True, default=None, help="Leave the mouse to the terminal."
        ),
    )


def user_options(command: CommandT) -> CommandT:
    """Whose threads: the filter is the server's."""
    return _with(
        command,
        click.option(
            "--user",
            callback=user_name("; for the threads of everybody there is --all-users"),
            metavar="NAME",
            help="Only threads of this user.",
        ),
        click.option(
            "--all-users",
            is_flag=True,
            default=None,
            help="Threads of everybody, whatever the profile says.",
        ),
    )


def json_option(command: CommandT) -> CommandT:
    """`--json`, for one answer."""
    return _with(
        command, click.option("--json", "as_json", is_flag=True, help="The API's own JSON.")
    )


def given_on(context: click.Context, own: dict[str, Given]) -> dict[str, Given]:
    """What was given before the command and after it; what stands after it wins.

    Raises `click.UsageError` when `--user` and `--all-users` stand in the same place.
    """
    return {**_set(context.find_root().obj or {}), **_set(own)}


def _set(given: dict[str, Given]) -> dict[str, Given]:
    found: dict[str, Given] = {name: value for name, value in given.items() if value is not None}
    if found.pop("all_users", False):
        if "user" in found:
            raise click.UsageError("--user and --all-users exclude each other.")
        found["user"] = ""  # as the settings have it for "nobody's in particular"
    return found


def _with(command: CommandT, *options: Callable[[CommandT], CommandT]) -> CommandT:
    for option in reversed(options):
        command = option(command)
    return command
