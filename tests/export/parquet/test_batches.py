"""Each row is in the dataset exactly once, wherever an export was killed."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet
import pytest

from chatkit_tui.errors import ExportError
from chatkit_tui.export.exported_thread import ExportedThread, ExportFacts
from chatkit_tui.export.formats import ExportFormat
from chatkit_tui.export.manifest import Manifest, State
from chatkit_tui.export.parquet import dataset
from chatkit_tui.export.parquet.batches import MOST_SECONDS, ParquetExport
from chatkit_tui.export.parquet.dataset import FOLDER, Dataset
from tests.export.html.pages import exported
from tests.export.parquet.test_rows import item

PARTIAL = ExportFacts(1_796_000_000, "x", is_complete=False, incomplete_reason="page 3 failed")


def thread(name: str, items: int = 2, facts: ExportFacts | None = None) -> ExportedThread:
    """Return a thread whose items are of successive months."""
    made = [
        item("task", id=f"{name}_{number}", created_at=1_760_000_000 + number * 31 * 86_400)
        for number in range(items)
    ]
    return exported(made, {"id": name}, facts)


def add(export: ParquetExport, name: str, items: int = 2, facts: ExportFacts | None = None) -> None:
    with thread(name, items, facts) as one:
        export.add(one)


def open_manifest(folder: Path, *, start_over: bool = False) -> Manifest:
    return Manifest.open(folder, "x", started_at=0, redacted=False, start_over=start_over)


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[Manifest]:
    with open_manifest(tmp_path) as opened:
        yield opened


@pytest.fixture
def export(tmp_path: Path, manifest: Manifest) -> ParquetExport:
    return ParquetExport.open(tmp_path, manifest, start_over=False)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / FOLDER).rglob("*") if path.is_file())


def ids(folder: Path) -> list[str]:
    """Return the ids of the items of all files, as often as they are there."""
    found: list[str] = []
    for path in files(folder):
        found += pyarrow.parquet.ParquetFile(path).read(["item_id"])["item_id"].to_pylist()
    return sorted(found)


def test_threads_share_the_files_of_their_months(tmp_path: Path, export: ParquetExport) -> None:
    add(export, "a")
    add(export, "b")
    assert not list(tmp_path.glob("**/*.parquet"))
    export.end()
    assert [path.parent.name for path in files(tmp_path)] == ["month=2025-10", "month=2025-11"]
    assert ids(tmp_path) == ["a_0", "a_1", "b_0", "b_1"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(tmp_path)} == {0o600}


def test_a_thread_is_done_when_its_files_are_there(
    export: ParquetExport, manifest: Manifest
) -> None:
    add(export, "a")
    assert manifest.entry("a", ExportFormat.PARQUET) is None
    export.end()
    entry = manifest.entry("a", ExportFormat.PARQUET)
    assert entry is not None
    assert entry.state is State.DONE


def test_a_batch_ends_by_itself(tmp_path: Path, manifest: Manifest) -> None:
    export = ParquetExport(tmp_path, manifest, most_items=3)
    add(export, "a")
    add(export, "b")
    assert ids(tmp_path) == ["a_0", "a_1"]
    export.end()
    assert ids(tmp_path) == ["a_0", "a_1", "b_0", "b_1"]


def test_a_batch_ends_after_a_time(tmp_path: Path, manifest: Manifest) -> None:
    seconds = 0.0
    export = ParquetExport(tmp_path, manifest, now=lambda: seconds)
    for name in ("a", "b", "c"):
        add(export, name)
        assert ids(tmp_path) == ([] if name != "c" else ["a_0", "a_1", "b_0", "b_1"])
        seconds += MOST_SECONDS - 1
    export.end()
    assert len(ids(tmp_path)) == 6


def test_an_incomplete_thread_is_replaced_when_it_is_read_again(
    tmp_path: Path, export: ParquetExport
) -> None:
    add(export, "a")
    add(export, "b", 1, PARTIAL)
    add(export, "c")
    assert ids(tmp_path) == ["a_0", "a_1", "b_0"]
    add(export, "b")
    assert ids(tmp_path) == ["a_0", "a_1", "b_0", "b_1", "c_0", "c_1"]


def test_a_discarded_batch_leaves_nothing(
    tmp_path: Path, export: ParquetExport, manifest: Manifest
) -> None:
    add(export, "a")
    export.close()
    assert files(tmp_path) == []
    assert manifest.entry("a", ExportFormat.PARQUET) is None


def kill_after_finish(written: Dataset, after: int) -> Callable[[], None]:
    """Return a `publish` that gives some files their names, as if the program was killed then."""

    def publish() -> None:
        for part in written._finished[:after]:
            part.path.parent.mkdir(parents=True, exist_ok=True)
            part.unfinished.rename(part.path)
        raise KeyboardInterrupt

    return publish


@pytest.mark.parametrize("named", [0, 1, 2])
def test_files_of_a_killed_batch_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: int
) -> None:
    with open_manifest(tmp_path) as manifest:
        export = ParquetExport.open(tmp_path, manifest, start_over=False)
        add(export, "z")
        export.end()
        add(export, "a")
        killed = kill_after_finish(export._dataset, named)
        monkeypatch.setattr(export._dataset, "publish", killed)
        with pytest.raises(KeyboardInterrupt):
            export.end()
    with open_manifest(tmp_path) as manifest:
        again = ParquetExport.open(tmp_path, manifest, start_over=False)
        assert ids(tmp_path) == ["z_0", "z_1"]
        entry = manifest.entry("a", ExportFormat.PARQUET)
        assert entry is None or entry.state is not State.DONE
        add(again, "a")
        again.end()
    assert ids(tmp_path) == ["a_0", "a_1", "z_0", "z_1"]


def test_a_batch_with_one_thread_that_is_done_is_done(tmp_path: Path) -> None:
    with open_manifest(tmp_path) as manifest:
        export = ParquetExport.open(tmp_path, manifest, start_over=False)
        add(export, "a")
        add(export, "b")
        export.end()
    record = tmp_path / "chatkit-export.jsonl"
    lines = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(b"".join(lines[:-1]))  # it was killed before the last line
    with open_manifest(tmp_path) as manifest:
        ParquetExport.open(tmp_path, manifest, start_over=False)
        entry = manifest.entry("b", ExportFormat.PARQUET)
        assert entry is not None
        assert entry.state is State.DONE
    assert ids(tmp_path) == ["a_0", "a_1", "b_0", "b_1"]


def test_files_that_are_not_in_the_record_stay(tmp_path: Path) -> None:
    with open_manifest(tmp_path) as manifest:
        export = ParquetExport.open(tmp_path, manifest, start_over=False)
        add(export, "a")
        export.end()
    (tmp_path / "chatkit-export.jsonl").unlink()
    with open_manifest(tmp_path) as manifest:
        with pytest.raises(ExportError, match="--force"):
            ParquetExport.open(tmp_path, manifest, start_over=False)
        assert ids(tmp_path) == ["a_0", "a_1"]
        ParquetExport.open(tmp_path, manifest, start_over=True)
        assert files(tmp_path) == []


def test_other_files_are_never_removed(tmp_path: Path) -> None:
    other = tmp_path / FOLDER / "month=2025-10" / "part-mine.parquet"
    other.parent.mkdir(parents=True)
    other.touch()
    with open_manifest(tmp_path) as manifest:
        ParquetExport.open(tmp_path, manifest, start_over=True)
    assert other.exists()


def test_a_folder_that_cannot_be_written_is_one_error(
    tmp_path: Path, export: ParquetExport
) -> None:
    (tmp_path / FOLDER).write_bytes(b"")
    add(export, "a")
    with pytest.raises(ExportError, match="items cannot be written"):
        export.end()


def test_half_a_character_becomes_a_question_mark(tmp_path: Path, export: ParquetExport) -> None:
    facts = PARTIAL._replace(source="\ud800", incomplete_reason="half \ud83d")
    with exported([item("task")], facts=facts) as one:
        export.add(one)
    export.end()
    (file,) = files(tmp_path)
    (row,) = pyarrow.parquet.ParquetFile(file).read().to_pylist()
    assert (row["source"], row["incomplete_reason"]) == ("?", "half ?")


def test_neither_memory_nor_open_files_grow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "MOST_OPEN", 2)
    writer = Dataset(tmp_path / FOLDER, most_buffered=600)
    most = 0
    for name in "abc":
        with thread(name, 6) as one:
            writer.add(one)
            most = max(most, len(writer._open))
    assert writer._buffered < 600
    assert most == 2
    writer.finish()
    writer.publish()
    assert len(ids(tmp_path)) == 18
    assert len(files(tmp_path)) > 6
