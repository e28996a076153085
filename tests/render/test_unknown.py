"""Items of unknown kinds, and what is no item at all."""

from __future__ import annotations

from chatkit_tui.models.items import parse_item
from tests.render.examples import body, head, item


def test_an_unknown_kind_is_named_and_shown_as_its_json() -> None:
    what = parse_item(b'{"type": "chatkit.poll", "votes": 1.50}')
    assert head(what).startswith("? unknown  poll")
    assert body(what) == ["{", '  "type": "chatkit.poll",', '  "votes": 1.50', "}"]


def test_a_long_unknown_item_is_folded() -> None:
    assert body(item("poll", votes=list(range(50))))[-1] == "… 47 more lines"


def test_an_item_without_a_type_says_so() -> None:
    assert head(parse_item(b"{}")).startswith("? unknown  no type")


def test_what_is_no_json_is_shown_as_it_came() -> None:
    lines = body(parse_item(b"{oops\xff"))
    assert "{oops\\xff" in lines
    assert lines[-1] == "! this item does not fit: not JSON"


def test_json_too_deep_to_be_read_is_shown_all_the_same() -> None:
    lines = body(parse_item(b"[" * 20_000 + b"]" * 20_000))
    assert lines[-1] == "! this item does not fit: nested too deeply to be read"
