"""The ids that a command is given: on its command line, or with `-` on standard input.

All of them are read and checked before anything is sent.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import click

from chatkit_tui.cli.exit_codes import DONE, report
from chatkit_tui.cli.options import reject_secret_id
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
"""The most ids that are read from standard input."""
MOST_BYTES = 32 * 1024 * 1024
"""The most bytes of them, blank lines included."""
_LONGEST_LINE = 4 * LONGEST_ID + 64
"""Bytes, with room for quotes and white space around an id."""

_STANDARD_INPUT = "-"
_HINT = "'ID'"


@dataclass(frozen=True, slots=True)
class Ids:
    """What a command is to work on, in order, each once."""

    references: tuple[Reference, ...]
    from_input: bool = False
    """Whether standard input was read for them, so that it cannot be asked anything else."""

    @property
    def ids(self) -> list[str]:
        """The ids alone."""
        return [reference.id for reference in self.references]


def id_arguments(command: CommandT) -> CommandT:
    """`ID…` and `--exact`, for `read_ids`."""
    command = exact_option(command)
    return click.argument("ids", metavar="ID…", nargs=-1, required=True)(command)


def exact_option(command: CommandT) -> CommandT:
    """`--exact`, for whatever takes an id."""
    return click.option(
        "--exact",
        is_flag=True,
        help="Take each id as it is: no space, quotes or address around it is read.",
    )(command)


def read_ids(arguments: Sequence[str], *, exact: bool, sessions: bool = False) -> Ids:
    """Read and check the ids of a command.

    `-` stands for those on standard input. Raises `click.UsageError` if a text cannot be an id, and
    `click.exceptions.Exit` with code 0 if standard input has none and none is given beside it.
    """
    if arguments.count(_STANDARD_INPUT) > 1:
        raise click.BadParameter("standard input can be read once.", param_hint=_HINT)
    prefixes = SESSIONS if sessions else THREADS
    found: list[Reference] = []
    for argument in arguments:
        if argument == _STANDARD_INPUT:
            for number, line in _lines():
                where = f"line {number} of standard input"
                found.append(_read(line, prefixes, where, exact=exact))
        else:
            found.append(_read(argument, prefixes, exact=exact))
    if not found:
        report("no ids on standard input")
        raise click.exceptions.Exit(DONE)
    return Ids(tuple(dict.fromkeys(found)), from_input=_STANDARD_INPUT in arguments)


def read_target(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """Check, as the callback of an argument, that a text is something the screen can go to."""
    del context, parameter
    if value is not None:
        _read(value, THREADS, exact=False)
    return value


def refuse_items(ids: Ids, command: str) -> None:
    """Raise `click.UsageError` if there is the id of an item, which this command does not take."""
    for reference in ids.references:
        if reference.is_item:
            raise click.BadParameter(
                f"{reference.id} is the id of an item; {command} takes those of threads. "
                f"`chatkit-tui threads show {reference.id}` finds its thread.",
                param_hint=_HINT,
            )


def _read(text: str, prefixes: Sequence[str], where: str = "it", *, exact: bool) -> Reference:
    try:
        read = Reference(checked_id(text)) if exact else read_reference(text, prefixes)
    except NotAnIdError as error:
        reject_secret_id(text)  # or else the message would repeat it
        raise click.BadParameter(f"{where} {error}.", param_hint=_HINT) from None
    reject_secret_id(read.id)
    return read


def _lines() -> Iterator[tuple[int, str]]:
    """The lines of standard input that are not blank, each with its number.

    Only `\\n` ends a line. Raises `click.UsageError` for more than can be meant as ids.
    """
    if sys.stdin is None or sys.stdin.closed:
        _refuse("standard input is closed.")
    left, count, number = MOST_BYTES, 0, 0
    try:
        while raw := sys.stdin.buffer.readline(_LONGEST_LINE):
            number, left = number + 1, left - len(raw)
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            line = raw.removesuffix(b"\n")
            if len(raw) == _LONGEST_LINE and line == raw:
                _refuse(f"line {number} of standard input is longer than an id.")
            if left < 0:
                _refuse(f"standard input has more than {MOST_BYTES // 2**20} MiB.")
            if not line.strip():
                continue
            count += 1
            if count > MOST_IDS:
                _refuse(f"standard input has more than {MOST_IDS:,} ids.")
            try:
                yield number, line.decode()
            except UnicodeDecodeError:
                _refuse(f"line {number} of standard input is not UTF-8.")
    except OSError as error:
        _refuse(f"standard input cannot be read: {error.strerror}.")


def _refuse(message: str) -> NoReturn:
    raise click.BadParameter(message, param_hint=_HINT)
