"""Decoded input becomes the events of Textual, and none where Textual invents keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.events import Key, MouseEvent, Paste, Resize
from textual.message import Message

from chatkit_tui.terminal.environment import MAX_COLUMNS, MAX_LINES
from chatkit_tui.terminal.input_decoder import Control, Dropped, InputDecoder
from chatkit_tui.terminal.input_events import InputEvents
from tests.terminal.payloads import NOT_UTF8, SEQUENCES, STRINGS

MODIFIERS = ("", ";2", ";3", ";5", ";8")
TYPED = [chr(code) for code in range(0x7F)] + list("äß日👩")
REPORTS = ["[<0;3;4M", "[<0;3;4m", "[<35;3;4M", "[<65;3;4M", "[1;5R", "[I", "[O", "[?2026;2$y"]
SAME = [
    *(sequence for sequence in ANSI_SEQUENCES_KEYS if "5" not in sequence and sequence != "\x9b"),
    *(key for key in TYPED if key != "\x1b"),
    *(f"\x1b{key}" for key in TYPED if key not in "[O\x1b"),
    *(f"\x1b[{key[:-1]}{modifiers}{key[-1]}" for key in FUNCTIONAL_KEYS for modifiers in MODIFIERS),
    *(f"\x1b[{ord(key)}{modifiers}u" for key in "aDy ä日" for modifiers in MODIFIERS),
    *(f"\x1b[{ord(key)};2;{ord(key.upper())}u" for key in "aDy ä日"),
    *(f"\x1b{report}" for report in REPORTS),
]
"""Keys and reports that terminals send."""
MISREAD = {
    *(f"\x1b[{number}~" for number in (25, 26, 28, 29, 31, 32, 33, 34, 62, 63)),
    *(f"\x1b[1;{number}u" for number in (5, 6, 7, 8)),
    *(f"\x1b[1;{number}R" for number in range(2, 257)),
}
"""What Textual has in its table but takes for the character of that number, or for the place of the
cursor."""


def events(data: bytes) -> list[Message]:
    """Return the events of bytes and of the timeout after them."""
    decoder, made = InputDecoder(), InputEvents()
    tokens = decoder.feed(data, 0.0)
    for second in range(1, 10):
        tokens += decoder.tick(second)
    return [
        event for token in tokens if not isinstance(token, Dropped) for event in made.events(token)
    ]


def facts(messages: list[Message]) -> list[tuple[object, ...]]:
    """Return the facts by which events are equal."""
    return [
        (
            type(message),
            *((message.key, message.character) if isinstance(message, Key) else ()),
            *((message.x, message.y, message.button) if isinstance(message, MouseEvent) else ()),
        )
        for message in messages
    ]


def textuals(sequence: str) -> list[Message]:
    """Return the events of Textual's own parser."""
    parser = XTermParser()
    made = list(parser.feed(sequence))
    if parser._timeout_time is not None:
        parser._timeout_time = 0.0
    return [*made, *parser.tick()]


def test_keys_and_reports_are_what_textual_makes_of_them() -> None:
    unlike = [
        sequence
        for sequence in SAME
        if facts(events(sequence.encode())) != facts(textuals(sequence)) and sequence not in MISREAD
    ]
    assert unlike == []


@pytest.mark.parametrize("data", [*STRINGS, *SEQUENCES, *NOT_UTF8])
def test_unknown_sequences_are_no_keys(data: bytes) -> None:
    assert [event for event in events(data) if isinstance(event, Key)] == []


def test_a_key_of_several_characters_is_text() -> None:
    [event] = events(b"\x1b[0;;68:121u")
    assert isinstance(event, Paste)
    assert event.text == "Dy"


def test_alternate_keys_are_ignored_and_a_repeated_key_is_a_key() -> None:
    assert [event.key for event in events(b"\x1b[106:74:1;1:2u") if isinstance(event, Key)] == ["j"]


def test_function_keys_that_textual_misreads_have_their_names() -> None:
    names = [event.key for event in events(b"\x1b[25~\x1b[5A") if isinstance(event, Key)]
    assert names == ["f13", "ctrl+up"]


def test_sizes_are_bounded_and_only_accepted_from_terminals_that_report_them() -> None:
    made = InputEvents()
    huge = Control("\x1b[48;999999;999999;1;1t")
    assert list(made.events(huge)) == []
    assert list(made.events(Control("\x1b[?2048;1$y")))
    [resize] = made.events(huge)
    assert isinstance(resize, Resize)
    assert resize.size == (MAX_COLUMNS, MAX_LINES)
    [resize] = made.events(Control("\x1b[48;24;80;0;0t"))
    assert isinstance(resize, Resize)
    [event] = made.events(Control("\x1b[<0;3;4M"))  # there are no pixels to divide by
    assert isinstance(event, MouseEvent)
    assert (event.x, event.y) == (2, 3)


_CONTROL = st.text("0123456789:;<?$ ", max_size=20).flatmap(
    lambda body: st.sampled_from("u~ABCDEFHPQRSMmtyc").map(lambda end: f"\x1b[{body}{end}")
)


@given(st.lists(_CONTROL | st.binary(max_size=8).map(lambda b: b.decode("latin-1")), max_size=8))
def test_no_sequence_raises(sequences: list[str]) -> None:
    events("".join(sequences).encode("latin-1"))
    made = InputEvents()
    list(made.events(Control("\x1b[?2048;2$y")))
    for sequence in sequences:
        if sequence.startswith("\x1b[") and len(sequence) > 3:
            list(made.events(Control(sequence)))
