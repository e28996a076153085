"""What is kept of an error that nobody foresaw: where it came from, and nobody's secrets.

Kept are the types of the error and of those behind it, and the lines of code they came through.
Messages and variables are left out: a key, a user's name or a text could stand in either.
"""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from chatkit_tui import __version__
from chatkit_tui.secrets import redact
from chatkit_tui.storage.private_file import make_folder, open_private, own_folder

LARGEST = 256 * 1024
"""Bytes from which the log is begun anew, so that it never grows for ever."""


def default_path() -> Path:
    """Where the log is, in the platform's folder for logs."""
    return own_folder("log") / "crashes.log"


def keep_crash(error: BaseException, path: Path | None = None) -> Path:
    """Append an error to the log and give the log's path, by default the platform's.

    File and folder can be read by their owner alone. Raises `OSError` when it cannot be written.
    """
    path = path or default_path()
    make_folder(path.parent)
    mode = os.O_WRONLY | os.O_APPEND
    if path.exists() and path.stat().st_size > LARGEST:
        mode |= os.O_TRUNC
    with os.fdopen(open_private(path, mode), "a", encoding="utf-8") as file:
        file.write(redact(_told(error)))
    return path


def place_of(error: BaseException) -> str:
    """Type of an error, and where in this program it arose: `KeyError in chatkit_tui/x.py:12`."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}chatkit_tui{os.sep}" in frame.filename]
    if not ours:
        return type(error).__name__
    name = ours[-1].filename.rpartition(f"{os.sep}chatkit_tui{os.sep}")[2]
    return f"{type(error).__name__} in chatkit_tui/{name}:{ours[-1].lineno}"


def _told(error: BaseException) -> str:
    head = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC  chatkit-tui {__version__}  "
        f"Python {platform.python_version()}  {platform.system()}\n"
    )
    parts = [
        "".join(traceback.format_tb(link.__traceback__)) + type(link).__qualname__ + "\n"
        for link in _chain(error)
    ]
    return head + "which led to\n".join(reversed(parts)) + "\n"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and those behind it, the first cause last; at most ten, in case of a circle."""
    link: BaseException | None = error
    for _ in range(10):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
