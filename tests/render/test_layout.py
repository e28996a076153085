"""Blocks become lines that fit and keep every word."""

from __future__ import annotations

from collections import Counter
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.blocks import (
    Blank,
    Block,
    Fold,
    Indented,
    Paragraph,
    Preformatted,
    Rule,
    Table,
)
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import DIM, Span, SymbolSpan, line_text
from chatkit_tui.render.layout import arrange, lay_out, more_lines
from chatkit_tui.render.layout.box import LONGEST_RULE
from chatkit_tui.text.width import cells
from tests.render.drawing import frame, letters, words

BULLET = (SymbolSpan("• ", "* "), Span("  ", DIM))
QUOTE = (SymbolSpan("▌ ", "> "), SymbolSpan("▌ ", "> "))


def text(words_: str) -> Paragraph:
    return Paragraph((Span(words_),))


def lines(count: int) -> tuple[Block, ...]:
    return tuple(text(f"line {number}") for number in range(1, count + 1))


def leaves() -> st.SearchStrategy[Block]:
    cell = words.map(lambda word: (Span(word),))
    return st.one_of(
        words.map(text),
        st.lists(cell, max_size=4).map(lambda rows: Preformatted(tuple(rows))),
        st.lists(st.lists(cell, max_size=4).map(tuple), max_size=4).map(
            lambda rows: Table(tuple(rows))
        ),
        st.just(Rule()),
        st.just(Blank()),
    )


blocks = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.builds(
            lambda content, marks: Indented(tuple(content), *marks),
            st.lists(inner, max_size=3),
            st.sampled_from([BULLET, QUOTE, (Span("12. "), Span("    "))]),
        ),
        st.builds(
            lambda content, limit: Fold(tuple(content), limit),
            st.lists(inner, max_size=3),
            st.integers(0, 5),
        ),
    ),
    max_leaves=8,
)


def words_in(block: Block) -> Counter[str]:
    """Return the letters that a block must show at any width."""
    counted: Counter[str] = Counter()
    waiting = [block]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Paragraph):
            counted.update(letters(line_text(safe_spans(found.spans))))
        elif isinstance(found, Preformatted):
            counted.update(letters("".join(line_text(safe_spans(line)) for line in found.lines)))
        elif isinstance(found, Table):
            cells = [cell for row in found.rows for cell in row]
            counted.update(letters("".join(line_text(safe_spans(cell)) for cell in cells)))
        elif isinstance(found, Indented | Fold):
            waiting += found.blocks
    return counted


@pytest.mark.slow
@given(st.lists(blocks, max_size=4), st.integers(2, 60))
def test_no_word_is_lost_when_all_is_open(content: list[Block], width: int) -> None:
    shown = Counter(
        letters("".join(line_text(line) for line in lay_out(content, width, open=True)))
    )
    for block in content:
        assert not words_in(block) - shown


@given(st.lists(blocks, max_size=4), st.integers(-1, 60), st.sampled_from([None, True, False]))
def test_no_line_exceeds_the_width(content: list[Block], width: int, opened: bool | None) -> None:
    for line in lay_out(content, width, open=opened):
        assert cells(line_text(line)) <= max(1, width)


@given(st.lists(leaves(), max_size=12), st.integers(1, 60))
def test_a_closed_fold_shows_the_number_of_hidden_lines(content: list[Block], width: int) -> None:
    opened = lay_out(content, width)
    shown = arrange([Fold(tuple(content), limit=2)], width)
    if len(opened) <= 3:
        assert shown.lines == opened
    else:
        assert line_text(shown.lines[-1]) == more_lines(len(opened) - 2, width)


def test_a_document_of_all_blocks() -> None:
    document = (
        text("Here is what I found:"),
        Blank(),
        Indented(
            (text("the order was sent on Monday"), Indented((text("by post"),), *BULLET)), *BULLET
        ),
        Indented((text("it came back"),), *BULLET),
        Blank(),
        Blank(),
        Indented((text("Never again!"), Blank(), text("A customer")), *QUOTE),
        Rule(),
        Preformatted(((Span("x = 1"),), (), (Span("    y = 'a string that is too long'"),))),
        Blank(),
    )
    assert frame(document, 28) == dedent("""\
        Here is what I found:

        • the order was sent on
          Monday
          • by post
        • it came back

        ▌ Never again!
        ▌
        ▌ A customer
        ────────────────────────────
        x = 1

            y = 'a string that is to
        o long'""")


