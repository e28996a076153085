"""Icons are symbols of one cell, or names where there is no symbol."""

from __future__ import annotations

import unicodedata

import pytest
from wcwidth import wcswidth

from chatkit_tui.render import RenderContext
from chatkit_tui.render.widgets.media import CHATKIT_ICONS, OTHER_ICONS, icon_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells

SCREEN = RenderContext(now=0)
PLAIN = RenderContext(now=0, plain=True)
EVERY = {**CHATKIT_ICONS, **OTHER_ICONS}


def test_a_symbol_takes_one_cell_and_has_no_emoji_form() -> None:
    for name, symbol in EVERY.items():
        assert len(symbol) == 1, name
        assert cells(symbol) == 1, name
        assert wcswidth(f"{symbol}\N{VARIATION SELECTOR-16}") == 1, f"{name} has a wide form too"
        assert sanitize(symbol) == symbol, name


def test_no_symbol_is_private_or_unassigned() -> None:
    assert not [symbol for symbol in EVERY.values() if unicodedata.category(symbol) in ("Co", "Cn")]


def test_every_icon_of_chatkit_has_a_symbol() -> None:
    assert len(CHATKIT_ICONS) == 63
    assert all(icon_text(name, SCREEN) == symbol for name, symbol in CHATKIT_ICONS.items())


@pytest.mark.parametrize("name", ["lucide:play", "vendor:play", " Play "])
def test_a_name_of_another_set_has_the_symbol_of_its_last_part(name: str) -> None:
    assert icon_text(name, SCREEN) == CHATKIT_ICONS["play"]


@pytest.mark.parametrize("name", ["lucide:coffee", "vendor:acme", "plane", "{{icon}}"])
def test_an_unknown_name_is_in_parentheses(name: str) -> None:
    assert icon_text(name, SCREEN) == f"({name})"


@pytest.mark.parametrize("name", ["mail", "vendor:acme"])
def test_an_icon_in_plain_output_is_its_name(name: str) -> None:
    assert icon_text(name, PLAIN) == f"({name})"


def test_no_name_is_no_symbol() -> None:
    assert icon_text("", SCREEN) == ""
