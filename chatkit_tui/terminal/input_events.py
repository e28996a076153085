"""Convert decoded terminal input to Textual's events.

The names and sequences of keys are Textual's. Its parser is not used, since it takes the characters
of an unknown sequence for keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from textual.events import AppBlur, AppFocus, CursorPosition, Event, Key, Paste, Resize
from textual.keys import Keys
from textual.message import Message
from textual.messages import InBandWindowResize, TerminalSupportsSynchronizedOutput

from chatkit_tui.terminal.environment import bounded
from chatkit_tui.terminal.input_decoder import Control, Pasted, Text
from chatkit_tui.terminal.textual_private import (
    ANSI_SEQUENCES_KEYS,
    FUNCTIONAL_KEYS,
    IS_ITERM,
    XTermParser,
    key_events,
)

_FARTHEST: Final = 65_535
"""The largest accepted coordinate of the mouse, in pixels."""
_MODIFIERS: Final = 256
"""The largest number of the kitty protocol for modifiers: one more than all of them."""
_RELEASE: Final = "3"
"""The event type of a released key."""
_OTHER_KEY: Final = "27"
"""The code of xterm for keys without a sequence: 27, modifiers, character."""

_EXTENDED_KEY: Final = re.compile(
    r"\x1b\[(?P<code>\d{0,7})(?::[\d:]*)?"  # alternate keys are of no use
    r"(?:;(?P<modifiers>\d{0,3})(?::(?P<event>\d))?)?"
    r"(?:;(?P<text>[\d:]*))?(?P<end>[u~ABCDEFHPQRS])"
)
_MOUSE: Final = re.compile(r"\x1b\[<(\d{1,3});(\d{1,6});(\d{1,6})[Mm]")
_CURSOR: Final = re.compile(r"\x1b\[(?!1;(?!1R))(\d{1,6});(\d{1,6})R")
"""The cursor position. In the first row, it could be F3 with modifiers, so that it is queried there
only in the first column."""
_MODE: Final = re.compile(r"\x1b\[\?(\d{1,6});(\d)\$y")
_RESIZE: Final = re.compile(r"\x1b\[48" + r";(\d{1,6})(?::[\d:]*)?" * 4 + "t")


class InputEvents:
    """Convert tokens; the meaning of a report can depend on earlier ones."""

    def __init__(self) -> None:
        self._parser = XTermParser()
        self._reports_size = False
        """Whether the terminal reported that it can report its size."""

    def events(self, token: Text | Control | Pasted) -> Iterator[Message]:
        """Yield the events of a token; none if it has no meaning for the program."""
        match token:
            case Pasted(text):
                yield Paste(text.replace("\0", ""))
            case Text(text):
                for character in text:
                    yield from self._named(character)
            case Control("\x1b"):
                yield Key("escape", "\x1b")
            case Control(sequence) if len(sequence) == len("\x1bx"):
                yield from self._with_alt(sequence)
            case Control(sequence):
                yield from self._report(sequence) or self._key(sequence)

    def _named(self, sequence: str, *, alt: bool = False) -> Iterator[Key]:
        """Yield the keys that Textual knows a sequence or a character as."""
        for key in key_events(self._parser, sequence, alt=alt):
            if key.key != Keys.Ignore:
                yield key

    def _with_alt(self, sequence: str) -> Iterator[Key]:
        known = sequence in ANSI_SEQUENCES_KEYS
        return self._named(sequence) if known else self._named(sequence[1], alt=True)

    # -- keys --------------------------------------------------------------------------------------

    def _key(self, sequence: str) -> Iterator[Event]:
        """Yield the key of a sequence; none if it is unknown."""
        extended = _EXTENDED_KEY.fullmatch(sequence)
        code = int(extended["code"] or "1") if extended else 0
        text = _characters(extended["text"] or "") if extended else None
        if extended is None or not _is_extended_key(code, extended["end"], text):
            yield from self._tabled(sequence)
        elif extended["event"] == _RELEASE or int(extended["modifiers"] or "0") > _MODIFIERS:
            return
        elif text and len(text) > 1:  # of an input method: not a key, and no command
            yield Paste(text)
        else:
            fields = (extended["code"], extended["modifiers"] or "", str(ord(text)) if text else "")
            yield from self._named(f"\x1b[{';'.join(fields).rstrip(';')}{extended['end']}")

    def _tabled(self, sequence: str) -> Iterator[Key]:
        """Yield the key of the table of sequences."""
        keys = ANSI_SEQUENCES_KEYS.get(sequence)
        if isinstance(keys, str):
            yield from self._named(keys)
        elif isinstance(keys, tuple):
            yield from (Key(key.value, None) for key in keys)

    # -- reports -----------------------------------------------------------------------------------

    def _report(self, sequence: str) -> list[Message]:
        """Return the event of a report; empty if the sequence is a key."""
        if sequence == "\x1b[I":
            return [AppFocus()]
        if sequence == "\x1b[O":
            return [AppBlur()]
        if found := _CURSOR.fullmatch(sequence):
            return [CursorPosition(int(found[2]) - 1, int(found[1]) - 1)]
        if found := _MOUSE.fullmatch(sequence):
            return self._mouse(sequence, int(found[2]), int(found[3]))
        if found := _MODE.fullmatch(sequence):
            return self._mode(found[1], int(found[2]))
        if found := _RESIZE.fullmatch(sequence):
            return self._resize(*(int(number) for number in found.groups()))
        return []

    def _mouse(self, sequence: str, x: int, y: int) -> list[Message]:
        if not 0 < min(x, y) <= max(x, y) <= _FARTHEST:
            return []
        event = self._parser.parse_mouse_code(sequence)
        return [] if event is None else [event]

    def _mode(self, number: str, setting: int) -> list[Message]:
        if number == "2026" and setting:
            return [TerminalSupportsSynchronizedOutput()]
        if number == "2048" and not IS_ITERM:  # which reports it wrongly, according to Textual
            report = InBandWindowResize.from_setting_parameter(setting)
            self._reports_size |= report.supported
            return [report]
        return []

    def _resize(self, rows: int, columns: int, height: int, width: int) -> list[Message]:
        if not (self._reports_size and rows and columns):
            return []
        size = bounded(columns, rows)
        event = Resize.from_dimensions(size, (width, height) if width and height else None)
        self._parser.terminal_size = event.size
        self._parser.terminal_pixel_size = event.pixel_size
        self._parser.mouse_pixels = event.pixel_size is not None
        return [event]


def _characters(codes: str) -> str | None:
    """Return the characters of code points separated by colons; None if one is invalid."""
    points = [int(code) if 0 < len(code) <= 7 else -1 for code in codes.split(":") if codes]
    return "".join(map(chr, points)) if all(map(_is_character, points)) else None


def _is_character(point: int) -> bool:
    if not 0x20 <= point <= 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        return False
    return not 0x7F <= point <= 0x9F


def _is_extended_key(code: int, end: str, text: str | None) -> bool:
    """Return whether these are the parts of a key: a function key, or a character with `u`."""
    if f"{code}{end}" in FUNCTIONAL_KEYS:
        return True
    if end == "~":
        return str(code) == _OTHER_KEY and bool(text)
    is_private = 0xE000 <= code <= 0xF8FF  # kitty's other function keys
    return end == "u" and (
        bool(text) or (text is not None and _is_character(code) and not is_private)
    )
