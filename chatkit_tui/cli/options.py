"""The options that several commands share, before or after the name of the command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

import click

from chatkit_tui.cli.completion import complete_file, complete_profile, complete_theme
from chatkit_tui.cli.exit_codes import SecretArgumentError
from chatkit_tui.secrets import holds_secret

Given: TypeAlias = str | int | None
"""The value of an option; None if it is absent."""

Completer: TypeAlias = Callable[[click.Context, click.Parameter, str], list[Any]]
"""Returns the values of an option that begin with a text."""

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def not_empty(hint: str = "") -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return a callback that rejects empty text; `hint` is appended to the error.

    An unset variable of a script is an empty text. As a filter or a profile, it would select the
    threads of all users, or another account.
    """

    def check(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        texts = value if isinstance(value, tuple) else (value,)
        if any(text is not None and not text.strip() for text in texts):
            raise click.BadParameter(f"must not be empty{hint}.", context, parameter)
        return value

    return check


def user_name(hint: str = "") -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return a callback that rejects text that cannot be the name of a user."""
    check = not_empty(hint)

    def check_user(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        if value is not None:
            from chatkit_tui.models.references import has_control

            if has_control(value):
                message = f"contains a control character: {value}"
                raise click.BadParameter(message, context, parameter)
        return check(context, parameter, value)

    return check_user


def reject_secret_id(text: str) -> None:
    """Raise `SecretArgumentError` if an id contains a key; it may come from standard input.

    `reject_secret_arguments` checks it again.
    """
    if context := click.get_current_context(silent=True):
        context.meta.setdefault(ARGUMENTS, []).append(text)
    reject_secrets([text])


def reject_secrets(arguments: Iterable[str]) -> None:
    """Raise `SecretArgumentError` if an argument contains a key or a client secret."""
    if holds_secret("\0".join(arguments)):  # no argument can contain \0
        raise SecretArgumentError


def reject_secret_arguments() -> None:
    """Raise `SecretArgumentError` if the command line contains a key.

    The arguments were checked at the start. They are checked again once the key is known: it may
    look like any word.
    """
    context = click.get_current_context(silent=True)
    reject_secrets(context.meta.get(ARGUMENTS, ()) if context else ())


ARGUMENTS = "chatkit_tui.arguments"
"""The name of the command line in a click context."""


def together(*options: Callable[[CommandT], CommandT]) -> Callable[[CommandT], CommandT]:
    """Return a decorator that adds several options, in this order."""

    def add(command: CommandT) -> CommandT:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def _text(
    name: str,
    metavar: str,
    help: str,  # noqa: A002 # click's name
    complete: Completer | None = None,
) -> Callable[[CommandT], CommandT]:
    """Return an option whose value cannot be empty."""
    return click.option(
        name, callback=not_empty(), shell_complete=complete, metavar=metavar, help=help
    )


def _switch(name: str, help: str) -> Callable[[CommandT], CommandT]:  # noqa: A002 # click's name
    """Return an option that is None if it is absent, so that a setting can be in effect."""
    return click.option(name, is_flag=True, default=None, help=help)


def _setting(name: str) -> Callable[[click.Context, click.Parameter, str | None], Given]:
    """Return a callback for the value of a setting as in its variable.

    It returns None if the option is absent, and raises `click.BadParameter` for invalid text.
    """

    def read(context: click.Context, parameter: click.Parameter, value: str | None) -> Given:
        if value is None:
            return None
        from chatkit_tui.config.schema import BY_NAME, from_text

        setting = BY_NAME[name]
        taken = from_text(setting, value)
        if not isinstance(taken, str | int):
            raise click.BadParameter(f"must be {setting.expected}.", context, parameter)
        return taken

    return read


connection_options = together(
    _switch("--demo", "Use the built-in API with sample data."),
    click.option(
        "--protocol",
        type=click.Choice(["hosted", "server"]),
        help="With --demo: OpenAI's API, the default, or that of a self-hosted server.",
    ),
    _text("--base-url", "URL", "Base URL of the API, default OPENAI_BASE_URL."),
    _text("--archive", "FILE", "Read an archive file, without network.", complete_file),
    _text("--server", "URL", "Read from a self-hosted ChatKit server."),
    _text("--database", "FILE", "Read the database of such a server.", complete_file),
    _text("--profile", "NAME", "Profile in the configuration file.", complete_profile),
    _switch("--read-only", "Refuse every change to the source."),
    _text("--log-file", "FILE", "Append a log without keys and user names.", complete_file),
)
"""The options of every command that reads conversations."""

user_options = together(
    click.option(
        "--user",
        callback=user_name("; --all-users selects all threads"),
        metavar="NAME",
        help="Only threads of this user.",
    ),
    _switch("--all-users", "Threads of all users, despite the profile."),
)

plain_option = _switch("--plain", "Use ASCII text without colors.")

screen_options = together(
    click.option(
        "--slow/--no-slow", default=None, help="Send less to a slow terminal; measured by default."
    ),
    click.option(
        "--copy", type=click.Choice(["auto", "osc52", "native", "off"]), help="How to copy text."
    ),
    _switch("--no-mouse", "Do not capture the mouse."),
    _switch("--no-preview", "Do not load the thread under the cursor beside the list."),
    click.option(
        "--text-width",
        callback=_setting("text_width"),
        metavar="CELLS",
        help="Width of items on the screen, default 100; full for the whole window.",
    ),
    click.option(
        "--theme",
        callback=_setting("theme"),
        shell_complete=complete_theme,
        metavar="NAME",
        help="Theme of the screen; the palette shows each.",
    ),
    plain_option,
    user_options,
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print the JSON of the source.")

json_lines_option = click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON object per line."
)


def merge_options(context: click.Context, own: Mapping[str, Given]) -> dict[str, Given]:
    """Return the options before and after the name of the command; the latter override.

    Raise `click.UsageError` if `--user` and `--all-users` are in the same place.
    """
    return {**_set(context.find_root().obj or {}), **_set(own)}


def _set(given: Mapping[str, Given]) -> dict[str, Given]:
    found: dict[str, Given] = {name: value for name, value in given.items() if value is not None}
    if found.pop("all_users", False):
        if "user" in found:
            raise click.UsageError("--user and --all-users exclude each other.")
        found["user"] = ""  # overrides the profile
    return found


def parse_date_option(
    option: str, text: str | None, zone: str, now: float, *, end: bool = False
) -> int | None:
    """Return the Unix seconds of a date that was given for an option, or None without one.

    `zone` is the setting, `now` in Unix seconds; `end` includes a whole day. Raise
    `click.BadParameter`.
    """
    if text is None:
        return None
    from datetime import UTC

    from chatkit_tui.text.times import parse_date

    try:
        return parse_date(text, UTC if zone == "utc" else None, now, end=end)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{text} is not a date: give 2026-11-01, 2026-11-01T14:05 or 7d.",
            param_hint=f"'{option}'",
        ) from None
