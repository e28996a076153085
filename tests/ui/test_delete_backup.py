"""The dialog that deletes, with a backup: what it says, and that nothing but its key deletes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_tui.deletion.backup import Backup
from chatkit_tui.emulator import Emulator
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.verify import verify
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.storage.private_file import path_exists
from chatkit_tui.sync import backup
from chatkit_tui.sync.backup import ArchiveBackup
from chatkit_tui.ui.screens.backup_file import BackupFileScreen
from chatkit_tui.ui.screens.delete_dialog import DeleteDialog
from tests.held_emulator import HeldEmulator
from tests.sources.archive.builder import ORIGIN, archive_of
from tests.ui.conftest import Start
from tests.ui.driver import Driver
from tests.ui.test_delete_dialog import deletions, thread_ids
from tests.ui.test_deletion_once import in_one_breath

Make = Callable[[str], Backup | None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home.ckarchive"


@pytest.fixture
def chosen() -> Make:
    """Without a backup in the profile."""
    return lambda text: ArchiveBackup(Path(text).expanduser(), ORIGIN) if text else None


@pytest.fixture
def demanded(file: Path) -> Make:
    """With a backup in the profile."""
    return lambda text: ArchiveBackup(Path(text).expanduser() if text else file, ORIGIN)


def write_foreign(file: Path) -> None:
    file.write_text("my notes")


def is_foreign(file: Path) -> bool:
    return file.read_text() == "my notes"


def saved(file: Path, thread_id: str) -> int:
    with ArchiveReader(file) as reader:
        return len([*reader.present_items(thread_id)])


def words(driver: Driver) -> str:
    """Return the text of the frame as one line."""
    lines = driver.frame().splitlines()
    inner = [line.split("│")[1] if line.count("│") > 1 else line for line in lines]
    return " ".join(" ".join(inner).split())


NOT_SAVED = "Not saved: attachments, and a message that arrives between the last look"


async def test_with_a_backup_in_the_profile_the_key_saves_first(
    start: Start,
    emulator: Emulator,
    file: Path,
    demanded: Make,
    same_frame: Callable[[str, str], None],
) -> None:
    async with start(backups=demanded) as driver:
        ids = thread_ids(driver)
        await driver.press("space", "space", "D")
        assert "Saved in ~/home.ckarchive first. It will hold personal data" in words(driver)
        assert NOT_SAVED in words(driver)
        same_frame(driver.frame(), "delete_saved_80x24")
        assert not path_exists(file)
        await driver.press("y")
        assert deletions(emulator) == ids[:2]
        assert "2 deleted. Saved in ~/home.ckarchive" in words(driver)
    assert all(saved(file, name) for name in ids[:2])
    assert list(verify(file)) == []


async def test_without_one_a_key_asks_for_a_file_and_returns_to_the_question(
    start: Start, emulator: Emulator, file: Path, chosen: Make
) -> None:
    async with start(backups=chosen) as driver:
        ids = thread_ids(driver)
        await driver.press("D")
        assert "b saves it in a file first." in driver.frame()
        await driver.press("b")
        await driver.paste("~/home.ckarchive")
        await driver.press("enter")
        assert isinstance(driver.app.screen, DeleteDialog)
        assert "Saved in ~/home.ckarchive first." in words(driver)
        assert deletions(emulator) == []
        assert not path_exists(file)
        await driver.press("y")
        assert deletions(emulator) == ids[:1]
        assert saved(file, ids[0])
        await driver.press("D")  # the file holds for the next deletion
        assert "Saved in ~/home.ckarchive first. Not saved" in words(driver)
        await driver.press("b", "ctrl+u", "enter")
        assert "b saves it in a file first." in driver.frame()


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (60, 20), (40, 12)])
async def test_the_file_is_named_at_any_usual_size(
    start: Start, emulator: Emulator, demanded: Make, size: tuple[int, int]
) -> None:
    async with start(*size, backups=demanded) as driver:
        for _ in range(9):
            await driver.press("space")
        await driver.press("D")
        assert "~/home.ckarchive" in driver.frame()
        assert "look and the deletion." in words(driver)
        assert "y  Delete 9" in driver.frame()
        await driver.press("y")
        assert len(deletions(emulator)) == 9


KEYS = (
    *("enter", "space", "tab", "right", "left", "up", "down", "j", "k", "b", "D", "d", "a", "x"),
    *("z", "s", "1", "question_mark", "ctrl+a", "ctrl+d", "ctrl+j", "delete", "backspace"),
    *("home", "end", "pageup", "pagedown", "f1", "n", "q", "escape", "ctrl+p"),
)


async def test_no_other_key_deletes(start: Start, emulator: Emulator, demanded: Make) -> None:
    async with start(backups=demanded) as driver:
        for key in KEYS:
            while not isinstance(driver.app.screen, DeleteDialog):
                await driver.press("D" if driver.is_alone() else "escape")
            await driver.press(key)
            assert deletions(emulator) == [], key
        await driver.press("D")
        await driver.paste("y\ny\n")
        assert deletions(emulator) == []
        assert isinstance(driver.app.screen, DeleteDialog)


async def test_no_key_deletes_while_a_file_is_asked_for(
    start: Start, emulator: Emulator, file: Path, chosen: Make
) -> None:
    async with start(backups=chosen) as driver:
        await driver.press("D", "b")
        for key in ("y", "Y", "ctrl+y", *KEYS):
            await driver.press(key)
            assert deletions(emulator) == [], key
            while not isinstance(driver.app.screen, BackupFileScreen):
                is_asking = isinstance(driver.app.screen, DeleteDialog)
                await driver.press("D" if driver.is_alone() else "b" if is_asking else "escape")
            await driver.press("ctrl+u")
        await driver.paste("y\ny\n")
        assert deletions(emulator) == []
        assert not path_exists(file)


async def test_a_key_typed_ahead_of_the_question_does_not_count(
    start: Start, emulator: Emulator, chosen: Make
) -> None:
    async with start(backups=chosen) as driver:
        await driver.press("D", "b")
        await driver.paste("~/home.ckarchive")
        await in_one_breath(driver, "enter", "y", "y", "y")
        assert deletions(emulator) == []


async def test_a_file_that_cannot_be_used_is_refused_and_the_question_stays(
    start: Start, emulator: Emulator, file: Path, chosen: Make
) -> None:
    write_foreign(file)
    async with start(backups=chosen) as driver:
        await driver.press("D", "b")
        await driver.paste("~/home.ckarchive")
        await driver.press("enter")
        assert isinstance(driver.app.screen, BackupFileScreen)
        assert "is not an archive of chatkit-tui" in words(driver)
        await driver.press("x")
        assert "is not an archive" not in words(driver)
        await driver.press("escape")
        assert isinstance(driver.app.screen, DeleteDialog)
        assert "b saves it in a file first." in driver.frame()
        assert deletions(emulator) == []
    assert is_foreign(file)


async def test_a_key_is_no_name_of_a_file(start: Start, chosen: Make) -> None:
    async with start(backups=chosen) as driver:
        await driver.press("D", "b")
        await driver.paste("sk-proj-abcdefghijklmnopqrstuvwxyz0123456789")
        await driver.press("enter")
        assert isinstance(driver.app.screen, BackupFileScreen)
        assert "looks like" in words(driver) or "key" in words(driver)


async def test_an_unfit_file_of_the_profile_is_reported_at_once_and_nothing_is_deleted(
    start: Start, emulator: Emulator, file: Path, demanded: Make
) -> None:
    archive_of(file, ORIGIN._replace(project="proj_other"))
    async with start(backups=demanded) as driver:
        await driver.press("D")
        assert "holds the conversations of" in words(driver)
        await driver.press("y")
        assert deletions(emulator) == []
        assert "not tried" in driver.frame()
        assert "not backed up: " in words(driver)


@pytest.mark.parametrize(
    "fault",
    ["not-found@threads.list_items", "forbidden@threads.retrieve", "not-json@threads.retrieve"],
)
async def test_a_backup_that_fails_keeps_threads_and_their_marks(
    start: Start, emulator: Emulator, demanded: Make, fault: str
) -> None:
    async with start(backups=demanded) as driver:
        ids = thread_ids(driver)[:2]
        await driver.press("space", "space", "D")
        emulator.faults = (fault,)
        await driver.press("y")
        assert deletions(emulator) == []
        assert "2 not tried. What was not deleted keeps its mark." in words(driver)
        assert "not backed up: " in words(driver)
        await driver.press("escape")
        assert driver.marked() == ids
        assert "0 deleted, 2 not deleted" in driver.status


async def test_a_file_that_is_written_elsewhere_keeps_the_thread(
    start: Start,
    emulator: Emulator,
    file: Path,
    demanded: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backup, "LOCK_WAIT", 0.01)
    writer = ArchiveWriter.open(file, ORIGIN)
    async with start(backups=demanded) as driver:
        await driver.press("D", "y")
        assert deletions(emulator) == []
        assert "is being written by another program" in words(driver)
    writer.close()


async def test_a_stop_while_a_thread_is_saved_deletes_nothing(
    start: Start, emulator: HeldEmulator, demanded: Make
) -> None:
    async with start(backups=demanded) as driver:
        await driver.press("space", "space", "space", "D")
        emulator.hold(passing=1)
        await driver.pilot.press("y")
        while "Saving 1 of 3" not in driver.frame():
            await driver.pilot.pause()
        assert "Esc stops" in driver.frame()
        await driver.pilot.press("escape")
        while "not tried" not in driver.frame():
            await driver.pilot.pause()
        emulator.release()
        await driver.settle()
        assert deletions(emulator) == []
        assert "3 not tried" in words(driver)


async def test_leaving_while_a_thread_is_saved_deletes_nothing(
    start: Start, emulator: HeldEmulator, demanded: Make
) -> None:
    async with start(backups=demanded) as driver:
        await driver.press("D")
        emulator.hold(passing=1)
        await driver.pilot.press("y")
        while "Saving 1 of 1" not in driver.frame():
            await driver.pilot.pause()
        await driver.pilot.press("ctrl+c")
    emulator.release()
    assert deletions(emulator) == []
