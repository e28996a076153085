"""Charts: plots, the tables in their place, and that no number is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.spans import Line, line_text
from chatkit_tui.models.items import parse_item
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import read_widget
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import item_words
from chatkit_tui.render.layout.box import Picture, line_width
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
    box = WidgetBuilder(context).build(root)
    assert box is not None
    return Picture(box).draw(width, open=opened, plain=context.plain)[0]


def text(
    tree: JSON, width: int = 60, context: RenderContext = SCREEN, *, opened: bool = False
) -> list[str]:
    return [line_text(line).rstrip() for line in drawn(tree, width, context, opened=opened)]


# -- what it looks like ----------------------------------------------------------------------------


def test_bars_and_a_line_are_between_legend_and_labels() -> None:
    assert text(WEATHER, 48) == [
        "●─ High, °C   █ Rain, mm",
        "20 ┤                                  ████████",
        "   │                                  ████████",
        "   │     ●⣀⡠⠤⠤⠤⠒⠒⠒⠒⠉●⠑⠒⠤⢄⣀            ████████",
        "   │                      ⠉⠉⠒⠢⠤●⣀⡀█   ████████",
        "10 ┤                       ██████⠈⠉⠉⠉⠒⠒⠒⠒⠤●███",
        "   │                       ████████   ████████",
        "   │                       ████████   ████████",
        " 0 ┤            ▂▂▂▂▂▂▂▂   ████████   ████████",
        "   └────────────────────────────────────────────",
        "        Thu        Fri        Sat        Sun",
        "… 4 points of 2 series",
    ]


def test_bars_begin_at_zero_and_go_both_ways() -> None:
    assert text(chart([2, -2, 4, -4], showYAxis=True), 24) == [
        " 4 ┤          ████",
        "   │          ████",
        " 2 ┤████      ████",
        " 0 ┤████⣀⣀⣀⣀⣀⣀████⣀⣀⣀⣀⣀⣀",
        "   │     ████      ████",
        "-2 ┤     ████      ████",
        "   │               ████",
        "-4 ┤               ████",
        "   └────────────────────",
        "     p0   p1   p2   p3",
        "… 4 points",
    ]


def test_a_stacked_series_begins_on_the_one_below() -> None:
    tree = {
        "type": "Chart",
        "data": [{"x": "q", "a": 2, "b": 6}],
        "series": [
            {"type": "bar", "dataKey": "a", "stack": "s"},
            {"type": "bar", "dataKey": "b", "stack": "s"},
        ],
        "xAxis": "x",
    }
    rows = text(tree, 20)
    assert ["▒" in row for row in rows[1:9]] == [True] * 6 + [False] * 2
    assert ["█" in row for row in rows[1:9]] == [False] * 6 + [True] * 2


def test_a_partial_cell_of_a_bar_is_a_lower_block() -> None:
    [top] = [row for row in text(chart([32, 25]), 20) if "▂" in row]
    assert top.split() == ["████████", "▂▂▂▂▂▂▂▂"]


def test_a_small_bar_is_visible_and_zero_is_not() -> None:
    bottom = text(chart([1000, 1, 0]), 30)[7]
    assert bottom.split() == ["████████", "▂▂▂▂▂▂▂▂"]


def test_a_line_has_a_gap_at_a_missing_value() -> None:
    rows = text(chart([5, 5, None, 5, 5], "line"), 20)
    [line] = [row for row in rows if "●" in row]
    assert [part.count("●") for part in line.split("    ") if part.strip()] == [2, 2]


def test_an_area_is_filled_down_to_zero() -> None:
    rows = text(chart([4, 4, 4], "area"), 20)
    assert all("⢕" in row for row in rows[1:8])


def test_a_line_of_one_point_is_a_marker() -> None:
    rows = text(chart([7], "line", showYAxis=True), 30)
    assert sum(row.count("●") for row in rows) == 1
    assert "p0" in rows[-2]
    assert rows[-1] == "… 1 point"


@pytest.mark.parametrize("width", [40, 80])
def test_series_differ_without_color(width: int) -> None:
    keys = ("a", "b", "c")
    tree = {
        "type": "Chart",
        "data": [{"x": "p", **dict.fromkeys(keys, 3)}, {"x": "q", **dict.fromkeys(keys, 4)}],
        "series": [{"type": "bar", "dataKey": key} for key in keys],
        "xAxis": "x",
    }
    rows = text(tree, width)
    assert rows[0] == "█ a   ▒ b   ⣿ c"
    assert all(sign in rows[8] for sign in "█▒⣿")


def test_a_series_has_the_color_it_requests() -> None:
    colors = {span.style.color for line in drawn(WEATHER) for span in line}
    assert {"yellow", "blue"} <= colors


def test_a_line_is_cut_out_of_the_bar_that_it_crosses() -> None:
    crossed = [span for line in drawn(WEATHER) for span in line if span.style.background]
    assert {span.style.background for span in crossed} == {"blue"}
    assert any("●" in span.text for span in crossed)


def test_one_series_has_a_legend_unless_it_is_switched_off() -> None:
    assert text(chart([1, 2], showLegend=None))[0] == "█ a"
    assert "█ a" not in text(chart([1, 2], showLegend=False))


def test_several_series_always_have_a_legend() -> None:
    assert text({**WEATHER, "showLegend": False})[0] == "●─ High, °C   █ Rain, mm"


def test_a_card_does_not_take_an_axis_for_a_rule() -> None:
    rows = text({"type": "Card", "children": [chart([1, 2])]}, 40)
    assert [row[0] for row in rows] == ["╭", *"│" * (len(rows) - 2), "╰"]


def test_a_hidden_axis_is_not_drawn() -> None:
    rows = text(chart([1, 2], xAxis={"dataKey": "x", "hide": True}))
    assert not any("p0" in row or "─" in row for row in rows)


def test_labels_replace_the_values_along_the_axis() -> None:
    tree = chart([1, 2], xAxis={"dataKey": "x", "labels": {"p0": "Monday"}})
    assert "Monday" in text(tree)[-2]
    assert "p1" in text(tree)[-2]


def test_labels_that_do_not_fit_are_thinned_out() -> None:
    labels = text(chart(list(range(30))), 40)[-2].split()
    assert labels[0] == "p0"
    assert 5 <= len(labels) <= 15


def test_numbers_in_text_are_numbers() -> None:
    assert text(chart(["1", "2.5", "50%"]), 30)[:8] == text(chart([1, 2.5, 50]), 30)[:8]


# -- tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("context", [ASCII, TEXT_OUTPUT], ids=["plain", "text output"])
def test_text_output_shows_the_chart_as_a_table(context: RenderContext) -> None:
    rows = text(WEATHER, 60, context)
    assert rows[0].split() == [
        "day",
        rows[0].split()[1],
        "High,",
        "°C",
        rows[0].split()[4],
        "Rain,",
        "mm",
    ]
    assert rows[2].split()[::2] == ["Thu", "14", "0"]
    assert len(rows) == 6


def test_a_series_wrapped_like_a_component_is_read() -> None:
    tree = {
        "type": "Chart",
        "data": [{"day": "Mon", "n": 9, "m": 1}, {"day": "Tue", "n": 12}],
        "series": [{"dataKey": "n", "label": "Stops"}, {"value": {"dataKey": "m"}}],
        "xAxis": {"dataKey": "day", "labels": {"Tue": "Tuesday"}},
    }
    assert text(tree, context=TEXT_OUTPUT) == [
        "day     │ Stops │ m",
        "────────┼───────┼──",
        "Mon     │     9 │ 1",
        "Tuesday │    12 │",
    ]


def test_without_series_each_key_is_a_series() -> None:
    assert text({"type": "Chart", "data": [{"a": 1}]}, context=TEXT_OUTPUT)[0] == "a"


def test_plain_charts_are_ascii_but_for_the_words() -> None:
    rows = text(chart([1, 2, 3]), 60, ASCII)
    assert all(row.isascii() for row in rows)


def test_an_opened_chart_has_its_table_below_it() -> None:
    rows = text(WEATHER, opened=True)
    assert "Sun │        9 │       22" in rows
    assert any("████" in row for row in rows)


@pytest.mark.parametrize("data", [[], None, {}], ids=repr)
def test_a_chart_without_data_says_so(data: JSON) -> None:
    assert text({**WEATHER, "data": data})[:1] in (
        ["(a chart without data: High, °C, Rain, mm)"],
        ["High, °C │ Rain, mm"],
    )


def test_a_chart_without_numbers_is_a_table() -> None:
    assert text(chart(["low", "high"])) == ["x  │    a", "───┼─────", "p0 │  low", "p1 │ high"]


def test_a_chart_that_is_too_narrow_is_a_table() -> None:
    assert "p1 │ 2" in text(chart([1, 2]), 12)


def test_every_word_and_number_can_be_found() -> None:
    row = {"id": "cti_1", "type": "chatkit.widget", "widget": json.dumps(WEATHER)}
    item = parse_item(json.dumps(row).encode())
    words = item_words(item)
    assert all(word in words for word in ("High, °C", "Rain, mm", "Thu", "Sun", "22", "11"))


# -- any data --------------------------------------------------------------------------------------

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
    box = WidgetBuilder(SCREEN).build(root)
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
