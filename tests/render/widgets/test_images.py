"""Images: what stands for them in a row, and the list of their addresses below the widget."""

from __future__ import annotations

import pytest

from chatkit_tui.models.json import JSON
from chatkit_tui.render.items import item_words
from tests.render.examples import body, widget
from tests.render.widgets.gallery import node, said
from tests.render.widgets.layouts import image

LONG = "Two boats on the beach at low tide"


def shown(tree: JSON, width: int) -> list[str]:
    """The lines of a widget without the list of its images."""
    lines = body(widget(tree), width)
    return [line for line in lines if not line.startswith("…") and "1 image " not in line]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("https://img.example/a/harbour.png?w=60#x", "▣ harbour.png"),
        ("https://img.example/", "▣ img.example"),
        ("/local.svg", "▣ local.svg"),
        ("data:image/png;base64,AAAA", "▣ image/png, 3 bytes"),
        ("", "▣"),
    ],
)
def test_an_image_without_words_shows_its_file_name(source: str, name: str) -> None:
    assert shown(node("Image", src=source), 40) == [name]


def test_an_image_does_not_repeat_a_text_beside_it() -> None:
    row = node("Row", image("a.png", alt="Harbour"), node("Col", said("harbour at dusk")))
    assert shown(row, 40) == ["▣  harbour at dusk"]
    wrapped = node("Row", node("Box", image("a.png", alt="Harbour")), said("Harbour"))
    assert shown(wrapped, 40) == ["▣  Harbour"]
    assert shown(node("Col", node("Row", image(alt="Harbour")), said("x")), 40)[0] == "▣ Harbour"


def test_an_image_takes_a_third_of_its_row() -> None:
    row = node("Row", image(alt=LONG), said("w " * 30))
    assert shown(row, 62)[0].startswith("▣ Two boats on the    w w")  # 20 of 60 cells


def test_a_note_behind_a_row_leaves_its_image_as_wide() -> None:
    row = node("Row", image("the-harbour.png"), said("Open"), onClickAction="harbour.open")
    assert shown(row, 54) == ["▣ the-harbour.png  Open  → harbour.open"]


@pytest.mark.parametrize("size", [{"size": 200}, {"width": "200px"}])
def test_an_image_takes_its_own_size_if_that_is_more(size: dict[str, JSON]) -> None:
    row = node("Row", image(alt=LONG, **size), said("w " * 30))
    assert shown(row, 60)[0].startswith("▣ Two boats on the beach   w w")  # 25


def test_an_image_gives_way_down_to_twelve_cells() -> None:
    row = node("Row", image(alt=LONG), said("Words that are never broken"), said("w" * 12))
    assert shown(row, 46)[0].startswith("▣ Two boats   Words")


def test_images_that_begin_rows_below_one_another_are_as_wide_as_the_widest() -> None:
    rows = [node("Row", image(name), said("text")) for name in ("a.png", "harbour.png")]
    assert shown(node("Col", *rows), 60) == ["▣ a.png        text", "▣ harbour.png  text"]


def test_a_file_name_is_cut_and_in_full_in_the_list_of_images() -> None:
    row = node("Row", image("a-view-of-the-old-harbour.jpeg"), said("w " * 20))
    assert shown(row, 40)[0].startswith("▣ a-view-of…  w")
    opened = body(widget(row), 40, open=True)
    assert "1 image   a-view-of-the-old-harbour.jpeg" in opened


def test_addresses_are_listed_once_below_the_widget() -> None:
    row = node("Row", image("a.png"), image("b.png"), image("a.png"))
    assert body(widget(row), 60)[-1] == "… 2 images"
    assert body(widget(row), 60, open=True)[-2:] == [
        "2 images   a.png   https://img.example/catalogue/a.png",
        "           b.png   https://img.example/catalogue/b.png",
    ]
    assert "https://img.example/catalogue/b.png" in item_words(widget(row))


def test_the_picture_of_a_status_is_listed() -> None:
    card = node("Card", said("x"), status={"text": "Mail", "favicon": "https://a.example/m.ico"})
    assert body(widget(card), 60)[-1] == "1 image   m.ico   https://a.example/m.ico"


def test_the_label_of_an_image_in_a_column_is_centred_line_by_line() -> None:
    row = node(
        "Row",
        *[node("Col", said("noon"), image(alt="light rain showers"), align="center")] * 3,
    )
    assert shown(row, 40) == [
        "    noon          noon          noon",
        "▣ light rain  ▣ light rain  ▣ light rain",
        "  showers       showers       showers",
    ]
