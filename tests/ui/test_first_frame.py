"""What is drawn before the toolkit is there stands where the screen draws it a moment later."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.startup.first_frame import FirstFrame, Size, draw_first_frame
from chatkit_tui.terminal.cell_buffer import CellBuffer
from chatkit_tui.terminal.styles import Styles
from chatkit_tui.ui.threads.rows import Row
from tests.terminal.two_screens import Terminal, TwoScreens
from tests.ui.conftest import OPTIONS, Start

SIZES = [
    *(Size(40, 12), Size(80, 24), Size(80, 60), Size(99, 30), Size(100, 30), Size(113, 31)),
    *(Size(137, 40), Size(160, 50), Size(250, 70)),
]
ROW = Row(
    *("cthr_1", "cthr_1", "a title", None, "active", None, 1_762_000_000),
    approximate=False,
    filter_text="",
    folded="",
)


def beginning(line: str, columns: int) -> str:
    """So many cells of a line, without the blanks at their end."""
    grid = CellBuffer(300, 1)
    grid.put(0, 0, line, 0, Styles())
    return "".join(grid.rows[0].texts[:columns]).rstrip()


def lines_of(picture: FirstFrame) -> list[str]:
    """Its text."""
    return ["".join(row.texts).rstrip() for row in picture.screen.rows]


@pytest.mark.parametrize(
    ("options", "sizes"),
    [
        ({}, SIZES),
        ({"plain": True}, SIZES[1::3]),
        ({"slow": True, "read_only": True}, SIZES[2::3]),
        ({"user": "noa+support@example.org"}, SIZES[::3]),
    ],
    ids=str,
)
async def test_it_has_the_lines_of_the_screen(
    start: Start, options: dict[str, Any], sizes: list[Size]
) -> None:
    async with start(*sizes[0], **options) as driver:
        for size in sizes:
            await driver.resize(*size)
            await driver.forget_first_words()  # they are requested later
            drawn = lines_of(draw_first_frame(OPTIONS._replace(**options), driver.threads(), size))
            frame = driver.frame().splitlines()
            width = driver.width("threads")
            assert drawn[0] == frame[0]
            assert drawn[-2:] == ["", ""]
            compared = 0
            for ours, theirs in zip(drawn[1:-2], frame[1:-2], strict=True):
                assert ours == beginning(theirs, width)
                compared += bool(ours)
            assert compared > min(size.lines, len(driver.threads())) // 3


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({}, Size(80, 24)),
        ({}, Size(160, 50)),
        ({"plain": True}, SIZES[0]),
        ({"slow": True}, SIZES[1]),
    ],
    ids=str,
)
async def test_it_has_the_cursor_where_the_screen_has_it(
    start: Start, options: dict[str, Any], size: Size
) -> None:
    async with start(*size, **options) as driver:
        drawn = draw_first_frame(OPTIONS._replace(**options), driver.threads(), size)
        assert drawn.visible == driver.browse.threads.list.window
        for cursor in (1, 2, drawn.visible - 1):
            await driver.press(*["j"] * (cursor - driver.cursor()))
            await driver.forget_first_words()
            frame = driver.frame().splitlines()
            width = driver.width("threads")
            ours = lines_of(drawn.with_cursor(cursor))[1:-2]
            assert ours == [beginning(line, width) for line in frame[1:-2]]


@given(st.lists(st.integers(0, 5), max_size=8), st.sampled_from([Size(80, 10), Size(60, 24)]))
def test_only_what_a_movement_changes_is_drawn(cursors: list[int], size: Size) -> None:
    """What the screen draws after it is the same as without any movement."""
    rows = [
        ROW._replace(title=f"title {'日本🙂'[number % 3]} {number}", status=status)
        for number, status in enumerate(["active", "closed", "locked"] * 2)
    ]
    first = draw_first_frame(OPTIONS, rows, size)
    screens = TwoScreens(*size)
    for terminal in (screens.direct, screens.rendered):
        terminal.write(first.written())
    shown = first
    for cursor in cursors:
        moved = shown.with_cursor(cursor)
        screens.rendered.write(moved.written(shown.screen))
        shown = moved
    assert [screens.rendered.line(number) for number in range(size.lines)] == lines_of(shown)
    screens.renderer.assume(shown.screen, shown.styles)
    last = draw_first_frame(OPTIONS, rows, size, 3).screen.rows
    screens.frame("".join(f"\x1b[{at + 1}H{''.join(row.texts)}" for at, row in enumerate(last)))
    assert screens.differences() == []


def test_a_terminal_of_no_size_to_speak_of_is_drawn_on_as_far_as_it_goes() -> None:
    for columns in range(1, 12):
        for lines in range(1, 6):
            picture = draw_first_frame(OPTIONS, [ROW, ROW], Size(columns, lines))
            terminal = Terminal(columns, lines)
            terminal.write(picture.written())
            assert [terminal.line(number) for number in range(lines)] == lines_of(picture)


def test_what_stands_on_the_terminal_already_is_not_sent_again() -> None:
    screens = TwoScreens(20, 3)
    styles = Styles()
    grid = CellBuffer(20, 3)
    grid.put(1, 2, "two threads", 0, styles)
    screens.rendered.write("\x1b[2;3Htwo threads")
    screens.renderer.assume(grid, styles)
    before = screens.rendered.bytes
    screens.frame("\x1b[1;1H" + "\r\n".join(["header".ljust(20), "  two threads".ljust(20), ""]))
    assert screens.differences() == []
    assert screens.rendered.line(1) == "  two threads"
    assert len("header") <= screens.rendered.bytes - before < len("header" + "two threads")


def test_on_a_terminal_of_another_size_by_now_everything_is_drawn() -> None:
    screens = TwoScreens(20, 3)
    grid = CellBuffer(20, 3)
    screens.renderer.assume(grid, Styles())
    screens.resize(30, 3, "\x1b[1;1H" + "header".ljust(30))
    assert screens.differences() == []
    assert screens.rendered.bytes > len("header")
