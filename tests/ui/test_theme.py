"""What is drawn in colour can be read, on both themes and without any colour."""

from __future__ import annotations

from typing import get_args

import pytest
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style as RichStyle
from rich.terminal_theme import TerminalTheme
from textual._ansi_theme import ALABASTER, MONOKAI
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from chatkit_tui.document.spans import Paint, Role, Style
from chatkit_tui.sources.base import SourceObserver, ThreadSource
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.theme import LOOKS, PAINTS, TextStyles
from tests.screenshots import drawing

Palette = tuple[str, TerminalTheme]

PALETTES: tuple[Palette, ...] = (
    ("ansi-dark", drawing.DARK),
    ("ansi-dark", MONOKAI),
    ("ansi-light", drawing.LIGHT),
    ("ansi-light", ALABASTER),
)
"""A theme, and sixteen colours as terminals have them."""

LEAST = 3.0
"""The contrast that WCAG 2.2 asks of large text and of signs; no palette of sixteen colours that
is in use has 4.5 for all."""

COLOURED = [
    *(Style(color=paint) for paint in get_args(Paint)),
    *(Style(background=paint) for paint in get_args(Paint)),
    *(Style("dim", color=paint, background=paint) for paint in get_args(Paint)),
]


def styles(theme: str) -> TextStyles:
    return TextStyles(BUILTIN_THEMES[theme].to_color_system().generate())


def luminance(colour: ColorTriplet) -> float:
    """The relative luminance as WCAG 2.2 has it."""
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(style: RichStyle, palette: TerminalTheme) -> float:
    """How far the words of a style stand out from what is behind them, from 1 to 21."""
    front = style.color.get_truecolor(palette) if style.color else palette.foreground_color
    behind = palette.background_color
    assert style.bgcolor is None
    low, high = sorted((luminance(front), luminance(behind)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "palette"), PALETTES)
def test_words_in_any_paint_stand_out(theme: str, palette: TerminalTheme) -> None:
    for style in COLOURED:
        assert contrast(styles(theme)[style], palette) >= LEAST, style


@pytest.mark.parametrize("background", get_args(Paint))
def test_words_on_a_paint_are_its_own_words_turned_round(background: Paint) -> None:
    made = styles("ansi-dark")[Style("dim", color="red", background=background)]
    assert made.reverse
    assert not made.dim
    assert made.color == styles("ansi-dark")[Style(color=background)].color


def test_a_paint_takes_the_place_of_the_colour_of_a_role_and_not_of_its_weight() -> None:
    themed = styles("ansi-dark")
    assert themed[Style("heading", color="red")].color == themed[Style(color="red")].color
    assert themed[Style("heading", color="red")].bold


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
def test_every_paint_has_a_colour_of_its_own(theme: str) -> None:
    made = [str(styles(theme)[Style(color=paint)]) for paint in get_args(Paint)]
    assert len(set(made)) == len(made)


def test_every_role_has_a_look() -> None:
    assert set(get_args(Role)) - set(LOOKS) == set()


def test_every_paint_has_a_look() -> None:
    assert set(get_args(Paint)) - set(PAINTS) == set()


@pytest.mark.parametrize(
    ("style", "left"),
    [
        (Style("bad", color="red"), "bold"),
        (Style("heading", color="blue"), "bold"),
        (Style("link", color="blue"), "underline"),
        (Style(color="grey"), "dim"),
        (Style(background="green"), "reverse"),
        (Style(bold=True, color="magenta"), "bold"),
        (Style(strike=True, color="red"), "strike"),
    ],
    ids=str,
)
def test_without_colour_weight_and_line_are_left(
    style: Style, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def connect(observer: SourceObserver) -> ThreadSource:
        del observer
        raise AssertionError("nothing is asked of the server here")

    app = ChatKitApp(Options(), connect)
    segments = [Segment("x", TextStyles(app.theme_variables)[style])]
    for line_filter in app._filters:
        if line_filter.enabled:
            segments = line_filter.apply(segments, Color(0, 0, 0))
    shown = segments[0].style
    assert shown is not None
    assert getattr(shown, left)
    assert shown.color is None or shown.color.is_default
