"""Hostile data on every screen: what is drawn holds nothing that the program did not make."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator

import pytest
from rich.style import Style as RichStyle
from textual.content import Content
from textual.visual import RichVisual, Visual
from textual.widget import Widget

from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.emulator import Emulator
from chatkit_tui.text.links import safe_link
from chatkit_tui.ui.screens.copy_menu import TextAlone
from tests.hostile.payloads import LONG_ID, PAYLOADS
from tests.hostile.wire import HostileEmulator
from tests.text.hazards import hazards_in
from tests.ui.conftest import Start
from tests.ui.driver import Driver

SESSION = ("s", "n", "=ana", "enter", "=wf_support")
RECORD = ("ctrl+p", "=deletions", "enter")
ROUTES: dict[str, tuple[tuple[str, ...], ...]] = {
    "threads": ((), ("t",), ("space", "j", "space"), ("slash", "=[@"), ("enter",), ("G",)),
    "transcript": (("enter",), ("i",), ("j", "z"), ("j", "i"), ("j", "j", "i"), ("t",), ("w",)),
    "the end of a transcript": (("enter", "G"), ("i",), ("o",), ("question_mark",)),
    "find": (("enter", "slash", "=[/b]"), ("enter", "n"), ("n",)),
    "deletion": (("space", "j", "j", "j", "space", "D"), ("y",), ("escape",), RECORD),
    "copying": (("y",), ("escape", "enter", "y"), ("t",), ("y", "r")),
    "sessions": (("s",), (*SESSION[1:], "ctrl+s"), ("v",), ("c",), ("enter",), ("escape",)),
    "prompts": (("f",), ("escape", "colon"), ("escape", "ctrl+p", "=op")),
    "an id": (("colon", "=cthr_[b]", "enter"), ("colon", "=cti_[b]", "enter"), ("r",)),
    "mistakes in a form": (("s", "n", "ctrl+s"), ("=[@click=app.quit]x", "tab", "ctrl+s")),
}
"""Ways through the program, as `Driver.press` takes them. The screen is checked after each step."""
SCROLLING = ("grab", "release", "scroll_up", "scroll_down")
"""What Textual's scroll bars do when they are clicked."""


def texts_of(widget: Widget) -> Iterator[tuple[str, object]]:
    """The pieces of what a widget shows, each with its style, and its other words."""
    visual: Visual | None = getattr(widget, "visual", None)
    if isinstance(visual, RichVisual):
        visual = None
    if isinstance(visual, Content):
        for span in visual.spans:
            yield visual.plain[span.start : span.end], span.style
    for label in (widget.border_title, widget.border_subtitle, widget.tooltip):
        if label:
            yield str(label), None


def drawn(driver: Driver) -> Iterator[tuple[str, RichStyle | None]]:
    """The pieces of the screen as they would be sent."""
    for strip in driver.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            yield text, style


def actions_in(style: object) -> list[str]:
    """The actions that a click on something of this style would do, but for scroll bars'."""
    meta = getattr(style, "meta", None) or {}
    return [
        str(action)
        for name, action in meta.items()
        if str(name).startswith("@") and action not in SCROLLING
    ]


def check(driver: Driver) -> None:
    """Look at everything on the screen, as it is drawn and as the widgets have it."""
    for text, style in drawn(driver):
        assert hazards_in(text) == [], ascii(text)
        assert actions_in(style) == [], text
        link = style.link if style else None
        assert link is None or link == safe_link(link), link
    for widget in driver.app.screen.walk_children(Widget, with_self=True):
        for text, look in texts_of(widget):
            assert not isinstance(look, str) or "@" not in look, (text, look)
            assert not isinstance(look, str) or "link" not in look, (text, look)
            assert actions_in(look) == [], (widget, text)
            assert hazards_in(text.replace("\n", "")) == [], (widget, text)


@pytest.mark.parametrize("route", ROUTES)
async def test_no_screen_shows_what_the_program_did_not_make(start: Start, route: str) -> None:
    async with start(100, 40, emulator=HostileEmulator(threads=30)) as driver:
        for keys in ROUTES[route]:
            await driver.press(*keys)
            check(driver)


