"""Temporary folders are private, and those of killed programs are removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatkit_tui.storage.temporary_folder import temporary_folder

NO_PROCESS = 4194305  # no process can have this id


def test_folders_of_ended_programs_are_removed_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    left = tmp_path / f"chatkit-tui-{NO_PROCESS}-x"
    running = tmp_path / f"chatkit-tui-{os.getppid()}-x"
    other = tmp_path / "chatkit-tui-other"
    target = tmp_path / "target"
    link = tmp_path / f"chatkit-tui-{NO_PROCESS}-link"
    for folder in (left, running, other, target):
        folder.mkdir()
        (folder / "file").touch()
    link.symlink_to(target)
    with temporary_folder() as folder:
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "file").touch()
    assert sorted(tmp_path.iterdir()) == sorted([running, other, target, link])
    assert (target / "file").exists()
