"""What is copied of an item is text that another program can take."""

from __future__ import annotations

import json

from chatkit_tui.models.items import read_item
from chatkit_tui.models.page import Page
from chatkit_tui.render.context import Context
from chatkit_tui.ui.transcript.selection import copies_of


def test_a_chart_is_copied_as_a_table() -> None:
    chart = {
        "type": "Chart",
        "data": [{"day": "Mon", "stops": 9}, {"day": "Tue", "stops": 12}],
        "series": [{"type": "bar", "dataKey": "stops"}],
        "xAxis": "day",
    }
    row = {"id": "cti_1", "type": "chatkit.widget", "widget": json.dumps(chart)}
    page = Page(json.dumps({"data": [row]}).encode(), read_item)
    text, _ = copies_of(page.entries[0], Context(now=0))
    assert text.text().splitlines() == [
        "day │ stops",
        "────┼──────",
        "Mon │     9",
        "Tue │    12",
    ]
