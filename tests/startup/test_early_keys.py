"""Which bytes are taken for movements of the list's cursor, and that none of them is lost."""

from __future__ import annotations

import asyncio
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key

from chatkit_tui.startup.early_keys import MAX_MOVES, EarlyKeys, read_moves
from chatkit_tui.terminal.input_decoder import SLOW_PATIENCE, Dropped, InputDecoder
from chatkit_tui.terminal.input_events import InputEvents

DOWN, UP = b"\x1b[B", b"\x1b[A"
MOVES = {b"j": 1, DOWN: 1, b"\x1bOB": 1, b"k": -1, UP: -1, b"\x1bOA": -1}
ROWS = 4
"""Fewer than the movements that are answered."""

pieces = st.one_of(
    st.sampled_from([b"j", b"j", b"k", DOWN, UP, b"\x1bOB"]),
    st.sampled_from(
        [b"D", b"\x1b", b"[", b"O", b"B", b"\r", b"\x1b[200~", b"\x1b[1;5B", b"\xc3\xa9"]
    ),
)


def typed(data: bytes, keys: dict[str, str] | None = None) -> EarlyKeys:
    """What there is once these bytes were read."""
    early = EarlyKeys(read_moves(keys or {}), lambda: None)
    early.feed(data)
    return early


def keys_of(data: bytes) -> list[str]:
    """The keys that the screen finds in bytes that it reads at once; "" is what is no key."""
    decoder, events = InputDecoder(), InputEvents()
    found = []
    for token in (*decoder.feed(data, 0.0), *decoder.tick(SLOW_PATIENCE)):
        keys = [] if isinstance(token, Dropped) else list(events.events(token))
        found += [key.key if isinstance(key, Key) else "" for key in keys] or [""]
    return found


def test_the_keys_are_those_of_the_commands_that_move_by_a_row() -> None:
    assert read_moves({}) == MOVES


def test_the_keys_are_those_of_the_user() -> None:
    assert read_moves({"cursor_down": "n, 8, ctrl+n, slash, f5", "line_up": "down"}) == {
        **dict.fromkeys((b"n", b"8"), 1),
        **dict.fromkeys((b"k", DOWN, b"\x1bOB"), -1),
    }
    assert b"j" not in read_moves({"filter": "j"})


@pytest.mark.parametrize(
    ("data", "cursor"),
    [
        (b"", 0),
        (b"j", 1),
        (b"jjk", 1),
        (DOWN + b"\x1bOB" + UP, 1),
        (b"kkj", 1),
        (b"jD", 1),
        (b"jDj", 1),
        (b"Djj", 0),
        (b"j\x1b", 1),
        (b"\x1b[200~jj\x1b[201~", 0),
        (b"\x1bj", 0),
        (b"\x1b[1;5B", 0),
        (b"\x1b[?62;22cj", 0),
        (b"\xc3\xaaj", 0),
    ],
)
def test_movements_are_answered_up_to_the_first_other_byte(data: bytes, cursor: int) -> None:
    assert typed(data).cursor(ROWS) == cursor


def test_a_remapped_key_is_answered() -> None:
    assert typed(b"jnn", {"cursor_down": "n"}).cursor(ROWS) == 0
    assert typed(b"nnj", {"cursor_down": "n"}).cursor(ROWS) == 2


def test_a_movement_beyond_the_last_row_ends_the_answers() -> None:
    assert typed(b"jjjjk").cursor(ROWS) == ROWS - 1
    assert typed(b"j").cursor(1) == typed(b"j").cursor(0) == 0


def test_a_key_that_is_held_is_answered_for_a_while() -> None:
    assert typed(b"j" * (MAX_MOVES + 9)).cursor(100) == MAX_MOVES


def test_an_unfinished_sequence_ends_the_answers_even_if_it_is_finished_later() -> None:
    early = typed(b"")
    assert early.feed(b"j")
    assert not early.feed(b"\x1b")


@given(st.lists(pieces, max_size=MAX_MOVES).map(b"".join))
def test_an_answer_is_what_the_screen_does_with_the_keys_so_far(data: bytes) -> None:
    steps = {"j": 1, "down": 1, "k": -1, "up": -1}
    cursor = 0
    for key in keys_of(data):
        if key not in steps or cursor + steps[key] >= ROWS:
            break
        cursor = max(0, cursor + steps[key])
    assert typed(data).cursor(ROWS) == cursor


@given(st.lists(pieces, max_size=8))
async def test_all_bytes_are_handed_on_in_order(chunks: list[bytes]) -> None:
    reading, writing = os.pipe()
    has_read = asyncio.Event()
    early = EarlyKeys(MOVES, has_read.set)
    early.listen(reading)
    is_reading = True
    for chunk in chunks:
        os.write(writing, chunk)
        if is_reading:
            await has_read.wait()
            has_read.clear()
            is_reading = early.feed(b"")
    os.close(writing)
    read = early.take()
    assert read + os.read(reading, 1000) == b"".join(chunks)
    os.close(reading)


async def test_the_end_of_the_input_is_read_once() -> None:
    reading, writing = os.pipe()
    reads = 0
    has_read = asyncio.Event()

    def on_read() -> None:
        nonlocal reads
        reads += 1
        has_read.set()

    EarlyKeys(MOVES, on_read).listen(reading)
    os.close(writing)
    await has_read.wait()
    for _ in range(3):
        await asyncio.sleep(0)
    assert reads == 1
    os.close(reading)
