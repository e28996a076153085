"""Boxes without words: stripes, dots, progress and bars of several parts."""

from __future__ import annotations

import pytest

from chatkit_tui.models.json import JSON
from chatkit_tui.render.items import item_words
from tests.render.examples import CONTEXT, body, widget
from tests.render.test_frames import check_frame
from tests.render.widgets.gallery import node, progress, said
from tests.render.widgets.test_gallery import FRAMES


def colored(color: str, **sizes: JSON) -> dict[str, JSON]:
    """A box that is only a color."""
    return node("Box", background=color, **sizes)


SHARES: list[JSON] = [
    colored("blue-500", width="45%"),
    colored("green-500", width="0%"),
    colored("red-500", width="1%"),
]


def test_a_tall_narrow_box_is_a_stripe_beside_all_lines() -> None:
    entry = node(
        "Row", colored("red-400", width=4, height=40), node("Col", said("Swim"), said("9"))
    )
    assert body(widget(entry)) == ["▌  Swim", "▌  9"]


@pytest.mark.parametrize("sizes", [{"size": 10}, {"width": 8, "height": 8}])
def test_a_small_square_is_a_dot(sizes: dict[str, JSON]) -> None:
    assert body(widget(node("Row", colored("red-400", **sizes), said("Busy")))) == ["●  Busy"]


def test_parts_of_a_bar_have_at_least_a_cell_unless_they_are_zero() -> None:
    [line] = body(widget(node("Row", *SHARES)), 20)
    assert line == "█████████▒░░░░░░░░░░"


def test_a_bar_of_more_than_100_per_cent_is_full() -> None:
    [line] = body(widget(node("Row", *[colored("red", width="80%") for _ in range(3)])), 12)
    assert line == "████▓▓▓▓▒▒▒▒"


def test_a_row_with_a_text_is_no_bar() -> None:
    assert "text" in body(widget(node("Row", *SHARES, said("text"))), 40)[0]


def test_a_plain_bar_is_ascii() -> None:
    [line] = body(widget(node("Row", *SHARES)), 20, CONTEXT._replace(plain=True))
    assert line == "#########+.........."


def test_an_empty_bar_in_a_frame_is_no_rule() -> None:
    tree = node("Card", node("Col", node("Row", said("Photos"), said("0%")), progress("0%")))
    lines = body(widget(tree), 24, CONTEXT._replace(plain=True))
    assert lines[1:3] == ["| Photos  0%           |", "| .................... |"]


@pytest.mark.parametrize("words", ["62%", "62 %", "62\u00a0%"])
def test_a_percentage_beside_a_progress_bar_is_not_repeated(words: str) -> None:
    tree = node("Col", node("Row", said("Photos"), said(words)), progress("62%"))
    assert body(widget(tree), 20)[1] == "████████████░░░░░░░░"


def test_a_progress_bar_has_its_percentage_if_no_text_has() -> None:
    tree = node("Col", said("162% of it"), progress("62%"))
    assert body(widget(tree), 20)[1].endswith("░ 62 %")
    assert "62 %" in item_words(widget(tree))


def test_a_bar_is_as_wide_as_its_column() -> None:
    [line] = body(widget(progress("50%")), 90)
    assert len(line) == 90


CARD = node(
    "Card",
    node("Row", colored("blue-400", width=4, height=48), node("Col", said("Pier 9"), said("6 am"))),
    said("Berths"),
    node("Box", *SHARES, direction="row", background="gray-100"),
    node("Col", node("Row", said("Fuel"), node("Spacer"), said("30%")), progress("30%")),
    progress("7.5%"),
)


def test_colored_boxes_look_as_they_did() -> None:
    parts: list[str] = []
    for columns in (40, 80, 140):
        parts += [f"== {columns} columns", *body(widget(CARD), columns)]
    check_frame(FRAMES / "color_boxes.txt", "\n".join(parts) + "\n")
