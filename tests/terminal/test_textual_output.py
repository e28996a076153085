"""What the renderer assumes about Textual.

A release that changes it fails here and says in words what to look at, before it shows on
somebody's screen.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition
from textual.widgets import Input, Static

from chatkit_tui.terminal.ansi_parser import AnsiParser
from chatkit_tui.terminal.cell_buffer import CellBuffer
from chatkit_tui.terminal.styles import Styles

_PICTURE = re.compile(r"\x1b\[[0-9;:]*[A-HJKLMPSTXZ@`abdefrsu]|\x1b[78DEM]")
"""Sequences that move the cursor, erase or scroll: the renderer must know them."""


class Heard(HeadlessDriver):
    """Keep what the app writes, and its size at the time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.heard: list[tuple[str, tuple[int, int]]] = []

    @property
    def is_headless(self) -> bool:
        """For a headless driver nothing is drawn."""
        return False

    def write(self, data: str) -> None:
        self.heard.append((data, self._app.size))


class Painted(App[None]):
    """Draw colored words, a field with a cursor and a changing line, then exit."""

    def __init__(self) -> None:
        super().__init__(driver_class=Heard)

    def compose(self) -> ComposeResult:
        """A screen."""
        yield Static("[bold red on blue]first[/] words, [link='https://a.example/']linked[/]")
        yield Input("typed")

    def on_ready(self) -> None:
        """Once it is drawn, change a line, and leave when that is drawn as well."""
        self.query_one(Static).update("second words")
        self.call_after_refresh(self.call_after_refresh, self.exit)


async def test_frames_pass_through_the_drivers_write_at_the_size_of_the_app() -> None:
    app = Painted()
    await app.run_async()
    driver = app._driver
    assert isinstance(driver, Heard)
    frames = [(data, size) for data, size in driver.heard if "words" in data]
    assert len(frames) >= 2, "frames do not reach Driver.write: find the renderer another way in"
    assert {tuple(size) for _, size in frames} == {(80, 24)}, (
        "App.size is not the terminal's size while a frame is written: TerminalDriver.write uses it"
    )
    for data, _ in frames:
        assert re.search(r"\x1b\[[0-9]+;[0-9]+H$", data), (
            "a frame does not end with the cursor's place: Stage puts the cursor there"
        )
    reader = AnsiParser(CellBuffer(80, 24), Styles())
    for data, _ in driver.heard:
        unread = [part for part in reader.read(data).through if _PICTURE.fullmatch(part)]
        assert not unread, f"Textual draws with {unread}: teach AnsiParser what that does"
    shown = "".join(reader.screen.rows[0].texts)
    assert shown.startswith("second words"), f"Reader misread what was drawn: {shown!r}"


def test_a_reply_to_the_renderers_query_is_no_key() -> None:
    [event] = XTermParser().feed("\x1b[5;7R")
    assert isinstance(event, CursorPosition), (
        "the answer to CSI 6n is no CursorPosition: TerminalDriver.process_message waits for one"
    )


@pytest.mark.parametrize(
    "name",
    [
        "start_application_mode",
        "stop_application_mode",
        "suspend_application_mode",
        "resume_application_mode",
        "process_message",
        "close",
        "write",
        "_run_input_thread",
        "_sigtstp_application",
        "_sigcont_application",
    ],
)
def test_the_methods_that_the_driver_overrides_exist(name: str) -> None:
    assert callable(getattr(LinuxDriver, name, None)), f"TerminalDriver overrides {name} in vain"


def test_a_suspended_driver_is_stopped_and_a_resumed_one_started() -> None:
    """The renderer ends and begins with them."""
    calls: list[str] = []

    class Recorded(Heard):
        def start_application_mode(self) -> None:
            calls.append("start")

        def stop_application_mode(self) -> None:
            calls.append("stop")

        def close(self) -> None:
            calls.append("close")

    for act in (Driver.suspend_application_mode, Driver.resume_application_mode):
        driver = object.__new__(Recorded)
        act(driver)
    assert calls == ["stop", "close", "start"], (
        f"suspending and resuming is now {calls}: see TerminalDriver and LiveRenderer.begin and end"
    )
