"""New private files that are complete once they have their name."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chatkit_tui.storage.private_file import FileLock, open_file, write_all


@contextmanager
def new_file(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """Yield the path of an empty file beside, which gets the name `path` at the end.

    What a killed program left of one is removed. Raise `FileExistsError` if the name is taken,
    unless `replace`, and `OSError`, also if another program writes the file.
    """
    unfinished = _unfinished(path)
    lock = FileLock.take(_lock(unfinished))
    if lock is None:
        raise OSError(errno.EBUSY, "another program is writing it")
    try:
        unfinished.unlink(missing_ok=True)
        with open_file(unfinished, os.O_RDWR | os.O_EXCL):
            pass
        yield unfinished
        if replace:
            unfinished.replace(path)
        else:
            _give_name(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
        lock.release()


def write_new_file(path: Path, pieces: Iterable[bytes], *, replace: bool = False) -> None:
    """Write a file durably; see `new_file`. Raise `OSError`, and what `pieces` raises."""
    with (
        new_file(path, replace=replace) as unfinished,
        open_file(unfinished, os.O_WRONLY) as descriptor,
    ):
        for piece in pieces:
            write_all(descriptor, piece)
        os.fsync(descriptor)


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _lock(unfinished: Path) -> Path:
    return unfinished.with_name(f"{unfinished.name}.lock")


def _give_name(unfinished: Path, path: Path) -> None:
    """Give a file its name, unless the name is taken."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(errno.EEXIST, "File exists", str(path)) from None
        unfinished.rename(path)
