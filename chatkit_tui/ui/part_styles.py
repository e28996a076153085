"""How the parts of the lines around the transcript look, and how they become strips.

Component classes would say the same in CSS, but every widget that has them costs a computed style
for each of them at the start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color, ColorParseError
from textual.strip import Strip
from textual.widget import Widget

from chatkit_tui.text.width import cells
from chatkit_tui.ui.parts import Part
from chatkit_tui.ui.theme import Look

PLAIN = "-plain"
"""The class of an app that draws with ASCII and without colours."""

LOOKS: Mapping[str, Look] = {
    "plain": Look(),
    "dim": Look(None, "dim"),
    "strong": Look(None, "bold"),
    "derived": Look(None, "italic"),
    "key": Look("primary", "bold"),
    "bar": Look("primary", "bold"),
    "mark": Look("accent", "bold"),
    "chip": Look(None, "bold reverse"),
    "good": Look("success"),
    "busy": Look("warning"),
    "bad": Look("error", "bold"),
}
"""What a part can be, and the theme's colour for it."""


def strip_of(widget: Widget, parts: Sequence[Part]) -> Strip:
    """A line of a widget, as wide as it is."""
    variables = {} if widget.app.no_color else widget.app.theme_variables
    segments = [
        Segment(
            text, None if what == "plain" else _style(what, variables.get(LOOKS[what].colour or ""))
        )
        for text, what in parts
    ]
    strip = Strip(segments, sum(cells(text) for text, _ in parts))
    # One span of each look: every change of it costs a slow line a dozen bytes.
    return (
        strip.adjust_cell_length(widget.size.width)
        .apply_style(widget.visual_style.rich_style)
        .simplify()
    )


@lru_cache(256)
def _style(what: str, colour: str | None) -> Style:
    style = Style.parse(LOOKS[what].style)
    if colour is None:
        return style
    try:
        return style + Style.from_color(Color.parse(colour).rich_color)
    except ColorParseError:
        return style  # a theme whose colour is relative to what is behind it
