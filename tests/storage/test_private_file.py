"""Private files and folders, with any umask and any earlier mode."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_tui.cli.logs import log_crash
from chatkit_tui.storage.private_file import make_folder, open_private

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_and_its_new_parents_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "local" / "state" / "chatkit-tui" / "log"
    make_folder(folder)
    for made in (folder, *folder.parents[:3]):
        assert mode(made) == 0o700


def test_only_folders_of_the_program_become_private(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "chatkit-tui" / "log"
    folder.mkdir(parents=True)
    make_folder(folder)
    assert mode(folder) == mode(folder.parent) == 0o700
    assert mode(tmp_path / "state") == 0o777


def test_a_file_that_others_could_read_becomes_private(tmp_path: Path) -> None:
    log = tmp_path / "chatkit-tui" / "crashes.log"
    log.parent.mkdir()
    log.touch()
    log_crash(RuntimeError(), log)
    assert (mode(log), mode(log.parent)) == (0o600, 0o700)


def test_a_path_that_is_no_file_keeps_its_mode(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o666)
    os.close(open_private(pipe, os.O_RDWR, only_files=False))
    assert mode(pipe) == 0o666
