"""`archive`, `search` and `--archive`, as a script calls them."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import stat
import sys
import time
from pathlib import Path

import pytest

from chatkit_tui.cli.archive_sync import summary
from chatkit_tui.cli.main import run
from chatkit_tui.cli.progress import words
from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.requests import Request, Response
from chatkit_tui.sync.report import SyncReport
from chatkit_tui.sync.synchronize import SyncOptions
from tests.cli.conftest import Command
from tests.sources.archive.builder import alter, message, read_only_folder
from tests.sources.archive.builder import archive as make_archive


def test_the_first_sync_says_that_the_file_holds_personal_data(
    chatkit: Command, address: str, file: Path
) -> None:
    first = chatkit("archive", "sync", str(file))
    assert "personal data" in first.errors
    assert "60 threads listed (all of them); 60 new." in first.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = chatkit("archive", "sync", str(file), "--json")
    assert "personal data" not in again.errors
    report = json.loads(again.output)
    assert (report["new_threads"], report["new_items"], report["to_do"]) == (0, 0, 0)
    assert address not in again.output


def test_no_key_is_in_the_file(archive: str, file: Path) -> None:
    assert b"sk-demo" not in file.read_bytes(), archive


def test_info_says_what_the_file_holds(chatkit: Command, archive: str) -> None:
    info = json.loads(chatkit("archive", "info", archive, "--json").output)
    assert info["origin"] == {"kind": "hosted", "address": "built-in API", "project": None}
    assert (info["threads"], info["incomplete"], info["missing"]) == (60, 0, 0)
    assert info["items"] == info["indexed"] > 1_000
    assert info["attachments"] > 10
    text = chatkit("archive", "info", archive).output
    assert "threads     60, 0 incomplete" in text


def test_info_tells_a_list_of_some_users_from_that_of_all(chatkit: Command, file: Path) -> None:
    chatkit("--demo", "archive", "sync", str(file), "--user", "ines_villanueva")
    info = json.loads(chatkit("archive", "info", str(file), "--json").output)
    assert info["listed_at"] is None
    assert list(info["listed_at_by_user"]) == ["ines_villanueva"]
    text = chatkit("archive", "info", str(file)).output
    assert "listed      never completely\n" in text
    assert ": only threads of ines_villanueva\n" in text
    chatkit("--demo", "archive", "sync", str(file))
    info = json.loads(chatkit("archive", "info", str(file), "--json").output)
    assert (info["listed_at"] > 0, info["listed_at_by_user"]) == (True, {})


def test_verify_compares_with_the_api(chatkit: Command, archive: str) -> None:
    ended = chatkit("--demo", "archive", "verify", archive, "--against-api", "--sample", "7")
    assert (ended.code, ended.output) == (0, "no damage\n")
    assert "7 of 60 threads compared" in ended.errors


def test_verify_names_damage_that_a_sync_repairs(chatkit: Command, archive: str) -> None:
    alter(archive, "DELETE FROM item WHERE key = (SELECT max(key) FROM item)")
    alter(archive, "UPDATE item SET raw = '{' WHERE key IN (SELECT key FROM item LIMIT 7)")
    ended = chatkit("archive", "verify", archive)
    assert ended.code == 1
    lines = [line.split("\t") for line in ended.output.splitlines()]
    kind, thread_id, detail, advice = lines[0]
    assert (kind, advice) == ("items missing", "run archive sync: it reads the thread again")
    assert thread_id.startswith("cthr_")
    assert "expected" in detail
    assert [advice for kind, *_, advice in lines if kind == "unreadable item"] == [advice] * 7
    assert chatkit("--demo", "archive", "sync", archive).code == 0
    mended = chatkit("archive", "verify", archive)
    assert (mended.code, mended.output) == (0, "no damage\n")


def test_the_advice_for_other_problems_mends_them(chatkit: Command, archive: str) -> None:
    connection = sqlite3.connect(archive, isolation_level=None)
    connection.execute("UPDATE thread_problems SET found = '[]'")
    connection.close()
    ended = chatkit("archive", "verify", archive)
    kinds, advice = {tuple(line.split("\t")[::3]) for line in ended.output.splitlines()}.pop()
    assert (ended.code, kinds) == (1, "problems and items differ")
    assert advice == "run archive verify --reindex: it finds them again"
    repaired = chatkit("archive", "verify", archive, "--reindex")
    assert (repaired.code, repaired.output) == (0, "no damage\n")


@pytest.mark.parametrize("command", ["sync", "info", "verify", "copy"])
def test_a_file_that_is_no_archive_is_refused(
    chatkit: Command, address: str, file: Path, command: str
) -> None:
    file.write_text("notes")
    arguments = [str(file), str(file) + ".copy"] if command == "copy" else [str(file)]
    ended = chatkit("archive", command, *arguments)
    assert ended.code == 2, address
    assert "is not an archive of chatkit-tui" in ended.errors
    assert (ended.output, file.read_text()) == ("", "notes")


def test_another_server_is_refused_before_anything_is_written(
    chatkit: Command, archive: str, address: str
) -> None:
    before = Path(archive).read_bytes()
    ended = chatkit("archive", "sync", archive)
    assert ended.code == 2, address
    assert "holds the conversations of" in ended.errors
    assert Path(archive).read_bytes() == before


def test_an_archive_is_not_compared_with_another_source(
    chatkit: Command, archive: str, address: str
) -> None:
    ended = chatkit("archive", "verify", archive, "--against-api")
    assert (ended.code, ended.output) == (2, ""), address
    assert "holds the conversations of" in ended.errors


def test_a_file_of_a_sync_that_brought_nothing_is_taken_by_another_source(
    chatkit: Command, address: str, file: Path, emulator: Emulator
) -> None:
    emulator.faults = ("gateway-404",)
    assert chatkit("archive", "sync", str(file)).code == 1, address
    ended = chatkit("--demo", "archive", "sync", str(file))
    assert (ended.code, ended.errors) == (0, "")
    info = json.loads(chatkit("archive", "info", str(file), "--json").output)
    assert info["origin"]["address"] == "built-in API"
    assert chatkit("archive", "verify", str(file)).code == 0


@pytest.mark.parametrize("arguments", [["sync"], ["verify", "--against-api"]])
def test_an_archive_is_not_taken_for_the_api(
    chatkit: Command, archive: str, tmp_path: Path, arguments: list[str]
) -> None:
    file = tmp_path / "new.ckarchive"
    ended = chatkit("--archive", archive, "archive", *arguments, str(file))
    assert ended.code == 2
    assert "reads the source of an archive" in ended.errors
    assert not file.exists()


def test_a_refused_key_exits_with_3(
    chatkit: Command, address: str, file: Path, emulator: Emulator
) -> None:
    emulator.faults = ("unauthorized",)
    ended = chatkit("archive", "sync", str(file))
    assert (ended.code, ended.output) == (3, ""), address
    emulator.faults = ("unauthorized@threads.list_items",)
    ended = chatkit("archive", "sync", str(file))
    assert ended.code == 3
    assert "60 threads listed" in ended.output  # and stored


def test_a_budget_is_kept_and_not_an_error(chatkit: Command, address: str, file: Path) -> None:
    ended = chatkit("archive", "sync", str(file), "--budget", "5", "--json")
    report = json.loads(ended.output)
    assert (ended.code, report["requests"], report["budget_used"]) == (0, 5, True), address
    assert report["to_do"] == 60 - report["read"]


def test_the_summary_says_what_was_not_listed_and_why(
    chatkit: Command, address: str, file: Path
) -> None:
    named = chatkit("archive", "sync", str(file), "--user", "ada", "--user", "ines_villanueva")
    assert " of 2 users listed (all of them); " in named.output, address
    later = chatkit("archive", "sync", str(file), "--since", "2026-03-12").output
    assert re.match(r"60 threads listed \(all of them\); \d+ new; \d+ older than --since", later)
    none = chatkit("archive", "sync", f"{file}.new", "--since", "2026-11-01").output
    assert "listed (not all: the next ones are older); 0 new; 60 older than --since" in none
    budget = chatkit("archive", "sync", str(file), "--budget", "1").output
    assert "60 threads listed" in budget
    assert re.search(r"since the budget is used: \d+ to read, \d+ to check", budget)


def test_a_list_that_is_not_found_is_a_failure(
    chatkit: Command, address: str, file: Path, emulator: Emulator
) -> None:
    emulator.faults = ("gateway-404",)
    assert chatkit("archive", "sync", str(file)).code == 1, address


@pytest.mark.parametrize(
    "option", [("--budget", "soon"), ("--budget", "0m"), ("--since", "yesterday")]
)
def test_an_option_that_cannot_be_read_is_refused(
    chatkit: Command, address: str, file: Path, option: tuple[str, str]
) -> None:
    ended = chatkit("archive", "sync", str(file), *option)
    assert ended.code == 2, address
    assert not file.exists()


def test_remove_erases_threads_of_a_user_for_good(
    chatkit: Command, archive: str, file: Path
) -> None:
    listed = chatkit("--archive", archive, "threads", "list", "--user", "user_48213", "--all")
    ids = [line.split("\t")[0] for line in listed.output.splitlines()]
    assert chatkit("archive", "remove", archive, "--user", "user_48213").code == 2  # no --yes
    ended = chatkit("archive", "remove", archive, "--user", "user_48213", "--yes")
    assert ended.output.splitlines() == [f"{name}\tremoved" for name in ids]
    assert b"user_48213" not in file.read_bytes()
    chatkit("--demo", "archive", "sync", archive)
    assert chatkit("--archive", archive, "threads", "show", ids[0]).code == 4


@pytest.mark.parametrize("identifier", ["a\x01b", "a\nb", "\x9b\u202e"])
def test_an_exact_id_with_controls_is_removed(
    chatkit: Command, file: Path, identifier: str
) -> None:
    make_archive(file, {identifier: [message("1")], "b": [message("2")]})
    assert chatkit("archive", "remove", str(file), "--yes", "--", identifier).code in (2, 4)
    ended = chatkit("archive", "remove", str(file), "--exact", "--yes", "--", identifier)
    assert (ended.code, ended.output.endswith("\tremoved\n")) == (0, True)
    assert not set(identifier) & {"\x01", "\x9b", "\u202e"} & set(ended.output)


def test_copy_makes_a_private_file_and_replaces_none(
    chatkit: Command, archive: str, tmp_path: Path
) -> None:
    new = tmp_path / "copy"
    assert chatkit("archive", "copy", archive, str(new)).code == 0
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert chatkit("archive", "verify", str(new)).code == 0
    before = new.read_bytes()
    assert chatkit("archive", "copy", archive, str(new)).code == 2
    assert new.read_bytes() == before


def test_commands_write_the_same_json_from_an_archive(chatkit: Command, archive: str) -> None:
    listed = chatkit("--demo", "threads", "list", "--all", "--jsonl").raw
    assert chatkit("--archive", archive, "threads", "list", "--all", "--jsonl").raw == listed
    name = json.loads(listed.splitlines()[0])["id"]
    for command in (("items", name, "--all", "--jsonl"), ("show", name, "--json")):
        online = chatkit("--demo", "threads", *command).raw
        assert online
        assert chatkit("--archive", archive, "threads", *command).raw == online


def test_an_archive_needs_neither_key_nor_network(
    chatkit: Command,
    archive: str,
    address: str,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    assert chatkit("threads", "list", "--archive", archive).code == 0, address
    assert len(emulator.requests) == 0
    assert chatkit("--archive", archive, "threads", "delete", "cthr_1", "--yes").code == 2


@pytest.mark.parametrize("other", [("--demo",), ("--base-url", "http://127.0.0.1:9/v1")])
def test_an_archive_excludes_other_sources(
    chatkit: Command, archive: str, other: tuple[str, ...]
) -> None:
    ended = chatkit("--archive", archive, *other, "threads", "list")
    assert ended.code == 2
    assert "exclude each other" in ended.errors


def test_search_finds_words_and_says_where_they_are(chatkit: Command, archive: str) -> None:
    ended = chatkit("search", archive, "refund", "--limit", "3", "--json")
    found = json.loads(ended.output)
    assert (found["object"], found["has_more"], found["not_indexed"]) == ("list", True, 0)
    assert len(found["data"]) == 3
    for row in found["data"]:
        for start, end in row["matches"]:
            assert row["passage"][start:end].lower() == "refund"
    lines = chatkit("--archive", archive, "search", "refund", "--limit", "3").output.splitlines()
    assert [line.split("\t")[1] for line in lines] == [row["thread_id"] for row in found["data"]]


def test_search_without_a_hit_is_no_error(chatkit: Command, archive: str) -> None:
    ended = chatkit("search", archive, "nowhere-to-be-found")
    assert (ended.code, ended.output) == (0, "")
    assert "search: none" in ended.errors


def test_search_refuses_exclusions_alone(chatkit: Command, archive: str) -> None:
    ended = chatkit("search", archive, "--", "-refund")
    assert ended.code == 2
    assert "at least one word" in ended.errors


@pytest.mark.parametrize("command", [("search",), ("archive", "verify"), ("archive", "info")])
def test_json_on_a_terminal_is_escaped(
    file: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    hostile = "\x9b\u202e\x7f"
    make_archive(file, {"a": [message(f"1{hostile}", f"word {hostile}")]}, user=hostile)
    alter(str(file), "UPDATE meta SET value = char(155, 8238) WHERE key = 'origin_address'")
    if "verify" in command:
        alter(str(file), "UPDATE item SET raw = '{'")
    master, slave = os.openpty()
    with os.fdopen(slave, "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        arguments = [str(file), "word"] if command == ("search",) else [str(file)]
        run([*command, *arguments, "--json"])
    written = os.read(master, 10_000).decode()
    os.close(master)
    assert json.loads(written)
    assert not set(hostile) & set(written)


def test_as_many_requests_as_asked_for_are_in_flight(
    chatkit: Command, address: str, file: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, inside, respond = 7, 0, emulator.respond
    full: asyncio.Event | None = None

    async def hold(request: Request) -> Response:
        nonlocal inside, full
        full = full or asyncio.Event()
        if "/items" in request.path:
            inside += 1
            if inside == asked:
                full.set()
            await asyncio.wait_for(full.wait(), 20)
        return await respond(request)

    monkeypatch.setattr(emulator, "respond", hold)
    assert chatkit("archive", "sync", str(file), "--concurrency", str(asked)).code == 0, address


def test_the_progress_has_room_beside_the_bar() -> None:
    report = SyncReport(listed=400, new_items=1_215, requests=70, read=20, to_check=305)
    assert words(report, time.monotonic(), 5) == "at least 305 threads left"
    report.listing_ended = True
    began = time.monotonic() - 10
    assert words(report, began) == (
        "400 threads listed, 1,215 items, 7.0 requests/s, 305 threads left, 3 min"
    )
    assert words(report, began, 56) == "1,215 items, 7.0 requests/s, 305 threads left, 3 min"
    assert words(report, began, 5) == "305 threads left, 3 min"
    report.paused_until = int(time.time()) + 60
    assert re.match(r"paused until \d\d:\d\d:\d\d, 305 threads left", words(report, began, 50))
    report.to_check = 20
    assert words(report, began, 5) == "20 threads left, under a minute"


def test_a_summary_counts_one_as_one() -> None:
    report = SyncReport(listed=1, read=1, new_items=1, missing=1, to_read=1)
    text = " ".join((*summary(report, SyncOptions()), words(report, time.monotonic())))
    assert re.findall(r"\b1 \w+s\b", text) == []
    assert "No longer there: 1 thread; kept in the archive." in text


def test_every_command_that_reads_works_in_a_read_only_folder(chatkit: Command) -> None:
    with read_only_folder() as folder:
        folder.chmod(0o700)
        file = folder / "file"
        make_archive(file, {"a": [message("1", "a word")]})
        file.chmod(0o444)
        folder.chmod(0o555)
        for user in (os.geteuid(), 65_534 if os.geteuid() == 0 else os.geteuid()):
            os.seteuid(user)  # first root, who may import what the commands need
            for arguments in (
                ("archive", "info", str(file)),
                ("archive", "verify", str(file)),
                ("search", str(file), "word"),
                ("--archive", str(file), "threads", "list"),
                ("--archive", str(file), "threads", "show", "a"),
                ("--archive", str(file), "threads", "items", "a"),
            ):
                ended = chatkit(*arguments)
                assert (ended.code, ended.output != "") == (0, True), arguments
            assert [entry.name for entry in folder.iterdir()] == ["file"]
