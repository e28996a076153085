"""The dialog that deletes threads: question, requests and results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.errors import ChatKitError
from chatkit_tui.sources.base import Deletion
from chatkit_tui.ui.screens.delete_dialog import DeleteDialog, ThreadToDelete
from tests.ui.conftest import Start
from tests.ui.driver import Driver


def deletions(emulator: Emulator) -> list[str]:
    """Return the ids of the requested deletions, in order."""
    return [
        request.path.rsplit("/", 1)[-1]
        for request in emulator.requests
        if request.method == "DELETE"
    ]


def thread_ids(driver: Driver) -> list[str]:
    return [row.id for row in driver.threads()]


async def test_no_request_is_sent_before_the_confirming_key(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        await driver.press("D")
        assert "Delete this thread?" in driver.frame()
        await driver.press("D", "enter")  # the focus is on Cancel
        assert deletions(emulator) == []
        assert "nothing was deleted" in driver.status


async def test_the_dialog_names_title_user_age_and_id(
    start: Start, same_frame: Callable[[str, str], None]
) -> None:
    async with start() as driver:
        await driver.press("D")
        same_frame(driver.frame(), "delete_one_80x24")


async def test_confirming_deletes_that_thread_alone(start: Start, emulator: Emulator) -> None:
    async with start() as driver:
        first, second, *_ = thread_ids(driver)
        await driver.press("D", "y")
        assert deletions(emulator) == [first]
        assert thread_ids(driver)[0] == second
        assert "1 deleted" in driver.status


async def test_marked_threads_go_and_the_cursor_does_not_matter(
    start: Start, emulator: Emulator, same_frame: Callable[[str, str], None]
) -> None:
    async with start() as driver:
        ids = thread_ids(driver)
        await driver.press("space", "j", "space", "j", "j", "D")
        assert "Delete 2 marked threads?" in driver.frame()
        await driver.press("y")
        assert deletions(emulator) == [ids[0], ids[2]]
        same_frame(driver.frame(), "deleted_two_80x24")
        await driver.press("escape")
        assert not driver.marked()
        assert not {ids[0], ids[2]} & set(thread_ids(driver))


async def test_a_thread_that_was_not_deleted_keeps_its_mark_and_has_a_reason(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        ids = thread_ids(driver)
        await driver.press("space", "space", "D")
        emulator.faults = ("forbidden",)
        await driver.press("y")
        frame = driver.frame()
        assert "✗ failed" in frame
        assert "– not tried" in frame
        assert len(deletions(emulator)) == 1  # a refused key stops the rest
        await driver.press("escape")
        assert driver.marked() == ids[:2]
        assert "0 deleted, 2 not deleted" in driver.status


async def test_in_the_transcript_the_open_thread_is_deleted_not_a_marked_one(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        first, second, *_ = thread_ids(driver)
        await driver.press("j", "space", "g", "enter", "D")
        assert "Delete this thread?" in driver.frame()
        await driver.press("y")
        assert deletions(emulator) == [first]
        assert second in driver.marked()


async def test_marked_threads_that_a_filter_hides_are_counted_in_the_question(
    start: Start,
) -> None:
    async with start() as driver:
        await driver.press("space", "space", "space", "/", "=charged twice", "enter", "D")
        words = " ".join(driver.frame().split())
        assert "3 of them are not shown in the list. Their items" in words
        await driver.press("escape", "escape", "D")
        assert "not shown" not in driver.frame()


async def test_one_mark_is_called_a_mark(start: Start) -> None:
    async with start() as driver:
        await driver.press("j", "space", "g", "D")
        assert "Delete 1 marked thread?" in driver.frame()


async def test_an_absolute_time_is_not_called_an_age(start: Start) -> None:
    async with start() as driver:
        await driver.press("t", "D")
        assert "began 2026-03-12 09:16" in driver.frame()
        assert "old" not in driver.frame()


async def test_in_read_only_mode_the_key_is_not_there(start: Start, emulator: Emulator) -> None:
    async with start(read_only=True) as driver:
        assert "delete" not in driver.line(-1)
        await driver.press("D", "y")
        assert "Delete" not in driver.frame()
        assert deletions(emulator) == []


async def test_the_dialog_fits_a_screen_of_40_by_12(
    start: Start, same_frame: Callable[[str, str], None]
) -> None:
    async with start(40, 12) as driver:
        await driver.press("space", "space", "space", "D")
        same_frame(driver.frame(), "delete_three_40x12")
        assert "Cancel" in driver.frame()


async def test_the_open_thread_is_closed_when_it_is_deleted(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter")
        await driver.press("D", "y")
        assert driver.opened() is None
        assert "1 deleted" in driver.status


async def test_a_refresh_repeats_why_the_thread_at_the_cursor_was_not_deleted(
    start: Start, emulator: Emulator
) -> None:
    async with start(160, 24) as driver:
        emulator.faults = ("forbidden@threads.delete",)
        for key in ("D", "y", "escape", "r"):
            await driver.press(key)
        assert "refreshed; not deleted: " in driver.status
        assert "403" in driver.status
        await driver.press("j", "r")
        assert "not deleted" not in driver.status
        await driver.press("g", "space", "j", "j", "r")  # a mark goes first
        assert "refreshed; not deleted: " in driver.status
        emulator.faults = ()
        await driver.press("D", "y")
        await driver.press("r")
        assert "not deleted" not in driver.status


async def test_in_20_by_5_the_question_is_visible_and_in_less_space_no_key_confirms(
    start: Start, emulator: Emulator, same_frame: Callable[[str, str], None]
) -> None:
    async with start(20, 5) as driver:
        await driver.press("D")
        same_frame(driver.frame(), "delete_one_20x5")
        await driver.resize(20, 2)
        await driver.press("y")
        assert deletions(emulator) == []
        await driver.resize(20, 5)
        await driver.press("y")
        assert len(deletions(emulator)) == 1


@pytest.mark.parametrize("count", [1, 14, 200])
async def test_the_last_line_stays_in_sight_at_any_size(start: Start, count: int) -> None:
    title = "終電を逃したので宿を探しています\x1b[2J" * 6
    thread = ThreadToDelete("cthr_", title, "user" * 30, "1 d old")
    threads = [replace(thread, id=f"cthr_{number}") for number in range(count)]

    async def delete(thread_id: str) -> Deletion:
        raise ChatKitError(f"{thread_id}: {'no permission ' * 30}")

    async with start() as driver:
        journal = driver.browse.deletion._journal
        keys, gate = driver.app.keys, driver.app.gate
        for size in ((80, 24), (40, 12), (30, 8)):
            await driver.resize(*size)
            driver.app.push_screen(DeleteDialog(threads, delete, journal, gate=gate, keys=keys))
            await driver.settle()
            assert "y  Delete" + (f" {count}" if count > 1 else "") in driver.frame()
            assert "\x1b" not in driver.frame()
            if count == 1:
                await driver.press("y")
                assert "Close" in driver.frame()
                assert "failed" in driver.frame()
            await driver.press("enter")
            assert driver.is_alone()


async def test_a_dialog_without_room_says_so(start: Start, emulator: Emulator) -> None:
    async with start() as driver:
        await driver.press("D")
        await driver.resize(30, 2)
        assert "The question does not fit:" in driver.frame()
        assert "Delete" not in driver.frame()
        await driver.press("y")
        assert deletions(emulator) == []
        await driver.resize(30, 8)
        assert "y  Delete" in driver.frame()
        await driver.press("escape")
        assert driver.is_alone()


async def test_a_key_that_does_nothing_in_a_question_says_so_until_the_next_key(
    start: Start,
) -> None:
    async with start() as driver:
        await driver.press("D", "z")
        assert "z does nothing here" in driver.frame()
        await driver.press("right")
        assert "does nothing here" not in driver.frame()
