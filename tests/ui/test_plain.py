"""Plain: words and ASCII in the place of colors and drawing; what changed is told in words.

The walk is on a real terminal, so that Textual's own signs and colors are looked at as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from chatkit_tui.emulator import Emulator
from tests.fork_server import Program
from tests.pty_terminal import Terminal
from tests.ui.conftest import Start

PROGRAM = Program(["--demo", "--plain"])
ESC = "\x1b"
ESCAPES = re.compile(r"\x1b\][^\x07]*(?:\x07|\x1b\\)|\x1b\[[0-9;:<=>?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]")
WALK: Sequence[tuple[str, str]] = (
    (" ", "marked, 1 in all"),
    (" ", "2 marked"),
    ("?", "Load the threads of one user"),
    ("q", "-Load the threads of one user"),
    (":", "or an address"),
    ("cthr_1\r", "there is no cthr_1"),
    (ESC, "-there is no cthr_1"),
    ("\x10", "Create and cancel sessions"),
    (ESC, "-Create and cancel sessions"),
    ("s", "None yet"),
    ("n", "State variables"),
    ("\x13", "is required"),
    (ESC, "None yet"),
    (ESC, "-None yet"),
    ("y", "thread id"),
    ("h", "clipboard"),
    ("D", "Delete 2 marked"),
    ("y", "2 deleted."),
    (ESC, "-Close"),
    ("\r", "item 1 of "),
    ("i", "JSON as it came"),
    ("/", "Esc end search"),
    ("e", "1 of "),
    ("\r", "found "),
    (ESC, "search ended"),
    ("G", "item 2 of 2"),
)
"""Keys, and words that stand on the screen once they did what they do; behind a "-", words that
are gone then."""


def colors(written: str) -> list[str]:
    """The parameters of colors, and of italics, in what was written."""
    given = re.findall(r"\x1b\[([0-9;]*)m", written)
    return [
        code
        for codes in given
        for code in codes.split(";")
        if re.fullmatch(r"3|3[0-8]|4[0-8]|9[0-7]|10[0-7]", code)
    ]


def stands(words: str, lines: Sequence[str]) -> bool:
    """Whether the words are on the screen, or gone from it."""
    return (words.removeprefix("-") in "\n".join(lines)) is not words.startswith("-")


def test_no_screen_has_a_color_or_a_sign_that_is_neither_ascii_nor_the_conversations(
    tmp_path: Path,
) -> None:
    library = Emulator().library
    said = {"\r", "\n"}
    for index in range(len(library)):
        talk = library.conversation(index)
        rows = [library.row(index), *map(talk.row, range(min(len(talk), 20)))]
        said.update(json.dumps(rows, ensure_ascii=False))
    environment = {"HOME": str(tmp_path), "SSH_CONNECTION": "a b c d"}
    with Terminal(PROGRAM, columns=110, rows=34, environment=environment) as terminal:
        terminal.wait_for("loaded")
        for keys, words in WALK:
            terminal.send(keys)
            terminal.wait_until(partial(stands, words))
        written = b"".join(data for _, data in terminal.written).decode()
    assert colors(written) == []
    shown = ESCAPES.sub("", written)
    assert {sign for sign in shown if not " " <= sign <= "~"} <= said


async def test_the_status_line_tells_what_changed_and_the_cursor_stands_there(
    start: Start,
) -> None:
    async with start(100, 24, plain=True) as driver:
        assert "thread 1: Flight TP 576 cancelled" in driver.status
        assert driver.app.cursor_position == (0, 2)
        await driver.press("j", "j")
        assert driver.status.startswith(' thread 3: "test", auth0|65f2c1d09a, active')
        assert driver.app.cursor_position == (0, 6)
        await driver.press("space")
        assert driver.status.startswith(" marked, 1 in all; thread 4: ")
        await driver.press("k", "enter")
        assert driver.status.startswith(" 2 loaded; item 1 of 2: user, auth0|65f2c1d09a, 33 min")
        await driver.press("i")
        assert re.match(r" shown in \d+ lines", driver.status)
        corner = driver.browse.transcript.view.content_region.offset
        assert driver.app.cursor_position == corner
        await driver.press("slash")
        await driver.type("te")
        assert driver.app.cursor_position == (9, 22)  # where one types
        await driver.press("enter")
        assert driver.status.startswith(" found 1 of ")
        await driver.press("escape", "escape", "G")
        assert re.match(r" (30 more loaded; )+thread last: Glasswerk", driver.status)


async def test_hits_that_are_too_long_end_without_a_sign(start: Start) -> None:
    async with start(plain=True) as driver:
        await driver.press("S", "=refund", "enter")
        assert "hits" in driver.frame()
        assert "…" not in driver.frame()


async def test_without_plain_nothing_is_told_of_a_move(start: Start) -> None:
    async with start(100, 24) as driver:
        before = driver.status.split()[:2]
        await driver.press("j")
        assert driver.status.split()[:2] == before
