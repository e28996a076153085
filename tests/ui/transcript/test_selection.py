"""What is copied of an item is text that another program can take."""

from __future__ import annotations

import json

from chatkit_tui.render import RenderContext
from chatkit_tui.sources.http.response import parse_list_answer
from chatkit_tui.ui.transcript.selection import copies_of


def test_a_chart_is_copied_as_a_table() -> None:
    chart = {
        "type": "Chart",
        "data": [{"day": "Mon", "stops": 9}, {"day": "Tue", "stops": 12}],
        "series": [{"type": "bar", "dataKey": "stops"}],
        "xAxis": "day",
    }
    row = {"id": "cti_1", "type": "chatkit.widget", "widget": json.dumps(chart)}
    page = parse_list_answer(json.dumps({"data": [row]}).encode())
    text, _ = copies_of(page.rows[0], RenderContext(now=0))
    assert text.text().splitlines() == [
        "day │ stops",
        "────┼──────",
        "Mon │     9",
        "Tue │    12",
    ]
