"""Charts of any data: they fit, raise nothing and lose no number."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import read_widget
from chatkit_tui.render.layout.box import Picture
from chatkit_tui.render.widgets.registry import WidgetBuilder
from chatkit_tui.text.width import line_width
from tests.render.widgets.charts import SCREEN, chart, drawn

VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["12", "-3.5", "n/a", "7%", "1e308", "1e-320", "NaN", 1e308, -1e300, 5e-324])
    | st.text(max_size=5)
    | st.lists(st.integers(), max_size=2)
)
SERIES = st.fixed_dictionaries(
    {"dataKey": st.sampled_from(["a", "b", "c"])},
    optional={
        "type": st.sampled_from(["bar", "area", "line", "Bar", "pie", None, 3]),
        "label": st.text(max_size=30) | st.none(),
        "color": st.sampled_from(["red", "gray-500", None, {"light": "#fff"}]),
        "stack": st.sampled_from(["s", "t", "", 1, None]),
    },
)
CHARTS = st.fixed_dictionaries(
    {
        "type": st.just("Chart"),
        "data": st.lists(
            st.dictionaries(st.sampled_from(["x", "a", "b", "c"]), VALUES, max_size=4), max_size=12
        )
        | VALUES,
        "series": st.lists(SERIES | VALUES, max_size=15) | VALUES,
        "xAxis": st.sampled_from(["x", None, 3, {"dataKey": "x", "labels": {"1": "語語語"}}]),
    },
    optional={
        "showYAxis": st.booleans(),
        "showLegend": st.booleans(),
        "height": st.sampled_from([0, 10, 5000, "200px", "x"]),
        "width": st.sampled_from([10, "50%", None]),
    },
)


@given(CHARTS, st.integers(1, 100), st.booleans())
def test_no_line_is_too_wide_and_nothing_raises(tree: JSON, width: int, opened: bool) -> None:
    root = read_widget(json.dumps(tree)).root
    assert root is not None
    box = WidgetBuilder(SCREEN, root).build(root)
    if box is None:
        return
    lines = Picture(box).draw(width, open=opened, plain=False)[0]
    assert max(map(line_width, lines), default=0) <= width
    assert lines == Picture(box).draw(width, open=opened, plain=False)[0]


@pytest.mark.parametrize("kind", ["bar", "area", "line"])
@pytest.mark.parametrize(
    "values",
    [
        [1e300, -1e300],
        [5e-324, 0],
        [-1, -2, -3],
        [0, 0],
        [1e-310, 1e300],
        list(range(5_000)),
        [1e15, 1e15 + 1],
    ],
    ids=["huge", "tiny", "negative", "zero", "far apart", "many", "close"],
)
def test_the_ends_of_the_numbers_are_drawn(kind: str, values: list[float]) -> None:
    for width in (16, 40, 160):
        lines = drawn(chart(values, kind, showYAxis=True), width)
        assert max(map(line_width, lines)) <= width


def test_charts_are_the_same_from_any_thread() -> None:
    trees = [
        chart([number, 2, 3 * number], kind) for number in range(8) for kind in ("bar", "line")
    ]
    alone = [drawn(tree) for tree in trees]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(drawn, trees)) == alone
