"""An export to a folder goes on where an earlier one ended, and replaces only its own files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pyarrow.parquet
import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    AuthenticationError,
    ExportError,
    InternalServerError,
    UnknownCursorError,
)
from chatkit_tui.export.folder_export import FolderExport, selected_threads
from chatkit_tui.export.formats import ExportFormat
from chatkit_tui.export.manifest import NAME
from chatkit_tui.export.redaction.redactor import Redactor, redactor
from chatkit_tui.export.report import MOST_FAILURES, ExportReport
from chatkit_tui.render import RenderContext
from tests.export.threads import MADE
from tests.sync.memory_source import PAGE_SIZE, MemorySource

CONTEXT = RenderContext(now=MADE)
THREADS = 2 * PAGE_SIZE + 3


@pytest.fixture
def source() -> MemorySource:
    source = MemorySource()
    for number in range(THREADS):
        source.add_thread(f"t{number}", MADE + number, items=1, title="The same")
    return source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a" / "b"


async def export(
    source: MemorySource,
    folder: Path,
    *ids: str,
    kind: ExportFormat = ExportFormat.JSON_LINES,
    start_over: bool = False,
    redacted: bool | Redactor = False,
) -> ExportReport:
    report = ExportReport()

    async def given() -> AsyncIterator[str]:
        for identifier in ids:
            yield identifier

    how = redactor() if redacted is True else redacted or None
    with FolderExport(
        source, folder, kind, CONTEXT, report, redactor=how, start_over=start_over
    ) as running:
        await running.run(given() if ids else selected_threads(source, None, report))
    return report


def files(folder: Path) -> dict[str, str]:
    """The text of each file by the id of its thread."""
    found: dict[str, str] = {}
    for path in folder.glob("*.jsonl"):
        if path.name != NAME:
            text = path.read_text()
            thread_id = json.loads(text.splitlines()[1])["thread"]["id"]
            assert thread_id not in found
            found[thread_id] = text
    return found


def names(folder: Path) -> list[str]:
    """The names of all files but that of the manifest."""
    return [path.name for path in folder.iterdir() if path.name != NAME]


def read_items(text: str) -> list[str]:
    return [row["item"]["id"] for row in map(json.loads, text.splitlines()) if "item" in row]


def states(folder: Path) -> dict[str, str]:
    """The last state of each thread."""
    lines = [json.loads(line) for line in (folder / NAME).read_text().splitlines()]
    assert set(lines[0]) == {"export"}
    return {line["thread_id"]: line["state"] for line in lines[1:]}


async def test_each_thread_has_a_file_and_is_read_once(source: MemorySource, folder: Path) -> None:
    report = await export(source, folder)
    assert (report.exported, report.items, report.failed) == (THREADS, THREADS, {})
    assert (report.to_do, report.done) == (0, THREADS)
    assert files(folder).keys() == source.threads.keys()
    assert all(read_items(text) == [f"{name}.0"] for name, text in files(folder).items())
    assert set(states(folder).values()) == {"done"}
    assert {Path(name).suffix for name in names(folder)} == {".jsonl"}
    source.requests.clear()
    source.add_thread("new", MADE)
    report = await export(source, folder)
    assert (report.exported, report.already_done) == (1, THREADS)
    assert [name for name, _ in source.requests if name != "threads"] == ["new"]


async def test_another_format_is_beside(source: MemorySource, folder: Path) -> None:
    await export(source, folder, "t0")
    report = await export(source, folder, "t0", kind=ExportFormat.MARKDOWN)
    assert report.exported == 1
    stem = "2025-10-16-The-same-t0"
    assert {*names(folder)} == {f"{stem}.jsonl", f"{stem}.md"}


async def test_a_failure_is_noted_and_the_rest_goes_on(source: MemorySource, folder: Path) -> None:
    del source.threads["t1"]
    report = await export(source, folder, "t0", "t1", "t2")
    assert report.failed == {"t1": "No such thread."}
    assert report.exported == 2
    assert states(folder) == {"t0": "done", "t1": "failed", "t2": "done"}
    source.add_thread("t1", MADE, items=1)
    report = await export(source, folder, "t0", "t1", "t2")
    assert (report.exported, report.already_done, report.failed) == (1, 2, {})


async def test_an_incomplete_thread_is_read_again(source: MemorySource, folder: Path) -> None:
    source.add_thread("long", MADE, items=PAGE_SIZE + 1)
    source.failures[3] = InternalServerError("It broke.", status=500)
    report = await export(source, folder, "long")
    assert report.incomplete == {"long": "It broke."}
    assert len(read_items(files(folder)["long"])) == PAGE_SIZE
    source.threads["long"]["title"] = "Another title"
    report = await export(source, folder, "long")
    assert (report.exported, report.incomplete) == (1, {})
    assert len(read_items(files(folder)["long"])) == PAGE_SIZE + 1


async def test_a_file_of_the_user_is_not_replaced(source: MemorySource, folder: Path) -> None:
    await export(source, folder, "t0")
    path = folder.joinpath(*names(folder))
    (folder / NAME).unlink()
    path.write_text("mine")
    report = await export(source, folder, "t0")
    assert report.failed == {"t0": f"{path.name} exists; --force replaces it"}
    report = await export(source, folder, "t0")
    assert report.failed
    assert path.read_text() == "mine"
    report = await export(source, folder, "t0", start_over=True)
    assert report.exported == 1
    assert files(folder).keys() == {"t0"}


async def test_what_a_killed_export_began_is_its_own(source: MemorySource, folder: Path) -> None:
    await export(source, folder, "t0")
    path = folder.joinpath(*names(folder))
    lines = (folder / NAME).read_bytes().splitlines(keepends=True)
    (folder / NAME).write_bytes(b"".join(lines[:-1]) + lines[-1][:20])
    path.write_text("half")
    (folder / f".{path.name}.new").write_text("half")
    report = await export(source, folder, "t0")
    assert (report.exported, report.failed) == (1, {})
    assert files(folder).keys() == {"t0"}
    assert names(folder) == [path.name]


async def test_an_export_that_starts_over_can_be_killed(source: MemorySource, folder: Path) -> None:
    await export(source, folder, "t0", "t1")
    await export(source, folder, "t1", start_over=True)
    report = await export(source, folder, "t0", "t1")
    assert (report.exported, report.already_done, report.failed) == (1, 1, {})
    assert len(names(folder)) == 2


async def test_tokens_of_files_that_are_left_stay_theirs(
    source: MemorySource, folder: Path
) -> None:
    source.add_thread("a", MADE, title="ada@one.example")
    source.add_thread("b", MADE, title="bo@two.example")
    await export(source, folder, "a", redacted=True)
    await export(source, folder, "b", redacted=True, start_over=True)
    text = (folder / NAME).read_text()
    assert '"email": 2' in text
    await export(source, folder, "b", redacted=True, start_over=True)
    assert '"email": 3' in (folder / NAME).read_text()


async def test_no_redacted_export_starts_over_among_other_files(
    source: MemorySource, folder: Path
) -> None:
    await export(source, folder, "t0")
    before = (folder / NAME).read_bytes()
    with pytest.raises(ExportError, match="has files that are not redacted"):
        await export(source, folder, "t0", redacted=True, start_over=True)
    assert (folder / NAME).read_bytes() == before


@pytest.mark.parametrize("name", ["../t", "/t", "a/../../t", ".hidden", "", 5, None])
async def test_a_manifest_does_not_lead_out_of_its_folder(
    source: MemorySource, folder: Path, name: object
) -> None:
    await export(source, folder, "t1")
    line = {"thread_id": "t0", "format": "jsonl", "file": name, "state": "started"}
    with (folder / NAME).open("a") as file:
        file.write(json.dumps(line) + "\nnot JSON\n[]\n")
    await export(source, folder, "t0")
    assert files(folder).keys() == {"t0", "t1"}
    assert [path.name for path in folder.parent.iterdir()] == ["b"]


@pytest.mark.parametrize(
    "error", [APIConnectionError("Gone."), InternalServerError("5", status=500)]
)
async def test_an_export_ends_when_the_server_is_out_of_reach(
    source: MemorySource, folder: Path, error: APIConnectionError | InternalServerError
) -> None:
    source.failures = dict.fromkeys(range(2, 100), error)
    with pytest.raises(type(error)):
        await export(source, folder)
    assert list(states(folder).values()).count("failed") >= MOST_FAILURES
    source.failures = {}
    assert (await export(source, folder)).exported == THREADS


async def test_a_refused_key_ends_an_export_at_once(source: MemorySource, folder: Path) -> None:
    source.failures[3] = AuthenticationError("No.", status=401)
    with pytest.raises(AuthenticationError):
        await export(source, folder, "t0", "t1", "t2", "t3", "t4")
    assert list(states(folder).values()).count("failed") == 1


async def test_a_broken_list_of_threads_is_noted(source: MemorySource, folder: Path) -> None:
    source.ignores_cursors = True
    report = await export(source, folder)
    assert report.exported == PAGE_SIZE
    assert report.listing_reason == "the server gives a cursor that it gave before"


async def test_a_list_that_repeats_threads_exports_each_once(
    source: MemorySource, folder: Path
) -> None:
    source.failures[2] = UnknownCursorError("No such row.")
    report = await export(source, folder)
    assert (report.exported, report.already_done) == (THREADS, 0)


async def test_only_threads_of_a_user_are_selected(source: MemorySource) -> None:
    source.add_thread("of bob", MADE, user="bob")
    rows = [row.id async for row in selected_threads(source, "bob", ExportReport())]
    assert rows == ["of bob"]


async def test_two_exports_do_not_write_one_folder(source: MemorySource, folder: Path) -> None:
    kind = ExportFormat.JSON
    with (
        FolderExport(source, folder, kind, CONTEXT, ExportReport()),
        pytest.raises(ExportError, match="Another program exports to"),
    ):
        FolderExport(source, folder, kind, CONTEXT, ExportReport())
    await export(source, folder, "t0")


async def test_a_folder_has_one_source_and_is_redacted_or_not(
    source: MemorySource, folder: Path
) -> None:
    await export(source, folder, "t0")
    with pytest.raises(ExportError, match="that is not redacted"):
        await export(source, folder, "t0", redacted=True)
    source.info = source.info._replace(host="other.example")
    with pytest.raises(ExportError, match="an export of another source"):
        await export(source, folder, "t0")
    (folder / NAME).write_text("mine\n")
    with pytest.raises(ExportError, match="not the record of an export"):
        await export(source, folder, "t0")
    assert (await export(source, folder, "t0", start_over=True)).exported == 1


async def test_a_folder_without_threads_takes_any_export(
    source: MemorySource, folder: Path
) -> None:
    FolderExport(source, folder, ExportFormat.JSON, CONTEXT, ExportReport()).close()
    source.info = source.info._replace(host="other.example")
    assert (await export(source, folder, "t0")).exported == 1
    (first, *_) = (folder / NAME).read_text().splitlines()
    assert "other.example" in first


async def test_a_redacted_export_names_nothing(source: MemorySource, folder: Path) -> None:
    address = "ada@one.example"
    source.add_thread(address, MADE, title=f"From {address}", user=address)
    source.add_item(address, content=f"It is {address}")
    report = await export(source, folder, address, "no@two.example", redacted=True)
    assert report.exported == 1
    for name in (*names(folder), NAME):
        assert "example" not in name
        assert "@" not in (folder / name).read_text()


async def test_a_folder_that_cannot_be_made_is_one_error(
    source: MemorySource, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match=r"file/b cannot be written: Not a directory\."):
        await export(source, tmp_path / "file" / "b")


# -- Parquet ---------------------------------------------------------------------------------------


def column(folder: Path, name: str) -> list[str]:
    """A value for each row of a dataset."""
    found: list[str] = []
    for path in folder.glob("items/month=*/*.parquet"):
        found += pyarrow.parquet.ParquetFile(path).read([name])[name].to_pylist()
    return sorted(found)


async def test_an_interrupted_dataset_has_each_item_once(
    source: MemorySource, folder: Path
) -> None:
    source.failures[THREADS] = AuthenticationError("The key is not valid.", status=401)
    kind = ExportFormat.PARQUET
    with pytest.raises(AuthenticationError):
        await export(source, folder, kind=kind)
    before = column(folder, "thread_id")
    assert 0 < len(before) == len({*before}) < THREADS
    source.failures.clear()
    await export(source, folder, kind=kind)
    after = column(folder, "thread_id")
    assert len(after) == len({*after}) == THREADS


async def test_tokens_of_two_masks_do_not_meet_in_a_folder(
    source: MemorySource, folder: Path
) -> None:
    source.add_thread("mail", MADE, items=0, title="no@two.example")
    masks = [redactor(), redactor()]
    for mask in masks:
        mask.text("no@one.example")
    await export(source, folder, "mail", redacted=masks[0])
    await export(source, folder, "t0", redacted=masks[0])
    with pytest.raises(ExportError, match="an earlier mask"):
        await export(source, folder, "t1", redacted=masks[1])
    await export(source, folder, "t1", redacted=True)
    assert files(folder).keys() == {"mail", "t0", "t1"}


async def test_what_is_in_a_dataset_is_redacted(source: MemorySource, folder: Path) -> None:
    source.add_thread("mail", MADE, items=1, title="ada@example.com")
    await export(source, folder, "mail", kind=ExportFormat.PARQUET, redacted=True)
    assert column(folder, "thread_title") == ["‹email 1›"]
    assert all(column(folder, "redacted"))
