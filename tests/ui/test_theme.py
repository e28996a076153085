"""What is drawn in color can be read, on both themes and without any color."""

from __future__ import annotations

from itertools import product
from typing import Any, get_args

import pytest
from rich.color import Color as RichColor
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
from chatkit_tui.ui.fixed_colors import FIXED, FixedColors, nearest_fixed
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.styled_lines import badge_style
from chatkit_tui.ui.theme import TERMINAL_THEMES, TextStyles, styles_of
from chatkit_tui.ui.tokens import HUES, LOOKS, PAINTS, Fill, fill_look, scheme_named
from tests.screenshots import drawing
from tests.ui.conftest import Start
from tests.ui.driver import Driver

Palette = tuple[str, TerminalTheme]

PALETTES: tuple[Palette, ...] = (
    ("dark", drawing.DARK),
    ("dark", MONOKAI),
    ("light", drawing.LIGHT),
    ("light", ALABASTER),
)
"""A theme, and sixteen colors as terminals have them."""

LEAST = 3.0
"""The contrast that WCAG 2.2 asks of large text and of signs; no palette of sixteen colors that
is in use has 4.5 for all."""

COLORED = [
    *(Style(color=paint) for paint in get_args(Paint)),
    *(Style(background=paint) for paint in get_args(Paint)),
    *(Style("dim", color=paint, background=paint) for paint in get_args(Paint)),
]


def styles(theme: str) -> TextStyles:
    themes = BUILTIN_THEMES | {theme.name: theme for theme in TERMINAL_THEMES}
    return TextStyles(scheme_named(theme), themes[theme].to_color_system().generate())


def luminance(color: ColorTriplet) -> float:
    """The relative luminance as WCAG 2.2 has it."""
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(style: RichStyle, palette: TerminalTheme) -> float:
    """How far the words of a style stand out from what is behind them, from 1 to 21."""
    front = style.color.get_truecolor(palette) if style.color else palette.foreground_color
    behind = palette.background_color
    if style.bgcolor is not None:
        behind = style.bgcolor.get_truecolor(palette, foreground=False)
    low, high = sorted((luminance(front), luminance(behind)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "palette"), PALETTES)
def test_words_in_any_paint_stand_out(theme: str, palette: TerminalTheme) -> None:
    for style in COLORED:
        assert contrast(styles(theme)[style], palette) >= LEAST, style


@pytest.mark.parametrize("background", get_args(Paint))
def test_words_on_a_paint_are_its_own_words_turned_round(background: Paint) -> None:
    made = styles("dark")[Style("dim", color="red", background=background)]
    assert made.reverse
    assert not made.dim
    assert made.color == styles("dark")[Style(color=background)].color


def test_a_paint_takes_the_place_of_the_color_of_a_role_and_not_of_its_weight() -> None:
    themed = styles("dark")
    assert themed[Style("heading", color="red")].color == themed[Style(color="red")].color
    assert themed[Style("heading", color="red")].bold


