"""Screens as SVG: one picture, or a recording of several that CSS plays.

The same screen gives the same bytes on every machine. A picture names only fonts that a machine may
have, and needs no script, so that it also works where a page shows it in `<img>`.

Rich's own export measures text in characters and leaves frames to the font. Here each run of text
has its column and its width in cells, each wide character and each symbol stands in the middle of
its own cells, and frames and bars are shapes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate
from typing import Any, Final, NamedTuple

from rich.color import blend_rgb
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual._compositor import LayoutUpdate
from textual.app import App

from chatkit_tui.text.width import cells, clusters

_WIDTH: Final = 10
"""The width of a cell; all lengths are in pixels."""
_HEIGHT: Final = 20
_ABOVE: Final = 15
"""The part of a cell above the baseline of its text."""
_FONT_SIZE: Final = 16.6
"""A letter of most monospace fonts is 0.6 of it wide, so a run is hardly stretched."""
_FONTS: Final = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
_MARGIN: Final = 18
_TITLE_HEIGHT: Final = 36

DARK: Final = TerminalTheme(
    (24, 26, 31),
    (214, 217, 224),
    [
        (40, 44, 52),
        (240, 113, 120),
        (145, 200, 120),
        (230, 192, 110),
        (98, 174, 239),
        (198, 140, 230),
        (86, 196, 206),
        (190, 195, 205),
    ],
    [
        (120, 127, 140),
        (255, 140, 145),
        (170, 220, 145),
        (245, 212, 140),
        (130, 195, 255),
        (215, 165, 245),
        (120, 215, 225),
        (240, 242, 246),
    ],
)
"""Sixteen colors as a dark terminal has them."""

LIGHT: Final = TerminalTheme(
    (252, 252, 250),
    (44, 48, 56),
    [
        (40, 44, 52),
        (190, 40, 50),
        (50, 120, 50),
        (150, 105, 0),
        (20, 95, 185),
        (135, 60, 165),
        (0, 120, 130),
        (215, 217, 222),
    ],
    [
        (120, 125, 135),
        (210, 60, 70),
        (70, 145, 65),
        (175, 125, 10),
        (40, 120, 215),
        (160, 85, 190),
        (20, 145, 155),
        (235, 236, 239),
    ],
)
"""Sixteen colors as a light terminal has them."""


class Look(NamedTuple):
    """The style of a run; colors as `#rrggbb`."""

    color: str
    fill: str
    """Empty for the terminal's background."""
    css: str


class Run(NamedTuple):
    """Text of one style."""

    column: int
    text: str
    look: Look


Line = tuple[Run, ...]


class Frame(NamedTuple):
    """A screen in the colors of a terminal."""

    lines: tuple[Line, ...]
    columns: int
    theme: TerminalTheme


class Step(NamedTuple):
    """A frame of a recording."""

    frame: Frame
    seconds: float
    caption: str


def capture(app: App[Any], theme: TerminalTheme) -> Frame:
    """Return the screen of a running app."""
    # The public `App.export_screenshot` gives only Rich's picture, in colors that cannot be chosen.
    update = app.screen._compositor.render_update(
        full=True, screen_stack=app._background_screens, simplify=True
    )
    assert isinstance(update, LayoutUpdate)
    lines = (tuple(_runs([s for strip in line for s in strip], theme)) for line in update.strips)
    return Frame(tuple(lines), app.size.width, theme)


def _runs(segments: Sequence[Segment], theme: TerminalTheme) -> Iterator[Run]:
    column = 0
    for text, style, control in segments:
        if not control:
            yield Run(column, text, _look(style or Style(), theme))
            column += cells(text)


def _look(style: Style, theme: TerminalTheme) -> Look:
    color = style.color.get_truecolor(theme) if style.color else theme.foreground_color
    fill = (
        style.bgcolor.get_truecolor(theme, foreground=False)
        if style.bgcolor
        else theme.background_color
    )
    if style.reverse:
        color, fill = fill, color
    if style.dim:
        color = blend_rgb(color, fill, 0.4)
    lines = " ".join(
        name
        for name, is_set in (("underline", style.underline), ("line-through", style.strike))
        if is_set
    )
    css = ";".join(
        rule
        for rule, is_set in (
            ("font-weight:bold", style.bold),
            ("font-style:italic", style.italic),
            (f"text-decoration:{lines}", lines),
        )
        if is_set
    )
    return Look(color.hex, "" if fill == theme.background_color else fill.hex, css)


# -- a line ----------------------------------------------------------------------------------------

