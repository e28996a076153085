"""What is copied is what was written, less what a terminal would obey."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import example, given

from chatkit_tui.document.from_item import LARGEST
from chatkit_tui.models.items import parse_item
from chatkit_tui.models.json import mend
from chatkit_tui.render.items import copied_text
from tests.hostile.payloads import PAYLOADS
from tests.render.examples import CONTEXT, item, widget
from tests.text.test_sanitize import texts


def said(text: str) -> str | None:
    return copied_text(
        item("user_message", content=[{"type": "input_text", "text": text}]), CONTEXT
    )


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "invoice\u202egpj.exe\u202c",
        "zero\u200bwidth\ufeff and \u2060more",
        "tags\U000e0068\U000e0069\U000e007f",
        "e" + "\u0301" * 40 + "!",
        "a\tb\n\tc",
        "line\u2028sep\u2029par",
        "private\ue000\U000f0000",
        "👩🏽‍❤️‍💋‍👨🏽 🇩🇪 می‌خ क्‍ष",
        "\u0301on nothing",
        "see https://аррӏе.com/x now",
        "rare \U00030000 letter\u202e",
    ],
    ids=ascii,
)
def test_hidden_characters_are_copied_as_they_came(text: str) -> None:
    assert said(text) == text


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("\x1b]52;c;cm0=\x07 \x1b[31mred\x1b[0m", "]52;c;cm0= [31mred[0m"),
        ("\x9b31m \x85 \x7f\x00.", "31m  ."),
        ("end of paste \x1b[201~rm -rf ~", "end of paste [201~rm -rf ~"),
        ("one\r\ntwo\rthree", "one\ntwothree"),
    ],
    ids=ascii,
)
def test_what_steers_a_terminal_is_left_out(text: str, copied: str) -> None:
    assert said(text) == copied


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_control_is_ever_copied(payload: str) -> None:
    for text in (
        said(payload),
        copied_text(widget({"type": "Text", "value": payload}), CONTEXT),
    ):
        assert text is not None
        controls = {letter for letter in text if unicodedata.category(letter) == "Cc"}
        assert controls <= {"\n", "\t"}


def test_the_escapes_inside_a_widgets_own_json_are_true_characters_too() -> None:
    tree = json.dumps({"type": "Text", "value": "a\u202eb"})
    assert copied_text(widget(tree), CONTEXT) == "a\u202eb"


def test_an_item_that_is_too_large_to_be_drawn_has_no_text_to_copy() -> None:
    row = {"type": "chatkit.task", "summary": "x" * LARGEST}
    assert copied_text(parse_item(json.dumps(row).encode()), CONTEXT) is None


def test_an_item_that_is_no_json_is_copied_as_it_is_shown() -> None:
    assert "⟨U+202E⟩" in (copied_text(parse_item("{ \u202e".encode()), CONTEXT) or "")


@given(texts)
@example("\r\r\n")
def test_any_text_loses_its_controls_alone(text: str) -> None:
    copied = said(f"a{text}b")
    kept = f"a{text}b".replace("\r\n", "\n")
    true = "".join(
        letter for letter in kept if unicodedata.category(letter) != "Cc" or letter in "\n\t"
    )
    assert copied is not None
    assert "".join(copied.split()) == "".join(mend(true).split())
