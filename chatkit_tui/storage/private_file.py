"""Files that their owner alone can read, and that several programs may write at once.

Any name can lead to a pipe, a device or a file without end. Nothing here waits for one longer than
some seconds, or reads more of one than its caller expects.
"""

from __future__ import annotations

import errno
import json
import os
import select
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final, Literal

from chatkit_tui.secrets import redact_json

try:
    import fcntl
except ImportError:  # Windows: appends of one line do not tear there
    fcntl = None  # type: ignore[assignment]


APP_NAME = "chatkit-tui"
"""The name of the folders that are the program's own, wherever the platform has them."""


LOCK_TIMEOUT = 5.0
"""Seconds in which others that write a file have to let go of it: each holds it for some lines."""

MAX_SIZE: Final = 1 << 30
"""Bytes from which a file of the program is not read: it is another's, or was damaged."""

_PATIENCE = 2.0
"""Seconds in which a pipe that is read has to say something."""

_SILENT: Final = "a pipe that nothing comes from"

_NOWHERE: Final = Path(os.devnull) / APP_NAME
"""Stands for the folders of the program where there is no home; nothing can ever be made there."""

_OPEN = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Opened so, a pipe does not wait for another program, and a terminal stays another's."""


def platform_folder(kind: Literal["config", "state", "log"]) -> Path:
    """Return the folder that the platform has for files of the program.

    Where there is no home folder, or a variable names one by a relative path, nothing is there and
    nothing can be written there: `OSError` says so. Another folder than the user's own would be
    read for settings, which can name a command to run.
    """
    import platformdirs

    folders = platformdirs.PlatformDirs(APP_NAME, appauthor=False)
    try:
        if kind == "config":
            found = folders.user_config_path
        else:
            found = folders.user_state_path if kind == "state" else folders.user_log_path
    except RuntimeError:
        return _NOWHERE
    return found if found.is_absolute() else _NOWHERE


def is_nowhere(path: Path) -> bool:
    """Return whether a path lies in a folder of the program that does not exist for want of a
    home."""
    return path == _NOWHERE or _NOWHERE in path.parents


def _check_home(path: Path) -> None:
    if is_nowhere(path):
        raise FileNotFoundError(errno.ENOENT, "there is no home folder; set HOME")


def make_folder(folder: Path) -> None:
    """A folder for its owner alone, made with all above it when it is not there.

    Where it lies in a folder of the program's name, that is for its owner alone, too. Raises
    `OSError`.
    """
    _check_home(folder)
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):  # one by one: those above would be made as the umask has it
        place.mkdir(mode=0o700, exist_ok=True)
    for place in (folder, folder.parent):
        if APP_NAME in (place.name, place.parent.name) and place.stat().st_mode & 0o077:
            with suppress(OSError):  # another's folder
                place.chmod(0o700)


def open_private(path: Path, flags: int, *, only_files: bool = True) -> int:
    """The descriptor of a file for its owner alone, made when it is not there. Raises `OSError`.

    One that others could read is closed to them. Unless `only_files`, a terminal or a pipe is
    opened as well and stays as it is; nothing is waited for.
    """
    _check_home(path)
    descriptor = os.open(path, flags | os.O_CREAT | _OPEN, 0o600)
    found = os.fstat(descriptor).st_mode
    if only_files and not stat.S_ISREG(found):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a file")
    if stat.S_ISREG(found) and found & 0o077:
        with suppress(OSError, AttributeError):  # another's file, or Windows
            os.fchmod(descriptor, 0o600)
    return descriptor


@contextmanager
def open_file(path: Path, flags: int) -> Iterator[int]:
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
    with open_file(path.with_name(f"{path.name}.lock"), os.O_RDWR) as descriptor:
        if fcntl is not None:
            _wait_for_lock(descriptor)
        yield


def path_exists(path: Path) -> bool:
    """Return whether a path leads to something; False also where that cannot be told."""
    try:
        path.stat()
    except OSError:
        return False
    return True


def check_file(path: Path) -> None:
    """Raise `OSError` where a path leads to something that would be read or waited for without
    end: a pipe, a device, a file larger than any of the program's. What is not there, or a folder,
    fails or not when it is opened."""
    _check_home(path)
    try:
        found = path.stat()
    except OSError:
        return
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise OSError(errno.EINVAL, "not a file")
    if found.st_size > MAX_SIZE:
        raise OSError(errno.EFBIG, f"larger than {MAX_SIZE >> 20:,} MiB")


def read_bounded(path: Path, most: int) -> bytes:
    """Return what a file, a pipe or a device holds.

    Raises `OSError`, also for more than `most` bytes and for a pipe that nothing comes from.
    """
    _check_home(path)
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | _OPEN)
    try:
        text = b""
        while piece := _read_some(descriptor, most + 1 - len(text)):
            text += piece
            if len(text) > most:
                raise OSError(errno.EFBIG, f"larger than {most >> 10:,} KiB")
        if not text and stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            raise OSError(errno.EAGAIN, _SILENT)
    finally:
        os.close(descriptor)
    return text


def _read_some(descriptor: int, most: int) -> bytes:
    try:
        return os.read(descriptor, min(most, 1 << 20))
    except BlockingIOError:
        if not select.select([descriptor], [], [], _PATIENCE)[0]:
            raise OSError(errno.EAGAIN, _SILENT) from None
        return os.read(descriptor, min(most, 1 << 20))


def append_lines(path: Path, rows: list[dict[str, Any]], *, durable: bool = False) -> None:
    """Add JSON objects at the end of a file, one on a line; a line that was cut short before them
    stays alone. What is or looks like a key is redacted. With `durable`, they are on the disk
    afterwards. Raises `OSError`."""
    text = b"".join(json.dumps(redact_json(row)).encode() + b"\n" for row in rows)
    with open_file(path, os.O_RDWR | os.O_APPEND) as descriptor:
        size = os.fstat(descriptor).st_size
        if size:
            os.lseek(descriptor, size - 1, os.SEEK_SET)
            if os.read(descriptor, 1) != b"\n":
                text = b"\n" + text
        write_all(descriptor, text)
        if durable:
            os.fsync(descriptor)


def write_all(descriptor: int, text: bytes) -> None:
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


class FileLock:
    """A lock that is held until it is let go, or until the program ends in whatever way."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """Take the lock in a file, made when it is not there; None while another program, or
        another part of this one, has it. Raises `OSError`."""
        descriptor = open_private(path, os.O_RDWR)
        # A lock file that was released after it was opened here is gone: others lock a new one.
        if _try_lock(descriptor) and _is_at(path, descriptor):
            return cls(path, descriptor)
        os.close(descriptor)
        return None

    def release(self, *, keep: bool = False) -> None:
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
    end = monotonic() + LOCK_TIMEOUT
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
