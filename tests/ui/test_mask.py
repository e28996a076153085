"""The mask: what no frame shows while it is on, and what stays open."""

from __future__ import annotations

import re
import sys

import pytest

from chatkit_tui.inspection.notes import NoteStore
from chatkit_tui.ui.app import ChatKitApp
from tests.quick_toolkit import draw_every_frame
from tests.ui.conftest import Start
from tests.ui.driver import Driver
from tests.ui.test_profiles_meanwhile import until

SHOWN = re.compile(r"[\w.+]+@exam|@example", re.IGNORECASE)
"""A part of an address of the sample data."""


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every frame that the app draws."""
    draw_every_frame(monkeypatch)
    seen: list[str] = []
    drawn = ChatKitApp.post_display_hook

    def look(app: ChatKitApp) -> None:
        drawn(app)
        strips = app.screen._compositor.render_strips()
        seen.append("\n".join(strip.text for strip in strips))

    monkeypatch.setattr(ChatKitApp, "post_display_hook", look)
    return seen


async def toggle(driver: Driver) -> None:
    """Run the command, which has no key: one pressed by mistake would show what is hidden."""
    driver.browse.masking.action_mask()
    await driver.settle()


async def mask(driver: Driver) -> None:
    await toggle(driver)
    assert "MASKED" in driver.line(0)


async def test_no_frame_shows_what_is_masked(start: Start, frames: list[str]) -> None:
    async with start(110, 16, preview=True) as driver:
        await until(driver, lambda: SHOWN.search(driver.frame()))  # the preview takes a moment
        await mask(driver)
        first = next(at for at, frame in enumerate(frames) if "MASKED" in frame)
        await driver.press("j", "k", "enter", "i", "i", "enter", "q", "I", "q", "?", "q")
        await driver.press("y", "escape", "/")
        await driver.type("example")
        await driver.press("enter", "escape", "escape", "r", "f")
        await driver.press("tab", "escape", "D", "escape")
        assert not [frame for frame in frames[first:] if SHOWN.search(frame)]
        assert "‹email 1›" in driver.frame()


async def test_what_is_open_stays_open(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter", "j", "j", "j")
        thread, item = driver.opened_id(), driver.item()
        await mask(driver)
        assert (driver.opened_id(), driver.item()) == (thread, item)
        await toggle(driver)
        assert "MASKED" not in driver.line(0)
        assert (driver.opened_id(), driver.item()) == (thread, item)


async def test_copies_are_masked(start: Start) -> None:
    async with start() as driver:
        await mask(driver)
        await driver.press("y", "u")
        assert driver.app.clipboard == "‹email 1›"
        await driver.press("enter", "y", "s")
        assert "‹email 1›" in driver.app.clipboard
        assert not SHOWN.search(driver.app.clipboard)
        await driver.press("y", "c")
        assert not SHOWN.search(driver.app.clipboard)


async def test_a_masked_user_can_be_chosen(start: Start) -> None:
    async with start() as driver:
        user = driver.thread().user
        await mask(driver)
        await driver.press("f")
        await driver.paste("‹email 1›")
        await driver.press("enter")
        count = driver.loaded("threads")
        assert 0 < count < 60
        assert "‹email 1›" in driver.line(1)
        await toggle(driver)
        assert driver.loaded("threads") == count
        assert {row.user for row in driver.threads()} == {user}


async def test_a_user_that_is_typed_is_shown_as_a_token(start: Start) -> None:
    async with start() as driver:
        await mask(driver)
        await driver.press("f")
        await driver.paste("mira.okafor@example.com")
        await driver.press("enter")
        assert not SHOWN.search(driver.frame())
        assert driver.loaded("threads") > 0


async def test_notes_are_masked_and_cannot_be_written(start: Start) -> None:
    notes = NoteStore("demo.invalid", lasting=False)
    async with start(thread_notes=notes) as driver:
        notes.write(driver.thread().id, "ask ada@example.com", before="")
        await mask(driver)
        await driver.press("enter")
        assert "ask ‹email" in driver.frame()
        await driver.press("ctrl+p")
        await driver.type("note")
        assert not SHOWN.search(driver.frame())


async def test_sessions_and_deletions_are_not_shown(start: Start) -> None:
    async with start() as driver:
        await mask(driver)
        await driver.press("s")
        assert "sessions: not while data is masked" in driver.status


async def test_without_the_extra_nothing_is_masked_by_half(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    async with start() as driver:
        await toggle(driver)
        assert "pip install 'chatkit-tui[redact]'" in driver.status
        assert "MASKED" not in driver.frame()
