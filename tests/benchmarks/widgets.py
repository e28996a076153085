"""Rendering: from the JSON of an item to the lines of the screen."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from importlib import import_module
from time import process_time

from chatkit_tui.document.code import is_known
from chatkit_tui.emulator import DEMO_KEY, DEMO_NOW, Emulator
from chatkit_tui.emulator.sample_data import load_data
from chatkit_tui.emulator.transport import EmulatorTransport
from chatkit_tui.models.items import parse_item
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import MAX_NODES, read_widget
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import render_item
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.ui.background_work import HIGHLIGHTED, PRELOADED, freeze_garbage, pause_gc
from chatkit_tui.ui.transcript.item_renderer import LARGE
from tests.benchmarks.report import Figure, typical
from tests.hostile.payloads import PAYLOADS

COLUMNS = 80
ROUNDS = 40
CONTEXT = RenderContext(now=float(DEMO_NOW))


def rendering() -> list[Figure]:
    """Measure cards of the sample data, the largest tree, and the first use of any item."""
    form = _widget_item(load_data("widgets/booking_form"))
    card = _widget_item(
        {
            "type": "Basic",
            "children": [load_data("widgets/flight_picker"), load_data("widgets/order_card")],
        }
    )
    chart = _widget_item(load_data("widgets/weather_chart"))
    rows: list[JSON] = [_row(number) for number in range(MAX_NODES // 5)]
    largest = _widget_item({"type": "Card", "children": rows})
    nodes = read_widget(json.loads(card)["widget"]).nodes
    return [
        Figure(f"widget: a card of {nodes} components", _drawing(card), "ms", 3),
        Figure("widget: a form of 20 fields and labels", _drawing(form), "ms", 3),
        Figure("widget: a card with a chart", _drawing(chart), "ms"),
        Figure(f"widget: a tree of {MAX_NODES:,} components", _drawing(largest, 5), "ms", 250),
        Figure("any sample or hostile item, first use", _slowest_first_use(), "ms", 50),
    ]


def _widget_item(tree: JSON) -> bytes:
    return _item({"type": "chatkit.widget", "widget": json.dumps(tree)})


def _item(fields: dict[str, JSON]) -> bytes:
    return json.dumps({"id": "cti_1", **fields}).encode()


def _row(number: int) -> JSON:
    """Return five components."""
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


def _draw(raw: bytes) -> object:
    return render_item(parse_item(raw), COLUMNS, CONTEXT)


def _drawing(raw: bytes, rounds: int = ROUNDS) -> float:
    """Return the median processor time in milliseconds, which other programs do not affect."""
    _draw(raw)  # imports and compiles
    freeze_garbage(f"a drawing of {len(raw)} bytes")  # as the screen does at its first drawing
    with pause_gc() if len(raw) >= LARGE else nullcontext():  # as the screen draws large items
        return typical([_seconds(partial(_draw, raw)) for _ in range(rounds)])


def _seconds(act: Callable[[], object]) -> float:
    begun = process_time()
    act()
    return process_time() - begun


def _slowest_first_use() -> float:
    """Return the slowest rendering in milliseconds, in a process that has rendered nothing."""
    command = [sys.executable, "-m", "tests.benchmarks.widgets"]
    return float(subprocess.check_output(command))  # noqa: S603 # this module


def _print_slowest_first_use() -> None:
    """Render every sample item and every hostile text once, after what the screen preloads."""
    for name in PRELOADED:
        import_module(name)
    for language in HIGHLIGHTED:
        is_known(language)
    items = [*asyncio.run(_sample_items()), *map(_message, PAYLOADS)]
    print(max(_seconds(partial(_draw, raw)) for raw in items) * 1000)


def _message(text: str) -> bytes:
    content: list[JSON] = [{"type": "output_text", "text": text, "annotations": []}]
    return _item({"type": "chatkit.assistant_message", "content": content})


async def _sample_items() -> Sequence[bytes]:
    async with ChatKitClient(
        api_key=DEMO_KEY, base_url="http://demo.invalid/v1", transport=EmulatorTransport(Emulator())
    ) as client:
        return [
            row.raw
            async for thread in client.threads.list(limit=100)
            async for page in client.threads.list_items(thread.id, limit=100).pages()
            for row in page.rows
        ]


if __name__ == "__main__":
    _print_slowest_first_use()
