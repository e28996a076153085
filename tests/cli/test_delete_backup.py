"""`threads delete --backup`: nothing is deleted that is not in the file."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.requests import Request, Response
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.schema import Origin
from chatkit_tui.sources.archive.verify import verify
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sync import backup as backup_module
from tests.cli.conftest import Command
from tests.cli.test_delete import asking, deletions
from tests.fork_server import Program
from tests.full_disk import largest_file
from tests.held_emulator import HeldEmulator
from tests.piped import Piped
from tests.sources.archive.builder import archive_of


class GrowingEmulator(HeldEmulator):
    """An API on which a message arrives after the first look at the end of a thread."""

    grows = False

    async def respond(self, request: Request) -> Response:
        response = await super().respond(request)
        is_first = request.operation == "threads.list_items" and "after" not in request.query
        if self.grows and is_first:
            response.content["data"] = response.content["data"][:-1]
        return response


@pytest.fixture
def emulator() -> GrowingEmulator:
    return GrowingEmulator(threads=6)


def origin(address: str) -> Origin:
    return Origin("hosted", address)


def saved(file: Path, thread_id: str) -> list[str]:
    with ArchiveReader(file) as reader:
        return [str(item) for item in reader.present_items(thread_id)]


def test_threads_are_saved_and_then_deleted(
    chatkit: Command, emulator: Emulator, file: Path, thread_ids: list[str]
) -> None:
    ids = thread_ids[:3]
    items = {
        name: chatkit("threads", "items", "--all", "--order", "asc", "--jsonl", name).output
        for name in ids
    }
    ended = chatkit("threads", "delete", "--yes", "--backup", str(file), *ids)
    assert ended.code == 0
    assert ended.output.splitlines() == [f"{name}\tdeleted" for name in ids]
    assert "home.ckarchive is new. It will hold personal data" in ended.errors
    assert len(deletions(emulator)) == 3
    for name in ids:
        assert saved(file, name) == items[name].splitlines()
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(verify(file)) == []
    again = chatkit("threads", "delete", "--yes", "--backup", str(file), thread_ids[4])
    assert (again.code, again.errors) == (0, "")


def test_a_profile_can_demand_a_backup(
    chatkit: Command,
    address: str,
    file: Path,
    thread_ids: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = file.with_name("config.toml")
    config.write_text(
        f'[profiles.a]\nbase_url = "{address}"\nbackup_before_delete = "~/{file.name}"\n'
    )
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(config))
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert chatkit("--profile", "a", "threads", "delete", "--yes", thread_ids[0]).code == 0
    assert saved(file, thread_ids[0])
    other = file.with_name("other")
    arguments = ("threads", "delete", "--yes", "--backup", str(other), thread_ids[1])
    assert chatkit("--profile", "a", *arguments).code == 0
    assert saved(other, thread_ids[1])


def test_a_deleted_thread_stays_and_a_later_sync_marks_it(
    chatkit: Command, file: Path, thread_ids: list[str]
) -> None:
    chatkit("threads", "delete", "--yes", "--backup", str(file), thread_ids[0])
    before = saved(file, thread_ids[0])
    with ArchiveReader(file) as reader:
        assert reader.info().missing == 0
    assert chatkit("archive", "sync", str(file)).code == 0
    with ArchiveReader(file) as reader:
        assert (reader.info().missing, reader.info().threads) == (1, 6)
    assert saved(file, thread_ids[0]) == before
    assert list(verify(file)) == []


FAULTS = (
    *("unauthorized@threads.retrieve", "forbidden@threads.retrieve", "not-found@threads.retrieve"),
    *("not-json@threads.retrieve", "another-shape@threads.retrieve"),
    *("unauthorized@threads.list_items", "forbidden@threads.list_items"),
    *("not-found@threads.list_items", "bad-request@threads.list_items"),
    *("not-json@threads.list_items", "cut-short@threads.list_items"),
    *("repeated-cursor@threads.list_items", "another-shape@threads.list_items"),
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_thread_that_cannot_be_read_is_not_deleted(
    chatkit: Command, emulator: Emulator, file: Path, thread_ids: list[str], fault: str
) -> None:
    emulator.faults = (fault,)
    command = ("threads", "delete", "--yes", "--json", "--backup", str(file))
    ended = chatkit(*command, *thread_ids[:2])
    assert deletions(emulator) == []
    assert ended.code == 1
    rows = [json.loads(line) for line in ended.output.splitlines()]
    assert [list(row) for row in rows] == [["id", "result", "reason", "request_id"]] * 2
    assert [row["result"] for row in rows] == ["not tried"] * 2
    assert rows[0]["reason"].startswith("not backed up: ")
    assert "0 of 2 deleted; 2 left alone." in ended.errors
    emulator.faults = ()
    assert chatkit(*command, *thread_ids[:2]).code == 0


def test_a_refused_cursor_of_the_last_look_keeps_the_thread(
    chatkit: Command, emulator: Emulator, file: Path, thread_ids: list[str]
) -> None:
    class Refusing(GrowingEmulator):
        async def respond(self, request: Request) -> Response:
            if "after" in request.query:
                return Response(400, {"error": {"message": "no such item", "type": "x"}})
            return await super().respond(request)

    emulator.__class__ = Refusing
    ended = chatkit("threads", "delete", "--yes", "--backup", str(file), thread_ids[0])
    assert (ended.code, deletions(emulator)) == (1, [])
    assert "not backed up: " in ended.output


def test_a_message_that_arrives_meanwhile_keeps_the_thread(
    chatkit: Command, emulator: GrowingEmulator, file: Path, thread_ids: list[str]
) -> None:
    emulator.grows = True
    ended = chatkit("threads", "delete", "--yes", "--backup", str(file), thread_ids[0])
    assert (ended.code, deletions(emulator)) == (1, [])
    assert "not tried\tnot backed up: it changed while it was saved" in ended.output


@pytest.mark.parametrize("room", [20_000, 90_000])
def test_a_full_disk_keeps_all_threads(
    chatkit: Command, emulator: Emulator, file: Path, thread_ids: list[str], room: int
) -> None:
    with largest_file(room):
        ended = chatkit("threads", "delete", "--yes", "--backup", str(file), *thread_ids[:2])
    assert (ended.code, deletions(emulator)) == (1, [])
    assert "Free space" in ended.output
    assert [line.split("\t")[1] for line in ended.output.splitlines()] == ["not tried"] * 2


def test_a_file_that_a_sync_writes_keeps_all_threads(
    chatkit: Command,
    emulator: Emulator,
    address: str,
    file: Path,
    thread_ids: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backup_module, "LOCK_WAIT", 0.01)
    writer = ArchiveWriter.open(file, origin(address))
    try:
        ended = chatkit("threads", "delete", "--yes", "--backup", str(file), *thread_ids[:2])
    finally:
        writer.close()
    assert (ended.code, deletions(emulator)) == (1, [])
    assert ended.output.count("is being written by another program") == 2


def test_a_backup_waits_ten_seconds_for_a_sync() -> None:
    assert backup_module.LOCK_WAIT == 10


def _foreign(file: Path, _address: str) -> None:
    file.write_text("my notes")


def _of_another_account(file: Path, _address: str) -> None:
    archive_of(file, origin("https://elsewhere.invalid/v1"))


def _newer(file: Path, address: str) -> None:
    ArchiveWriter.open(file, origin(address)).close()
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def _without_folder(file: Path, _address: str) -> None:
    file.symlink_to(file.with_name("nowhere") / "file")


@pytest.mark.parametrize("make", [_foreign, _of_another_account, _newer, _without_folder])
@pytest.mark.parametrize("option", ["--yes", "--dry-run"])
def test_an_unfit_file_is_refused_in_one_line(
    chatkit: Command,
    emulator: Emulator,
    address: str,
    file: Path,
    thread_ids: list[str],
    make: object,
    option: str,
) -> None:
    assert callable(make)
    make(file, address)
    before = len(emulator.requests)
    ended = chatkit("threads", "delete", option, "--backup", str(file), *thread_ids[:2])
    assert (ended.code, ended.output, len(ended.errors.splitlines())) == (2, "", 1)
    assert len(emulator.requests) == before


@pytest.mark.parametrize("answered", [1, 3])
def test_a_kill_before_the_deletion_loses_nothing(
    chatkit: Command, emulator: HeldEmulator, file: Path, thread_ids: list[str], answered: int
) -> None:
    """The requests are for the thread, its items, the thread again and its end."""
    emulator.requests.clear()
    emulator.hold(passing=answered)
    command = ("threads", "delete", "--yes", "--backup", str(file), thread_ids[0])
    with Piped(Program(command)) as program:
        while len(emulator.requests) <= answered:
            assert not program.has_ended()
            time.sleep(0.002)
        program.send_signal(signal.SIGKILL)
        program.end()
    emulator.release()
    assert deletions(emulator) == []
    assert list(verify(file)) == []
    [past] = DeletionJournal(JournalAccount("")).all()
    assert [entry.outcome for entry in past.outcomes.values()] == ["not tried"]
    if answered == 3:
        assert saved(file, thread_ids[0])
    assert chatkit(*command).code == 0
    assert saved(file, thread_ids[0])
    assert list(verify(file)) == []


def test_ctrl_c_while_a_thread_is_saved_deletes_nothing(
    emulator: HeldEmulator, address: str, file: Path, thread_ids: list[str]
) -> None:
    emulator.requests.clear()
    emulator.hold(passing=1)
    delete = Program(["threads", "delete", "--yes", "--backup", str(file), *thread_ids[:2]])
    with Piped(delete) as program:
        while len(emulator.requests) < 2:
            assert not program.has_ended()
            time.sleep(0.002)
        program.send_signal(signal.SIGINT)
        ended = program.end()
    emulator.release()
    assert (ended.returncode, deletions(emulator)) == (130, [])
    assert "stopped while it was saved" in ended.stdout, address


def test_the_question_names_the_file_and_what_is_not_in_it(
    emulator: Emulator, address: str, file: Path, thread_ids: list[str]
) -> None:
    with asking(address, "--backup", str(file), thread_ids[0]) as terminal:
        terminal.wait_for("[y/N]")
        screen = "".join(terminal.screen()).replace(" ", "")
        assert "Savedin~/home.ckarchivefirst." in screen
        assert "personaldata" in screen
        assert "Notsaved:attachments,andamessagethatarrivesbetween" in screen
        assert not file.exists()
        terminal.send("y\r")
        terminal.wait_for("deleted")
        assert terminal.exit_code() == 0
    assert len(deletions(emulator)) == 1
    assert saved(file, thread_ids[0])
