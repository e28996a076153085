"""How a command ends: exit codes, and one line on standard error for a person.

| code | meaning |
|---|---|
| 0 | done |
| 1 | failed: no answer, an answer that cannot be used, something was not deleted |
| 2 | wrong usage: arguments, settings, a refusal before anything was sent |
| 3 | not authorised: no valid key, or not for this |
| 4 | not found |
| 129 | the terminal went away, or SIGHUP |
| 130 | interrupted with Ctrl+C |
| 143 | ended by SIGTERM |
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from contextlib import suppress

import click

from chatkit_tui.errors import (
    AuthenticationError,
    ChatKitError,
    ConfigError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    ReadOnlyError,
    UnknownCursorError,
    whole_line,
)

DONE, FAILED, WRONG_USAGE, NOT_AUTHORISED, NOT_FOUND, INTERRUPTED = 0, 1, 2, 3, 4, 130

_CODES: tuple[tuple[type[ChatKitError], int], ...] = (
    (AuthenticationError, NOT_AUTHORISED),
    (PermissionDeniedError, NOT_AUTHORISED),
    (NotFoundError, NOT_FOUND),
    (InvalidArgumentError, WRONG_USAGE),
    (ConfigError, WRONG_USAGE),
    (ReadOnlyError, WRONG_USAGE),
)


_HELP_WANTED: tuple[type[click.UsageError], ...] = tuple(
    kind for kind in [getattr(click.exceptions, "NoArgsIsHelpError", None)] if kind
)
"""What a group without a command raises, from click 8.2 on."""


class ReaderGoneError(Exception):
    """Whoever reads standard output has seen enough, as `head` does."""


class OutputError(click.ClickException):
    """Standard output cannot be written: it is closed, or the disk behind it is full."""

    exit_code = FAILED

    @classmethod
    def because(cls, error: OSError) -> OutputError:
        """The error for what the system said."""
        return cls(f"Standard output cannot be written: {error.strerror or 'unknown'}.")


class SecretGivenError(click.UsageError):
    """There is a key on the command line: nothing is done with it."""

    def __init__(self) -> None:
        super().__init__(_secret_refused())


_OF_OUTPUT = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.EPIPE}
"""What writing to a file that is open already can meet."""


def exit_code(error: ChatKitError) -> int:
    """What a command that ends with this error leaves with."""
    if isinstance(error, UnknownCursorError) and isinstance(error.__cause__, ChatKitError):
        error = error.__cause__
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAILED)


def complain(line: str) -> None:
    """Write one line to standard error, whatever is in it; what looks like a key is left out."""
    from chatkit_tui.secrets import redact
    from chatkit_tui.text.sanitize import sanitize

    with suppress(OSError):  # nobody is left to tell: the terminal is gone
        click.echo(f"chatkit-tui: {sanitize(redact(line))}", err=True)


def end_of(error: BaseException) -> int:
    """Tell a person how a command ended and give the exit code for it.

    Takes whatever a command can raise. An error that nobody foresaw is told in one line too; its
    traceback goes to the log of crashes, and to that of `--log-file`.
    """
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, ReaderGoneError):
        return DONE
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, _HELP_WANTED):
        click.echo(error.ctx.get_help() if error.ctx else error.format_message(), err=True)
        return error.exit_code
    if isinstance(error, OSError) and error.errno in _OF_OUTPUT and error.filename is None:
        error = OutputError.because(error)  # click writes its help by itself
    if isinstance(error, click.ClickException):
        complain(_usage_line(error))
        return error.exit_code
    if isinstance(error, ChatKitError):
        complain(whole_line(error))
        return exit_code(error)
    logging.getLogger("chatkit_tui").error("unexpected", exc_info=error)
    complain(_crash_line(error))
    return FAILED


def _crash_line(error: BaseException) -> str:
    """What happened, without what it was about: a key or a name could stand in the message."""
    from chatkit_tui.cli.crash_log import keep_crash, place_of

    try:
        details = f"details without secrets are in {keep_crash(error)}"
    except OSError as unwritten:
        details = f"no details could be kept: {unwritten.strerror}"
    return f"crashed, which is a bug: {place_of(error)}; {details}"


def let_go_of_output() -> None:
    """Hand over what was written, or else drop it: Python would complain of it at exit."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_KEY_OPTIONS = {"--api-key", "--apikey", "--key", "--openai-api-key", "--secret", "--token"}
"""What people try who would give a key on the command line."""

_NO_KEYS_HERE = (
    "A key does not belong on a command line, which others on this machine can read and which a "
    "shell remembers. Set OPENAI_API_KEY, or api_key_command or api_key_keyring in a profile."
)


def _secret_refused() -> str:
    from chatkit_tui.secrets import SECRET_REFUSED

    return f"An argument {SECRET_REFUSED}. {_NO_KEYS_HERE}"


def _usage_line(error: click.ClickException) -> str:
    from chatkit_tui.secrets import holds_secret

    message = error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    tried = error.option_name.lower() if isinstance(error, click.NoSuchOption) else ""
    if isinstance(error, SecretGivenError) or holds_secret(message):
        return _secret_refused()
    if tried in _KEY_OPTIONS:
        return _NO_KEYS_HERE
    if context is None:
        return message
    return f"{message} See `{context.command_path} --help`."
