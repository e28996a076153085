"""The private names of Textual that this program uses, all listed here.

Textual may rename them in any release. `tests/test_textual_private.py` reports each listed name
that the installed Textual lacks, and each use that is not listed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._callback import invoke
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import IS_ITERM, XTermParser

if TYPE_CHECKING:
    from textual.events import Key
    from textual.screen import Screen
    from textual.widgets import OptionList

__all__ = ["ANSI_SEQUENCES_KEYS", "FUNCTIONAL_KEYS", "IS_ITERM", "XTermParser", "invoke"]

INHERITED: Final = {
    "textual.app.App": (
        *("_batch_count", "_clipboard", "_driver", "_exception", "_fatal_error", "_filters"),
        "_handle_exception",
    ),
    "textual.document._document.Document": ("_lines",),
    "textual.driver.Driver": ("_app", "_auto_restart", "_loop", "_size"),
    "textual.drivers.linux_driver.LinuxDriver": (
        *("_file", "_get_terminal_size", "_in_band_window_resize", "_must_signal_resume"),
        *("_run_input_thread", "_sigcont_application", "_sigtstp_application", "_writer_thread"),
    ),
    "textual.message_pump.MessagePump": ("_close_messages_no_wait",),
    "textual.screen.Screen": ("_compositor",),
    "textual.widgets._input.Input": ("_cell_offset_to_index", "_position_to_cell", "_value"),
    "textual.widgets._text_area.TextArea": ("_set_document",),
}
"""Attributes and methods of Textual's classes that subclasses use or override."""
ACCESSED: Final = {
    "textual.screen.Screen": ("_push_result_callback", "_result_callbacks"),
    "textual._xterm_parser.XTermParser": ("_sequence_to_key_events",),
    "textual.widgets._option_list.OptionList": ("_index_to_line", "_lines"),
}
"""Attributes and methods that the functions below use."""


def make_replaceable(screen: Screen[None]) -> None:
    """Let `switch_screen` replace a screen: it removes a callback, and the first one has none."""
    if not screen._result_callbacks:  # noqa: SLF001
        screen._push_result_callback(screen, None)  # noqa: SLF001


def key_events(parser: XTermParser, sequence: str, *, alt: bool) -> Iterable[Key]:
    """Return the keys that Textual knows a sequence or a character as."""
    return parser._sequence_to_key_events(sequence, alt=alt)  # noqa: SLF001


def option_lines(options: OptionList) -> tuple[Sequence[object], Container[int]]:
    """Return the laid out lines of a list, and the indices of options with a line."""
    return options._lines, options._index_to_line  # noqa: SLF001


def line_of_option(options: OptionList, index: int) -> int:
    """Return the first line of an option; 0 before the first layout."""
    return options._index_to_line.get(index, 0)  # noqa: SLF001


def row_of_line(options: OptionList, line: int) -> int | None:
    """Return the option that has a line; None if none has it."""
    lines = options._lines  # noqa: SLF001
    return lines[line][0] if line < len(lines) else None
