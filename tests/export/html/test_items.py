"""Items in a page have the words of the screen, in elements that say what they are."""

from __future__ import annotations

import json
import re

import pytest

from chatkit_tui.document.safe_text import plain_text
from chatkit_tui.document.spans import Span, Style
from chatkit_tui.export.html.boxes import _BOXES
from chatkit_tui.export.html.markup import inline_html
from chatkit_tui.models.items import Item
from chatkit_tui.models.json import JSON
from chatkit_tui.render.items import item_blocks
from chatkit_tui.render.layout.box import Box
from tests.export.html.pages import CONTEXT, PageReader, page_of
from tests.render import examples
from tests.render.examples import EXAMPLES, item, widget
from tests.render.widgets.gallery import GALLERY
from tests.render.widgets.layouts import LAYOUTS

BRACKETS = re.compile(r"[\[\]\s]+")


def assert_every_word(shown: Item) -> None:
    """Every word of the screen is in the page; buttons and fields have no brackets there."""
    words = BRACKETS.split(plain_text(item_blocks(shown, CONTEXT)))
    page = PageReader(page_of(shown)).text
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_kind_of_item_keeps_every_word(name: str) -> None:
    assert_every_word(EXAMPLES[name])


@pytest.mark.parametrize("name", GALLERY)
def test_each_component_keeps_every_word(name: str) -> None:
    assert_every_word(widget(GALLERY[name]))


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_keeps_every_word(name: str) -> None:
    assert_every_word(widget(LAYOUTS[name]))


def main_of(*items: Item, thread: JSON = None) -> str:
    """Return what is between the tags of `main`."""
    return page_of(*items, thread=thread).partition("<main>\n")[2].partition("</main>")[0]


def told(text: str) -> Item:
    return item("assistant_message", content=[{"type": "output_text", "text": text}])


def body(text: str) -> str:
    """Return the body of an assistant's message as HTML."""
    return main_of(told(text)).partition('<div class="body">')[2].rpartition("</div>")[0]


def test_an_item_is_an_article_with_its_id_as_anchor() -> None:
    page = main_of(item("task", task_type="custom", heading="Packed", id="cti_1"))
    assert page == (
        '<article class="item i-task" id="cti_1"><header><h2>'
        '<bdi><span class="r-task">● </span></bdi>'
        '<bdi><span class="r-task"><strong>task</strong></span></bdi></h2>'
        '<span class="when"><a href="#cti_1" title="cti_1">'
        '<time datetime="2025-10-16T08:17:20Z">2025-10-16 08:17:20 UTC</time></a></span></header>'
        '<div class="body"><p dir="auto"><strong>Packed</strong></p></div></article>\n'
    )


def test_anchors_are_unique_whatever_the_ids_are() -> None:
    items = [item("task", id=name) for name in ("cti_1", "cti_1", "a b", "", '"', "cti_2")]
    anchors = [article["id"] for article in PageReader(page_of(*items)).named("article")]
    assert anchors == ["cti_1", "item.2", "item.3", "item.4", "item.5", "cti_2"]


def test_a_tool_call_is_one_line_that_opens() -> None:
    page = main_of(examples.TOOL_DONE)
    assert "<details><summary><h2>" in page
    line = PageReader(page.partition("</summary>")[0] + "</summary></details></article>").text
    assert line.startswith('✓ track_parcel(parcel: "88-1207", depth: 1.50) → ')


def test_markdown_keeps_its_structure() -> None:
    assert body("# One\n\ntwo *three* **four** `six`") == (
        '<h3 dir="auto"><span class="r-heading u"><strong>One</strong></span></h3>'
        '<div class="gap"></div>'
        '<p dir="auto">two <em>three</em> <strong>four</strong> <code>six</code></p>'
    )
    assert body("- a\n- b\n  1. c\n  2. d") == (
        '<ul><li><p dir="auto">a</p></li><li><p dir="auto">b</p>'
        '<ol><li value="1"><p dir="auto">c</p></li><li value="2"><p dir="auto">d</p></li></ol>'
        "</li></ul>"
    )
    assert body("- [x] a") == (
        '<ul class="tasks"><li class="marked"><span class="mark">☑</span>'
        '<div><p dir="auto">a</p></div></li></ul>'
    )
    assert "<s>a</s>" in body("~~a~~")
    assert body("> a") == '<blockquote><p dir="auto"><em>a</em></p></blockquote>'


def test_a_table_has_a_header_and_sides() -> None:
    assert body("| a | b |\n|---|--:|\n| 1 | 2 |") == (
        '<div class="table"><table><thead><tr><th scope="col" dir="auto"><strong>a</strong></th>'
        '<th class="right" scope="col" dir="auto"><strong>b</strong></th></tr></thead>'
        '<tbody><tr><td dir="auto">1</td><td class="right" dir="auto">2</td></tr></tbody>'
        "</table></div>"
    )


