"""Where keys and scrolling move the cursor and the window."""

from __future__ import annotations

from chatkit_tui.feed import GAP
from chatkit_tui.ui.transcript.viewport import STEP, Moved, TranscriptCursor, Viewport
from tests.ui.transcript.row_list import RowList, shown

HEIGHT = 10


class Reader:
    """A cursor in a window of ten lines."""

    def __init__(self, heights: dict[str, int], *, crosses: bool = False) -> None:
        self.rows = RowList(heights)
        self.view = Viewport(self.rows, self.rows.lines_of)
        self.view.height = HEIGHT
        self.cursor = TranscriptCursor(self.rows, self.view, lambda: crosses)
        self.cursor.go_to(0)

    @property
    def lines(self) -> list[tuple[str, int]]:
        return shown(self.view)


def test_the_next_item_in_the_window_is_reached_without_scrolling() -> None:
    reader = Reader({"a": 3, "b": 3, "c": 30})
    assert reader.cursor.down() is Moved.CURSOR
    assert reader.cursor.key == "b"


def test_an_item_that_is_half_in_the_window_is_scrolled_to_its_last_line_of_text() -> None:
    reader = Reader({"a": 3, "b": 5, "c": 6, "d": 30})
    reader.cursor.down()
    assert reader.cursor.down() is Moved.WINDOW
    assert reader.lines[-1] == ("c", 4)


def test_an_item_taller_than_the_window_begins_at_the_top() -> None:
    reader = Reader({"a": 3, "tall": 25, "c": 3})
    reader.cursor.down()
    assert reader.lines[0] == ("tall", 0)


def test_every_line_of_a_tall_item_is_shown_before_the_cursor_leaves_it() -> None:
    reader = Reader({"a": 3, "tall": 25, "c": 3, "d": 3})
    seen: set[tuple[str, int]] = set(reader.lines)
    while reader.cursor.key != "c":
        reader.cursor.down()
        seen |= set(reader.lines)
    assert {("tall", line) for line in range(24)} <= seen


def test_a_key_scrolls_a_few_lines_of_a_tall_item() -> None:
    reader = Reader({"tall": 25, "c": 3})
    reader.cursor.down()
    assert reader.lines[0] == ("tall", STEP)


def test_the_last_step_in_a_tall_item_ends_with_its_last_line() -> None:
    reader = Reader({"tall": 12, "c": 30})
    reader.cursor.down()
    assert (reader.cursor.key, reader.lines[-1]) == ("tall", ("tall", 10))


def test_upwards_a_tall_item_begins_at_its_last_line() -> None:
    reader = Reader({"tall": 25, "b": 3, "c": 30})
    reader.cursor.go_to(1)
    reader.cursor.up()
    assert (reader.cursor.key, reader.lines[-1]) == ("tall", ("tall", 23))


def test_upwards_a_small_item_is_shown_from_its_first_line() -> None:
    reader = Reader({"a": 4, "b": 3, "c": 30})
    reader.cursor.go_to(2)
    reader.cursor.up()
    assert reader.lines[0] == ("b", 0)


def test_up_and_down_come_back_to_the_item_they_left() -> None:
    reader = Reader({"a": 4, "b": 3, "c": 6, "d": 2, "e": 9})
    for _ in range(3):
        reader.cursor.down()
    for _ in range(3):
        reader.cursor.up()
    assert (reader.cursor.key, reader.lines[0]) == ("a", ("a", 0))


def test_nothing_moves_beyond_the_first_item() -> None:
    assert Reader({"a": 3, "b": 30}).cursor.up() is Moved.NOTHING


def test_nothing_moves_beyond_the_last_item() -> None:
    assert Reader({"a": 3}).cursor.down() is Moved.NOTHING


def test_the_cursor_waits_at_a_gap_that_can_still_be_loaded() -> None:
    reader = Reader({"a": 3, GAP: 3, "c": 30})
    assert reader.cursor.down() is Moved.BLOCKED
    assert reader.cursor.key == "a"


def test_the_cursor_steps_over_a_gap_that_cannot_be_loaded() -> None:
    reader = Reader({"a": 3, GAP: 3, "c": 30}, crosses=True)
    reader.cursor.down()
    assert reader.cursor.key == "c"


def test_scrolling_takes_the_cursor_along_when_its_item_leaves() -> None:
    reader = Reader({"a": 3, "b": 3, "c": 30})
    reader.cursor.scroll(3)
    assert reader.cursor.key == "b"


def test_scrolling_never_leaves_the_cursor_on_the_gap() -> None:
    reader = Reader({"a": 3, GAP: 3, "c": 30})
    reader.cursor.scroll(3)
    assert reader.cursor.key == "c"


def test_scrolling_leaves_the_cursor_alone_while_its_item_is_in_the_window() -> None:
    reader = Reader({"a": 3, "b": 30})
    reader.cursor.scroll(2)
    assert reader.cursor.key == "a"


def test_a_page_at_the_end_takes_the_cursor_to_the_last_item() -> None:
    reader = Reader({"a": 3, "b": 3, "c": 3})
    assert reader.cursor.scroll(HEIGHT) is Moved.CURSOR
    assert reader.cursor.key == "c"


def test_a_page_at_the_beginning_takes_the_cursor_to_the_first_item() -> None:
    reader = Reader({"a": 3, "b": 3, "c": 3})
    reader.cursor.choose(2)
    reader.cursor.scroll(-HEIGHT)
    assert reader.cursor.key == "a"


def test_the_gap_cannot_be_chosen() -> None:
    reader = Reader({"a": 3, GAP: 3, "c": 3})
    assert reader.cursor.choose(1) is Moved.NOTHING


def test_a_cursor_whose_item_is_gone_takes_the_first_one_in_the_window() -> None:
    reader = Reader({"a": 3, "b": 3, "c": 30})
    reader.rows.heights = {"b": 3, "c": 30}
    reader.cursor.down()
    assert reader.cursor.key == "b"
