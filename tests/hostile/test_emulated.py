"""What a terminal makes of the program's output while it shows data that means harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pyte

from tests.benchmarks.programs import serving
from tests.fork_server import Program
from tests.hostile.payloads import PAYLOADS
from tests.hostile.wire import HostileEmulator
from tests.pty_terminal import Terminal

OWN_MODES = {7, 25, 1000, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2048}
"""Wrapping, cursor, mouse, focus, the other screen, pastes, whole frames, sizes."""
NOT_OF_PYTE = re.compile(r"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*(?:\$p|[mu])")
"""The keyboard protocol and questions about modes, which pyte would print."""
POINTERS = {"default", "pointer", "text"}
LISTED = ("[@click=app.quit]x[/]", "[/b]", "␛]52;c;cm0gLXJmIH4=␇clip", "invoice⟨U+202E⟩gpj")
READ = "word⟨U+200B⟩word⟨U+200B⟩"


class Watching(pyte.Screen):
    """A screen that writes down what it is asked for beside text in colors."""

    def __init__(self, columns: int, lines: int) -> None:
        self.titles: list[str] = []
        self.modes: set[int] = set()
        self.others: list[str] = []
        super().__init__(columns, lines)

    def set_title(self, param: str) -> None:
        """OSC 0 and 2; for pyte, OSC 22 as well."""
        self.titles.append(param)

    def set_icon_name(self, param: str) -> None:
        """OSC 0 and 1."""
        self.titles.append(param)

    def set_mode(self, *modes: int, **keywords: Any) -> None:
        """DECSET and SM."""
        self.modes.update(modes)
        super().set_mode(*modes, **keywords)

    def bell(self, *arguments: Any) -> None:
        """BEL outside of a sequence."""
        self.others.append(f"bell {arguments}")

    def debug(self, *arguments: Any, **keywords: Any) -> None:
        """Whatever pyte does not know."""
        self.others.append(f"unknown {arguments} {keywords}")


def emulated(terminal: Terminal) -> Watching:
    """The terminal as pyte has it after all that was written to it."""
    screen = Watching(*terminal.size)
    text = b"".join(data for _, data in terminal.written).decode("utf-8", "replace")
    pyte.Stream(screen).feed(NOT_OF_PYTE.sub("", text))
    return screen


def shows(*texts: str) -> Callable[[Sequence[str]], bool]:
    """Return whether a screen shows all of these texts."""
    return lambda lines: all(any(text in line for line in lines) for text in texts)


def test_the_emulator_notices_what_is_foreign() -> None:
    for payload in ("\x1b]2;title\x07", "\x1b[?5h", "\x1b[5h", "\x07"):
        screen = Watching(80, 24)
        pyte.Stream(screen).feed(payload)
        assert screen.titles or screen.modes or screen.others


def test_a_terminal_shows_the_signs_and_is_asked_for_nothing_foreign() -> None:
    wire = HostileEmulator(threads=len(PAYLOADS))
    wire.escaped = False
    with (
        serving(wire) as api,
        Terminal(Program(), columns=160, rows=50, environment=api.environment) as terminal,
    ):
        terminal.wait_until(shows(f"{len(PAYLOADS)} loaded", *LISTED))
        listed = emulated(terminal)
        terminal.send("\r")
        terminal.wait_until(lambda lines: "1/73" in lines[-2])
        terminal.send("G")
        terminal.wait_until(shows("73/73", READ))  # a long item is drawn later than its place
        read = emulated(terminal)
    shown = "\n".join(listed.display)
    for sign in LISTED:
        assert sign in shown
    assert READ in "\n".join(read.display)
    for screen in (listed, read):
        assert {title.removeprefix("2").lstrip(";") for title in screen.titles} <= POINTERS
        assert screen.modes <= OWN_MODES
        assert screen.others == []
