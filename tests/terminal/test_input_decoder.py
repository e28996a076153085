"""Bytes of pastes, replies and unknown sequences are never keys, however late or split."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatkit_tui.terminal.input_decoder import (
    PASTE_LIMIT,
    PATIENCE,
    QUIET,
    SLOW_PATIENCE,
    Control,
    Dropped,
    Pasted,
    Text,
    Token,
)
from tests.terminal.payloads import NOT_UTF8, PASTED, SEQUENCES, STRINGS, bracketed
from tests.terminal.timed_input import TimedInput

KEYS = (b"\x1b[D", b"\x1bOD", b"\x1b[1;2D", b"\x1b[3~", b"\x1b[99;5u", b"\x1b[12;40R", b"\x1b[[A")
WHOLE = (*map(bracketed, PASTED), *STRINGS, *SEQUENCES, *KEYS)
FILTERED = tuple(data for data in WHOLE if data.count(b"\x1b[201~") < 2)
"""Without what no terminal sends that takes the end of a paste out of its text: cut there and
late, the rest cannot be told from keys."""
INTRODUCERS = (b"[", b"O", b"P", b"]", b"_", b"^", b"X")
LATE_KEYS = frozenset(b"\x1b" + introducer for introducer in (b"", *INTRODUCERS[2:]))
"""The keys that the beginnings of sequences are after the timeout."""


def decoded(*pieces: bytes) -> Sequence[Token]:
    """Decode pieces without a pause; join the text of adjacent tokens."""
    line = TimedInput()
    for piece in pieces:
        line.send(piece)
    line.pause(10)
    joined: list[Token] = []
    for token in line.tokens:
        if joined and isinstance(token, Text) and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + token.text)
        else:
            joined.append(token)
    return joined


def pieces_of(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """Split bytes at these positions."""
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(places) if start < end]


@pytest.mark.parametrize("pasted", PASTED)
def test_any_paste_is_text(pasted: bytes) -> None:
    text = pasted.replace(b"\x1b[200~", b"").replace(b"\x1b[201~", b"")
    assert decoded(bracketed(pasted)) == [Pasted(text.decode("utf-8", "replace"))]


@pytest.mark.parametrize("sequence", STRINGS)
def test_a_string_is_dropped_up_to_its_terminator(sequence: bytes) -> None:
    assert decoded(b"a" + sequence + b"b") == [Text("ab")]


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_a_control_sequence_is_whole_or_nothing(sequence: bytes) -> None:
    whole = [Text("a"), Control(sequence.decode("latin-1")), Text("b")]
    assert decoded(b"a", sequence, b"b") in ([Text("ab")], whole)


@pytest.mark.parametrize("data", NOT_UTF8)
def test_bytes_that_are_not_utf8_are_ignored(data: bytes) -> None:
    assert decoded(b"a" + data + b"b") == [Text("ab")]
    assert decoded(data)[:1] == []
    assert decoded(data, b"\x1b[A") == [Control("\x1b[A")]


@given(st.sampled_from(WHOLE + NOT_UTF8), st.lists(st.integers(0, 50_000), max_size=6))
def test_the_boundaries_of_reads_make_no_difference(data: bytes, cuts: list[int]) -> None:
    assert decoded(*pieces_of(b"ab" + data + b"\x1b[A", cuts)) == decoded(b"ab" + data + b"\x1b[A")


def assert_no_key(pieces: Sequence[bytes], pauses: Sequence[float], patience: float) -> None:
    """Send a sequence or a paste in pieces, and assert that none of them is a key.

    An ESC that nothing follows in time is the Escape key; so are Alt and an introducer. A lone
    introducer after that may have been typed as well. None of them deletes or confirms.
    """
    data = b"".join(pieces)
    line = TimedInput()
    line.decoder.patience = patience
    for piece, pause in zip(pieces, (*pauses, 10.0), strict=True):
        line.send(piece)
        line.pause(pause)
    beginning = {pieces[0], b"".join(pieces[:2])} & LATE_KEYS
    is_introducer = pieces[0] == b"\x1b" and pieces[1] in INTRODUCERS
    assert line.text.strip("\x03").encode() in {b"", pieces[1] if is_introducer else b""}
    lone_escapes = {piece for piece in pieces if piece == b"\x1b"}
    for token in line.tokens:
        if isinstance(token, Control) and token.sequence != "\x1b[1;1R":
            assert token.sequence.encode() in {data} | beginning | lone_escapes
        elif isinstance(token, Pasted):
            [whole] = decoded(data)
            assert isinstance(whole, Pasted)
            assert whole.text.startswith(token.text)


PAUSES = st.one_of(st.sampled_from((0.03, 0.12, 0.55, 1.0)), st.floats(0, 60, allow_nan=False))
PATIENCES = st.sampled_from((PATIENCE, SLOW_PATIENCE))


@given(st.sampled_from(FILTERED), st.integers(0, 50_000), PAUSES, PATIENCES)
@example(b"\x1b[D", 1, 0.2, PATIENCE)
@example(b"\x1b[D", 2, 0.6, PATIENCE)
@example(b"\x1b[1;2D", 5, 30.0, PATIENCE)
@example(b"\x1b]52;c;RDy0\x07", 2, 0.3, PATIENCE)
@example(b"\x1b]8;;Dy\x1b\x1b\x1b[Dy\x1bDy\x07", 8, 1.0, PATIENCE)
@example(b"\x9bD", 1, 1.0, PATIENCE)
def test_the_rest_of_a_stalled_sequence_is_no_key(
    data: bytes, cut: int, pause: float, patience: float
) -> None:
    cut = 1 + (cut - 1) % (len(data) - 1)
    assert_no_key((data[:cut], data[cut:]), [pause], patience)


@given(
    st.sampled_from(FILTERED),
    st.tuples(st.integers(1, 50_000), st.integers(1, 50_000)),
    st.tuples(PAUSES, PAUSES),
    PATIENCES,
)
@example(b"\x1b]52;c;RDy0\x07", (8, 9), (1.0, 1.0), PATIENCE)
@example(b"\x1b[1;2D", (3, 5), (1.0, 1.0), PATIENCE)
@example(b"\x1b[200~Dy\x1b[201~", (6, 7), (1.0, 1.0), PATIENCE)
@example(b"\x1bXDy\x1b\\", (2, 3), (1.0, 1.0), PATIENCE)
@example(b"\x1b]8;;Dy\x1b\x1b\x1b[Dy\x1bDy\x07", (7, 8), (1.0, 1.0), PATIENCE)
@example(b"\x1b]52;c;RDy0\x07", (1, 2), (1.0, 1.0), PATIENCE)
@example(b"\x1b[D", (1, 2), (1.0, 1.0), PATIENCE)
def test_the_rest_of_a_sequence_that_stalls_twice_is_no_key(
    data: bytes, cuts: tuple[int, int], pauses: tuple[float, float], patience: float
) -> None:
    pieces = pieces_of(data, sorted({1 + (cut - 1) % (len(data) - 1) for cut in cuts}))
    assert_no_key(pieces, pauses[: len(pieces) - 1], patience)


STALLED = (
    b"\x1b[",
    b"\x1b[1;2",
    b"\x1bO",
    b"\x1b]52;c;R",
    b"\x1bP",
    b"\x1b[200~Dy",
    b"\x1bXDy\x1b",
)


@pytest.mark.parametrize("key", [b"j", b"/", b"7", b"\r", b"\x1b[B", b"\x1bOB", "é".encode()])
@pytest.mark.parametrize("stalled", STALLED)
def test_the_first_key_after_a_stall_is_dropped_and_reported_and_the_second_works(
    stalled: bytes, key: bytes
) -> None:
    line = TimedInput()
    line.send(stalled)
    line.pause(PATIENCE + QUIET)
    line.tokens.clear()
    line.send(key)
    line.pause(QUIET)
    assert line.tokens == [Dropped.SEQUENCE]
    line.tokens.clear()
    line.send(key)
    line.pause(0.1)
    assert line.tokens == [Control(key.decode()) if key[0] == 27 else Text(key.decode())]


@pytest.mark.parametrize("stalled", STALLED)
def test_escape_works_after_a_stall(stalled: bytes) -> None:
    line = TimedInput()
    line.send(stalled)
    line.pause(PATIENCE + QUIET)
    line.tokens.clear()
    line.send(b"\x1b")
    line.pause(0.1)
    assert line.tokens == [Control("\x1b")]


def test_the_end_of_a_paste_inside_a_string_has_no_effect() -> None:
    assert decoded(b"\x1b]0;\x1b[201~Dy\x07b") == [Text("b")]


def test_input_after_the_end_of_a_paste_without_a_beginning_is_dropped() -> None:
    assert decoded(b"Dy\x1b[201~Dy") == [Dropped.PASTE]


@given(st.lists(st.tuples(st.binary(max_size=40), st.floats(0, 3)), max_size=12))
def test_keys_work_again_after_any_input(sent: list[tuple[bytes, float]]) -> None:
    line = TimedInput()
    for data, pause in sent:
        line.send(data)
        line.pause(pause)
        assert len(line.decoder._buffer) < 1024
    line.pause(5)
    for _ in range(3):  # the first may be taken for the rest of something, and that is said
        line.tokens.clear()
        line.send(b"j")
        line.pause(2)
    assert line.text == "j"
    line.tokens.clear()
    line.send(b"\x1b[B")
    line.pause(1)
    assert line.tokens == [Control("\x1b[B")]


def test_the_escape_key_is_quick() -> None:
    line = TimedInput()
    line.send(b"\x1b")
    line.pause(0.1)
    assert line.tokens == [Control("\x1b")]
    for key in (b"j", b"O", b"\r", b"\x1b[A", b"["):
        line.tokens.clear()
        line.send(key)
        line.pause(0.06)
        assert line.tokens == [Control(key.decode()) if key[0] == 27 else Text(key.decode())]


def test_a_lone_introducer_after_escape_is_a_key_but_late_input_after_it_is_not() -> None:
    line = TimedInput()
    for sent in (b"\x1b", b"[", b"D"):
        line.send(sent)
        line.pause(1)
    assert line.tokens == [Control("\x1b"), Text("["), Dropped.SEQUENCE]


@pytest.mark.parametrize("introducer", ["P", "]", "X"])
def test_a_key_after_escape_and_a_lone_introducer_of_a_string_works(introducer: str) -> None:
    line = TimedInput()
    for sent in (b"\x1b", introducer.encode(), b"/"):
        line.send(sent)
        line.pause(0.2)
    assert line.tokens == [Control("\x1b"), Text(introducer), Text("/")]


def test_a_sequence_whose_escape_came_early_is_still_that_sequence() -> None:
    line = TimedInput()
    line.send(b"\x1b")
    line.pause(2)
    line.send(b"[D")
    assert line.tokens == [Control("\x1b"), Control("\x1b[D")]


@pytest.mark.parametrize("key", ["\x1bd", "\x1bD", "\x1bé", "\x1b日", "\x1b\r", "\x1b]", "\x1bP"])
def test_alt_and_a_character_is_one_key(key: str) -> None:
    line = TimedInput()
    line.send(key.encode())
    line.pause(0.2)
    assert line.tokens == [Control(key)]


@pytest.mark.parametrize(("patience", "over"), [(PATIENCE, 0.6), (SLOW_PATIENCE, 2.1)])
def test_a_paste_without_an_end_times_out(patience: float, over: float) -> None:
    line = TimedInput()
    line.decoder.patience = patience
    line.send(b"\x1b[200~Dy\x1b[5;5RDy")
    line.pause(patience - 0.1)
    assert line.tokens == []
    line.pause(over - patience + 0.1)
    assert line.tokens == [Dropped.PASTE, Control("\x1b[5;5R")]
    line.send(b"DyD")
    line.pause(QUIET - 0.1)
    line.send(b"\x03")
    assert line.text == "\x03"
    line.send(b"Dy\x03")
    line.pause(QUIET + 0.1)
    assert line.text == "\x03"
    line.send(b"j")
    line.pause(0.1)
    assert line.text == "\x03j"


@pytest.mark.parametrize("interrupt", [b"\x03", b"\x03\x03", b"\x1b[99;5u", b"\x1b[99;69u"])
@pytest.mark.parametrize(
    ("stalled", "pause"),
    [
        *((stalled, PATIENCE) for stalled in STALLED),
        *((stalled, 0.2) for stalled in STALLED if not stalled.startswith(b"\x1b[200~")),
    ],
)
def test_a_lone_interrupt_is_accepted_while_input_is_dropped(
    stalled: bytes, pause: float, interrupt: bytes
) -> None:
    line = TimedInput()
    line.send(stalled)
    line.pause(pause)
    line.send(interrupt)
    assert line.text == "\x03"


def test_a_large_paste_is_dropped_as_a_whole() -> None:
    pasted = b"D" * PASTE_LIMIT
    assert decoded(bracketed(pasted)) == [Pasted(pasted.decode())]
    pieces = pieces_of(bracketed(pasted + b"Dy"), range(0, 2 * PASTE_LIMIT, 4096))
    assert decoded(*pieces, b"j") == [Dropped.LARGE_PASTE, Text("j")]


def test_keys_right_after_a_paste_follow_it() -> None:
    line = TimedInput()
    line.send(bracketed(b"abc") + b"\r")
    for _ in range(20):  # keys that are held down, or a mouse that moves
        line.pause(0.01)
        line.send(b"j")
    line.pause(0.1)
    assert line.tokens[:1] == [Pasted("abc")]
    assert line.text == "\r" + "j" * 20


def test_replies_and_keys_keep_their_order() -> None:
    data = b"\x1b[1;1Ra\x1b[2;1R\x1b[A\x1b[3;1Rb" + bracketed(b"c") + b"\x1b[4;1Rd"
    assert decoded(data) == [
        Control("\x1b[1;1R"),
        Text("a"),
        Control("\x1b[2;1R"),
        Control("\x1b[A"),
        Control("\x1b[3;1R"),
        Text("b"),
        Pasted("c"),
        Control("\x1b[4;1R"),
        Text("d"),
    ]


@pytest.mark.parametrize("begun", [b"\x1b[200~abc", b"\x1b]52;c;abc", b"\x1bPabc", b"\x1b[12"])
@pytest.mark.parametrize("gap", [0.05, 0.3, 0.45])
def test_repeated_ctrl_c_interrupts_any_unfinished_input(begun: bytes, gap: float) -> None:
    line = TimedInput()
    line.send(begun)
    pressed = 0
    while "\x03" not in line.text and pressed * gap < 2 * PATIENCE:
        line.pause(gap)
        line.send(b"\x03")
        pressed += 1
    assert line.text.strip("\x03") == ""
    assert "\x03" in line.text
