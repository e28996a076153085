"""A terminal shows the same with the renderer as without it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.terminal.flow_control import FlowControl
from tests.terminal.two_screens import TwoScreens

COLUMNS, ROWS = 24, 10

styles = st.sampled_from(
    ["", "1", "2", "3", "4", "7", "9", "31", "1;31", "92;44", "38;5;200", "48;2;1;2;3", "4;7;33;41"]
)
fills = st.sampled_from(["", "44", "48;5;24", "38;5;255;48;5;24", "7", "4"])
"""What the rest of a row is filled with."""
letters = st.one_of(
    st.text(st.sampled_from("ab    cde─│é日本🙂界x"), min_size=1, max_size=COLUMNS),
    st.just(" " * 14),
)
links = st.sampled_from(["", "", "", "https://a.example/", "https://b.example/?q=1"])


@st.composite
def pieces(draw: st.DrawFn) -> tuple[str, str, str]:
    return draw(letters), draw(styles), draw(links)


@st.composite
def filled_rows(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    row = draw(st.lists(pieces(), min_size=1, max_size=4))
    return [*row, (" " * COLUMNS, draw(fills), "")]


Picture = list[list[tuple[str, str, str]]]
rows = st.one_of(st.lists(pieces(), min_size=1, max_size=4), filled_rows())


class Scroll(NamedTuple):
    """`length` rows from `top` on move up by `by` (down if negative), and `come` fills the gap."""

    top: int
    length: int
    by: int
    come: Picture

    def scroll(self, picture: Picture) -> None:
        bottom = min(self.top + self.length, len(picture))
        block, by = picture[self.top : bottom], self.by
        block = [*block, *self.come[:by]][by:] if by > 0 else [*self.come[by:], *block][:by]
        picture[self.top : bottom] = block


def width(text: str) -> int:
    return sum(2 if character in "日本🙂界" else 1 for character in text)


def strip(row: list[tuple[str, str, str]], columns: int) -> str:
    """A row as Textual writes it, exactly as wide as the screen."""
    out, used = [], 0
    for text, style, link in [*row, (" " * columns, "", "")]:
        kept = ""
        for character in text:
            if used + width(character) > columns:
                break
            kept += character
            used += width(character)
        if kept:
            written = f"\x1b[{style}m{kept}\x1b[0m" if style else kept
            out.append(f"\x1b]8;id=7;{link}\x1b\\{written}\x1b]8;;\x1b\\" if link else written)
    return "".join(out) + " " * (columns - used)


def frame(lines: dict[int, list[tuple[str, str, str]]], columns: int = COLUMNS) -> str:
    """Some lines of a screen, as Textual writes them."""
    written = [f"\x1b[{line + 1};1H{strip(row, columns)}" for line, row in sorted(lines.items())]
    return "\n".join(written) + "\x1b[1;1H"


scrolls = st.builds(
    Scroll,
    st.sampled_from([0, 1, 1, 1, 3]),
    st.sampled_from([5, 8, 8, 8, 10]),
    st.sampled_from([-4, -2, -1, 1, 1, 1, 2, 4]),
    st.lists(rows, min_size=4, max_size=4),
)
scenes = st.lists(
    st.one_of(
        st.dictionaries(st.integers(0, ROWS - 1), rows, min_size=1, max_size=4),
        scrolls,
        st.sampled_from(["same", "forget", "narrower", "other screen", "replies"]),
    ),
    max_size=8,
)


@pytest.mark.slow
@given(
    st.lists(rows, min_size=ROWS, max_size=ROWS),
    scenes,
    st.booleans(),
    st.booleans(),
    st.none() | st.booleans(),
)
def test_any_frames_give_the_same_screen_as_textual_alone(
    first: Picture, then: list[object], erases_in_color: bool, fills: bool, replies: bool | None
) -> None:
    """`replies` is whether the terminal replies at once; None for no flow control."""
    flow = None if replies is None else FlowControl()
    screens = TwoScreens(COLUMNS, ROWS, erases_in_color=erases_in_color, fills=fills, flow=flow)
    columns, picture = COLUMNS, [*first]
    screens.frame(frame(dict(enumerate(picture))))
    screens.reply()
    assert not screens.differences()
    for scene in then:
        if isinstance(scene, dict):
            for line, row in scene.items():
                picture[line] = row
            screens.frame(frame(scene, columns))
        elif isinstance(scene, Scroll):
            scene.scroll(picture)
            screens.frame(frame(dict(enumerate(picture)), columns))
        elif scene == "narrower":
            columns = COLUMNS - 5 if columns == COLUMNS else COLUMNS
            screens.resize(columns, ROWS, frame(dict(enumerate(picture)), columns))
        elif scene == "forget":
            screens.rendered.write("\x1b[2;2H\x1b[41mwall: the house is on fire\x1b[m")
            screens.renderer.invalidate()
            screens.frame(frame({0: picture[0]}, columns))
        elif scene == "other screen":
            screens.frame("\x1b[?1049h" + frame(dict(enumerate(picture)), columns))
        else:
            screens.frame(frame(dict(enumerate(picture)), columns))
        if replies or scene == "replies":
            screens.reply()
        if not screens.is_behind:
            assert not screens.differences()
    screens.reply()
    assert not screens.differences()


def test_the_screen_before_a_resize_stays_until_textual_writes_the_rest() -> None:
    screens = TwoScreens(COLUMNS, ROWS)
    screens.frame(frame({line: [("a", "", ""), ("日本", "31", "")] for line in range(ROWS)}))
    for columns in (COLUMNS - 5, 5, 3):
        screens.resize(columns, ROWS, frame({0: [("new", "1", "")]}, columns))
        assert not screens.differences()


def test_a_frame_without_changes_sends_nothing() -> None:
    screens = TwoScreens(COLUMNS, ROWS)
    written = frame({line: [("some words", "31", "")] for line in range(ROWS)})
    screens.frame(written)
    before = screens.rendered.bytes
    screens.frame(written)
    assert screens.rendered.bytes == before


def test_a_changed_cell_sends_its_place_and_its_text() -> None:
    screens = TwoScreens(COLUMNS, ROWS)
    screens.frame(frame({4: [("some words", "", "")]}))
    before = screens.rendered.bytes
    screens.frame(frame({4: [("some wards", "", "")]}))
    assert screens.rendered.bytes - before == len("\x1b[5;7H") + 1


def test_moved_rows_are_scrolled_by_the_terminal() -> None:
    lines = [[(str(3 ** (40 + number)), "", "")] for number in range(ROWS + 1)]
    screens = TwoScreens(COLUMNS, ROWS)
    screens.frame(frame(dict(enumerate(lines[:ROWS]))))
    before = screens.rendered.bytes
    screens.frame(frame(dict(enumerate(lines[1:]))))
    assert not screens.differences()
    assert screens.rendered.bytes - before < 60


def test_rows_that_scroll_again_take_only_their_text_and_places() -> None:
    lines = [[(str(3 ** (40 + number)), "", "")] for number in range(ROWS + 6)]
    screens = TwoScreens(COLUMNS, ROWS)
    screens.frame(frame(dict(enumerate(lines[:ROWS]))))
    for number in range(1, 6):
        before = screens.rendered.bytes
        body = dict(enumerate(lines[number : number + ROWS - 2], 1))
        screens.frame(frame(body))
        assert not screens.differences()
    text = lines[ROWS + 2][0][0]
    assert screens.rendered.bytes - before == len(f"\x1b[9H\n{text[:COLUMNS]}")
    screens.renderer.invalidate()
    screens.frame(frame(body))
    assert not screens.differences()


def test_a_frame_that_waits_leaves_the_margins_as_they_are() -> None:
    lines = [[(str(3 ** (40 + number % 97)), "1", "")] for number in range(10 * ROWS)]
    screens = TwoScreens(COLUMNS, ROWS, flow=FlowControl())
    screens.frame(frame(dict(enumerate(lines[:ROWS]))))
    screens.reply()
    first = 0
    while not screens.is_behind:  # until more is in flight than the terminal confirmed
        first += 1
        screens.frame(frame(dict(enumerate(lines[first : first + ROWS]))))
    shown = first - 1
    rows = [*lines[shown : shown + 3], *lines[shown + 4 : shown + ROWS + 1]]
    screens.frame(frame(dict(enumerate(rows))))  # would scroll a part of what scrolled before
    assert screens.is_behind
    screens.reply()
    assert not screens.differences()


def test_a_line_written_before_overwrites_its_new_place() -> None:
    screens = TwoScreens(12, 3)
    line = "\x1b[31mred\x1b[0m and "
    screens.frame(f"\x1b[1;1H{line}\n\x1b[2;1H漢字漢字漢字\n\x1b[3;1Hthree")
    screens.frame(f"\x1b[2;3H{line}\n\x1b[3;2H{line}\n")
    assert not screens.differences()
    screens.frame(f"\x1b[3;8H{line}")  # does not fit any more
    assert not screens.differences()


def test_a_bar_beside_text_is_drawn_before_the_text() -> None:
    screens = TwoScreens(40, 6)
    bar = "".join(f"\x1b[{line};1H\x1b[1;34m┃ \x1b[0mtext number {line} " for line in range(1, 6))
    screens.frame(bar)
    before = screens.rendered.bytes
    screens.frame(bar.replace("┃", " ").replace("text", "some"))
    assert screens.differences() == []
    before = screens.rendered.bytes
    screens.frame(bar)
    assert screens.differences() == []
    assert screens.rendered.bytes - before < 5 * len("┃\r\n  text number 1") + 20


def test_blank_cells_before_text_are_written_rather_than_skipped() -> None:
    screens = TwoScreens(40, 6)
    screens.frame("".join(f"\x1b[{line};3Hold words" for line in range(1, 6)))
    before = screens.rendered.bytes
    screens.frame("".join(f"\x1b[{line};3Hnew texts" for line in range(1, 6)))
    assert screens.differences() == []
    assert screens.rendered.bytes - before < 5 * len("\r\n  new texts") + 10


def test_a_long_gap_in_the_color_of_a_row_is_erased_in_one_sequence() -> None:
    screens = TwoScreens(80, 6)
    screens.frame(f"\x1b[2;1H{'x' * 79}|")
    before = screens.rendered.bytes
    screens.frame(f"\x1b[2;1H\x1b[48;5;24mtitle{' ' * 50}age\x1b[m")
    assert screens.differences() == []
    assert screens.rendered.bytes - before < 40


def test_a_terminal_that_erases_without_color_gets_the_blanks_of_a_gap() -> None:
    screens = TwoScreens(80, 6, erases_in_color=False)
    screens.frame(f"\x1b[2;1H{'x' * 79}|")
    screens.frame(f"\x1b[2;1H\x1b[48;5;24mtitle{' ' * 50}age\x1b[m")
    assert screens.differences() == []


def message(first: int) -> str:
    """Rows of a message in a theme with colors of its own: a bar, and words beside it."""
    bar, words = "38;2;1;2;3;48;2;9;9;9", "38;2;4;5;6;48;2;9;9;9"
    rows = [
        f"\x1b[{line};1H\x1b[{bar}m▎ \x1b[{words}m{3 ** (40 + first + line):<38}\x1b[m"
        for line in range(1, ROWS + 1)
    ]
    return "\n".join(rows) + "\x1b[1;1H"


@pytest.mark.parametrize("fills", [True, False])
def test_a_row_that_scrolls_in_takes_one_of_its_two_colors(fills: bool) -> None:
    screens = TwoScreens(40, ROWS, fills=fills)
    taken = []
    for first in range(6):
        before = screens.rendered.bytes
        screens.frame(message(first))
        assert screens.differences() == []
        taken.append(screens.rendered.bytes - before)
    words = 3 ** (40 + 5 + ROWS)
    assert max(taken[-2:]) <= len(f"\x1b[10H\n\x1b[C {words}\x1b[K\r\x1b[38;2;1;2;3m▎".encode())
