"""What commands write: JSON as it came, text that cannot steer a terminal.

JSON that goes to a file or a pipe is the server's, byte for byte. On a terminal the characters
that could do harm there are written as JSON escapes, which changes no value, and so are the line
breaks and tabs inside strings that a broken server did not escape.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from chatkit_tui.cli.exit_codes import OutputError, ReaderGoneError
from chatkit_tui.text.plain import picture, ui_text

if TYPE_CHECKING:
    from chatkit_tui.models.timestamps import Timestamp

_STRING_OR_SPACE = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+', re.DOTALL)
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")
_STRING_SPACE_OR_FOREIGN = re.compile(
    rf"{_STRING_OR_SPACE.pattern}|{_NOT_PLAIN.pattern}", re.DOTALL
)
_CONTROL = re.compile(r"[\x00-\x1f]")
_GAP = re.compile(r"(?:\r\n|[^\S\r\v\f\x1c-\x1f\x85])+")
"""White space that may become a blank: not the controls that Python counts as white space."""
_TAB_OR_CR = re.compile(r"[\t\r]")


_NARROWEST = 20
"""Cells of a column that is cut, however narrow the terminal."""


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is a terminal; None is one that was closed before the start."""
    return stream is not None and not stream.closed and stream.isatty()


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return is_terminal(sys.stdout)


def write(text: str, *, at_once: bool = False) -> None:
    """Write text to standard output as it is: the caller has made it showable.

    Raises `ReaderGoneError` or `OutputError` when it cannot be taken, as all that writes here.
    """
    with _output() as output:
        output.write(text)
        if at_once:
            output.flush()


def flush() -> None:
    """Hand over what was written so far."""
    if sys.stdout is not None:
        with _output() as output:
            output.flush()


def write_json(raw: bytes) -> None:
    """Write JSON text, as it came or escaped for a terminal (see above)."""
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


@contextmanager
def delivering(done: str, advice: str) -> Iterator[None]:
    """Write what tells of something that is `done` and that is not to be lost with its output.

    Raises `OutputError` with that and the `advice` when the output cannot be delivered, also where
    its reader has seen enough.
    """
    try:
        yield
        flush()
    except (ReaderGoneError, OutputError) as error:
        raise OutputError(f"{done}; its output was not delivered. {error} {advice}") from None


@contextmanager
def _output() -> Iterator[TextIO]:
    """Standard output, whose failures become errors that are expected."""
    if sys.stdout is None:
        raise OutputError("Standard output is closed.")
    try:
        yield sys.stdout
    except BrokenPipeError:
        raise ReaderGoneError("Its reader is gone.") from None
    except OSError as error:
        raise OutputError.because(error) from None


def escaped(text: str) -> str:
    """JSON text with every character that must not reach a terminal as a `\\u` escape, and of the
    marks that stack on one letter those that are too many.

    Inside strings, that changes no value. Space between them is made line breaks and blanks.
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


def compact(raw: bytes) -> bytes:
    """A JSON text on one line: space outside strings goes, numbers keep their spelling.

    Line breaks inside strings, which some servers send although JSON forbids them, become escapes.
    """

    def shrink(match: re.Match[str]) -> str:
        string: str | None = match[1]
        return "" if string is None else _CONTROL.sub(lambda m: json.dumps(m[0])[1:-1], string)

    text = raw.decode("utf-8", "surrogateescape")
    return _STRING_OR_SPACE.sub(shrink, text).encode("utf-8", "surrogateescape")


def cell(text: str) -> str:
    """Wire text in one cell of a line: showable, on one line, without tabs."""
    from chatkit_tui.text.sanitize import sanitize

    return sanitize(_GAP.sub(" ", text).strip(" "))


def exact_cell(text: str) -> str:
    """Return an id, a user or a path in one showable cell: every character of it counts.

    White space is kept as it is, except that tabs and line ends are shown as signs.
    """
    from chatkit_tui.text.sanitize import sanitize

    return sanitize(_TAB_OR_CR.sub(lambda match: picture(ord(match[0])), text))


def table(rows: Sequence[Sequence[str]], *, header: Sequence[str] | None, cut: int = -1) -> str:
    """Rows of showable cells: columns on a terminal, tabs between the cells elsewhere.

    On a terminal the column at index `cut` is cut to what the others leave of the width; a file or
    a pipe gets every word and no header, so that `cut` and `sort` need no care.
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
    """Names and showable values: below each other on a terminal, a tab between them elsewhere."""
    if not on_terminal():
        return "".join(f"{name}\t{value}\n" for name, value in facts)
    width = max((len(name) for name, _ in facts), default=0)
    return "".join(f"{name:{width}}  {value}\n" for name, value in facts)


def timestamp(time: Timestamp | None) -> str:
    """A moment as `2026-03-12T09:30:00Z`; with `≈` in front when it was decoded from an id."""
    if time is None:
        return "unknown"
    said = datetime.fromtimestamp(time.seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{ui_text('≈')}{said}" if time.approximate else said
