"""What is drawn before the toolkit is there stands where the screen draws it a moment later."""

from __future__ import annotations

from typing import Any

import pytest

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


def test_a_terminal_of_no_size_to_speak_of_is_drawn_on_as_far_as_it_goes() -> None:
    row = Row(
        "cthr_1",
        "cthr_1",
        "a title",
        None,
        "active",
        None,
        1_762_000_000,
        approximate=False,
        filter_text="",
        folded="",
    )
    for columns in range(1, 12):
        for lines in range(1, 6):
            picture = draw_first_frame(OPTIONS, [row, row], Size(columns, lines))
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
