"""The output of commands: JSON and sanitized text.

JSON in a file or a pipe has the server's bytes. On a terminal, unsafe characters become JSON
escapes, which changes no value, and so do unescaped line breaks and tabs inside strings.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

import click

from chatkit_tui.text.json_text import STRING_OR_SPACE
from chatkit_tui.text.plain import picture, ui_text

if TYPE_CHECKING:
    from chatkit_tui.models.timestamps import Timestamp

_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")
_STRING_SPACE_OR_FOREIGN = re.compile(rf"{STRING_OR_SPACE.pattern}|{_NOT_PLAIN.pattern}", re.DOTALL)
_GAP = re.compile(r"(?:\r\n|[^\S\r\v\f\x1c-\x1f\x85])+")
"""White space, without the control characters that Python counts as such."""
_TAB_OR_CR = re.compile(r"[\t\r]")


_NARROWEST = 20
"""The smallest width of a truncated column."""


class ReaderGoneError(Exception):
    """The reader of standard output closed it, as `head` does."""


class OutputError(click.ClickException):
    """Standard output cannot be written: it is closed, or the disk is full."""

    @classmethod
    def because(cls, error: OSError) -> OutputError:
        """Return the error for an error of the system."""
        return cls(f"Standard output cannot be written: {error.strerror or 'unknown'}.")


def report(line: str) -> None:
    """Write a sanitized and redacted line to standard error."""
    from chatkit_tui.secrets import redact
    from chatkit_tui.text.sanitize import sanitize

    with suppress(OSError):  # the terminal was closed
        click.echo(f"chatkit-tui: {sanitize(redact(line))}", err=True)


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a standard stream is a terminal; None is a closed one."""
    return stream is not None and not stream.closed and stream.isatty()


def on_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return is_terminal(sys.stdout)


def write(text: str, *, at_once: bool = False) -> None:
    """Write sanitized text to standard output.

    Raise `ReaderGoneError` or `OutputError`, as every function here that writes.
    """
    with _output() as output:
        output.write(text)
        if at_once:
            output.flush()


def flush() -> None:
    """Flush standard output."""
    if sys.stdout is not None:
        with _output() as output:
            output.flush()


def write_json(raw: bytes) -> None:
    """Write JSON text, escaped on a terminal."""
    if on_terminal():
        write(escaped(raw.decode("utf-8", "replace")))
        return
    with _output() as output:
        output.flush()
        binary = getattr(output, "buffer", None)
        if binary is None:
            output.write(raw.decode("utf-8", "replace"))
        else:
            binary.write(raw)


def write_object(value: object) -> None:
    """Write a value as a line of JSON, escaped on a terminal."""
    # An unpaired surrogate, which UTF-8 does not have, becomes its escape.
    write_json(json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace") + b"\n")


@contextmanager
def delivering(done: str, advice: str) -> Iterator[None]:
    """Write the result of something that is `done`.

    Raise `OutputError` with `done` and the `advice` if the output cannot be written, even if its
    reader closed it.
    """
    try:
        yield
        flush()
    except (ReaderGoneError, OutputError) as error:
        raise OutputError(f"{done}; its output could not be written. {error} {advice}") from None


@contextmanager
def _output() -> Iterator[TextIO]:
    if sys.stdout is None:
        raise OutputError("Standard output is closed.")
    try:
        yield sys.stdout
    except BrokenPipeError:
        raise ReaderGoneError("Its reader closed it.") from None
    except OSError as error:
        raise OutputError.because(error) from None


def escaped(text: str) -> str:
    """Return JSON text with unsafe characters, and excess combining marks, as `\\u` escapes.

    Strings keep their values. White space between them becomes line breaks and spaces.
    """
    from chatkit_tui.text.sanitize import MARKS, sanitize

    stacked, behind = 0, -1

    def escape(match: re.Match[str]) -> str:
        nonlocal stacked, behind
        character = match[0]
        if sanitize(character) == character:
            return character
        if unicodedata.category(character) in ("Mn", "Me"):
            stacked = stacked + 1 if match.start() == behind else 1
            behind = match.end()
            if stacked <= MARKS and sanitize(f"a{character}") == f"a{character}":
                return character
        return json.dumps(character)[1:-1]

    def piece(match: re.Match[str]) -> str:
        nonlocal behind
        behind = -1
        if match[1] is None and match[0].isspace():
            return match[0].replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
        return _NOT_PLAIN.sub(escape, match[0])

    return _STRING_SPACE_OR_FOREIGN.sub(piece, text.removeprefix("\ufeff"))


def cell(text: str) -> str:
    """Return untrusted text for a cell: sanitized, on one line, without tabs."""
    from chatkit_tui.text.sanitize import sanitize

    return sanitize(_GAP.sub(" ", text).strip(" "))


def exact_cell(text: str) -> str:
    """Return an id, a user or a path for a cell. White space is preserved; tabs become symbols."""
    from chatkit_tui.text.sanitize import sanitize

    return sanitize(_TAB_OR_CR.sub(lambda match: picture(ord(match[0])), text))


def table(rows: Sequence[Sequence[str]], *, header: Sequence[str] | None, cut: int = -1) -> str:
    """Return rows of cells: aligned columns on a terminal, else separated by tabs.

    On a terminal, the column at index `cut` is truncated to the available width. A file or a pipe
    gets the whole text and no header.
    """
    if not on_terminal():
        return "".join("\t".join(row) + "\n" for row in rows)
    from chatkit_tui.terminal.environment import terminal_size
    from chatkit_tui.text.width import cells, shorten

    lines = [header, *rows] if header else rows
    widths = [max(cells(text) for text in column) for column in zip(*lines, strict=True)]
    cut %= len(widths)
    others = sum(widths) - widths[cut] + 2 * (len(widths) - 1)
    widths[cut] = min(widths[cut], max(_NARROWEST, terminal_size()[0] - others))

    def columns(line: Sequence[str]) -> Iterator[str]:
        for index, (text, width) in enumerate(zip(line, widths, strict=True)):
            shown = shorten(text, width) if index == cut else text
            yield shown + " " * (width - cells(shown))

    return "".join("  ".join(columns(line)).rstrip(" ") + "\n" for line in lines)


def definitions(facts: Sequence[tuple[str, str]]) -> str:
    """Return names and values, aligned on a terminal, else separated by tabs."""
    if not on_terminal():
        return "".join(f"{name}\t{value}\n" for name, value in facts)
    width = max((len(name) for name, _ in facts), default=0)
    return "".join(f"{name:{width}}  {value}\n" for name, value in facts)


def timestamp(time: Timestamp | None) -> str:
    """Return a time as `2026-03-12T09:30:00Z`, with `≈` if it may be wrong."""
    if time is None:
        return "unknown"
    text = datetime.fromtimestamp(time.seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{ui_text('≈')}{text}" if time.approximate else text
