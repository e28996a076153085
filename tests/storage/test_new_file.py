"""A new file has its name only once it is complete."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_tui.storage.new_file import new_file, write_new_file


def test_a_file_is_private_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_new_file(path, [b"one", b"two"])
    assert path.read_bytes() == b"onetwo"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_taken_name_is_replaced_only_if_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_new_file(path, [b"new"])
    assert path.read_bytes() == b"old"
    write_new_file(path, [b"new"], replace=True)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def pieces() -> Iterator[bytes]:
        yield b"new"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_new_file(path, pieces(), replace=True)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_programs_do_not_write_one_file(tmp_path: Path) -> None:
    with new_file(tmp_path / "a"), pytest.raises(OSError, match="another program"):
        write_new_file(tmp_path / "a", [])


def test_what_a_killed_program_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".a.new.lock").touch()
    (tmp_path / ".a.new").write_bytes(b"half")
    write_new_file(tmp_path / "a", [b"whole"])
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"whole")]
