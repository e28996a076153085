"""Charts: plots, the tables in their place, and that no number is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from chatkit_tui.models.items import parse_item
from chatkit_tui.models.json import JSON
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import item_words
from tests.render.examples import body, widget
from tests.render.test_frames import check_frame
from tests.render.widgets.charts import ASCII, TEXT_OUTPUT, WEATHER, chart, drawn, text
from tests.render.widgets.test_gallery import FRAMES


def test_bars_and_a_line_are_between_legend_and_labels() -> None:
    assert text(WEATHER, 48) == [
        "●─ High, °C  9 … 16, last 9   █ Rain, mm  0 … 22",
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
        "data": [{"x": "q", "a": 2, "b": 5}],
        "series": [
            {"type": "bar", "dataKey": "a", "stack": "s"},
            {"type": "bar", "dataKey": "b", "stack": "s"},
        ],
        "xAxis": "x",
    }
    rows = text(tree, 20)
    assert rows[1].split() == ["7"]
    assert ["▒" in row for row in rows[2:9]] == [True] * 5 + [False] * 2
    assert ["█" in row for row in rows[2:9]] == [False] * 5 + [True] * 2


def test_a_partial_cell_of_a_bar_is_a_lower_block() -> None:
    [top] = [row for row in text(chart([28, 21]), 20) if "▂" in row]
    assert top.split() == ["████████", "▂▂▂▂▂▂▂▂"]


def test_a_small_bar_is_visible_and_zero_is_not() -> None:
    bottom = text(chart([1000, 1, 0]), 30)[7]
    assert bottom.split() == ["████████", "▂▂▂▂▂▂▂▂", "0"]


def test_a_line_has_a_gap_at_a_missing_value() -> None:
    rows = text(chart([5, 5, None, 5, 5], "line"), 20)
    [line] = [row for row in rows if "●" in row]
    assert [part.count("●") for part in line.split("    ") if part.strip()] == [2, 2]


def test_an_area_is_filled_down_to_zero() -> None:
    rows = text(chart([4, 1, 4], "area"), 20)
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
    assert rows[0] == "█ a  3 … 4   ▒ b  3 … 4   ⣿ c  3 … 4"
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
    legend = "●─ High, °C  9 … 16, last 9   █ Rain, mm  0 … 22"
    assert text({**WEATHER, "showLegend": False})[0] == legend


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


# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ([0, 2_000_000], ["2,000,000", "1,500,000", "1,000,000", "500,000", "0"]),
        ([0, 40_000_000], ["40M", "30M", "20M", "10M", "0"]),
        ([0, 2_500_000_000], ["2,000M", "1,000M", "0"]),
        ([0, 3e13], ["30T", "20T", "10T", "0"]),
        ([0, 0.00004], ["0.00004", "0.00003", "0.00002", "0.00001", "0.00000"]),
        ([0, 0.9], ["0.5", "0.0"]),
        ([-30, 30], ["20", "0", "-20"]),
        ([980, 1_000], ["1,000", "995", "990", "985", "980"]),
    ],
)
def test_an_axis_has_round_numbers_without_exponents(
    values: list[float], numbers: list[str]
) -> None:
    rows = text(chart(values, "line", showYAxis=True), 40)
    assert [row.split(" ┤")[0].strip() for row in rows if " ┤" in row] == numbers


def test_lines_of_close_values_begin_near_the_least() -> None:
    rows = text(chart([1_000, 1_004, 1_008, 1_012], "line"), 40)
    assert "●" in rows[0]
    assert "●" in rows[7]


@pytest.mark.parametrize("other", [{"type": "bar"}, {"type": "line", "values": 0}])
def test_lines_begin_at_zero_beside_bars_and_small_values(other: dict[str, JSON]) -> None:
    data: list[JSON] = [{"x": x, "a": 1_000 + x, "b": other.get("values", 900)} for x in range(4)]
    series: list[JSON] = [
        {"type": "line", "dataKey": "a"},
        {"type": other["type"], "dataKey": "b"},
    ]
    tree = {"type": "Chart", "data": data, "series": series, "xAxis": "x", "showYAxis": True}
    assert any(row.strip().startswith("0 ┤") for row in text(tree, 40))


def test_the_legend_has_the_range_and_the_last_number() -> None:
    tree = chart([361.23, 428.884, None, 391.68], "line", showLegend=True)
    assert text(tree)[0] == "●─ a  361.23 … 428.88, last 391.68"
    assert text(chart([7], "line", showLegend=True))[0] == "●─ a"


@pytest.mark.parametrize("kind", ["line", "area"])
def test_a_flat_plot_has_two_rows_and_says_its_number(kind: str) -> None:
    rows = text(chart([120] * 5, kind, showYAxis=True))
    assert rows[0] == "always 120"
    assert len(rows) == 1 + 2 + 3  # with the axis, its labels and the number of points


def test_numbers_are_above_the_bars_of_one_series() -> None:
    rows = text(chart([3, 12, 1_250.5], "bar"), 40)
    assert rows[0].split() == ["1,250.5"]
    assert any(row.split()[:2] == ["3", "12"] for row in rows)


def test_the_axis_beside_bars_with_numbers_is_that_of_the_bars() -> None:
    rows = text(chart([2, 4], showYAxis=True, height=8 * 16), 30)
    top = next(row for row in rows if "█" in row)
    assert top.startswith("4 ┤")
    assert rows[0].split("│")[1].strip() == "4"  # the number above the bar


def test_more_than_12_bars_or_crowded_numbers_are_left_to_the_legend() -> None:
    many = text(chart([*range(13)], "bar", showLegend=True), 80)
    assert many[0] == "█ a  0 … 12"
    assert not any(row.split()[-1:] == ["12"] for row in many[1:9])
    crowded = text(chart([1_234_567] * 6, "bar", showLegend=True), 30)
    assert crowded[0] == "█ a  always 1,234,567"


def stacked(*points: Sequence[JSON]) -> dict[str, JSON]:
    """A stack of bars at each point."""
    data: list[JSON] = [
        {"x": f"p{number}", **{f"s{key}": value for key, value in enumerate(values)}}
        for number, values in enumerate(points)
    ]
    series: list[JSON] = [
        {"type": "bar", "dataKey": f"s{key}", "stack": "all"} for key in range(len(points[0]))
    ]
    return {"type": "Chart", "data": data, "series": series, "xAxis": "x"}


def test_each_part_of_a_stack_has_a_row_unless_it_is_zero() -> None:
    rows = text(stacked([100, 1, 0, 2]), 30)
    column = "".join(row.strip()[:1] for row in rows[2:9])
    assert column == "░▒█████"
    assert rows[1].strip() == "103"


def test_a_stack_of_more_parts_than_rows_stays_inside() -> None:
    rows = text(stacked([1, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1]), 20)
    assert sum(bool(row.strip()) for row in rows[1:9]) == 8


def test_bars_with_long_labels_lie_on_their_side() -> None:
    tree = chart(
        [12, 31],
        xAxis={
            "dataKey": "x",
            "labels": {"p0": "Keep the old harbour ferry", "p1": "Build a bridge"},
        },
    )
    assert text(tree, 50) == [
        "Keep the old harbour ferry  ███████ 12",
        "Build a bridge              ███████████████████ 31",
        "… 2 points",
    ]


def test_stacks_and_groups_lie_on_their_side() -> None:
    tree = stacked([4, 2], [0, 0])
    tree["xAxis"] = {"dataKey": "x", "labels": {"p0": "Rain or snow, on both days", "p1": "Dry"}}
    assert text(tree, 48)[1:3] == [
        "Rain or snow, on both days  ████████████▒▒▒▒▒▒ 6",
        "Dry                         0",
    ]


def test_labels_on_the_side_are_folded_and_bars_stand_where_there_is_no_room() -> None:
    tree = chart(
        [1, 2], xAxis={"dataKey": "x", "labels": {"p0": "A label of several words of text"}}
    )
    assert text(tree, 24)[:2] == ["A label of      ███ 1", "several words"]
    tree = chart([123_456_789_012] * 2, xAxis=tree["xAxis"])
    assert sum("█" in row for row in text(tree, 20)) == 8


SHOWN: dict[str, dict[str, JSON]] = {
    "axis_millions": chart([1.2e6, 2.4e6, 1.9e6], "line", showYAxis=True, showLegend=True),
    "close_line": chart([71.2, 71.9, 72.4, 72.1, 71.6], "line", showYAxis=True, showLegend=True),
    "flat_area": chart([40] * 7, "area", showLegend=True),
    "numbers_above": chart([3, 8, 5, 0, 12], showLegend=True),
    "stack_of_small_parts": {**stacked([30, 1, 2], [12, 0, 1], [25, 3, 9])},
    "across": chart(
        [14, 32, 3],
        showLegend=True,
        xAxis={
            "dataKey": "x",
            "labels": {
                "p0": "The parcel never arrived",
                "p1": "The parcel arrived, but it was damaged",
                "p2": "Other",
            },
        },
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_chart_looks_as_it_did(name: str) -> None:
    parts: list[str] = []
    for columns in (40, 80, 140):
        lines = body(widget({"type": "Card", "children": [SHOWN[name]]}), columns)
        parts += [f"== {columns} columns", *lines]
    check_frame(FRAMES / f"chart_{name}.txt", "\n".join(parts) + "\n")


# -- any data --------------------------------------------------------------------------------------
