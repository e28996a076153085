"""Icons are signs of one cell, and names where there is no sign."""

from __future__ import annotations

import unicodedata

import pytest
from wcwidth import wcswidth

from chatkit_tui.render.context import RenderContext
from chatkit_tui.render.widgets.media import CHATKIT_ICONS, OTHER_ICONS, icon_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells

SCREEN = RenderContext(now=0)
PLAIN = RenderContext(now=0, plain=True)
EVERY = {**CHATKIT_ICONS, **OTHER_ICONS}


@pytest.mark.parametrize(("name", "sign"), EVERY.items())
def test_a_sign_is_one_cell_that_no_terminal_makes_a_picture_of(name: str, sign: str) -> None:
    assert len(sign) == 1
    assert cells(sign) == 1
    assert wcswidth(f"{sign}\N{VARIATION SELECTOR-16}") == 1, "it has a second, wide form"
    assert sanitize(sign) == sign


def test_no_sign_is_from_the_part_of_unicode_that_fonts_make_up() -> None:
    assert not [sign for sign in EVERY.values() if unicodedata.category(sign) in ("Co", "Cn")]


def test_every_name_of_chatkit_has_a_sign() -> None:
    assert len(CHATKIT_ICONS) == 63
    assert all(icon_text(name, SCREEN) == sign for name, sign in CHATKIT_ICONS.items())


@pytest.mark.parametrize("name", ["lucide:play", "vendor:play", " Play "])
def test_a_name_of_another_set_has_the_sign_of_its_last_part(name: str) -> None:
    assert icon_text(name, SCREEN) == CHATKIT_ICONS["play"]


@pytest.mark.parametrize("name", ["lucide:coffee", "vendor:acme", "plane", "{{icon}}"])
def test_an_unknown_name_stands_in_brackets(name: str) -> None:
    assert icon_text(name, SCREEN) == f"({name})"


@pytest.mark.parametrize("name", ["mail", "vendor:acme"])
def test_where_only_ascii_is_shown_an_icon_is_its_name(name: str) -> None:
    assert icon_text(name, PLAIN) == f"({name})"


def test_no_name_is_no_sign() -> None:
    assert icon_text("", SCREEN) == ""
