"""What is remembered is private, survives other versions, and never stops the program."""

from __future__ import annotations

import json
from pathlib import Path
from stat import S_IMODE

import pytest

from chatkit_tui.storage.remembered import Remembered, read_remembered, remember


def test_a_value_is_remembered_in_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "chatkit-tui" / "state.json"
    assert read_remembered(path) == Remembered()
    remember(path, "theme", "nord")
    assert read_remembered(path).values == {"theme": "nord"}
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert S_IMODE(path.parent.stat().st_mode) == 0o700


def test_keys_of_other_versions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"of the future": [1], "theme": "nord"}')
    remember(path, "theme", "gruvbox")
    assert json.loads(path.read_text()) == {"of the future": [1], "theme": "gruvbox"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 20_000, b" " * 70_000])
def test_a_broken_file_is_ignored_with_a_note(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    found = read_remembered(path)
    assert found.values == {}
    assert found.note.startswith(f"{path} is ignored: ")
    remember(path, "theme", "nord")
    assert read_remembered(path) == Remembered({"theme": "nord"})


def test_a_folder_in_its_place_is_ignored_and_told_when_written(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.mkdir()
    assert read_remembered(path).note
    with pytest.raises(OSError, match="directory"):
        remember(path, "theme", "nord")
