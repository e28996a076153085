"""What was hidden in an item is said in its head."""

from __future__ import annotations

import json

import pytest

from chatkit_tui.models.items import parse_item
from chatkit_tui.render.items import COUNTED, hidden_characters, item_words
from tests.render.examples import CONTEXT, EXAMPLES, drawn, head, item, widget


def user(text: str) -> bytes:
    return json.dumps(
        {"type": "chatkit.user_message", "content": [{"type": "input_text", "text": text}]},
        ensure_ascii=False,
    ).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("plain", 0),
        ("two\r\nlines\tand a tab", 0),
        ("Grüße, 日本語, 👨‍👩‍👧", 0),
        ("\x1b[31m", 1),
        ("lone\rreturn", 1),
        ("pay\u200bpal\u202e\u202c", 3),
        ("\ud83d", 1),
        ("e" + "\u0301" * 20, 12),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("escaped", [True, False])
def test_hidden_characters_are_counted_however_they_were_sent(
    text: str, count: int, escaped: bool
) -> None:
    if "\ud83d" in text and not escaped:
        return  # UTF-8 cannot carry it
    raw = user(text)
    if escaped:
        raw = json.dumps(json.loads(raw.decode("utf-8", "surrogatepass"))).encode()
    assert hidden_characters(parse_item(raw)) == count


def test_the_head_says_how_many() -> None:
    hidden = item("user_message", content="pay\u200bpal\u202e")
    assert "! 2 hidden characters" in head(hidden)
    assert "! 1 hidden character " in head(item("user_message", content="\x00"))


def test_the_sign_has_a_plain_form() -> None:
    hidden = item("user_message", content="pay\u200bpal")
    assert head(hidden, context=CONTEXT._replace(plain=True)).isascii()


def test_the_raw_view_has_the_sign_as_well() -> None:
    lines = drawn(item("user_message", content="pay\u200bpal"), raw=True).lines
    assert "1 hidden character" in "".join(span.text for span in lines[0])


def test_what_a_widget_hides_in_its_own_json_is_counted() -> None:
    tree = {"type": "Text", "value": "a\u202eb\u200bc"}
    assert hidden_characters(widget(tree)) == 2


def test_the_names_and_ids_of_an_item_count_as_well() -> None:
    assert hidden_characters(item("client_tool_call", name="a\u200bb", call_id="c\u202ed")) == 2


def test_nothing_is_said_where_nothing_is_hidden() -> None:
    assert [name for name, what in EXAMPLES.items() if hidden_characters(what)] == []


def test_the_words_that_find_looks_in_have_no_sign() -> None:
    assert "hidden" not in item_words(item("user_message", content="pay\u200bpal"))


def test_an_item_nested_deeper_than_can_be_read_is_counted_all_the_same() -> None:
    deep = b'{"type": "x", "a": ' + b"[" * 100_000 + '"\u202e"'.encode() + b"]" * 100_000 + b"}"
    assert hidden_characters(parse_item(deep)) == 1


def test_of_a_very_long_item_the_beginning_is_looked_at() -> None:
    raw = user("\u202e" + "x" * COUNTED + "\u202e")
    assert hidden_characters(parse_item(raw)) == 1
