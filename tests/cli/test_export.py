"""`chatkit-tui export`: what it writes, refuses, leaves alone and goes on with."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest

from chatkit_tui.cli.export import FORMATS
from chatkit_tui.emulator import Emulator
from chatkit_tui.export.formats import ExportFormat
from chatkit_tui.export.manifest import NAME
from tests.cli.conftest import Command
from tests.fork_server import Program
from tests.full_disk import largest_file
from tests.piped import Piped, run, run_into
from tests.sync.test_kill import wait_until

THREADS, ITEMS = 12, 30
OF_FILES = [kind for kind in FORMATS if kind != "parquet"]
"""The formats with one file per thread."""


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(threads=THREADS, items=ITEMS)


def written(folder: Path) -> dict[str, list[dict[str, object]]]:
    """The rows of each file in JSON lines, by the id of its thread."""
    found = {}
    for path in folder.iterdir():
        assert path.suffix == ".jsonl", path
        rows = [json.loads(line) for line in path.read_bytes().splitlines()]
        if path.name != NAME:
            assert rows[-1] == {"end": {"items": len(rows) - 3}}
            found[rows[1]["thread"]["id"]] = rows
    return found


# -- one thread ------------------------------------------------------------------------------------


def test_the_formats_of_the_command_are_those_that_there_are() -> None:
    assert {*FORMATS} >= {*ExportFormat}


@pytest.mark.parametrize("kind", OF_FILES)
def test_a_file_has_the_format_of_its_suffix(
    chatkit: Command, thread_id: str, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"a.{kind}"
    ended = chatkit("export", thread_id, "--output", str(file))
    assert (ended.code, ended.errors) == (0, "")
    assert ended.output == f"1 thread exported to {file}: {ITEMS} items.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    text = file.read_bytes()
    ended = chatkit("export", thread_id, "--output", "-", "--format", kind)
    assert ended.code == 0
    assert [line for line in ended.raw.splitlines() if b"fetched" not in line] == [
        line for line in text.splitlines() if b"fetched" not in line
    ]


def test_rows_are_those_of_the_server(chatkit: Command, thread_id: str) -> None:
    raw = chatkit("threads", "items", thread_id, "--all", "--order", "asc", "--json").raw
    items = json.loads(raw)["data"]
    exported = chatkit("export", thread_id, "--output", "-", "--format", "json")
    value = json.loads(exported.raw)
    assert value["items"] == items
    assert value["thread"] == json.loads(chatkit("threads", "show", thread_id, "--json").raw)
    assert value["export"]["complete"] is True


def test_a_file_is_replaced_only_with_force(
    chatkit: Command, emulator: Emulator, thread_id: str, tmp_path: Path
) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("mine")
    ended = chatkit("export", thread_id, "--output", str(file))
    assert (ended.code, ended.output) == (2, "")
    assert f"{file} exists: --force replaces it" in ended.errors
    assert file.read_text() == "mine"
    assert not emulator.requests
    assert chatkit("export", thread_id, "--output", str(file), "--force").code == 0
    assert thread_id in file.read_text()


def test_a_thread_that_is_not_there_leaves_no_file(
    chatkit: Command, address: str, tmp_path: Path
) -> None:
    for output in (tmp_path / "a.md", tmp_path / "a.jsonl"):
        ended = chatkit("export", "cthr_none", "--output", str(output))
        assert (ended.code, ended.output) == (4, ""), address
        assert "cthr_none: Not found (404)" in ended.errors
        assert len(ended.errors.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_list_that_fails_in_the_middle_is_written_as_incomplete(
    chatkit: Command, emulator: Emulator, tmp_path: Path, address: str
) -> None:
    emulator.faults = ("endless-list@threads.list_items",)
    file = tmp_path / "a.jsonl"
    ended = chatkit("export", emulator.thread_id(), "--output", str(file))
    assert ended.code == 1, address
    assert ended.output.endswith("1 thread incomplete.\n")
    facts = json.loads(file.read_bytes().splitlines()[0])["export"]
    assert facts["complete"] is False
    assert f"is incomplete: {facts['incomplete_reason']}" in ended.errors


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--output", "a"), "Give either ids, --user or --all."),
        (("cthr_1", "--all", "--output", "a"), "Give either ids, --user or --all."),
        (("--user", "a", "--all", "--output", "a"), "Give either ids, --user or --all."),
        (("cthr_1",), "Missing option '--output'"),
        (("cthr_1", "cthr_2", "--output", "a.md"), "take one thread"),
        (("--all", "--output", "-"), "take one thread"),
        (("--user", "a", "--output", "-", "--format", "html"), "take one thread"),
        (("cthr_1", "--output", "-", "--json"), "exclude each other"),
        (("cti_1", "--output", "a"), "the id of an item"),
        (("cthr_1", "--output", "a", "--format", "docx"), "is not one of"),
        (("cthr_1", "--output", "a.pdf"), "a.pdf is no file of an export (md, html, json,"),
        (("cthr_1", "--output", "x/a.docx", "--format", "md"), "for a folder: x/a.docx/"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_a_request(
    chatkit: Command,
    emulator: Emulator,
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = chatkit("export", *arguments)
    assert (ended.code, ended.output) == (2, ""), address
    assert words in ended.errors
    assert not emulator.requests
    assert list(tmp_path.iterdir()) == []


# -- several ---------------------------------------------------------------------------------------


def test_a_folder_gets_a_file_a_thread_and_is_not_read_again(
    chatkit: Command, emulator: Emulator, address: str, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    arguments = ("export", "--all", "--format", "jsonl", "--output", str(folder))
    ended = chatkit(*arguments)
    assert (ended.code, ended.errors) == (0, ""), address
    assert ended.output == f"{THREADS} threads exported to {folder}: {THREADS * ITEMS:,} items.\n"
    files = written(folder)
    assert len(files) == THREADS
    assert {*files} == {emulator.thread_id(number) for number in range(THREADS)}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    emulator.requests.clear()
    ended = chatkit(*arguments, "--json")
    assert json.loads(ended.output) == {
        "output": str(folder), "format": "jsonl", "exported": 0, "items": 0,
        "already_done": THREADS, "incomplete": {}, "failed": {}, "listing_reason": None,
            "redacted": None,
    }  # fmt: skip
    assert {request.operation for request in emulator.requests} == {"threads.list"}
    assert chatkit(*arguments, "--force").output.startswith(f"{THREADS} threads exported")


def test_ids_from_standard_input_are_exported(
    emulator: Emulator, address: str, tmp_path: Path
) -> None:
    ids = [emulator.thread_id(number) for number in (3, 1)]
    typed = "".join(f"{each}\n" for each in ids)
    done = run("export", "-", "--output", "-", "--format", "jsonl", typed=typed)
    assert (done.returncode, done.stderr) == (0, ""), address
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["thread"]["id"] for row in rows if "thread" in row] == ids
    assert [row for row in rows if "end" in row] == [{"end": {"items": ITEMS}}] * 2


def test_the_threads_of_a_user_are_exported(
    chatkit: Command, emulator: Emulator, address: str, tmp_path: Path
) -> None:
    listed = chatkit("threads", "list", "--all").output.splitlines()
    users = [line.split("\t")[2] for line in listed]
    user = next(name for name in users if name != "-")
    ended = chatkit("export", "--user", user, "--output", str(tmp_path / "a.jsonl"))
    assert ended.code == 0, address
    rows = map(json.loads, (tmp_path / "a.jsonl").read_bytes().splitlines())
    assert [row["thread"]["user"] for row in rows if "thread" in row] == [user] * users.count(user)


def test_a_failing_thread_is_listed_and_the_rest_goes_on(
    chatkit: Command, thread_id: str, tmp_path: Path
) -> None:
    folder = tmp_path / "a"
    ended = chatkit("export", "cthr_none", thread_id, "--format", "jsonl", "--output", str(folder))
    assert ended.code == 1
    assert ended.errors.startswith("chatkit-tui: cthr_none: Not found (404)")
    assert ended.output.splitlines() == [
        f"1 thread exported to {folder}: {ITEMS} items.",
        "1 thread failed.",
    ]
    assert [*written(folder)] == [thread_id]
    file = tmp_path / "a.jsonl"
    assert chatkit("export", "cthr_none", thread_id, "--output", str(file)).code == 1
    assert json.loads(file.read_bytes().splitlines()[1])["thread"]["id"] == thread_id


def test_a_refused_key_ends_an_export_with_3(
    chatkit: Command, emulator: Emulator, address: str, tmp_path: Path
) -> None:
    emulator.faults = ("unauthorized@threads.list_items",)
    for output in (tmp_path / "a", tmp_path / "a.jsonl"):
        ended = chatkit("export", "--all", "--output", str(output))
        assert ended.code == 3, address
        assert ended.errors.count("(401)") == 1


def test_an_archive_is_exported_without_network(
    chatkit: Command, archive: str, tmp_path: Path
) -> None:
    folder = tmp_path / "a"
    ended = chatkit(
        "export", "--archive", archive, "--all", "--format", "jsonl", "--output", str(folder)
    )
    assert (ended.code, ended.errors) == (0, "")
    facts = [rows[0]["export"] for rows in written(folder).values()]
    assert len(facts) > 20
    assert {fact["source"] for fact in facts if isinstance(fact, dict)} == {
        f"archive, {Path(archive).name}"
    }


# -- what goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize("room", [200, 3_000, 8_000])
@pytest.mark.parametrize("output", ["folder", "a.jsonl"])
def test_a_full_disk_is_one_line_and_leaves_nothing_half_written(
    chatkit: Command, address: str, tmp_path: Path, room: int, output: str
) -> None:
    target = tmp_path / output
    with largest_file(room):
        ended = chatkit("export", "--all", "--format", "jsonl", "--output", str(target))
    assert ended.code == 1, address
    (line,) = ended.errors.splitlines()
    assert "cannot be written: File too large." in line
    assert "a.jsonl" not in ended.output
    if output == "folder":
        written(target)
        assert chatkit("export", "--all", "--format", "jsonl", "--output", str(target)).code == 0
        assert len(written(target)) == THREADS
    else:
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="made for Unix permissions")
def test_a_folder_that_cannot_be_written_is_one_line(
    chatkit: Command, thread_id: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for output in (f"{tmp_path}/file/a/", f"{tmp_path}/none/a.md", "/proc/a.md", "/proc/a"):
        ended = chatkit("export", thread_id, "--output", output)
        assert (ended.code, ended.output) == (1, "")
        (line,) = ended.errors.splitlines()
        assert "cannot be written: " in line


def test_standard_output_that_is_full_or_closed_ends_the_export(
    address: str, thread_id: str
) -> None:
    done = run_into("/dev/full", "export", thread_id, "--output", "-")
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert run_into("|", "export", thread_id, "--output", "-").returncode == 0


# -- interruptions ---------------------------------------------------------------------------------


def _kill_after(
    program: Program, reached: Callable[[], bool], number: signal.Signals
) -> tuple[int, str]:
    with Piped(program) as running:
        wait_until(reached, running)
        running.send_signal(number)
        ended = running.end()
    return ended.returncode, ended.stderr


def test_a_kill_at_any_moment_loses_nothing_that_was_written(
    emulator: Emulator, address: str, tmp_path: Path, chatkit: Command
) -> None:
    folder = tmp_path / "a"
    export = ["export", "--all", "--format", "jsonl", "--output", str(folder)]
    emulator.latency = 15
    done = 0
    for requests in (1, 3, 6, 8):
        emulator.requests.clear()
        code, _ = _kill_after(
            Program(export),
            lambda: len(emulator.requests) >= requests,  # noqa: B023 # used here
            signal.SIGKILL,
        )
        assert code == -signal.SIGKILL, address
        if folder.exists():
            left = [path for path in folder.iterdir() if path.name.startswith(".")]
            for path in left:  # what was being written, and its lock
                assert path.name.endswith((".new", ".lock"))
            whole = [*folder.glob("2*.jsonl")]
            assert all(b'{"end": ' in path.read_bytes().splitlines()[-1] for path in whole)
            assert len(whole) >= done
            done = len(whole)
    emulator.latency = 0
    ended = chatkit(*export, "--json")
    counts = json.loads(ended.output)
    assert (ended.code, ended.errors) == (0, "")
    assert counts["exported"] + counts["already_done"] == THREADS
    assert len(written(folder)) == THREADS


@pytest.mark.parametrize("output", ["folder", "a.jsonl"])
def test_an_interrupted_export_exits_with_130(
    emulator: Emulator, address: str, tmp_path: Path, output: str
) -> None:
    target = tmp_path / output
    emulator.latency = 100
    code, errors = _kill_after(
        Program(["export", "--all", "--format", "jsonl", "--output", str(target)]),
        lambda: len(emulator.requests) >= 4,
        signal.SIGINT,
    )
    assert code == 130, address
    assert "Interrupted." in errors
    if output == "folder":
        assert "the next export continues from there" in errors
        written(target)
    else:
        assert list(tmp_path.iterdir()) == []


# -- Parquet ---------------------------------------------------------------------------------------


def test_parquet_has_every_item_of_every_thread(
    chatkit: Command, thread_id: str, tmp_path: Path
) -> None:
    for expected in (f"{THREADS} threads exported", "0 threads exported"):
        ended = chatkit("export", "--all", "--output", str(tmp_path), "--format", "parquet")
        assert (ended.code, ended.errors) == (0, "")
        assert ended.output.startswith(expected)
        files = list((tmp_path / "items").glob("month=*/*.parquet"))
        counts = [pyarrow.parquet.ParquetFile(file).metadata.num_rows for file in files]
        assert sum(counts) == THREADS * ITEMS


def test_a_full_disk_leaves_nothing_of_a_dataset(
    chatkit: Command, address: str, tmp_path: Path
) -> None:
    with largest_file(1_500):
        ended = chatkit("export", "--all", "--output", str(tmp_path), "--format", "parquet")
    assert (ended.code, ended.output) == (1, ""), address
    (line,) = ended.errors.splitlines()
    assert "items cannot be written: File too large." in line
    assert list((tmp_path / "items").iterdir()) == []


def test_parquet_is_no_single_file(chatkit: Command, thread_id: str, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    for options in (["--output", str(file)], ["--output", "-", "--format", "parquet"]):
        ended = chatkit("export", thread_id, *options)
        assert (ended.code, ended.output) == (2, "")
        assert "give --output a folder" in ended.errors
    assert not file.exists()


def test_parquet_without_its_extra_is_wrong_usage(
    chatkit: Command, thread_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    folder = tmp_path / "all"
    ended = chatkit("export", "--all", "--output", str(folder), "--format", "parquet")
    assert ended.code == 2
    assert "pip install 'chatkit-tui[parquet]'" in ended.errors
    assert not folder.exists()
