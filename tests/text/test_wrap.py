"""Lines break between words, fit, and lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.text import wrap as wrapping
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells
from chatkit_tui.text.wrap import break_lines, fold, folded_height, wrap
from tests.text.test_sanitize import texts

SPACES = " \n\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000"

words = st.text(st.sampled_from("ab é日本、「」한国\u00a0😀👍🏽 \n-./_7"), max_size=60)
runs = st.lists(st.tuples(st.one_of(words, texts), st.integers(0, 3)), max_size=6)


def lines_of(text: str, width: int) -> list[str]:
    return ["".join(piece for piece, _ in line) for line in wrap([(text, None)], width)]


def without_spaces(text: str) -> str:
    return "".join(character for character in text if character not in SPACES)


@given(runs, st.integers(2, 30))
def test_no_character_but_space_is_lost(parts: list[tuple[str, int]], width: int) -> None:
    shown = [(sanitize(text, breaks=True), number) for text, number in parts]
    wrapped = wrap(shown, width)
    for number in range(4):
        before = "".join(text for text, own in shown if own == number)
        after = "".join(text for line in wrapped for text, own in line if own == number)
        assert without_spaces(after) == without_spaces(before)


@given(runs, st.integers(1, 30))
def test_no_line_is_wider_than_requested(parts: list[tuple[str, int]], width: int) -> None:
    shown = [(sanitize(text, breaks=True), number) for text, number in parts]
    for line in wrap(shown, width):
        assert cells("".join(text for text, _ in line)) <= width


@given(st.text("ab c\n", max_size=80), st.integers(1, 20))
def test_the_fast_path_breaks_lines_like_the_general_one(text: str, width: int) -> None:
    general: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        general += wrapping._break_wide(text, start, start + len(line), width)
        start += len(line) + 1
    quick = [text[a:b] for a, b in break_lines(text, width)]
    assert [text[a:b] for a, b in general] == quick


@given(texts, st.integers(1, 20))
def test_folding_keeps_every_character(text: str, width: int) -> None:
    shown = sanitize(text)
    folded = fold([(shown, None)], width)
    assert len(folded) == folded_height(shown, width) or width == 1
    if width > 1:
        assert "".join(piece for line in folded for piece, _ in line) == shown
    assert all(cells("".join(piece for piece, _ in line)) <= width for line in folded)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("the quick brown fox", 10, ["the quick", "brown fox"]),
        ("the quick brown fox", 9, ["the quick", "brown fox"]),
        ("one\n\ntwo", 10, ["one", "", "two"]),
        ("  indented text here", 12, ["  indented", "text here"]),
        ("supercalifragilistic", 8, ["supercal", "ifragili", "stic"]),
        ("so supercalifragilistic it is", 8, ["so", "supercal", "ifragili", "stic it", "is"]),
        ("10\u00a0000\u00a0km away", 10, ["10\u00a0000\u00a0km", "away"]),
        ("価格は、千円です。", 8, ["価格は、", "千円で", "す。"]),
        ("価格「千円」", 6, ["価格", "「千", "円」"]),
        ("안녕하세요 여러분", 12, ["안녕하세요", "여러분"]),
        ("trailing   ", 20, ["trailing"]),
        ("", 5, [""]),
        ("日本", 1, ["?", "?"]),
    ],
)
def test_where_lines_break(text: str, width: int, lines: list[str]) -> None:
    assert lines_of(text, width) == lines


def test_a_run_keeps_its_payload_across_a_break() -> None:
    assert wrap([("plain ", 0), ("bold words", 1), (" end", 0)], 10) == [
        [("plain ", 0), ("bold", 1)],
        [("words", 1), (" end", 0)],
    ]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        (
            "media-transcoder-long-service-name",
            12,
            ["media-", "transcoder-", "long-", "service-name"],
        ),
        ("ap-southeast-2", 12, ["ap-", "southeast-2"]),
        (
            "https://shop.example/orders/2026-11-01",
            16,
            ["https://shop.", "example/orders/", "2026-11-01"],
        ),
        ("2026-11-01T10:30:00.123456", 10, ["2026-11-01", "T10:30:00.", "123456"]),
        ("😀aaa-bbbbbbbbb", 9, ["😀aaa-", "bbbbbbbbb"]),
        ("a-bbbbbbbbbbbbbbbbbbbb", 12, ["a-bbbbbbbbbb", "bbbbbbbbbb"]),
        ("_0😀", 2, ["_", "0", "😀"]),
    ],
)
def test_a_word_longer_than_a_line_is_folded_where_it_can_be_read(
    text: str, width: int, lines: list[str]
) -> None:
    assert lines_of(text, width) == lines