@pytest.mark.parametrize("theme", ["dark", "light", "ansi-dark"])
def test_every_paint_has_a_color_of_its_own(theme: str) -> None:
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
def test_without_color_weight_and_line_are_left(
    style: Style, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def connect(observer: SourceObserver) -> ThreadSource:
        del observer
        raise AssertionError("nothing is asked of the server here")

    app = ChatKitApp(Options(), connect)
    segments = [Segment("x", styles_of(app)[style])]
    for line_filter in app._filters:
        if line_filter.enabled:
            segments = line_filter.apply(segments, Color(0, 0, 0))
    shown = segments[0].style
    assert shown is not None
    assert getattr(shown, left)
    assert shown.color is None or shown.color.is_default


# -- fills -----------------------------------------------------------------------------------------

ON_FILLS = [
    *(Style(role) for role in get_args(Role)),
    *(Style(color=paint) for paint in get_args(Paint)),
    *(badge_style(word) for word in ("DEMO", "READ-ONLY", "OFFLINE", "SLOW", "ARCHIVE", "SERVER")),
]
PAINTED = ("nord", "gruvbox", "tokyo-night", "catppuccin-mocha", "textual-dark", "textual-light")


@pytest.mark.parametrize(("theme", "fill"), [*product(("dark", "light"), get_args(Fill))])
def test_words_on_a_fill_are_readable_on_every_terminal(theme: str, fill: Fill) -> None:
    made = styles(theme)
    for style in (made.fill(fill), *(made.on(fill, style) for style in ON_FILLS)):
        for color in (style.color, style.bgcolor):
            assert color is not None
            assert color.number is not None
            assert color.number >= 16  # the palette of the terminal has no say
        assert contrast(style, drawing.DARK) >= 4, style
        assert not style.dim
        assert not style.italic


@pytest.mark.parametrize(("theme", "fill"), [*product(PAINTED, get_args(Fill))])
def test_words_on_a_fill_stand_out_in_painted_themes(theme: str, fill: Fill) -> None:
    made = styles(theme)
    for role in ("text", "dim", "key"):
        assert contrast(made.on(fill, Style(role)), MONOKAI) >= LEAST, (fill, role)


@pytest.mark.parametrize("fill", get_args(Fill))
@pytest.mark.parametrize("scheme", ["ansi-dark", "ansi-light", "colorless"])
def test_sixteen_colors_and_none_have_no_background(scheme: Any, fill: Fill) -> None:
    look = fill_look(fill, scheme)
    assert not look.background
    assert fill == "header" or look.attributes


def test_every_hue_has_a_color_on_fills() -> None:
    made = styles("dark")
    found = {str(made.on("chosen", Style(color=paint)).color) for paint in get_args(Paint)}
    assert len(found) == len(get_args(Paint))
    assert len(HUES) == len(found)


async def test_header_and_footer_are_filled_from_edge_to_edge(start: Start) -> None:
    async with start(theme="dark") as driver:
        strips = driver.app.screen._compositor.render_strips()
        for strip in (strips[0], strips[-1]):
            grounds = {str(style.bgcolor) for _, style, _ in strip if style and not style.reverse}
            assert len(grounds) == 1
            assert "236" in grounds.pop()


async def test_a_slow_connection_has_no_fills(start: Start) -> None:
    async with start(theme="dark", slow=True) as driver:
        for strip in driver.app.screen._compositor.render_strips():
            assert all(
                style is None or not style.bgcolor or style.bgcolor.is_default
                for _, style, _ in strip
            )


@pytest.mark.parametrize("theme", ["nord", "textual-light"])
async def test_a_painted_theme_has_its_own_background(start: Start, theme: str) -> None:
    async with start(theme=theme) as driver:
        [segment, *_] = driver.app.screen._compositor.render_strips()[-2]
        assert segment.style is not None
        assert segment.style.bgcolor is not None
        background = Color.parse(driver.app.theme_variables["background"])
        assert segment.style.bgcolor.triplet == background.rich_color.triplet


@pytest.mark.parametrize("theme", PAINTED)
def test_256_colors_keep_the_light_and_the_hue_of_a_painted_theme(theme: str) -> None:
    variables = BUILTIN_THEMES[theme].to_color_system().generate()

    def shown(name: str) -> tuple[ColorTriplet, ColorTriplet]:
        triplet = Color.parse(variables[name]).rich_color.triplet
        assert triplet is not None
        return triplet, RichColor.from_ansi(nearest_fixed(triplet)).get_truecolor()

    for name in ("background", "surface", "panel", "foreground"):
        own, fixed = shown(name)
        assert max(abs(a - b) for a, b in zip(own, fixed, strict=True)) <= 32, (name, fixed)
    error, success = shown("text-error")[1], shown("text-success")[1]
    assert error.red > max(error.green, error.blue)
    assert success.green >= max(success.red, success.blue)


@pytest.mark.parametrize("number", FIXED)
def test_each_of_the_256_fixed_colors_is_its_own_nearest(number: int) -> None:
    triplet = RichColor.from_ansi(number).get_truecolor()
    assert RichColor.from_ansi(nearest_fixed(triplet)).get_truecolor() == triplet


@pytest.mark.parametrize(("theme", "fill"), [*product(PAINTED, get_args(Fill))])
def test_words_on_a_fill_stand_out_in_256_colors(theme: str, fill: Fill) -> None:
    made = styles(theme)
    looks = [made.on(fill, Style(role)) for role in ("text", "dim", "key")]
    for _, style, _ in FixedColors().apply([Segment("x", look) for look in looks], Color(0, 0, 0)):
        assert style is not None
        assert contrast(style, MONOKAI) >= LEAST, (fill, style)


def fills(driver: Driver, words: str) -> set[str]:
    """Return how the line with some words is filled, by the backgrounds and `reverse`."""
    strips = driver.app.screen._compositor.render_strips()
    [strip] = [strip for strip in strips if words in strip.text]
    styles_of_line = [style for _, style, _ in strip if style]
    grounds = {
        str(style.bgcolor.triplet or style.bgcolor.number)
        for style in styles_of_line
        if style.bgcolor and not style.bgcolor.is_default
    }
    return grounds | {"reverse" for style in styles_of_line if style.reverse}


async def test_the_chosen_row_of_a_menu_is_filled_in_each_kind_of_theme(start: Start) -> None:
    async with start() as driver:
        for theme in ("light", "ansi-dark", "nord"):
            driver.app.theme = theme
            for opening, chosen, other in (
                ("y", "t  text", "h  thread id"),
                ("ctrl+p", "open  Enter", "filter  /"),
                ("D", "Cancel", "Nothing brings them back"),
            ):
                await driver.press(opening)
                assert fills(driver, chosen) - fills(driver, other), (theme, opening)
                await driver.press("escape")
    async with start(plain=True) as driver:
        for opening, chosen in (("y", "t  text"), ("ctrl+p", "open  Enter"), ("D", "Cancel")):
            await driver.press(opening)
            assert "reverse" in fills(driver, chosen)
            assert "+- " in driver.frame()
            await driver.press("escape")
