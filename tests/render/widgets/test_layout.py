"""Boxes are beside one another where they fit, else below one another."""

from __future__ import annotations

import pytest

from chatkit_tui.document.spans import line_text
from chatkit_tui.models.json import JSON
from chatkit_tui.render.items import item_words
from tests.render.examples import body, drawn, widget
from tests.render.widgets.gallery import SPACER, node, said


def shown(tree: JSON, width: int) -> list[str]:
    """Return the lines of a widget."""
    return body(widget(tree), width)


def test_a_spacer_pushes_the_next_part_to_the_end() -> None:
    assert shown(node("Row", said("a"), SPACER, said("b")), 20) == ["a" + " " * 18 + "b"]


def test_two_spacers_share_the_free_cells() -> None:
    row = node("Row", SPACER, said("a"), SPACER)
    assert shown(row, 21) == [" " * 10 + "a"]


def test_the_part_after_a_spacer_moves_below_if_it_does_not_fit() -> None:
    row = node("Row", said("a" * 15), SPACER, said("b" * 15))
    assert shown(row, 20) == ["a" * 15, "b" * 15]


def test_controls_behind_a_spacer_stay_side_by_side() -> None:
    buttons = [node("Button", label=label) for label in ("edit", "trash")]
    row = node("Row", said("Groceries for the week"), SPACER, *buttons)
    assert shown(row, 36) == ["Groceries for the week", " " * 17 + "[ edit ]  [ trash ]"]
    assert shown(row, 18) == ["Groceries for the", "week", "[ edit ]", "[ trash ]"]


def test_a_row_takes_cells_from_its_widest_part_first() -> None:
    row = node("Row", said("short one"), said("a long text that can be wrapped between its words"))
    assert shown(row, 40) == [
        "short one  a long text that can be",
        "           wrapped between its words",
    ]


def test_text_with_a_requested_width_is_wrapped() -> None:
    assert shown(node("Text", value="wrapped where it is told", width=64), 40) == [
        "wrapped where it",
        "is told",
    ]


def test_a_wrapping_row_moves_parts_rather_than_break_them() -> None:
    row = node("Row", said("some words here"), said("some more words"), wrap="wrap")
    assert shown(row, 25) == ["some words here", "some more words"]


def test_an_icon_stays_on_the_line_of_the_next_part() -> None:
    row = node("Row", node("Icon", name="check"), said("a text of more than one line"), gap=1)
    assert shown(row, 20) == ["✓ a text of more", "  than one line"]


def test_a_flexible_part_takes_the_free_cells() -> None:
    row = node("Row", node("Col", node("Row", said("a"), SPACER, said("b")), flex=1), said("c"))
    assert shown(row, 20) == ["a" + " " * 15 + "b  c"]


def test_a_percentage_is_of_the_row_s_width() -> None:
    row = node("Row", node("Box", said("a"), width="50%"), said("b"))
    assert shown(row, 42) == ["a" + " " * 21 + "b"]


def test_a_width_in_pixels_is_a_width_in_cells() -> None:
    row = node("Row", node("Box", said("a"), width="80px"), said("b"))
    assert shown(row, 40) == ["a" + " " * 11 + "b"]


def test_a_stripe_is_as_high_as_its_row() -> None:
    stripe = node("Box", width=4, background="red-400")
    row = node("Row", stripe, node("Col", said("a"), said("b")), gap=1)
    assert shown(row, 40) == ["▌ a", "▌ b"]


def test_rows_of_parts_that_draw_nothing_take_no_line() -> None:
    column = node("Col", said("a"), node("Row", SPACER), node("Box"), said("b"), gap=4)
    assert shown(column, 40) == ["a", "", "b"]


def test_a_note_moves_below_its_row_before_any_word_is_broken() -> None:
    button = node("Button", label="Go", onClickAction={"type": "start.the.journey"})
    row = node("Row", said("A text of some length"), button)
    assert shown(row, 42) == ["A text of some length  [ Go ]", "→ start.the.journey"]


def test_a_narrow_frame_has_no_sides() -> None:
    assert shown(node("Card", said("Boarding")), 15) == ["─" * 15, "Boarding", "─" * 15]


def test_frames_nested_beyond_the_sixth_are_not_drawn() -> None:
    tree: JSON = said("deep")
    for _ in range(20):
        tree = node("Box", tree, border=1)
    assert len(shown(tree, 80)) == 6 + 1 + 6


def test_two_adjacent_rules_are_one() -> None:
    divided = node("Card", said("a"), node("Divider"), node("Divider"), said("b"))
    assert len(shown(divided, 30)) == 5


def test_a_card_has_a_maximum_width() -> None:
    assert len(shown(node("Card", said("a")), 200)[0]) == 80


def test_an_opened_item_shows_truncated_text_in_full() -> None:
    what = widget(said("one two three four five six", truncate=True))
    assert body(what, 15) == ["one two three…"]
    assert drawn(what, 15).folded
    assert body(what, 15, open=True) == ["one two three", "four five six"]
    assert "six" in item_words(what)


def test_a_wide_character_is_not_split() -> None:
    assert shown(said("日本語のことば", truncate=True), 6) == ["日本…"]


def test_a_table_that_is_too_wide_lists_each_row() -> None:
    def row(*cells: str, header: bool = False) -> dict[str, JSON]:
        return node("Table.Row", *[node("Table.Cell", said(c)) for c in cells], header=header)

    table = node("Table", row("Departure", "Arrival", header=True), row("Bergen", "Stavanger"))
    assert shown(table, 18) == ["Departure: Bergen", "Arrival: Stavanger"]


def test_text_has_the_color_of_its_component() -> None:
    line = drawn(widget(said("sea", color="blue-500"))).lines[1]
    assert (line_text(line), line[0].style.color) == ("sea", "blue")


def test_search_sees_the_words_of_a_row_once_and_in_order() -> None:
    row = node("Card", node("Row", said("a b"), node("Col", said("c"), said("d"))))
    assert item_words(widget(row)).split("\n") == ["a b", "c", "d"]


@pytest.mark.parametrize("size", [{"width": "100%"}, {"minWidth": 400}])
def test_a_narrow_part_of_full_width_leaves_cells_to_the_part_beside_it(size: JSON) -> None:
    assert isinstance(size, dict)
    wide = {**said("one"), **size}
    lines = shown(node("Row", wide, {"type": "Badge", "label": "two three four"}), 17)
    assert lines == ["one  [two three", "     four]"]