def test_code_keeps_its_first_line_break_and_its_colors() -> None:
    assert body("```python\n\nx = 1\n```") == (
        '<pre class="code" title="python" dir="ltr">\n<code>\nx = '
        '<span class="r-code-number">1</span></code></pre>'
    )


def test_a_formula_is_shown_as_it_is_written() -> None:
    assert "\\frac{1}{2}" in PageReader(page_of(told("$$\n\\frac{1}{2}\n$$"))).text


def test_names_and_values_are_a_list_of_both() -> None:
    call = item("client_tool_call", name="f", arguments='{"city": "Basel", "gate": 4}')
    page = main_of(call)
    assert '<dl class="pairs"><dt dir="auto"><span class="r-field">city' in page


def test_a_fold_shows_its_first_lines_and_opens_to_the_rest() -> None:
    value = {str(number): number for number in range(30)}
    page = main_of(item("hologram", **value))
    before, _, after = page.partition("<details>")
    assert before.count("\n") == 12
    assert after.startswith("<summary>25 more lines</summary>")
    assert '"29"' in PageReader(page).text


def test_hidden_characters_are_marked() -> None:
    page = body("a\u202eb")
    assert page == '<p dir="auto">a<span class="r-hidden">⟨U+202E⟩</span>b</p>'


def test_controls_of_a_widget_look_like_controls() -> None:
    tree = {
        "type": "Card",
        "children": [
            {"type": "Badge", "label": "new", "color": "success"},
            {"type": "Button", "label": "Send", "onClickAction": {"type": "mail.send"}},
            {"type": "Input", "name": "mail", "defaultValue": "a@b.example"},
        ],
    }
    page = main_of(widget(tree))
    assert '<span class="badge r-good">new</span>' in page
    assert '<span class="button">Send</span>' in page
    assert '<span class="note" dir="auto"><span class="r-dim">→ mail.send</span></span>' in page
    assert '<span class="field">a@b.example</span>' in page


def test_a_chart_has_a_drawing_a_legend_and_a_table() -> None:
    data = [{"day": "Thu", "high": 13, "rain": 0}, {"day": "Fri", "high": 16, "rain": 4}]
    series = [{"type": "line", "dataKey": "high"}, {"type": "bar", "dataKey": "rain"}]
    tree = {"type": "Chart", "data": data, "series": series, "xAxis": {"dataKey": "day"}}
    reader = PageReader(page_of(widget(tree)))
    assert len(reader.named("rect")) == 2
    assert len(reader.named("circle")) == 2
    assert reader.named("svg")[0]["aria-hidden"] == "true"
    assert "2 points of 2 series" in reader.text
    assert len(reader.named("td")) == 6


def test_an_axis_has_its_numbers_where_the_series_have_them() -> None:
    data = [{"x": "a", "y": 22}, {"x": "b", "y": 10}, {"x": "c", "y": 20}]
    tree = {
        "type": "Chart",
        "data": data,
        "series": [{"type": "bar", "dataKey": "y"}],
        "xAxis": "x",
    }
    reader = PageReader(page_of(widget(tree)))
    tops = [bar["y"] for bar in reader.named("rect")]
    twenty, ten, _ = (line["y1"] for line in reader.named("line"))
    assert tops[1:] == [ten, twenty]


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
@pytest.mark.parametrize("values", [[0], [-5, 5], [1e300, 1], [None, 2, None], [1e-300]])
def test_any_numbers_are_drawn(kind: str, values: list[float | None]) -> None:
    data = [{"x": str(at), "y": value} for at, value in enumerate(values)]
    series = [{"type": kind, "dataKey": "y"}]
    tree = {"type": "Chart", "data": data, "series": series, "xAxis": "x"}
    drawing = PageReader(page_of(widget(json.loads(json.dumps(tree))))).named("svg")
    assert len(drawing) == 1


def test_every_kind_of_box_has_a_form() -> None:
    waiting, kinds = [Box], set[str]()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("chatkit_tui.") and not kind.__name__.startswith("_"):
            kinds.add(kind.__name__)
    assert kinds - {"Box"} == {kind.__name__ for kind in _BOXES}


def test_code_in_colors_is_one_piece_of_code() -> None:
    colored = (Span("{", Style("code")), Span('"a"', Style("code.name")), Span("}", Style("code")))
    inside = '{<span class="r-code-name">&quot;a&quot;</span>}'
    assert inline_html(colored) == f"<code>{inside}</code>"
    assert inline_html(colored, in_code=True) == inside
    assert inline_html((Span("x", Style("code")), Span("y"))) == "<code>x</code>y"
