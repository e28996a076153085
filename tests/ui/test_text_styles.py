"""The styles of text follow the theme, and what a search found is not told by color alone."""

from __future__ import annotations

import pytest
from textual.theme import BUILTIN_THEMES

from chatkit_tui.document.spans import Style
from chatkit_tui.ui.theme import TERMINAL_THEMES, TextStyles
from chatkit_tui.ui.tokens import HUES, LOOKS, resolve, scheme_named

THEMES = ("dark", "light", "ansi-dark", "ansi-light", "textual-dark", "textual-light")


def styles(theme: str) -> TextStyles:
    themes = BUILTIN_THEMES | {theme.name: theme for theme in TERMINAL_THEMES}
    return TextStyles(scheme_named(theme), themes[theme].to_color_system().generate())


@pytest.mark.parametrize("theme", THEMES)
def test_every_color_of_a_look_is_one_that_the_theme_has(theme: str) -> None:
    made = styles(theme)
    for role, words in LOOKS.items():
        has_color = bool(resolve(words, scheme_named(theme)).color)
        assert (made[Style(role)].color is not None) == has_color, role
        has_hue = not HUES.keys().isdisjoint(words.split())
        assert has_color == has_hue or "yellow" in words, role


def test_what_a_style_says_beside_its_role_is_kept() -> None:
    made = styles("textual-dark")[Style("text", bold=True, strike=True, link="https://a.example/")]
    assert (made.bold, made.strike, made.link) == (True, True, "https://a.example/")


def test_the_current_match_differs_from_the_others_by_more_than_color() -> None:
    made = styles("textual-dark")
    assert made.current_match.reverse
    assert not made.match.reverse
    assert made.match.underline


def test_a_theme_without_a_color_still_has_the_rest_of_the_look() -> None:
    made = TextStyles("themed", {})[Style("bad")]
    assert made.color is None
    assert made.bold
