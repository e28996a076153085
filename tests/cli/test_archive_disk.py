"""`archive` on a disk that is full or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.full_disk import largest_file
from tests.held_emulator import HeldEmulator


@pytest.fixture
def emulator() -> HeldEmulator:
    """An API of which an archive needs more room than any of these disks has."""
    return HeldEmulator(3, 300)


def test_a_copy_to_a_full_disk_names_the_copy(chatkit: Command, archive: str) -> None:
    with largest_file(400_000):
        ended = chatkit("archive", "copy", archive, f"{archive}.copy")
    assert (ended.code, ended.output) == (1, "")
    assert f"{archive}.copy cannot be written" in ended.errors
    assert "Free space" in ended.errors
    assert not Path(f"{archive}.copy").exists()


def test_a_removal_on_a_full_disk_has_failed(chatkit: Command, archive: str) -> None:
    with largest_file(10_000):
        ended = chatkit("archive", "remove", archive, "--yes", "--user", "user_48213")
    assert (ended.code, ended.output) == (1, "")
    assert "cannot be written" in ended.errors


def test_a_copy_into_a_folder_that_is_not_there_is_wrong_usage(
    chatkit: Command, archive: str
) -> None:
    ended = chatkit("archive", "copy", archive, f"{archive}.gone/copy")
    assert ended.code == 2
    assert "No such file or directory" in ended.errors
    assert "Free space" not in ended.errors


@pytest.mark.parametrize("room", [400_000, 150_000, 20_000])
def test_a_full_disk_is_one_line_without_counts(
    chatkit: Command, address: str, file: Path, room: int
) -> None:
    with largest_file(room):
        ended = chatkit("archive", "sync", str(file))
    assert (ended.code, ended.output) == (1, ""), address
    notice, line = ended.errors.splitlines()
    assert "personal data" in notice
    assert "cannot be written" in line
    assert "Free space, then run the command again." in line
    if file.exists():
        assert chatkit("archive", "verify", str(file)).output == "no damage\n"
    assert chatkit("archive", "sync", str(file)).code == 0