_BLOCKS: Final = {
    "▀": (0, 0, 8, 4),
    "▐": (4, 0, 4, 8),
    "▔": (0, 0, 8, 1),
    "▕": (7, 0, 1, 8),
    **{chr(0x2580 + part): (0, 8 - part, 8, part) for part in range(1, 9)},
    **{chr(0x2590 - part): (0, 0, part, 8) for part in range(1, 9)},
}
"""Left, top, width and height in eighths of a cell."""
_SHADES: Final = {"░": 0.25, "▒": 0.5, "▓": 0.75}
_BRAILLE: Final = range(0x2800, 0x2900)
_DOTS: Final = ((2, 1), (2, 6), (2, 11), (7, 1), (7, 6), (7, 11), (2, 16), (7, 16))
"""Where the dot of each bit of a braille character is."""
_UP, _RIGHT, _DOWN, _LEFT = "v-10m0 10", "h5m-5 0", "v10m0-10", "h-5m5 0"
_STROKES: Final = {
    "─": _LEFT + _RIGHT,
    "│": _UP + _DOWN,
    "┌": _RIGHT + _DOWN,
    "┐": _LEFT + _DOWN,
    "└": _RIGHT + _UP,
    "┘": _LEFT + _UP,
    "├": _UP + _DOWN + _RIGHT,
    "┤": _UP + _DOWN + _LEFT,
    "┬": _LEFT + _RIGHT + _DOWN,
    "┴": _LEFT + _RIGHT + _UP,
    "┼": _LEFT + _RIGHT + _UP + _DOWN,
    "╪": "m-5-2h10m0 4h-10m5-2" + _UP + _DOWN,
    "╭": "m0 10v-4q0-6 5-6",
    "╮": "m0 10v-4q0-6-5-6",
    "╰": "m0-10v4q0 6 5 6",
    "╯": "m0-10v4q0 6-5 6",
    "╌": "m-4 0h3m2 0h3",
    "╎": "m0-8v6m0 4v6",
}
"""Paths from the middle of a cell."""


_LATIN: Final = re.compile("[ -~\u00a0-\u024f\u0370-\u052f\u2010-\u2027\u2030-\u205e]+")


class _Classes(dict[str, str]):
    """The name of the class of each set of CSS rules."""

    def __missing__(self, rules: str) -> str:
        self[rules] = name = f"s{len(self)}"
        return name


def _line(line: Line, classes: _Classes) -> str:
    """Return the elements of a line; y is 0 at its baseline."""
    paths: dict[str, str] = {}  # by attributes, since one path takes many shapes
    texts: list[str] = []
    for run in line:
        if run.look.fill:
            box = _box(run.column * _WIDTH, 0, cells(run.text) * _WIDTH, _HEIGHT)
            _append(paths, f'fill="{run.look.fill}"', box)
    for run in line:
        for column, text, width in _pieces(run):
            attributes, path = _shape(text, column, run.look.color)
            if path:
                _append(paths, attributes, path)
            else:
                rules = f"fill:{run.look.color};{run.look.css}"
                texts.append(_text(column, text, width, classes, rules))
    shapes = (f'<path {attributes} d="{path}"/>' for attributes, path in paths.items())
    return "".join((*shapes, *texts))


def _append(paths: dict[str, str], attributes: str, path: str) -> None:
    paths[attributes] = paths.get(attributes, "") + path


def _pieces(run: Run) -> Iterator[tuple[int, str, int]]:
    """Yield the column, text and width of what is drawn as a whole: words, or one character."""
    words = ""
    column = start = run.column
    for cluster, width in (*clusters(run.text), (" ", 1), (" ", 1)):
        alone = width != 1 or _is_symbol(cluster)
        if alone or (cluster == " " and words[-1:] in ("", " ")):
            if text := words.rstrip(" "):
                yield start, text, cells(text)
            if alone:
                yield column, cluster, width
            words = ""
            start = column + width
        else:
            words += cluster
        column += width


def _is_symbol(cluster: str) -> bool:
    """Return whether fonts disagree on the width: many lack the character."""
    return not cluster.isascii() and unicodedata.category(cluster[0]) in ("Sm", "So")


def _shape(character: str, column: int, color: str) -> tuple[str, str]:
    """Return the attributes and the path of a frame, bar or dots; an empty path for text."""
    left = column * _WIDTH
    fill = f'fill="{color}"'
    if character in _STROKES:
        path = f"M{left + _WIDTH // 2} {_HEIGHT // 2 - _ABOVE}{_STROKES[character]}"
        return f'class="line" stroke="{color}"', path
    if character in _SHADES:
        opacity = f' fill-opacity="{_SHADES[character]}"'
        return fill + opacity, _box(left, 0, _WIDTH, _HEIGHT)
    if character in _BLOCKS:
        x, y, width, height = _BLOCKS[character]
        across, down = _WIDTH / 8, _HEIGHT / 8
        return fill, _box(left + x * across, y * down, width * across, height * down)
    if len(character) == 1 and ord(character) in _BRAILLE:
        bits = ord(character) - _BRAILLE.start
        dots = (_box(left + x, y, 2, 3) for bit, (x, y) in enumerate(_DOTS) if bits >> bit & 1)
        return f'{fill} class="dots"', "".join(dots)
    return "", ""