def test_plain_drawing_is_ascii() -> None:
    document = (
        Indented((text("item"),), *BULLET),
        Indented((text("said"),), *QUOTE),
        Rule(),
        Table((((Span("a"),), (Span("b"),)), ((Span("1"),), (Span("2"),)))),
        Fold(lines(12), 2),
    )
    drawn = "\n".join(line_text(line) for line in lay_out(document, 20, plain=True))
    assert drawn.isascii()
    assert "... 10 more lines" in drawn


def test_empty_lines_are_drawn_once_and_never_at_the_edges() -> None:
    document = (Blank(), text("a"), Blank(), Blank(), text("b"), Blank())
    assert frame(document, 10) == "a\n\nb"


def test_a_rule_has_a_maximum_length() -> None:
    assert frame((Rule(),), 20) == "─" * 20
    assert frame((Rule(),), 100_000) == "─" * LONGEST_RULE


def test_a_marker_without_content_is_still_drawn() -> None:
    document = (Indented((), *BULLET), Indented((text("b"),), *BULLET))
    assert frame(document, 10) == "• \n• b"


def test_indentation_is_dropped_before_words() -> None:
    block: Block = text("deep words")
    for number in range(400):
        block = Indented((block,), Span(f"{number}. "), Span(" " * len(f"{number}. ")))
    drawn = letters(frame((block,), 30))
    assert all(f"{number}." in drawn for number in range(400))
    assert drawn.endswith("deepwords")


def test_nesting_of_any_depth_is_drawn() -> None:
    block: Block = text("deep")
    for _ in range(20_000):
        block = Fold((Indented((block,), *QUOTE),))
    assert frame((block,), 40).endswith("deep")


@pytest.mark.parametrize("height", [3, 4])
def test_one_line_beyond_the_limit_is_not_folded(height: int) -> None:
    drawn = arrange((Fold(lines(height), 3),), 20)
    assert len(drawn.lines) == height
    assert drawn.closed == 0


def test_a_closed_fold_is_followed_by_the_next_block() -> None:
    drawn = arrange((text("before"), Fold(lines(44), 3), text("after")), 20)
    assert [line_text(line) for line in drawn.lines] == [
        "before",
        "line 1",
        "line 2",
        "line 3",
        "… 41 more lines",
        "after",
    ]
    assert drawn.closed == 1


def test_an_open_fold_shows_all_and_is_still_counted() -> None:
    drawn = arrange((Fold(lines(44), 3),), 20, open=True)
    assert len(drawn.lines) == 44
    assert drawn.closed == 0


def test_the_line_of_a_closed_fold_is_dim() -> None:
    assert lay_out((Fold(lines(9), 2),), 20)[-1] == (Span("… 7 more lines", DIM),)


def test_a_closed_fold_inside_a_quote_keeps_the_mark_of_the_quote() -> None:
    quoted = Indented((Fold(lines(9), 1),), *QUOTE)
    assert frame((quoted,), 20) == "▌ line 1\n▌ … 8 more lines"


def test_the_empty_line_before_a_fold_is_not_part_of_it() -> None:
    document = (text("before"), Blank(), Fold(lines(9), 0))
    assert frame(document, 20) == "before\n\n… 9 more lines"


def test_a_fold_that_shows_nothing_keeps_the_marker_before_it() -> None:
    item = Indented((Fold(lines(9), 0), text("after")), *BULLET)
    assert frame((item,), 20) == "• … 9 more lines\n  after"


def test_a_fold_may_have_a_text_of_its_own() -> None:
    folded = Fold(lines(9), 0, rest=Span("… 3 more, past the limit"))
    assert frame((folded,), 16) == "… 3 more, past\nthe limit"


@pytest.mark.parametrize(
    ("width", "line"),
    [(40, "… 1,234 more lines"), (12, "… 1,234 more"), (7, "…1234"), (3, "…12")],
)
def test_the_line_of_a_fold_shrinks_with_the_width(width: int, line: str) -> None:
    assert more_lines(1234, width) == line


def test_neighbors_of_one_style_are_one_span() -> None:
    paragraph = Paragraph((Span("a"), Span("b"), Span("", DIM), Span("c", DIM)))
    assert lay_out((paragraph,), 20) == [(Span("ab"), Span("c", DIM))]
