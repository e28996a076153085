"""The ids of a command: arguments, or lines of standard input with `-`.

All of them are checked before a request is sent.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import click

from chatkit_tui.cli.exit_codes import DONE
from chatkit_tui.cli.options import reject_secret_id
from chatkit_tui.cli.output import report
from chatkit_tui.models.references import (
    LONGEST_ID,
    SESSIONS,
    THREADS,
    NotAnIdError,
    Reference,
    checked_id,
    read_reference,
)

CommandT = TypeVar("CommandT", bound=Callable[..., Any])

MOST_IDS = 100_000
"""The largest number of ids on standard input."""
MOST_BYTES = 32 * 1024 * 1024
"""The largest number of bytes on standard input."""
_LONGEST_LINE = 4 * LONGEST_ID + 64
"""Bytes, including quotes and white space."""

_STANDARD_INPUT = "-"
_HINT = "'ID'"


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a command, in order, each once."""

    references: tuple[Reference, ...]
    from_input: bool = False
    """Whether they are from standard input, which cannot have an answer then."""

    @property
    def ids(self) -> list[str]:
        """The ids as text."""
        return [reference.id for reference in self.references]


exact_option = click.option(
    "--exact", is_flag=True, help="Do not remove spaces, quotes or a URL around an id."
)


def id_arguments(command: CommandT) -> CommandT:
    """Add `ID…` and `--exact`, for `read_ids`."""
    return click.argument("ids", metavar="ID…", nargs=-1, required=True)(exact_option(command))


def read_ids(
    arguments: Sequence[str], *, exact: bool, sessions: bool = False, controls: bool = False
) -> Ids:
    """Return the ids of a command.

    With `controls`, an exact id may have control characters: the ids of a file can have them.
    Raise `click.UsageError` if a text cannot be an id, and `click.exceptions.Exit` with code 0 if
    standard input is empty and there are no others.
    """
    if arguments.count(_STANDARD_INPUT) > 1:
        raise click.BadParameter("standard input can be read once.", param_hint=_HINT)
    prefixes = SESSIONS if sessions else THREADS
    found: list[Reference] = []
    for argument in arguments:
        if argument == _STANDARD_INPUT:
            for number, line in _lines():
                where = f"line {number} of standard input"
                found.append(_read(line, prefixes, where, exact=exact, controls=controls))
        else:
            found.append(_read(argument, prefixes, exact=exact, controls=controls))
    if not found:
        report("no ids on standard input")
        raise click.exceptions.Exit(DONE)
    return Ids(tuple(dict.fromkeys(found)), from_input=_STANDARD_INPUT in arguments)


def check_target(text: str) -> None:
    """Raise `click.UsageError` if the screen cannot open a text."""
    _read(text, THREADS, exact=False)


def reject_items(ids: Ids, command: str) -> None:
    """Raise `click.UsageError` if one is the id of an item."""
    for reference in ids.references:
        if reference.is_item:
            raise click.BadParameter(
                f"{reference.id} is the id of an item; {command} takes those of threads. "
                f"`chatkit-tui threads show {reference.id}` finds its thread.",
                param_hint=_HINT,
            )


def _read(
    text: str,
    prefixes: Sequence[str],
    where: str = "it",
    *,
    exact: bool,
    controls: bool = False,
) -> Reference:
    try:
        read = (
            Reference(checked_id(text, controls=controls))
            if exact
            else read_reference(text, prefixes)
        )
    except NotAnIdError as error:
        reject_secret_id(text)  # the message would repeat it
        raise click.BadParameter(f"{where} {error}.", param_hint=_HINT) from None
    reject_secret_id(read.id)
    return read


def _lines() -> Iterator[tuple[int, str]]:
    """Yield the non-blank lines of standard input with their numbers.

    Only `\\n` ends a line. Raise `click.UsageError` if the input is too large.
    """
    if sys.stdin is None or sys.stdin.closed:
        _reject("standard input is closed.")
    left, count, number = MOST_BYTES, 0, 0
    try:
        while raw := sys.stdin.buffer.readline(_LONGEST_LINE):
            number, left = number + 1, left - len(raw)
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            line = raw.removesuffix(b"\n")
            if len(raw) == _LONGEST_LINE and line == raw:
                _reject(f"line {number} of standard input is longer than an id.")
            if left < 0:
                _reject(f"standard input has more than {MOST_BYTES // 2**20} MiB.")
            if not line.strip():
                continue
            count += 1
            if count > MOST_IDS:
                _reject(f"standard input has more than {MOST_IDS:,} ids.")
            try:
                yield number, line.decode()
            except UnicodeDecodeError:
                _reject(f"line {number} of standard input is not UTF-8.")
    except OSError as error:
        _reject(f"standard input cannot be read: {error.strerror}.")


def _reject(message: str) -> NoReturn:
    raise click.BadParameter(message, param_hint=_HINT)
