"""The viewport: what it shows, how it scrolls, and what stays in place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.ui.transcript.viewport import Place, Viewport
from tests.ui.transcript.row_list import RowList, shown


def viewport(rows: RowList, height: int) -> Viewport:
    made = Viewport(rows, rows.lines_of)
    made.height = height
    return made


HEIGHTS = st.lists(st.integers(1, 9), min_size=1, max_size=12).map(
    lambda heights: {f"item {number}": height for number, height in enumerate(heights)}
)


@given(HEIGHTS, st.integers(1, 12), st.lists(st.integers(-15, 15), max_size=12))
def test_scrolling_goes_over_all_lines_and_stops_at_both_ends(
    heights: dict[str, int], height: int, moves: list[int]
) -> None:
    rows = RowList(heights)
    view = viewport(rows, height)
    lines = rows.lines()
    start = 0
    for move in moves:
        wanted = max(0, min(start + move, len(lines) - height))
        assert view.scroll(move) == (wanted != start)
        start = wanted
        assert shown(view) == lines[start : start + height]


@given(HEIGHTS, st.integers(1, 12), st.data())
def test_a_line_can_be_put_anywhere_that_leaves_the_window_full(
    heights: dict[str, int], height: int, data: st.DataObject
) -> None:
    rows = RowList(heights)
    view = viewport(rows, height)
    lines = rows.lines()
    number = data.draw(st.integers(0, len(lines) - 1))
    y = data.draw(st.integers(0, height - 1))
    key, line = lines[number]
    view.put(rows.index(key) or 0, line, y)
    start = max(0, min(number - y, len(lines) - height))
    assert shown(view) == lines[start : start + height]


@given(HEIGHTS, st.integers(1, 12), st.data())
def test_rows_added_above_do_not_move_the_visible_text(
    heights: dict[str, int], height: int, data: st.DataObject
) -> None:
    rows = RowList(heights)
    view = viewport(rows, height)
    view.scroll(data.draw(st.integers(0, len(rows.lines()))))
    held = view.hold(None, view.window())
    before = shown(view)
    assert held is not None
    rows.heights = {"new 1": 5, "new 2": 3, **rows.heights}
    assert view.restore(held)
    assert shown(view)[: len(before)] == before or len(before) < height


def test_only_rows_that_touch_the_window_are_rendered() -> None:
    rows = RowList({f"item {number}": 4 for number in range(1000)})
    view = viewport(rows, 10)
    view.put(500, 0, 0)
    view.window()
    assert rows.drawn == {"item 500", "item 501", "item 502"}


def test_an_anchor_stays_in_place_when_a_row_above_grows() -> None:
    rows = RowList({"a": 3, "b": 3, "c": 3, "d": 30})
    view = viewport(rows, 10)
    held = view.hold(2, view.window())
    assert held is not None
    rows.heights = {**rows.heights, "a": 5}
    view.restore(held)
    assert shown(view)[6] == ("c", 0)


def test_a_row_that_shrinks_above_its_anchor_is_shown_from_its_first_line() -> None:
    rows = RowList({"a": 3, "long": 100, "c": 50})
    view = viewport(rows, 10)
    view.put(1, 40, 0)
    held = view.hold(1, view.window())
    assert held is not None
    rows.heights = {**rows.heights, "long": 8}
    view.restore(held)
    assert view.top == Place("long", 0)


def test_a_scaled_anchor_stays_at_the_same_fraction_of_its_row() -> None:
    rows = RowList({"a": 3, "long": 100, "c": 50})
    view = viewport(rows, 10)
    view.put(1, 40, 0)
    held = view.hold(1, view.window())
    assert held is not None
    rows.heights = {**rows.heights, "long": 50}
    view.restore(held, scaled=True)
    assert view.top == Place("long", 20)


def test_an_anchor_whose_row_is_gone_cannot_be_restored() -> None:
    rows = RowList({"a": 3, "b": 3})
    view = viewport(rows, 2)
    held = view.hold(1, view.window())
    assert held is not None
    rows.heights = {"b": 3}
    view.restore(held)
    rows.heights = {"c": 3}
    assert not view.restore(held)


def test_without_rows_the_window_is_empty() -> None:
    view = viewport(RowList({}), 5)
    assert not view.scroll(3)
    assert view.window() == []
    assert view.hold(None, view.window()) is None