async def test_all_of_a_hostile_transcript_is_harmless(start: Start) -> None:
    async with start(160, 50, emulator=HostileEmulator(threads=30)) as driver:
        await driver.press("enter", "w")
        seen = ""
        for _ in range(12):
            await driver.press(*["pagedown"] * 3)
            check(driver)
            seen += driver.frame()
        assert "[@click=app.quit]x[/]" in seen
        assert "hidden characters" in seen


async def test_markup_stands_in_the_list_as_it_was_written(start: Start) -> None:
    async with start(160, 50, emulator=HostileEmulator(threads=30)) as driver:
        assert "[@click=app.quit]x[/]" in driver.frame()
        assert "[/b]" in driver.frame()


async def test_what_a_server_says_of_a_refusal_is_harmless(start: Start) -> None:
    wire = HostileEmulator(threads=30)
    ways: tuple[tuple[int, tuple[str, ...]], ...] = (
        (400, ("r",)),
        (503, ("enter",)),
        (503, ("escape", "colon", "x", "enter")),
        (400, ("escape", *SESSION, "ctrl+s")),
        (400, ("escape", "escape", "escape", "D", "y")),
    )
    async with start(100, 30, emulator=wire) as driver:
        for (status, keys), payload in zip(ways, PAYLOADS[6:], strict=False):
            wire.refuses, wire.status = payload, status
            await driver.press(*keys)
            check(driver)
        assert "✗ failed" in driver.frame()
        await driver.press("escape", *RECORD)
        assert "✗ failed" in driver.frame()
        check(driver)


async def test_a_record_of_deletions_that_somebody_else_wrote_is_harmless(start: Start) -> None:
    audit = DeletionJournal(JournalAccount("demo.invalid", key="-key"))
    audit.path.parent.mkdir(parents=True)
    rows = []
    for number, payload in enumerate(PAYLOADS):
        ids = [f"{payload}{number}", LONG_ID]
        row = dict.fromkeys(("time", "host", "profile", "reason", "request_id"), payload)
        row |= {"deletion": f"{number:04x}", "thread": ids[0], "result": "failed"}
        rows.append({**row, "record": "begun", "threads": [{"id": name} for name in ids]})
        rows += [{**row, "record": "asked", "thread": name} for name in ids]
        rows.append({**row, "record": "answered"})
    audit.path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    async with start(100, 40, emulator=HostileEmulator(threads=3)) as driver:
        assert "was cut short" in driver.frame()
        for keys in (["pagedown"], ["G"], ["pageup"]):
            check(driver)
            await driver.press(*keys)
        await driver.press("escape")
        check(driver)


@pytest.mark.parametrize("fault", ["hostile-text", "lone-surrogates", "odd-ids"])
async def test_a_faulty_wire_harms_no_screen(start: Start, fault: str) -> None:
    async with start(80, 24, emulator=Emulator(threads=30, faults=(fault,))) as driver:
        for keys in (("enter",), ("i", "G"), ("y",), ("escape", "escape", "D")):
            await driver.press(*keys)
            check(driver)


async def test_where_there_is_no_clipboard_the_text_alone_is_harmless(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(80, 24, emulator=HostileEmulator(threads=30)) as driver:
        monkeypatch.setenv("TERM", "linux")
        await driver.press("enter", "G")
        for choice in "trih":
            await driver.press("k", "y", choice)
            assert isinstance(driver.app.screen, TextAlone)
            check(driver)
            await driver.press("escape")
        await driver.press("escape", *SESSION, "ctrl+s", "y")
        assert isinstance(driver.app.screen, TextAlone)
        check(driver)


async def test_what_is_copied_steers_no_terminal(start: Start) -> None:
    async with start(80, 24, emulator=HostileEmulator(threads=30)) as driver:
        await driver.press("enter", "G")
        for choice in "trih":
            await driver.press("k", "y", choice)
            copied = driver.app.clipboard
            assert copied
            controls = [c for c in copied if unicodedata.category(c) == "Cc"]
            assert set(controls) <= {"\n", "\t", "\r"}
