"""A terminal shows the same with the renderer as without it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal.two_screens import TwoScreens

COLUMNS, ROWS = 24, 10

styles = st.sampled_from(
    ["", "1", "2", "3", "4", "7", "9", "31", "1;31", "92;44", "38;5;200", "48;2;1;2;3", "4;7;33;41"]
)
letters = st.text(st.sampled_from("ab    cde─│é日本🙂界x"), min_size=1, max_size=COLUMNS)
links = st.sampled_from(["", "", "", "https://a.example/", "https://b.example/?q=1"])


@st.composite
def pieces(draw: st.DrawFn) -> tuple[str, str, str]:
    return draw(letters), draw(styles), draw(links)


Picture = list[list[tuple[str, str, str]]]
rows = st.lists(pieces(), min_size=1, max_size=4)


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


scenes = st.lists(
    st.one_of(
        st.dictionaries(st.integers(0, ROWS - 1), rows, min_size=1, max_size=4),
        st.integers(-4, 4),  # the rows between the first and the last move by so many
        st.sampled_from(["same", "forget", "narrower", "other screen"]),
    ),
    max_size=8,
)


@pytest.mark.slow
@given(st.lists(rows, min_size=ROWS, max_size=ROWS), scenes, st.booleans())
def test_any_frames_give_the_same_screen_as_textual_alone(
    first: Picture, then: list[object], erases_in_color: bool
) -> None:
    screens = TwoScreens(COLUMNS, ROWS, erases_in_color=erases_in_color)
    columns, picture = COLUMNS, [*first]
    screens.frame(frame(dict(enumerate(picture))))
    assert not screens.differences()
    for scene in then:
        whole = dict(enumerate(picture))
        if isinstance(scene, dict):
            for line, row in scene.items():
                picture[line] = row
            screens.frame(frame(scene, columns))
        elif isinstance(scene, int):
            middle = picture[1:-1]
            picture[1:-1] = middle[scene:] + middle[:scene]
            screens.frame(frame(dict(enumerate(picture)), columns))
        elif scene == "narrower":
            columns = COLUMNS - 5 if columns == COLUMNS else COLUMNS
            screens.resize(columns, ROWS, frame(whole, columns))
        elif scene == "forget":
            screens.rendered.write("\x1b[2;2H\x1b[41mwall: the house is on fire\x1b[m")
            screens.renderer.invalidate()
            screens.frame(frame({0: picture[0]}, columns))
        elif scene == "other screen":
            screens.frame("\x1b[?1049h" + frame(whole, columns))
        else:
            screens.frame(frame(whole, columns))
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
