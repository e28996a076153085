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

import logging
import os
import sys
from contextlib import suppress

import click

from chatkit_tui.errors import (
    APIError,
    APIStatusError,
    AuthenticationError,
    ChatKitError,
    ConfigError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    ReadOnlyError,
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


class ReaderGoneError(Exception):
    """Whoever reads standard output has seen enough, as `head` does."""


def exit_code(error: ChatKitError) -> int:
    """What a command that ends with this error leaves with."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAILED)


def error_line(error: ChatKitError) -> str:
    """The error in one line, with the request id that the API's support asks for."""
    line = str(error)
    if isinstance(error, APIError) and error.request_id and error.request_id not in line:
        line += f" (request {error.request_id})"
    if isinstance(error, APIStatusError) and error.retry_after:
        line += f" The server asks to wait {error.retry_after:.0f} s."
    return line


def complain(line: str) -> None:
    """Write one line to standard error, whatever is in it."""
    from chatkit_tui.text.visible import visible

    with suppress(OSError):  # nobody is left to tell: the terminal is gone
        click.echo(f"chatkit-tui: {visible(line)}", err=True)


def end_of(error: BaseException) -> int:
    """Tell a person how a command ended and give the exit code for it.

    Takes whatever a command can raise. An error that nobody foresaw is told in one line too; its
    traceback goes to the log of crashes, and to that of `--log-file`.
    """
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, ReaderGoneError):
        # The reader has seen enough. Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        complain(_usage_line(error))
        return error.exit_code
    if isinstance(error, ChatKitError):
        complain(error_line(error))
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


def _usage_line(error: click.ClickException) -> str:
    message = error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return message
    return f"{message} See `{context.command_path} --help`."
