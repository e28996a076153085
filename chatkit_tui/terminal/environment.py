"""What the process inherits: standard streams, terminal size and environment variables."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Final, TextIO

_STANDARD: Final = (0, 1, 2)
_WITHOUT_ITALICS: Final = ("linux", "screen")
"""Prefixes of terminal names; these terminals show italics as reverse video or in a color."""
_ERASES_IN_COLOR: Final = (
    *("alacritty", "contour", "foot", "ghostty", "iterm", "konsole", "linux", "mintty"),
    *("rxvt", "st-", "tmux", "vte", "wezterm", "xterm"),
)
"""Prefixes of the names of terminals whose erased cells get the current background. GNU screen does
not, and old versions of tmux call themselves `screen` too."""

# -- streams ---------------------------------------------------------------------------------------


def fill_closed_descriptors() -> None:
    """Open the null device in place of closed standard streams.

    Otherwise the next file gets the number of a standard stream, and the output of libraries and
    child processes lands in that file.
    """
    for number in _STANDARD:
        try:
            os.fstat(number)
        except OSError:
            lowest = os.open(os.devnull, os.O_RDWR)  # gets this number: the lower ones are open
            os.set_inheritable(lowest, True)  # noqa: FBT003 # has no keyword


def screen_stream() -> TextIO:
    """Return standard output, which the screen is drawn on. Raise `OSError` if it is closed.

    Textual would draw on standard error, but the start checks that standard output is a terminal.
    """
    if sys.__stdout__ is None:
        raise OSError("Standard output is closed.")
    return sys.__stdout__


# -- size ------------------------------------------------------------------------------------------

# A terminal, COLUMNS or LINES can report any number, and a screen of that size takes all memory.
MAX_COLUMNS: Final = 1_000
MAX_LINES: Final = 500
_SIZE_VARIABLES: Final = {"COLUMNS": MAX_COLUMNS, "LINES": MAX_LINES}


def bounded(columns: int, lines: int) -> tuple[int, int]:
    """Return a size cut down to the limits."""
    return min(columns, MAX_COLUMNS), min(lines, MAX_LINES)


def bound_environment(environ: MutableMapping[str, str]) -> None:
    """Cut COLUMNS and LINES down to the limits; remove what is not a positive number."""
    for name, limit in _SIZE_VARIABLES.items():
        text = environ.get(name)
        if text is None:
            continue
        if not (text.isascii() and text.isdecimal()) or not (digits := text.lstrip("0")):
            del environ[name]
        elif len(digits) > len(str(limit)) or int(digits) > limit:
            environ[name] = str(limit)


def terminal_size() -> tuple[int, int]:
    """Return columns and lines of the terminal; 80 and 24 without a terminal."""
    from shutil import get_terminal_size  # imports for some milliseconds

    return bounded(*get_terminal_size((80, 24)))


def size_of(descriptor: int) -> tuple[int, int]:
    """Return columns and lines of the terminal with this descriptor. Raise `OSError`."""
    return bounded(*os.get_terminal_size(descriptor))


# -- output ----------------------------------------------------------------------------------------


def keep_line_feeds(terminal: int) -> None:
    """Stop the system from adding a carriage return, a byte, to each line feed for a terminal."""
    with suppress(ImportError):
        import termios

        with suppress(termios.error):
            modes = termios.tcgetattr(terminal)
            modes[1] &= ~termios.ONLCR
            termios.tcsetattr(terminal, termios.TCSANOW, modes)


# -- variables -------------------------------------------------------------------------------------


def hide_from_textual(environ: MutableMapping[str, str]) -> None:
    """Remove the variables that Textual reads: some of them press keys or write files.

    Call it before the import of Textual, which reads most of them.
    """
    for name in tuple(environ):
        if name == "TEXTUAL" or name.startswith("TEXTUAL_"):
            del environ[name]


def has_italics(environ: Mapping[str, str]) -> bool:
    """Return whether the terminal shows italics as italics."""
    return not environ.get("TERM", "").startswith(_WITHOUT_ITALICS)


def erases_in_color(environ: Mapping[str, str]) -> bool:
    """Return whether erased cells get the current background."""
    return environ.get("TERM", "").startswith(_ERASES_IN_COLOR)


def has_256_colors(environ: Mapping[str, str]) -> bool:
    """Return whether the terminal has the fixed 256 colors, beyond its own sixteen."""
    return environ.get("TERM", "").endswith("-256color") or bool(environ.get("COLORTERM"))


def correct_color_depth(environ: MutableMapping[str, str]) -> None:
    """Remove COLORTERM in GNU screen and on the Linux console.

    Both pass on the variable of another terminal and misread 24-bit colors.
    """
    if "STY" in environ or environ.get("TERM") == "linux":
        environ.pop("COLORTERM", None)
