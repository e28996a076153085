"""A screen as SVG: the same bytes for the same screen, on every machine.

The picture names only fonts that a machine may have, so that it needs nothing from the network.
"""

from __future__ import annotations

import io
import re
from typing import Any

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from textual.app import App

_FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
_SIZE = 20.26
"""Pixels: at this size a letter of DejaVu Sans Mono is as wide as a cell, so that frames are
straight also in programs that know nothing of `textLength`."""

DARK = TerminalTheme(
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
"""Sixteen colours as a dark terminal has them."""

LIGHT = TerminalTheme(
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
"""Sixteen colours as a light terminal has them."""


def _own_format() -> str:
    """Rich's frame of an SVG with fonts of the machine in place of those it would fetch."""
    before, _, rest = CONSOLE_SVG_FORMAT.partition("@font-face")
    _, _, after = rest.rpartition("@font-face")
    after = after[after.index("}}") + 2 :].lstrip()
    own = (before + after).replace("Fira Code, monospace", _FONT)
    return own.replace("font-size: {char_height}px", f"font-size: {_SIZE}px", 1)


_SPACED = re.compile(
    r'(<text [^>]*?)x="([\d.]+)"([^>]*?)textLength="([\d.]+)"([^>]*>)'
    r"((?:&#160;)*)([^<]*?)((?:&#160;)*)(?=</text>|\n)"
)
_CELL = 12.2
"""The width of a cell in Rich's pictures."""


def _without_outer_spaces(picture: str) -> str:
    """The same picture with no text that begins or ends with spaces.

    Some programs that draw SVG leave such spaces out and stretch the rest over their room.
    """

    def moved(match: re.Match[str]) -> str:
        head, x, middle, length, tail, before, text, after = match.groups()
        left, right = (len(spaces) // len("&#160;") for spaces in (before, after))
        if not text:
            left, right, text = 0, 0, before + after
        x = f"{float(x) + left * _CELL:g}"
        length = f"{float(length) - (left + right) * _CELL:g}"
        return f'{head}x="{x}"{middle}textLength="{length}"{tail}{text}'

    return _SPACED.sub(moved, picture)


def draw(app: App[Any], theme: TerminalTheme, title: str) -> str:
    """The screen of a running app as the text of an SVG, which ends with a line break.

    `title` stands in the frame of the window.
    """
    width, height = app.size
    console = Console(
        width=width,
        height=height,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    # The public `App.export_screenshot` does the same in colours that cannot be chosen.
    console.print(
        app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    )
    picture = console.export_svg(title=title, theme=theme, code_format=_own_format())
    lines = _without_outer_spaces(picture).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"
