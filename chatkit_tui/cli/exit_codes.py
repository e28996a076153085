"""The end of a command: its exit code, and an error on standard error.

| code | meaning |
|---|---|
| 0 | success |
| 1 | failure: no response, an invalid response, a thread that was not deleted |
| 2 | wrong usage: arguments, settings, rejected before a request |
| 3 | not authorized: an invalid key, or one without the permission |
| 4 | not found |
| 129 | SIGHUP: the terminal was closed |
| 130 | SIGINT: Ctrl+C |
| 143 | SIGTERM |
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import click

from chatkit_tui.cli.output import OutputError, ReaderGoneError, report
from chatkit_tui.errors import (
    ArchiveError,
    AuthenticationError,
    ChatKitError,
    ConfigError,
    DatabaseError,
    DiskError,
    InvalidArgumentError,
    MissingExtraError,
    NotFoundError,
    PermissionDeniedError,
    ReadOnlyError,
    UnknownCursorError,
    error_line,
)

T = TypeVar("T")

DONE, FAILED, WRONG_USAGE, NOT_AUTHORIZED, NOT_FOUND, INTERRUPTED = 0, 1, 2, 3, 4, 130

_CODES: tuple[tuple[type[ChatKitError], int], ...] = (
    (AuthenticationError, NOT_AUTHORIZED),
    (PermissionDeniedError, NOT_AUTHORIZED),
    (NotFoundError, NOT_FOUND),
    (DiskError, FAILED),
    (ArchiveError, WRONG_USAGE),
    (DatabaseError, WRONG_USAGE),
    (InvalidArgumentError, WRONG_USAGE),
    (ConfigError, WRONG_USAGE),
    (MissingExtraError, WRONG_USAGE),
    (ReadOnlyError, WRONG_USAGE),
)


class SecretArgumentError(click.UsageError):
    """The command line contains a key; the command is not carried out."""

    def __init__(self) -> None:
        super().__init__(_secret_refused())


_OF_OUTPUT = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.EPIPE}
"""Errors of a write to an open file."""


def exit_code(error: ChatKitError) -> int:
    """Return the exit code for an error."""
    if isinstance(error, UnknownCursorError) and isinstance(error.__cause__, ChatKitError):
        error = error.__cause__
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAILED)


async def for_each(ids: Sequence[T], act: Callable[[T], Awaitable[object]]) -> int:
    """Call `act` with each id, in order, and return the exit code.

    The errors of a single id are raised. Those of several are reported, and the next id follows,
    unless it would fail with the same error.
    """
    if len(ids) == 1:
        await act(ids[0])
        return DONE
    from chatkit_tui.deletion.delete import stop_reason  # imports the sources

    codes: list[int] = []
    for place, name in enumerate(ids, start=1):
        try:
            await act(name)
        except ChatKitError as error:
            report(error_line(error))
            codes.append(exit_code(error))
            if stop := stop_reason(error):
                if place < len(ids):
                    report(f"{len(ids) - place:,} of {len(ids):,} not tried: {stop}.")
                break
        else:
            codes.append(DONE)
    return combined_code(codes)


def combined_code(codes: Sequence[int]) -> int:
    """Return the exit code for the codes of several ids."""
    if NOT_AUTHORIZED in codes:
        return NOT_AUTHORIZED
    return codes[0] if len(set(codes)) == 1 else FAILED


def report_end(error: BaseException) -> int:
    """Report any error on standard error, and return the exit code.

    The traceback of an unexpected error goes to the log of crashes, and to that of `--log-file`.
    """
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, ReaderGoneError):
        return DONE
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.ctx.get_help(), err=True)
        return error.exit_code
    if isinstance(error, OSError) and error.errno in _OF_OUTPUT and error.filename is None:
        error = OutputError.because(error)  # click writes help texts without our checks
    if isinstance(error, click.ClickException):
        report(_usage_line(error))
        return error.exit_code
    if isinstance(error, ChatKitError):
        report(error_line(error))
        return exit_code(error)
    logging.getLogger("chatkit_tui").error("unexpected", exc_info=error)
    report(_crash_line(error))
    return FAILED


def _crash_line(error: BaseException) -> str:
    """Describe a crash without its message, which may contain a key or a name."""
    from chatkit_tui.cli.logs import crash_location, log_crash

    try:
        details = f"details without secrets are in {log_crash(error)}"
    except OSError as unwritten:
        details = f"no details could be written: {unwritten.strerror}"
    return f"crashed, which is a bug: {crash_location(error)}; {details}"


def flush_or_discard_output() -> None:
    """Flush standard output, or discard it: Python would report an error at exit."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_KEY_OPTIONS = {"--api-key", "--apikey", "--key", "--openai-api-key", "--secret", "--token"}
"""Options that users try for a key."""

_NO_KEYS_HERE = (
    "A key does not belong on a command line: other users of this machine can read it, and the "
    "shell records it. Set OPENAI_API_KEY, or api_key_command or api_key_keyring in a profile."
)


def _secret_refused() -> str:
    from chatkit_tui.secrets import SECRET_REFUSED

    return f"An argument {SECRET_REFUSED}. {_NO_KEYS_HERE}"


def _usage_line(error: click.ClickException) -> str:
    from chatkit_tui.secrets import holds_secret

    message = error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    tried = error.option_name.lower() if isinstance(error, click.NoSuchOption) else ""
    if isinstance(error, SecretArgumentError) or holds_secret(message):
        return _secret_refused()
    if tried in _KEY_OPTIONS:
        return _NO_KEYS_HERE
    if context is None:
        return message
    return f"{message} See `{context.command_path} --help`."
