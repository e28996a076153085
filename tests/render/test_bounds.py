"""However large an item is, what is drawn of it is bounded, and says what was left out."""

from __future__ import annotations

import json

import pytest

from chatkit_tui.document import from_json
from chatkit_tui.document.from_item import LARGEST
from chatkit_tui.document.spans import line_text
from chatkit_tui.models.items import Item, parse_item
from chatkit_tui.models.json import JSON
from chatkit_tui.render.items import item_words, render_item
from chatkit_tui.text.width import cells
from chatkit_tui.text.wrap import break_lines
from tests.render.examples import CONTEXT, item


def said(text: str, annotations: JSON = None) -> Item:
    part = {"type": "output_text", "text": text, "annotations": annotations or []}
    return item("assistant_message", content=[part])


def words(what: Item, *, raw: bool = False) -> str:
    lines = render_item(what, 80, CONTEXT, open=True, raw=raw).lines
    assert all(cells(line_text(line)) <= 80 for line in lines)
    return "\n".join(map(line_text, lines))


@pytest.mark.slow
def test_an_item_of_fifty_megabytes_is_shown_in_part() -> None:
    what = said("words and more words\n" * 2_500_000)
    drawn = words(what)
    assert f"{len(what.raw):,} bytes, too large to be drawn" in drawn
    assert "more bytes are in its raw JSON" in drawn
    assert len(drawn) < 200_000
    assert len(item_words(what)) < 200_000


def test_the_raw_json_of_a_large_item_says_how_much_is_left_out() -> None:
    raw = words(said("words and more words " * 200_000), raw=True)
    assert "more characters of JSON are not shown" in raw
    assert len(raw) < 2 * from_json.LONGEST


def test_an_item_just_below_the_limit_is_drawn_as_what_it_is() -> None:
    drawn = words(said("word " * (LARGEST // 5 - 200)))
    assert "too large" not in drawn


def test_a_line_of_thirty_thousand_characters_is_shown_whole() -> None:
    assert words(said("x" * 30_000)).count("x") >= 30_000


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_markdown_nested_four_hundred_deep_keeps_its_words(mark: str) -> None:
    assert "deepest" in words(said(mark * 400 + "deepest"))


def test_a_table_of_five_hundred_columns_keeps_its_cells() -> None:
    row = "|" + "|".join(f"c{number}" for number in range(500)) + "|\n"
    drawn = words(said(row + "|" + "-|" * 500 + "\n" + row.replace("c", "v")))
    assert "c499" in drawn
    assert "v499" in drawn


@pytest.mark.slow
def test_ten_thousand_annotations_are_all_there() -> None:
    sources = [
        {"type": "url", "source": {"type": "url", "url": f"https://a.example/{n}"}, "index": 1}
        for n in range(10_000)
    ]
    what = said("x", sources)
    assert "https://a.example/9999" in item_words(what)


@pytest.mark.slow
def test_json_nested_a_hundred_thousand_deep_is_cut_and_says_so() -> None:
    deep = b'{"type": "x", "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    blocks = from_json.json_blocks(parse_item(deep).raw)
    assert len(blocks) == 2
    assert "more lines of JSON are not shown" in str(blocks[1])


def test_an_id_of_ten_thousand_characters_costs_no_head() -> None:
    row = {"type": "chatkit.user_message", "id": "c" * 10_000, "content": "hello"}
    assert render_item(parse_item(json.dumps(row).encode()), 80, CONTEXT).head == 1


def test_a_paragraph_is_broken_without_copying_the_rest_of_it_for_each_line() -> None:
    class Counted(str):
        __slots__ = ()
        sliced = 0

        def __getitem__(self, key: object) -> str:
            found = str.__getitem__(self, key)  # type: ignore[index] # whatever str takes
            Counted.sliced += len(found)
            return found

    text = Counted("word " * 20_000)
    assert list(break_lines(text, 80))
    assert Counted.sliced < 10 * len(text)
