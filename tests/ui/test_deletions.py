"""The journal on the screen: reports at the start, the page, and reasons of failures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount, ThreadOutcome
from chatkit_tui.emulator import Emulator
from chatkit_tui.sources.base import Outcome
from chatkit_tui.ui.actions import delete
from chatkit_tui.ui.screens.pages import DeletionsScreen
from chatkit_tui.ui.widgets.prompt import Question
from tests.ui.conftest import Start
from tests.ui.driver import Driver
from tests.ui.test_delete_dialog import deletions, thread_ids

HOST, KEY = "demo.invalid", "-key"


def left_behind(emulator: Emulator, *, host: str = HOST) -> DeletionJournal:
    """The journal of a deletion that was interrupted at its second thread."""
    journal = DeletionJournal(JournalAccount(host, key=KEY))
    names = [emulator.thread_id(number) for number in (-1, -2, -3)]
    record = journal.begin(dict.fromkeys(["cthr_gone_before", *names], "Their own title"))
    record.asked("cthr_gone_before")
    record.answered("cthr_gone_before", ThreadOutcome(Outcome.DELETED, "", "req_1"))
    record.asked(names[0])
    record.close()
    return journal


async def test_an_interrupted_deletion_is_reported_at_one_start(
    start: Start, emulator: Emulator
) -> None:
    left_behind(emulator)
    async with start(120, 40) as driver:
        assert isinstance(driver.app.screen, DeletionsScreen)
        frame = driver.frame()
        assert "The deletion of 4 threads on 20" in frame
        assert "was cut short: 1 deleted, 1 not deleted, 2 left" in frame
        assert f"{emulator.thread_id(-1)} was still there just now." in " ".join(frame.split())
        await driver.press("escape")
        assert driver.is_alone()
    async with start() as driver:
        assert driver.is_alone()
        assert "cut short" not in driver.frame()


async def test_a_thread_that_cannot_be_looked_up_is_reported_as_unknown(
    start: Start, emulator: Emulator
) -> None:
    left_behind(emulator)
    emulator.faults = ("forbidden@threads.retrieve",)
    async with start(120, 40) as driver:
        words = " ".join(driver.frame().split())
        assert "1 deleted, 1 not known, 2 left alone. Not known: cthr_" in words
        assert "`chatkit-tui threads show ID` says whether" in words


async def test_what_is_read_or_typed_by_then_is_not_covered(
    start: Start, emulator: Emulator
) -> None:
    async with start(160, 24) as driver:
        await driver.press("slash")
        assert driver.browse.prompt.question is Question.FILTER
        left_behind(emulator)
        driver.browse.deletion.report_unreported()  # as the start does, with a slower line
        await driver.settle()
        assert driver.is_alone()
        await driver.press("escape")
        await open_record(driver)
        assert "was cut short" not in driver.frame()
        assert "cthr_gone_before" in driver.frame()


async def open_record(driver: Driver) -> None:
    """Open the page of deletions."""
    await driver.command("deletions")
    assert isinstance(driver.app.screen, DeletionsScreen)


async def test_the_reason_of_a_failure_stays_in_reach(start: Start, emulator: Emulator) -> None:
    async with start(100, 40) as driver:
        ids = thread_ids(driver)
        await driver.press("space", "space", "D")
        emulator.faults = ("forbidden",)
        await driver.press("y")
        await driver.press("escape")
        assert "0 deleted, 2 not deleted: D says why" in driver.status
        await driver.press("D")
        frame = " ".join(driver.frame().split())
        assert frame.count("last time: ") == 2
        await driver.press("escape")
        await open_record(driver)
        frame = " ".join(driver.frame().split())
        assert ids[0] in frame
        assert "✗ failed" in frame
        assert "(request req_" in frame
        assert "recorded in ~/xdg_state_home/chatkit-tui/deletions.jsonl" in frame


async def test_the_journal_has_hashes_of_titles_and_no_names(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        row = driver.thread()
        assert row.title
        assert row.user
        await driver.press("D", "y")
    path = DeletionJournal(JournalAccount("")).path
    text = path.read_text()
    records = [json.loads(line) for line in text.splitlines()]
    assert [line["record"] for line in records] == ["begun", "asked", "answered", "ended"]
    assert row.title not in text
    assert row.user not in text
    assert len(records[0]["threads"][0]["title_sha256"]) == 64
    assert records[2]["request_id"].startswith("req_")
    assert {(line["host"], line["key"]) for line in records} == {(HOST, KEY)}


async def test_no_thread_is_deleted_if_the_journal_cannot_be_written(
    start: Start, emulator: Emulator, tmp_path: Path
) -> None:
    state = tmp_path / "xdg_state_home"
    state.write_text("not a folder")
    async with start() as driver:
        await driver.press("D", "y")
        assert deletions(emulator) == []
        frame = " ".join(driver.frame().split())
        assert "– not tried" in frame
        assert "The journal of deletions cannot be written" in frame


@pytest.mark.parametrize("also_late", [False, True])
async def test_a_deletion_far_up_in_a_long_journal_is_reported_after_the_first_frame(
    start: Start, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, also_late: bool
) -> None:
    journal = left_behind(emulator)
    early = journal.size
    for _ in range(20):
        record = journal.begin({"cthr_later": None})
        record.end(["cthr_later"], "stopped before its turn", seen=True)
        record.close()
    if also_late:
        journal.begin({"cthr_late": None}).close()
    monkeypatch.setattr(delete, "RECENT_BYTES", journal.size - early)
    async with start(120, 40) as driver:
        [shown] = driver.app.screen_stack[1:]
        assert isinstance(shown, DeletionsScreen)
        frame = driver.frame()
        assert "was cut short: 1 deleted, 1 not deleted, 2 left" in frame
        assert ("The deletion of 1 thread on" in frame) == also_late
    async with start() as driver:
        assert driver.is_alone()


async def test_many_deletions_that_were_not_reported_fit_on_the_screen(
    start: Start, emulator: Emulator
) -> None:
    journal = DeletionJournal(JournalAccount(HOST, key=KEY))
    for number in range(60):
        journal.begin({f"cthr_{number}": None}).close()
    async with start(120, 40) as driver:
        assert isinstance(driver.app.screen, DeletionsScreen)
        words = " ".join(driver.frame().split())
        assert words.count("was cut short: 1 left alone.") == 10
        assert "50 older deletions had not been reported either: 50 left alone." in words