def _box(x: float, y: float, width: float, height: float) -> str:
    """Return the path of a rectangle; `y` counts from the top of the line."""
    return f"M{x:g} {y - _ABOVE:g}h{width:g}v{height:g}h{-width:g}z"


def _text(column: int, text: str, width: int, classes: _Classes, rules: str) -> str:
    x = column * _WIDTH
    if width != 1 and len(list(clusters(text))) > 1:
        # Letters that join each other must be stretched; others are moved.
        adjust = "" if _LATIN.fullmatch(text) else ' lengthAdjust="spacingAndGlyphs"'
        place = f'x="{x}" textLength="{width * _WIDTH}"{adjust}'
    elif text.isascii():
        place = f'x="{x}"'
    else:
        rules += ";text-anchor:middle"
        place = f'x="{x + width * _WIDTH // 2}"'
    return f'<text class="{classes[rules]}" {place}>{escape(text, quote=False)}</text>'


# -- pictures --------------------------------------------------------------------------------------


def still(frame: Frame, title: str) -> str:
    """Return a picture in the frame of a window with a title."""
    classes = _Classes()
    lines = (
        f'<g transform="translate(0 {row * _HEIGHT})">{_line(line, classes)}</g>'
        for row, line in enumerate(frame.lines)
    )
    place = f"translate({_MARGIN} {_TITLE_HEIGHT + _ABOVE})"
    screen = "\n".join((f'<g transform="{place}">', *lines, "</g>"))
    return _window(frame, f"{_title(frame, title)}\n{screen}", classes, "")


def recording(steps: Sequence[Step]) -> str:
    """Return a picture that shows the steps for ever, each with its caption as the title.

    The frames stand side by side and pass by in jumps. A line that several frames share is drawn
    once. Without animation the first step is shown.
    """
    first = steps[0].frame
    classes = _Classes()
    ids: dict[Line, str] = {}
    for step in steps:
        for line in step.frame.lines:
            ids.setdefault(line, f"l{len(ids)}")
    shared = (f'<g id="{name}">{_line(line, classes)}</g>' for line, name in ids.items())
    width, _ = _size(first)
    frames = (
        f'<g transform="translate({number * width} 0)">{_title(first, step.caption)}'
        f'<g transform="translate({_MARGIN} {_TITLE_HEIGHT + _ABOVE})">'
        + "".join(
            f'<use href="#{ids[line]}" y="{row * _HEIGHT}"/>'
            for row, line in enumerate(step.frame.lines)
            if any(run.look.fill or not run.text.isspace() for run in line)
        )
        + "</g></g>"
        for number, step in enumerate(steps)
    )
    total = sum(step.seconds for step in steps)
    starts = accumulate((step.seconds for step in steps[:-1]), initial=0.0)
    moments = "".join(
        f"{start / total:.3%}{{transform:translateX({-number * width}px)}}"
        for number, start in enumerate(starts)
    )
    css = (
        f"@keyframes play{{{moments}}}\n"
        f".film{{animation:play {total:g}s steps(1,end) infinite}}\n"
        "@media (prefers-reduced-motion:reduce){.film{animation:none}}\n"
    )
    lines, film = "\n".join(shared), "\n".join(frames)
    return _window(first, f'<defs>\n{lines}\n</defs>\n<g class="film">\n{film}\n</g>', classes, css)


def _size(frame: Frame) -> tuple[int, int]:
    return (
        frame.columns * _WIDTH + 2 * _MARGIN,
        len(frame.lines) * _HEIGHT + _TITLE_HEIGHT + _MARGIN,
    )


def _title(frame: Frame, title: str) -> str:
    width, _ = _size(frame)
    return f'<text class="title" x="{width // 2}" y="23">{escape(title, quote=False)}</text>'


def _window(frame: Frame, content: str, classes: _Classes, css: str) -> str:
    width, height = _size(frame)
    background, foreground = frame.theme.background_color, frame.theme.foreground_color
    border = blend_rgb(background, foreground, 0.25).hex
    rules = "".join(f".{name}{{{rules}}}\n" for rules, name in classes.items())
    buttons = "".join(
        f'<circle cx="{22 + 20 * number}" cy="18" r="6" fill="{color}"/>'
        for number, color in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">\n<style>\n'
        f"text{{font:{_FONT_SIZE}px {_FONTS};white-space:pre}}\n"
        # Edges on whole pixels leave no seam between fills where the picture is scaled; what is
        # thin could vanish.
        "path{shape-rendering:crispEdges}\n"
        ".line,.dots{shape-rendering:auto}\n"
        ".line{fill:none;stroke-width:1.4}\n"
        f".title{{font:bold 15px sans-serif;fill:{foreground.hex};text-anchor:middle}}\n"
        f"{rules}{css}</style>\n"
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8"'
        f' fill="{background.hex}" stroke="{border}"/>\n{buttons}\n{content}\n</svg>\n'
    )
