"""Private files that several programs may write at the same time.

A path may lead to a pipe, a device or an endless file. Every wait and every size is limited.
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
except ImportError:  # Windows, where appending a line is atomic
    fcntl = None  # type: ignore[assignment]


APP_NAME = "chatkit-tui"
"""The name of the program's folders on every platform."""


LOCK_TIMEOUT = 5.0
"""Seconds to wait for the lock of a file; it is held for a few lines only."""

MAX_SIZE: Final = 1 << 30
"""Bytes; a larger file is not read: it is damaged, or not the program's."""

_PIPE_TIMEOUT = 2.0
"""Seconds to wait for data in a pipe."""

_SILENT: Final = "a pipe without data"

_NOWHERE: Final = Path(os.devnull) / APP_NAME
"""Stands for the program's folders if there is no home folder; nothing can be created there."""

_OPEN = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Open a pipe without waiting, and a terminal without controlling it."""


def platform_folder(kind: Literal["config", "state", "log"]) -> Path:
    """Return the platform's folder for files of the program.

    If there is no home folder, or a variable has a relative path, it is a folder that cannot exist:
    a folder of another user may contain settings with a command to run.
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
    """Return whether a path is in a program's folder that cannot exist without a home folder."""
    return path == _NOWHERE or _NOWHERE in path.parents


def _check_home(path: Path) -> None:
    if is_nowhere(path):
        raise FileNotFoundError(errno.ENOENT, "there is no home folder; set HOME")


def make_folder(folder: Path) -> None:
    """Create a private folder and its parents. Raise `OSError`.

    A parent with the name of the program becomes private, too.
    """
    _check_home(folder)
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):  # `parents=True` would ignore the mode
        place.mkdir(mode=0o700, exist_ok=True)
    for place in (folder, folder.parent):
        if APP_NAME in (place.name, place.parent.name) and place.stat().st_mode & 0o077:
            with suppress(OSError):  # owned by another user
                place.chmod(0o700)


def open_private(path: Path, flags: int, *, only_files: bool = True) -> int:
    """Open a private file, created if necessary, and return its descriptor. Raise `OSError`.

    The permissions of others are removed. Unless `only_files`, a terminal or a pipe is opened, too,
    without waiting.
    """
    _check_home(path)
    descriptor = os.open(path, flags | os.O_CREAT | _OPEN, 0o600)
    found = os.fstat(descriptor).st_mode
    if only_files and not stat.S_ISREG(found):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a file")
    if stat.S_ISREG(found) and found & 0o077:
        with suppress(OSError, AttributeError):  # owned by another user, or Windows
            os.fchmod(descriptor, 0o600)
    return descriptor


@contextmanager
def open_file(path: Path, flags: int) -> Iterator[int]:
    """Open a private file, created if necessary. Raise `OSError`."""
    descriptor = open_private(path, flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock a file that is written, and create its folder.

    The lock is a separate file, since the file may be replaced. Raise `OSError`, also if another
    program does not release the lock.
    """
    make_folder(path.parent)
    with open_file(path.with_name(f"{path.name}.lock"), os.O_RDWR) as descriptor:
        if fcntl is not None:
            _wait_for_lock(descriptor)
        yield


def place_of(path: Path) -> str:
    """Return a path for messages, with `~` for the home folder."""
    try:
        return f"~{os.sep}{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)


def path_exists(path: Path) -> bool:
    """Return whether a path exists; False if that is unknown."""
    try:
        path.stat()
    except OSError:
        return False
    return True


def check_file(path: Path) -> None:
    """Raise `OSError` for a pipe, a device or a very large file. Ignore a missing file."""
    _check_home(path)
    try:
        found = path.stat()
    except OSError:
        return
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise OSError(errno.EINVAL, "not a file")
    if found.st_size > MAX_SIZE:
        raise OSError(errno.EFBIG, f"larger than {MAX_SIZE >> 20:,} MiB")


def read_bounded(path: Path, limit: int) -> bytes:
    """Return the content of a file, a pipe or a device.

    Raise `OSError`, also for more than `limit` bytes and for a silent pipe.
    """
    _check_home(path)
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | _OPEN)
    try:
        text = b""
        while piece := _read_some(descriptor, limit + 1 - len(text)):
            text += piece
            if len(text) > limit:
                raise OSError(errno.EFBIG, f"larger than {limit >> 10:,} KiB")
        if not text and stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            raise OSError(errno.EAGAIN, _SILENT)
    finally:
        os.close(descriptor)
    return text


def _read_some(descriptor: int, limit: int) -> bytes:
    try:
        return os.read(descriptor, min(limit, 1 << 20))
    except BlockingIOError:
        if not select.select([descriptor], [], [], _PIPE_TIMEOUT)[0]:
            raise OSError(errno.EAGAIN, _SILENT) from None
        return os.read(descriptor, min(limit, 1 << 20))


def append_lines(path: Path, rows: list[dict[str, Any]], *, durable: bool = False) -> None:
    """Append redacted JSON objects to a file, one per line, after an incomplete line on a new line.

    With `durable`, they are synced to the disk. Raise `OSError`.
    """
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


def replace_file(path: Path, text: bytes) -> None:
    """Replace a file that is locked, at once and durably. Raise `OSError`; it is intact then."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with open_file(new, os.O_WRONLY | os.O_TRUNC) as descriptor:
            write_all(descriptor, text)
            os.fsync(descriptor)
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def write_all(descriptor: int, text: bytes) -> None:
    """Write all of a text, in one call if possible. Raise `OSError`."""
    while text:
        text = text[os.write(descriptor, text) :]


def parse_line(line: bytes) -> dict[str, Any]:
    """Return the JSON object on a line; empty if it is invalid."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


class FileLock:
    """A lock that is held until it is released or the program ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """Take the lock, or return None if it is taken, also by this program. Raise `OSError`."""
        descriptor = open_private(path, os.O_RDWR)
        # The file may have been released and deleted after it was opened here.
        if _try_lock(descriptor) and _is_at(path, descriptor):
            return cls(path, descriptor)
        os.close(descriptor)
        return None

    def release(self, *, keep: bool = False) -> None:
        """Release the lock, and delete its file unless `keep`."""
        if not keep:
            with suppress(OSError):
                self._path.unlink()
        os.close(self._descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    """Return whether a path is still that of an open file."""
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
    except PermissionError:  # Windows: it is taken
        return False
    return True
