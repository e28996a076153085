"""The journal of `threads delete`, and the report of interrupted deletions."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.emulator import Emulator
from tests.cli.conftest import Command
from tests.cli.test_delete import deletions
from tests.fork_server import Program
from tests.held_emulator import HeldEmulator
from tests.piped import Piped

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and signals of POSIX")


def journal() -> DeletionJournal:
    """The journal in the folder of the test."""
    return DeletionJournal(JournalAccount(""))


def records() -> list[dict[str, Any]]:
    """The lines of the journal."""
    return [json.loads(line) for line in journal().path.read_text().splitlines()]


def test_only_its_owner_can_read_the_journal(chatkit: Command, thread_ids: list[str]) -> None:
    assert chatkit("threads", "delete", "--yes", *thread_ids[:2]).code == 0
    path = journal().path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [line["record"] for line in records()] == [
        "begun",
        *("asked", "answered") * 2,
        "ended",
    ]
    assert {line["key"] for line in records()} == {"-key"}


def test_deletions_are_listed(chatkit: Command, thread_ids: list[str]) -> None:
    assert chatkit("threads", "deletions").output == ""
    chatkit("threads", "delete", "--yes", thread_ids[0])
    chatkit("threads", "delete", "--yes", "cthr_nowhere", thread_ids[1])
    rows = [line.split("\t") for line in chatkit("threads", "deletions").output.splitlines()]
    assert [row[1:3] for row in rows] == [
        ["failed", "cthr_nowhere"],
        ["deleted", thread_ids[1]],
        ["deleted", thread_ids[0]],
    ]
    assert rows[0][6].startswith("404")
    assert all(row[5].startswith("req_") for row in rows)
    assert chatkit("threads", "deletions", "--path").output == f"{journal().path}\n"


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_keys_in_an_old_journal_are_not_listed(chatkit: Command, form: tuple[str, ...]) -> None:
    keys = [f"sk-proj-0ld5ecret{number}" for number in range(6)]
    row = {
        "deletion": "ab",
        "host": keys[0],
        "profile": keys[1],
        "time": keys[2],
        "thread": keys[3],
    }
    begun = {**row, "record": "begun", "threads": [{"id": keys[3]}]}
    answered = {
        **row,
        "record": "answered",
        "thread": keys[3],
        "result": "failed",
        "reason": keys[4],
    }
    journal().path.parent.mkdir(parents=True)
    lines = [begun, {**answered, "request_id": keys[5]}]
    journal().path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    output = chatkit("threads", "deletions", *form).output
    assert output.count("sk-[redacted]") == len(keys)
    assert "0ld5ecret" not in output


def test_the_path_of_the_journal_cannot_control_a_terminal(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    odd = tmp_path / "a\x1b[31m\r\nb\tc"
    monkeypatch.setenv("XDG_STATE_HOME", str(odd))
    ended = chatkit("threads", "deletions", "--path")
    assert ended.output.rstrip("\n").isprintable()
    assert "a␛[31m␍␊b␉c" in ended.output


def test_a_demonstration_writes_no_journal(chatkit: Command) -> None:
    listed = chatkit("threads", "list", "--demo", "--limit", "1")
    ended = chatkit("threads", "delete", "--demo", "--yes", listed.output.split("\t")[0])
    assert "\tdeleted" in ended.output
    assert not journal().path.exists()


def test_no_thread_is_deleted_if_the_journal_cannot_be_written(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    journal().path.mkdir(parents=True)
    ended = chatkit("threads", "delete", "--yes", *thread_ids[:2])
    assert ended.code == 1
    assert deletions(emulator) == []
    first, second = ended.output.splitlines()
    assert "not tried\tThe journal of deletions cannot be written (~/" in first
    assert "Is a directory" in first
    assert "not tried\tthe previous deletion could not be recorded" in second


@contextmanager
def begun(emulator: HeldEmulator, thread_ids: list[str]) -> Iterator[Piped]:
    """`threads delete` with its second request in flight."""
    emulator.hold("DELETE", passing=1)
    with Piped(Program(["threads", "delete", "--yes", *thread_ids[:4]])) as program:
        end = time.monotonic() + 60
        while len(deletions(emulator)) < 2 and time.monotonic() < end:
            time.sleep(0.005)
        yield program


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_request_in_flight_is_finished_after_a_signal(
    chatkit: Command, emulator: HeldEmulator, thread_ids: list[str], number: int
) -> None:
    with begun(emulator, thread_ids) as program:
        program.send_signal(number)
        said = program.stderr.readline().decode()
        emulator.release()
        ended = program.end()
    assert ended.returncode == 128 + number
    assert [line.split("\t")[1] for line in ended.stdout.splitlines()] == [
        *("deleted", "deleted"),
        *("not tried", "not tried"),
    ]
    assert "stopping after the current thread" in said + ended.stderr
    told = chatkit("threads", "delete", "--yes", "cthr_nowhere")
    assert "was cut short: 2 deleted, 2 left alone." in told.errors
    assert len(deletions(emulator)) == 3


def test_a_killed_deletion_is_reported_and_looked_up_at_the_next_start(
    chatkit: Command, emulator: HeldEmulator, thread_ids: list[str]
) -> None:
    with begun(emulator, thread_ids) as program:
        program.send_signal(signal.SIGKILL)
    emulator.release()
    told = chatkit("threads", "delete", "--yes", "cthr_nowhere")
    assert "The deletion of 4 threads on 20" in told.errors
    assert " was cut short: " in told.errors
    assert "2 left alone" in told.errors
    # Whether the server goes on with the call, and when, is its own affair: what it said is told.
    gone = f"{thread_ids[1]} is gone." in told.errors
    assert gone or f"{thread_ids[1]} was still there just now." in told.errors
    assert "cut short" not in chatkit("threads", "delete", "--yes", "cthr_nowhere").errors
    assert [line.split("\t")[1:3] for line in chatkit("threads", "deletions").output.splitlines()][
        2:
    ] == [
        ["deleted", thread_ids[0]],
        ["deleted" if gone else "failed", thread_ids[1]],
        ["not tried", thread_ids[2]],
        ["not tried", thread_ids[3]],
    ]


def test_results_are_json_lines_with_the_option(chatkit: Command, thread_ids: list[str]) -> None:
    odd = "cthr_ \u202e é"
    ended = chatkit("threads", "delete", "--yes", "--json", thread_ids[0], odd)
    assert ended.code == 1
    assert ended.output.isascii()
    first, second = (json.loads(line) for line in ended.output.splitlines())
    assert list(first) == ["id", "result", "reason", "request_id"]
    assert (first["id"], first["result"], first["reason"]) == (thread_ids[0], "deleted", "")
    assert (second["id"], second["result"]) == (odd, "failed")
    assert second["reason"].startswith("Not found (404)")
    assert first["request_id"].startswith("req_")
    past = chatkit("threads", "deletions", "--json").output
    assert past.isascii()
    rows = [json.loads(line) for line in past.splitlines()]
    assert list(rows[0]) == ["id", "result", "reason", "request_id", "time", "host", "profile"]
    assert [(row["id"], row["result"]) for row in rows] == [
        (thread_ids[0], "deleted"),
        (odd, "failed"),
    ]
    assert [row["request_id"] for row in rows] == [first["request_id"], second["request_id"]]


def test_a_dry_run_in_json_sends_no_deletion(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    ended = chatkit("threads", "delete", "--dry-run", "--json", thread_ids[0], "cthr_nowhere")
    assert ended.code == 4
    rows = [json.loads(line) for line in ended.output.splitlines()]
    assert [(row["result"], row["reason"]) for row in rows] == [
        ("not tried", "would be deleted"),
        ("not tried", "not found"),
    ]
    assert deletions(emulator) == []


def test_a_thread_that_was_not_tried_has_a_json_line(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.faults = ("unauthorized@DELETE",)
    ended = chatkit("threads", "delete", "--yes", "--json", *thread_ids[:2])
    rows = [json.loads(line) for line in ended.output.splitlines()]
    assert [(row["id"], row["result"], bool(row["request_id"])) for row in rows] == [
        (thread_ids[0], "failed", True),
        (thread_ids[1], "not tried", False),
    ]
    assert rows[1]["reason"] == "the previous deletion was not permitted"


def test_an_empty_journal_prints_no_json(chatkit: Command) -> None:
    ended = chatkit("threads", "deletions", "--json")
    assert (ended.code, ended.output, ended.errors) == (0, "", "")


def test_the_404_of_a_gateway_does_not_prove_that_a_thread_is_gone(
    chatkit: Command, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.faults = ("gateway-404@GET",)
    ended = chatkit("threads", "delete", "--dry-run", thread_ids[0])
    assert ended.code == 4
    assert ended.output.split("\t")[1] == "failed"


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on descriptors")
def test_a_thousand_unreported_deletions_take_few_lines(
    chatkit: Command, address: str, thread_ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    host = address.split("/")[2]
    rows = [
        {"record": "begun", "deletion": f"{number:016x}", "host": host, "key": "-key"}
        | {"time": "2026-11-01T00:00:00Z", "threads": [{"id": f"cthr_{number}"}]}
        for number in range(1_500)
    ]
    journal().append(rows)
    program = [sys.executable, "-m", "chatkit_tui", "threads", "delete", "--yes", thread_ids[0]]
    ended = subprocess.run(  # noqa: S603 # ours
        ["bash", "-c", 'ulimit -n 1024; exec "$@"', "bash", *program],  # noqa: S607 # any bash
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0
    assert ended.stdout == f"{thread_ids[0]}\tdeleted\n"
    lines = ended.stderr.splitlines()
    assert len(lines) == 11
    assert lines[-1].startswith("chatkit-tui: 1,490 older deletions had not been reported either")
    assert chatkit("threads", "delete", "--yes", thread_ids[1]).errors == ""
    assert [path.name for path in journal().path.parent.glob("*.lock")] == ["deletions.jsonl.lock"]
