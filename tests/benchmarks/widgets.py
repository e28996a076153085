"""Widgets: from the string that an item carries to the lines of the screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import process_time

from chatkit_tui.emulator import DEMO_NOW
from chatkit_tui.emulator.sample_data import load_widget
from chatkit_tui.models.fields import JSON
from chatkit_tui.models.items import parse_item
from chatkit_tui.models.widgets import MAX_NODES, read_widget
from chatkit_tui.render.context import Context
from chatkit_tui.render.items import render_item
from tests.benchmarks.report import Figure, typical

COLUMNS = 80
ROUNDS = 40
CONTEXT = Context(now=float(DEMO_NOW))


def widgets() -> list[Figure]:
    """Cards as the sample data has them, each of the whole way and of drawing alone, and the
    largest tree that is read."""
    form = _item(load_widget("booking_form"))
    card = _item(
        {"type": "Basic", "children": [load_widget("flight_picker"), load_widget("order_card")]}
    )
    chart = _item(load_widget("weather_chart"))
    most = _item({"type": "Card", "children": [_row(number) for number in range(MAX_NODES // 5)]})
    nodes = read_widget(json.loads(card)["widget"]).nodes
    return [
        Figure(f"widget: a card of {nodes} components", _drawing(card), "ms", 3),
        Figure("widget: a form of 20 fields and labels", _drawing(form), "ms", 3),
        Figure("widget: a card with a chart", _drawing(chart), "ms"),
        Figure(f"widget: a tree of {MAX_NODES:,} components", _drawing(most, 5), "ms", 250),
    ]


def _item(tree: JSON) -> bytes:
    row = {"id": "cti_1", "type": "chatkit.widget", "widget": json.dumps(tree)}
    return json.dumps(row).encode()


def _row(number: int) -> JSON:
    """Five components."""
    return {
        "type": "Row",
        "justify": "between",
        "children": [
            {"type": "Text", "value": f"Row {number} of many, with some words in it"},
            {"type": "Badge", "label": f"{number % 7} left", "color": "success"},
            {"type": "Icon", "name": "calendar"},
            {"type": "Button", "label": "Choose", "onClickAction": {"type": "choose"}},
        ],
    }


def _drawing(raw: bytes, rounds: int = ROUNDS) -> float:
    """The median time in milliseconds from the bytes of an item to its lines.

    It is the processor's time, since nothing is waited for: what else runs on the machine takes
    turns with it and is not counted.
    """

    def draw() -> object:
        return render_item(parse_item(raw), COLUMNS, CONTEXT)

    draw()  # what is imported and compiled once is not the widget's cost
    return typical([_seconds(draw) for _ in range(rounds)])


def _seconds(act: Callable[[], object]) -> float:
    begun = process_time()
    act()
    return process_time() - begun
