"""Matches are marked in the lines, wherever these are broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.spans import Span
from chatkit_tui.text.folding import Query
from chatkit_tui.ui.transcript.find_session import Highlights, Piece, find_highlights
from chatkit_tui.ui.transcript.item_renderer import DrawnItem


def item(*lines: str, head: int = 0) -> DrawnItem:
    return DrawnItem((*((Span(line),) for line in lines), ()), head=head)


def marked(drawn: DrawnItem, marks: Highlights) -> list[str]:
    """Return the marked text by line."""
    return [
        "".join(span.text for span in drawn.lines[line])[piece.start : piece.end]
        for line, pieces in sorted(marks.pieces.items())
        for piece in pieces
    ]


def test_a_match_is_marked_in_its_line() -> None:
    marks = find_highlights(item("nothing", "one cat, two cats"), Query("cat"), 2)
    assert marks == Highlights({1: [Piece(4, 7, 0), Piece(13, 16, 1)]}, (1, 1))


def test_a_match_split_by_a_line_break_is_marked_in_both_lines() -> None:
    drawn = item("the quick brown", "  fox jumps")
    marks = find_highlights(drawn, Query("brown fox"), 1)
    assert marked(drawn, marks) == ["brown", "fox"]
    assert marks.lines == (0,)


def test_the_sides_of_a_frame_are_no_obstacle() -> None:
    drawn = item("│ the quick brown │", "│ fox jumps       │")
    assert marked(drawn, find_highlights(drawn, Query("brown fox"), 1)) == ["brown", "fox"]


def test_a_symbol_of_frames_can_be_found() -> None:
    drawn = item("a │ b")
    assert marked(drawn, find_highlights(drawn, Query("│"), 1)) == ["│"]


def test_wide_spaces_are_no_obstacle() -> None:
    drawn = item("name:    value")
    assert marked(drawn, find_highlights(drawn, Query("name: value"), 1)) == ["name:    value"]


def test_text_that_only_the_head_has_is_not_marked() -> None:
    drawn = item("user  3 min", "3 min to go", head=1)
    assert find_highlights(drawn, Query("min"), 1).lines == (1,)


def test_a_title_in_the_head_is_marked_when_the_body_has_fewer_matches_than_the_words() -> None:
    drawn = item("tool  get_weather", "city: Bern", head=1)
    assert find_highlights(drawn, Query("weather"), 1).lines == (0,)


def test_a_query_that_ends_with_a_space_marks_its_word() -> None:
    drawn = item("the theme")
    assert marked(drawn, find_highlights(drawn, Query("the "), 1)) == ["the"]


@pytest.mark.parametrize(
    ("query", "line", "words"),
    [
        ("istanbul", "from İstanbul to I\u0307STANBUL", ["İstanbul", "I\u0307STANBUL"]),
        ("cafe\u0301", "a café, a cafe", ["café"]),
        ("1 000", "1\u202f000 and 1\u00a0000", ["1\u202f000", "1\u00a0000"]),
        ("日本 語", "日本\u3000語", ["日本\u3000語"]),
        ("foobar", "a foo⟨U+200D⟩bar", ["foo⟨U+200D⟩bar"]),
        ("strass", "Hauptstraße 5", ["straß"]),
        ("میخواهم", "می\u200cخواهم", ["می\u200cخواهم"]),
        ("👩", "x 👩\u200d🚀 y", ["👩\u200d🚀"]),
    ],
)
def test_a_mark_is_as_long_as_the_rendered_text(query: str, line: str, words: list[str]) -> None:
    drawn = item(f"  {line}  and on")
    assert marked(drawn, find_highlights(drawn, Query(query), len(words))) == words


@given(
    st.lists(st.text("ab é日 ", max_size=9), min_size=1, max_size=6),
    st.text("ab日", min_size=1, max_size=3),
)
def test_within_lines_exactly_the_matches_of_a_plain_search_are_marked(
    lines: list[str], query: str
) -> None:
    drawn = item(*lines)
    marks = find_highlights(drawn, Query(query), 10**6)
    assert marked(drawn, marks) == [query] * sum(line.count(query) for line in lines)
