"""Widths are those of rich, which Textual uses, and no character is split."""

from __future__ import annotations

import unicodedata

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.unicode_data import kinds
from chatkit_tui.text.width import cells, clusters, shorten, take
from tests.text.test_sanitize import EVERY_PLANE, texts


@pytest.mark.slow
def test_every_character_is_as_wide_as_in_rich() -> None:
    assigned = (chr(point) for point in EVERY_PLANE if unicodedata.category(chr(point)) != "Cn")
    different = [shown for shown in {*map(sanitize, assigned)} if cells(shown) != cell_len(shown)]
    assert different == []


@pytest.mark.slow
def test_every_emoji_with_a_variation_selector_is_as_wide_as_in_rich() -> None:
    different = [
        hex(point)
        for point in (*range(0x20, 0x3300), *range(0x1F000, 0x1FB00))
        if unicodedata.category(chr(point)) != "Cn"
        and cells(sanitize(chr(point) + "\ufe0f")) != cell_len(sanitize(chr(point) + "\ufe0f"))
    ]
    assert different == []


@given(texts)
def test_sanitized_text_is_as_wide_as_in_rich(text: str) -> None:
    shown = "".join(c for c in sanitize(text) if unicodedata.category(c) != "Cn")
    assert cells(shown) == cell_len(shown)


@given(texts)
def test_the_clusters_of_a_text_add_up_to_it(text: str) -> None:
    shown = sanitize(text)
    pieces = list(clusters(shown))
    assert "".join(piece for piece, _ in pieces) == shown
    assert sum(width for _, width in pieces) == cells(shown)


@given(texts, st.integers(-1, 40))
def test_take_returns_the_longest_prefix_that_fits(text: str, width: int) -> None:
    shown = sanitize(text)
    taken = take(shown, width)
    assert shown.startswith(taken)
    assert cells(taken) <= max(0, width)
    rest = [size for _, size in clusters(shown[len(taken) :])]
    assert not rest or width <= 0 or cells(taken) + rest[0] > width


@given(texts, st.integers(-1, 40))
def test_a_shortened_text_fits(text: str, width: int) -> None:
    assert cells(shorten(sanitize(text), width)) <= max(0, width)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("plain", 5),
        ("Köln", 4),
        ("日本", 4),
        ("👨‍👩‍👧", 2),
        ("🇩🇪🇫🇷", 4),
        ("❤️", 2),
        ("e\u0301", 1),
        ("\U0001fae8", 2),  # an emoji younger than Python 3.11
    ],
)
def test_the_width_of_some_texts(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize(
    ("text", "width", "taken"),
    [("日本語", 3, "日"), ("🇩🇪🇫🇷", 3, "🇩🇪"), ("e\u0301e", 1, "e\u0301"), ("👍🏽x", 2, "👍🏽")],
)
def test_a_character_is_taken_whole_or_not_at_all(text: str, width: int, taken: str) -> None:
    assert take(text, width) == taken


def test_a_text_that_does_not_fit_ends_in_an_ellipsis() -> None:
    assert shorten("a long title", 7) == "a long…"
    assert shorten("a long title", 7, ellipsis="...") == "a lo..."
    assert shorten("short", 7) == "short"
    assert shorten("日本語", 4) == "日…"
    assert shorten("anything", 0) == ""


@given(texts)
def test_a_terminal_moves_as_many_cells_and_executes_nothing(text: str) -> None:
    # The emulated terminal adds up an emoji's parts and lacks young characters: left out here.
    shown = "".join(
        c for c in sanitize(text) if kinds(c) in {".", "K"} and unicodedata.category(c) != "Cn"
    )
    screen = pyte.Screen(2_000, 2)
    pyte.Stream(screen).feed(shown)
    assert (screen.cursor.x, screen.cursor.y) == (cells(shown), 0)
    assert screen.title == ""


def test_a_joiner_before_a_truncated_letter_is_removed() -> None:
    word = "می\u200cخواهم"
    assert [shorten(word, width) for width in (2, 3, 4, 9)] == ["م…", "می…", "می\u200cخ…", word]
