"""An archive read from Python, as the README shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatkit_tui.errors import ArchiveError, InvalidArgumentError, NotFoundError
from chatkit_tui.sources.archive import ArchiveReader, ListQuery, SearchQuery
from tests.sources.archive.builder import archive, message

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
