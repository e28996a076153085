"""Charts for tests, and how they are drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence

from chatkit_tui.document.spans import Line, line_text
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import read_widget
from chatkit_tui.render import RenderContext
from chatkit_tui.render.layout.box import Picture
from chatkit_tui.render.widgets.registry import WidgetBuilder

SCREEN = RenderContext(now=0)
ASCII = RenderContext(now=0, plain=True)
TEXT_OUTPUT = RenderContext(now=0, tables=True)

WEATHER: dict[str, JSON] = {
    "type": "Chart",
    "data": [
        {"day": "Thu", "high": 14, "rain": 0},
        {"day": "Fri", "high": 16, "rain": 1},
        {"day": "Sat", "high": 11, "rain": 14},
        {"day": "Sun", "high": 9, "rain": 22},
    ],
    "series": [
        {"type": "line", "dataKey": "high", "label": "High, °C", "color": "orange-400"},
        {"type": "bar", "dataKey": "rain", "label": "Rain, mm", "color": "blue-400"},
    ],
    "xAxis": {"dataKey": "day"},
    "showYAxis": True,
    "showLegend": True,
}


def chart(values: Sequence[JSON], kind: str = "bar", **fields: JSON) -> dict[str, JSON]:
    """Return a chart of one series `a` along `x`, without a legend."""
    data = [{"x": f"p{number}", "a": value} for number, value in enumerate(values)]
    return {
        "type": "Chart",
        "data": data,
        "series": [{"type": kind, "dataKey": "a"}],
        "xAxis": "x",
        "showLegend": False,
        **fields,
    }


def drawn(
    tree: JSON, width: int = 60, context: RenderContext = SCREEN, *, opened: bool = False
) -> list[Line]:
    root = read_widget(json.dumps(tree)).root
    assert root is not None
    box = WidgetBuilder(context, root).build(root)
    assert box is not None
    return Picture(box).draw(width, open=opened, plain=context.plain)[0]


def text(
    tree: JSON, width: int = 60, context: RenderContext = SCREEN, *, opened: bool = False
) -> list[str]:
    lines = drawn(tree, width, context, opened=opened)
    return [line_text(line).rstrip().replace("\u00a0", " ") for line in lines]


# -- what it looks like ----------------------------------------------------------------------------
