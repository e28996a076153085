"""Files that their owner alone can read, and that several programs may write at once."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from chatkit_tui.secrets import redact_json

try:
    import fcntl
except ImportError:  # Windows: appends of one line do not tear there
    fcntl = None  # type: ignore[assignment]


OWN_FOLDER = "chatkit-tui"
"""The name of the folders that are the program's own, wherever the platform has them."""


LOCKED_WITHIN = 5.0
"""Seconds in which others that write a file have to let go of it: each holds it for some lines."""


def make_folder(folder: Path) -> None:
    """A folder for its owner alone, made with all above it when it is not there.

    Where it lies in a folder of the program's name, that is for its owner alone, too. Raises
    `OSError`.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):  # one by one: those above would be made as the umask has it
        place.mkdir(mode=0o700, exist_ok=True)
    for place in (folder, folder.parent):
        if OWN_FOLDER in (place.name, place.parent.name) and place.stat().st_mode & 0o077:
            with suppress(OSError):  # another's folder
                place.chmod(0o700)


def open_private(path: Path, flags: int) -> int:
    """The descriptor of a file for its owner alone, made when it is not there. Raises `OSError`.

    One that others could read is closed to them. A terminal or a pipe stays as it is.
    """
    descriptor = os.open(path, flags | os.O_CREAT, 0o600)
    found = os.fstat(descriptor).st_mode
    if stat.S_ISREG(found) and found & 0o077:
        with suppress(OSError, AttributeError):  # another's file, or Windows
            os.fchmod(descriptor, 0o600)
    return descriptor


@contextmanager
def opened(path: Path, flags: int) -> Iterator[int]:
    """A file open for its owner alone, made when it is not there. Raises `OSError`."""
    descriptor = open_private(path, flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among those that write a file; makes its folder when it is not there.

    The lock is a file of its own beside it: the file itself may be replaced. Raises `OSError`, also
    when another program does not let go of it, as one that was stopped in the middle.
    """
    make_folder(path.parent)
    with opened(path.with_name(f"{path.name}.lock"), os.O_RDWR) as descriptor:
        if fcntl is not None:
            _wait_for_lock(descriptor)
        yield


def check_file(path: Path) -> None:
    """Raise `OSError` where a path leads to something that would be read or waited for without
    end: a pipe, a device. What is not there, or a folder, fails or not when it is opened."""
    try:
        found = path.stat().st_mode
    except OSError:
        return
    if not (stat.S_ISREG(found) or stat.S_ISDIR(found)):
        raise OSError(errno.EINVAL, "not a file")


def append_lines(path: Path, rows: list[dict[str, Any]], *, durable: bool = False) -> None:
    """Add JSON objects at the end of a file, one on a line; a line that was cut short before them
    stays alone. What is or looks like a key is redacted. With `durable`, they are on the disk
    afterwards. Raises `OSError`."""
    text = b"".join(json.dumps(redact_json(row)).encode() + b"\n" for row in rows)
    with opened(path, os.O_RDWR | os.O_APPEND) as descriptor:
        size = os.fstat(descriptor).st_size
        if size:
            os.lseek(descriptor, size - 1, os.SEEK_SET)
            if os.read(descriptor, 1) != b"\n":
                text = b"\n" + text
        write_whole(descriptor, text)
        if durable:
            os.fsync(descriptor)


def write_whole(descriptor: int, text: bytes) -> None:
    """Write all of a text: in one call, as long as the system takes it. Raises `OSError`."""
    while text:
        text = text[os.write(descriptor, text) :]


def parse_line(line: bytes) -> dict[str, Any]:
    """The JSON object on a line; empty for anything else."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


class Hold:
    """A lock that is held until it is let go, or until the program ends in whatever way."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> Hold | None:
        """Take the lock in a file, made when it is not there; None while another program, or
        another part of this one, has it. Raises `OSError`."""
        descriptor = open_private(path, os.O_RDWR)
        # The file of a lock that was given up after it was opened here is gone: others lock anew.
        if _try_lock(descriptor) and _is_at(path, descriptor):
            return cls(path, descriptor)
        os.close(descriptor)
        return None

    def let_go(self, *, keep: bool = False) -> None:
        """Give the lock up; its file goes as well, unless it is to be kept."""
        if not keep:
            with suppress(OSError):
                self._path.unlink()
        os.close(self._descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    """Return whether a path still leads to an open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def _wait_for_lock(descriptor: int) -> None:
    end = monotonic() + LOCKED_WITHIN
    while not _try_lock(descriptor):
        if monotonic() > end:
            raise OSError(errno.EBUSY, "another program keeps it locked")
        sleep(0.005)


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        elif fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except PermissionError:  # how Windows says that it is taken
        return False
    return True
