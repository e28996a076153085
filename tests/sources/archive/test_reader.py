"""An archive read from Python, as the README shows it."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from chatkit_tui.errors import ArchiveError, InvalidArgumentError, NotFoundError
from chatkit_tui.sources.archive import ArchiveReader, ListQuery, SearchQuery
from chatkit_tui.sources.archive.search import Indexed
from chatkit_tui.storage.sqlite import has_log
from tests.sources.archive.builder import archive, follow, message, read_only_folder, writing

README = (Path(__file__).parents[3] / "README.md").read_text()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "home.ckarchive"
    archive(path, {"a": [message("1", "a refund"), message("2")], "b": [message("3")]})
    return path


def test_the_example_of_the_readme_runs(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = re.search(r"<!-- python:.*?```python\n(.*?)```", README, re.DOTALL)
    assert example is not None
    monkeypatch.chdir(path.parent)
    exec(example[1], {})  # noqa: S102 - the README's own
    assert capsys.readouterr().out == "a About a 2\nb About b 1\na 1 a refund\n"


def test_errors_are_those_of_the_docstrings(path: Path) -> None:
    with ArchiveReader(str(path)) as reader:
        with pytest.raises(NotFoundError):
            reader.items("c", ListQuery())
        with pytest.raises(InvalidArgumentError):
            reader.search(SearchQuery("-refund"))
    with pytest.raises(ArchiveError):
        ArchiveReader(path.with_name("other"))


def test_info_is_that_of_one_moment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(path) as writer, ArchiveReader(path) as reader:
        indexed = reader.searcher.indexed

        def indexed_later() -> Indexed:
            follow(writer, "b", [message("3"), message("4")])
            writer.commit()
            return indexed()

        monkeypatch.setattr(reader.searcher, "indexed", indexed_later)
        info = reader.info()
        assert (info.items, info.indexed) == (3, (3, 0))
        assert indexed() == (4, 0)


def test_an_archive_that_a_sync_left_beside_a_reader_is_read_from_a_read_only_place(
    path: Path,
) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with read_only_folder() as folder:
        shutil.copy(path, folder / "file")
        connection.close()
        (folder / "file").chmod(0o444)
        folder.chmod(0o555)
        if os.geteuid() == 0:
            os.seteuid(65_534)
        with ArchiveReader(folder / "file") as reader:
            assert reader.thread_ids() == ["a", "b"]


def test_a_file_is_whole_without_its_log_beside_an_open_reader(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_tui.storage.sqlite.BUSY_SECONDS", 0.01)
    with ArchiveReader(path) as reader:
        with writing(path) as writer:
            writer.begin_listing("somebody")
            writer.commit()
            assert reader.thread_ids() == ["a", "b"]  # in the log from now on
        connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
        assert connection.execute("SELECT user FROM listing").fetchall()[-1] == ("somebody",)
        connection.close()
        assert not has_log(path)
