"""Any JSON at all, drawn as an item: nothing raises, nothing is too wide, nothing is hidden."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.spans import line_text
from chatkit_tui.models.items import KNOWN_ITEMS, Item, parse_item
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import COMPONENTS
from chatkit_tui.render.items import item_words, render_item
from chatkit_tui.text.width import cells
from tests.render.examples import CONTEXT, body, widget

texts = st.text(max_size=12) | st.sampled_from(
    [
        "\x1b[31mred\x07",
        "a\u202eb",
        "zero\u200bwidth",
        "日本語のことば",
        "👩‍👩‍👧",
        "a" * 90,
        "x\ny",
        "{",
        "50%",
    ]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
names = st.sampled_from(
    [
        "type",
        "id",
        "content",
        "text",
        "annotations",
        "source",
        "filename",
        "url",
        "title",
        "attachments",
        "name",
        "mime_type",
        "preview_url",
        "inference_options",
        "model",
        "tool_choice",
        "widget",
        "arguments",
        "output",
        "status",
        "call_id",
        "tasks",
        "heading",
        "summary",
        "task_type",
        "created_at",
        "index",
    ]
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | texts, inner, max_size=4),
    max_leaves=12,
)
parts = st.fixed_dictionaries(
    {"type": st.sampled_from(["input_text", "quoted_text", "output_text", "poll"])},
    optional={"text": texts, "annotations": st.lists(values, max_size=2)},
)
kinds = st.sampled_from([*KNOWN_ITEMS, "hologram"])
items = st.builds(
    lambda kind, fields, content: parse_item(
        json.dumps({"content": content, **fields, "type": kind}).encode()
    ),
    kinds,
    st.dictionaries(names, values, max_size=6),
    st.lists(parts | values, max_size=3),
)

props = st.sampled_from(
    [
        "value",
        "label",
        "name",
        "color",
        "weight",
        "editable",
        "status",
        "limit",
        "confirm",
        "cancel",
        "collapsed",
        "options",
        "defaultValue",
        "placeholder",
        "required",
        "disabled",
        "data",
        "series",
        "xAxis",
        "colSpan",
        "align",
        "header",
        "width",
        "background",
        "direction",
        "onClickAction",
        "onSubmitAction",
        "inputType",
        "description",
        "min",
        "src",
        "alt",
        "iconStart",
    ]
)
trees = st.recursive(
    scalars,
    lambda inner: st.builds(
        lambda kind, fields, children: {**fields, "type": kind, "children": children},
        st.sampled_from([*COMPONENTS, "text", "Sparkle"]),
        st.dictionaries(props, values, max_size=4),
        st.lists(inner, max_size=4) | inner,
    ),
    max_leaves=10,
)


def check(what: Item, width: int) -> None:
    """Draw an item in every way and look at each line."""
    for opened, raw in ((None, False), (True, False), (None, True)):
        lines = render_item(what, width, CONTEXT, open=opened, raw=raw).lines
        assert lines == render_item(what, width, CONTEXT, open=opened, raw=raw).lines
        for line in lines:
            text = line_text(line)
            assert cells(text) <= width
            assert not any(unicodedata.category(c) in {"Cc", "Cs", "Co"} for c in text)
            assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2028\u2029]", text)


@pytest.mark.slow
@given(items, st.integers(min_value=1, max_value=90))
def test_any_item_is_drawn_within_its_width_and_safe_to_show(what: Item, width: int) -> None:
    check(what, width)
    item_words(what)


@given(trees, st.integers(min_value=1, max_value=90))
def test_any_widget_is_drawn_within_its_width_and_safe_to_show(tree: JSON, width: int) -> None:
    check(widget(tree), width)
    item_words(widget(tree))


WORDS = st.text("abcdefghij", min_size=1, max_size=9)
CONTAINERS = (
    *("Card", "ListView", "ListViewItem", "Basic", "Box", "Row", "Col", "Form", "Transition"),
    *("Table", "Table.Row", "Table.Cell", "Sparkle"),
)
sizes = st.sampled_from([0, 2, 3.0, 5, "40px", "25.0%", "100%", "fit-content", "auto", "{{x}}", -1])
looks = st.fixed_dictionaries(
    {},
    optional={
        "gap": sizes,
        "padding": sizes | st.fixed_dictionaries({"x": sizes, "top": sizes}),
        "width": sizes,
        "maxWidth": sizes,
        "flex": sizes,
        "border": sizes | st.fixed_dictionaries({"left": sizes, "bottom": sizes}),
        "background": st.sampled_from(["blue-500", "surface", "#fff", {"light": "red-50"}, 7]),
        "direction": st.sampled_from(["row", "col", "row-reverse", "up"]),
        "justify": st.sampled_from(["start", "between", "center", "end", "around", "evenly"]),
        "align": st.sampled_from(["start", "center", "end", "stretch", "baseline"]),
        "wrap": st.sampled_from(["wrap", "nowrap", True]),
        "colSpan": st.sampled_from([1, "2", 3]),
        "header": st.booleans(),
        "size": st.sampled_from(["sm", "full", 3]),
    },
)
worded = st.recursive(
    st.builds(
        lambda look, *said: {**look, "type": "Text", "value": " ".join(said)},
        looks,
        WORDS,
        WORDS,
        WORDS,
    )
    | st.builds(lambda word: {"type": "Badge", "label": word}, WORDS)
    | st.sampled_from([{"type": "Spacer"}, {"type": "Divider"}, {"type": "Icon", "name": "check"}])
    | st.builds(lambda word: {"type": "Input", "name": word, "defaultValue": word}, WORDS)
    | st.builds(lambda word: {"type": "Sparkle", "title": word}, WORDS)
    | st.builds(lambda word: {"type": "Button", "label": word, "onClickAction": word}, WORDS),
    lambda inner: st.builds(
        lambda kind, children, look: {**look, "type": kind, "children": children},
        st.sampled_from(CONTAINERS),
        st.lists(inner, max_size=4),
        looks,
    ),
    max_leaves=12,
)


def words_in(tree: JSON) -> list[str]:
    """The words that a widget has to show."""
    found = re.findall('"(?:value|label|title|defaultValue)": "([a-j ]+)"', json.dumps(tree))
    return " ".join(found).split()


@given(worded, st.integers(min_value=2, max_value=90))
def test_a_widget_keeps_every_word_at_any_width(tree: JSON, width: int) -> None:
    lines = body(widget(tree), width, open=True)
    assert all(cells(line) <= width for line in lines)
    text = "".join("".join(line.split()) for line in lines)
    for word in words_in(tree):
        assert word in text


@given(worded, st.integers(min_value=30, max_value=90))
def test_no_word_of_a_widget_is_broken_while_it_fits_a_line(tree: JSON, width: int) -> None:
    lines = body(widget(tree), width, open=True)
    for word in words_in(tree):
        assert any(word in line for line in lines)
