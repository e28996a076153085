"""Bookmarks and notes on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.inspection.notes import Note, NoteStore
from tests.ui.conftest import Start
from tests.ui.driver import Driver

HOST = "demo.invalid"


@pytest.fixture
def store(tmp_path: Path) -> NoteStore:
    """An empty store, in a file."""
    return NoteStore(HOST, tmp_path / "notes.jsonl")


async def write(driver: Driver, text: str) -> None:
    """Type over what is in the prompt, and accept it."""
    await driver.press("ctrl+u")
    await driver.paste(text)
    await driver.press("enter")


def row_line(driver: Driver, title: str) -> str:
    """Return the line of the list with a title."""
    return next(line for line in driver.frame().splitlines() if title in line)


@pytest.mark.parametrize(("plain", "sign"), [(False, "★"), (True, "#")])
async def test_a_bookmark_has_a_sign_in_the_list(
    start: Start, store: NoteStore, plain: bool, sign: str
) -> None:
    async with start(thread_notes=store, plain=plain) as driver:
        thread_id, title = driver.thread().id, driver.title[:20]
        await driver.command("bookmark")
        assert "1 thread bookmarked" in driver.status
        assert f"{sign} {title}" in row_line(driver, title)
        assert store.of(thread_id).is_bookmarked
        await driver.command("bookmark")
        assert "1 thread no longer bookmarked" in driver.status
        assert f"{sign} {title}" not in row_line(driver, title)


async def test_marked_threads_are_bookmarked_together(start: Start, store: NoteStore) -> None:
    async with start(thread_notes=store) as driver:
        await driver.press("space", "j", "space")
        marked = driver.marked()
        assert len(marked) == 2
        await driver.command("bookmark")
        assert {*store.all()} == {*marked}


@pytest.mark.parametrize(("plain", "sign"), [(False, "✎"), (True, "%")])
async def test_a_note_is_shown_in_the_list_and_above_the_transcript(
    start: Start, store: NoteStore, plain: bool, sign: str
) -> None:
    async with start(thread_notes=store, plain=plain) as driver:
        title = driver.title[:20]
        await driver.command("note")
        await write(driver, "refund promised by Ada")
        assert "note: kept" in driver.status
        assert driver.has_keys(Pane.THREADS)
        assert f"{sign} {title}" in row_line(driver, title)
        await driver.press("enter")
        assert f" {sign} refund promised by Ada" in driver.line(2)
        await driver.press("escape", "j", "enter")
        assert "refund" not in driver.frame()


async def test_a_note_is_written_while_reading_and_removed_by_an_empty_one(
    start: Start, store: NoteStore
) -> None:
    async with start(thread_notes=store) as driver:
        await driver.press("enter")
        await driver.command("note")
        await write(driver, "seen by tier 2")
        assert driver.has_keys(Pane.TRANSCRIPT)
        assert "seen by tier 2" in driver.line(2)
        await driver.command("note")
        assert "seen by tier 2" in driver.status  # in the prompt
        await write(driver, "")
        assert "note: removed" in driver.status
        assert "seen by" not in driver.frame()
        assert not store.all()


async def test_what_was_typed_comes_back(start: Start, store: NoteStore) -> None:
    async with start(thread_notes=store) as driver:
        await driver.command("note")
        await driver.type("half a tho")
        await driver.press("escape")
        assert "brings back what was typed" in driver.status
        assert not store.all()
        await driver.press("j")
        await driver.command("note")
        assert "half a tho" not in driver.frame()
        await driver.press("escape", "k")
        await driver.command("note")
        await driver.type("ught")
        await driver.press("enter")
        assert store.of(driver.thread().id) == Note("half a thought")


async def test_a_note_that_cannot_be_kept_stays_in_the_prompt(
    start: Start, store: NoteStore
) -> None:
    store.path.mkdir()
    async with start(thread_notes=store) as driver:
        await driver.command("note")
        await driver.type("precious")
        await driver.press("enter")
        assert "The notes cannot be" in driver.frame()
        assert "precious" in driver.frame()
        store.path.rmdir()
        await driver.press("enter")
        assert store.of(driver.thread().id) == Note("precious")


async def test_a_note_of_another_program_is_not_replaced_unseen(
    start: Start, store: NoteStore
) -> None:
    async with start(thread_notes=store) as driver:
        thread_id = driver.thread().id
        await driver.command("note")
        await driver.type("mine")
        NoteStore(HOST, store.path).write(thread_id, "theirs")
        await driver.press("enter")
        assert "Enter replaces what another program wrote: “theirs”" in driver.frame()
        assert store.of(thread_id) == Note("theirs")
        await driver.press("enter")
        assert store.of(thread_id) == Note("mine")


async def test_a_refresh_shows_what_another_program_wrote(start: Start, store: NoteStore) -> None:
    async with start(thread_notes=store) as driver:
        title = driver.title[:20]
        NoteStore(HOST, store.path).bookmark(driver.thread().id, is_bookmarked=True)
        await driver.press("r")
        assert f"★ {title}" in row_line(driver, title)


async def test_notes_of_an_earlier_start_are_shown_sanitized(
    start: Start, store: NoteStore
) -> None:
    async with start() as driver:
        thread_id = driver.thread().id
    NoteStore(HOST, store.path).write(thread_id, "a\x1b[31mred\u202ecod")
    async with start(thread_notes=store) as driver:
        await driver.press("enter")
        assert "red" in driver.line(2)
        assert not {"\x1b", "\u202e"} & {*driver.frame()}


async def test_a_key_is_left_out_of_a_note(start: Start, store: NoteStore) -> None:
    async with start(thread_notes=store) as driver:
        await driver.command("note")
        await driver.type("sk-" + "proj-" + "A1b2C3d4" * 6)
        await driver.press("enter")
        assert "without the key in it" in driver.status
        assert "A1b2" not in driver.frame() + store.path.read_text()


async def test_the_filter_of_the_list_finds_notes_and_bookmarks(
    start: Start, store: NoteStore
) -> None:
    async with start(thread_notes=store) as driver:
        first, second = driver.thread(0).id, driver.thread(1).id
        store.write(first, "waits for the bank", before="")
        store.bookmark(second, is_bookmarked=True)
        await driver.press("/")
        await driver.type("the bank")
        assert [row.id for row in driver.browse.threads.list.rows.entries()] == [first]
        await driver.press("ctrl+u")
        await driver.type("is:book")
        await driver.press("tab")
        assert driver.browse.threads.filter == "is:bookmarked"
        await driver.press("enter")
        assert [row.id for row in driver.browse.threads.list.rows.entries()] == [second]
        await driver.command("bookmark")
        assert not driver.browse.threads.list.rows.entries()
