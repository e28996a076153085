"""Plain drawing: of an item, nothing outside ASCII is shown but what the item itself has."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from chatkit_tui.document.spans import line_text
from chatkit_tui.models.items import Item, parse_item
from chatkit_tui.models.json import JSON
from chatkit_tui.render.items import item_words
from chatkit_tui.text.plain import set_plain
from chatkit_tui.text.sanitize import sanitize
from tests.hostile.wire import hostile_items
from tests.render.examples import CONTEXT, EXAMPLES, drawn, widget
from tests.render.widgets.gallery import GALLERY

TEXTS = ("Text", "Title", "Markdown")


def items() -> Iterator[Item]:
    """One of each kind and component, and what means harm."""
    yield from EXAMPLES.values()
    yield from map(widget, GALLERY.values())
    for row in hostile_items():
        yield parse_item(json.dumps(row).encode())


def characters(value: JSON) -> set[str]:
    """Every character of every text in a value; what looks like JSON is looked into."""
    if isinstance(value, dict):
        return characters([*value, *value.values()])
    if isinstance(value, list):
        return set().union(*map(characters, value))
    if not isinstance(value, str):
        return set()
    inside = characters(json.loads(value)) if value[:1] in "{[" and is_json(value) else set()
    return set(value) | inside


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@pytest.mark.slow
def test_every_other_sign_is_ascii() -> None:
    set_plain(True)
    context = CONTEXT._replace(plain=True)
    for item in items():
        own = characters(json.loads(item.raw)) if is_json(item.raw.decode()) else set()
        own |= {"\ufffd"} if b"&#" in item.raw else set()  # Markdown's own for such a control
        for how in ({}, {"open": True}, {"raw": True}):
            text = "".join(map(line_text, drawn(item, 60, context, **how).lines))
            assert {sign for sign in text if not " " <= sign <= "~"} <= own, item.raw[:200]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[0m", "a<ESC>[0m"),
        ("\x7f\x00\r", "<DEL><NUL><CR>"),
        ("\u202eabc\u2028", "<U+202E>abc<U+2028>"),
        ("\u0301a" + 10 * "\u0301", "_\u0301a" + 8 * "\u0301" + "<+2 marks>"),
        ("one\ntwo", "one<LF>two"),
        ("…“·”", "…“·”"),
    ],
)
def test_signs_for_hidden_characters_are_ascii(text: str, shown: str) -> None:
    set_plain(True)
    assert sanitize(text) == shown
    assert sanitize(shown) == shown


def test_the_words_for_search_are_plain_as_well() -> None:
    set_plain(True)
    tree = {"type": "Col", "children": [{"type": kind, "value": "a\u202eb"} for kind in TEXTS]}
    assert item_words(widget(tree)).splitlines() == ["a<U+202E>b"] * len(TEXTS)
