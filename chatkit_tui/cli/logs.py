"""The log of `--log-file`, and the log of crashes.

Neither contains secrets: keys and client secrets are redacted, and of exceptions only the type and
the traceback are logged, since a message or a variable may contain a key, a name or a text.
"""

from __future__ import annotations

import errno
import logging
import os
import traceback
from collections.abc import Iterator
from pathlib import Path

from chatkit_tui import __version__
from chatkit_tui.cli.output import report
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import redact
from chatkit_tui.text.sanitize import sanitize

ROOT = logging.getLogger("chatkit_tui")
ROOT.addHandler(logging.NullHandler())


class _WithoutMessages(logging.Formatter):
    """Formats a message as one sanitized line, and an exception as its type and traceback."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 # overrides
        record.message = sanitize(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 # overrides
        kind, _, places = ei if isinstance(ei, tuple) else (None, None, None)
        name = kind.__name__ if isinstance(kind, type) else "error"
        return "".join(traceback.format_tb(places)) + name


class _LogFile(logging.Handler):
    """Appends to an open file. If a write fails, logging ends with one message."""

    def __init__(self, descriptor: int, path: Path) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._path = path
        self.setFormatter(_WithoutMessages("%(asctime)s %(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = redact(self.format(record)) + "\n"
            os.write(self._descriptor, line.encode("utf-8", "backslashreplace"))
        except OSError as error:
            ROOT.removeHandler(self)
            self.close()
            report(f"The log {self._path} cannot be written: {error.strerror}. Logging stops.")

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        super().close()


def start_log(path: Path) -> None:
    """Start to append to a private file. Raise `ConfigError` if it cannot be opened."""
    from chatkit_tui.storage.private_file import open_private

    try:
        descriptor = open_private(path, os.O_WRONLY | os.O_APPEND, only_files=False)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is invalid"
        if getattr(error, "errno", None) == errno.ENXIO:
            reason = "no process reads from it"
        raise ConfigError(f"The log {path} cannot be written: {reason}.") from None
    ROOT.addHandler(_LogFile(descriptor, path))
    ROOT.setLevel(logging.DEBUG)
    ROOT.propagate = False


# -- crashes ---------------------------------------------------------------------------------------

LARGEST = 256 * 1024
"""Bytes; a larger log of crashes is truncated first."""


def log_crash(error: BaseException, path: Path | None = None) -> Path:
    """Append an error to the log of crashes, and return the log's path.

    File and folder are private. Raise `OSError` if the file cannot be written.
    """
    from chatkit_tui.storage.private_file import make_folder, open_private, platform_folder

    path = path or platform_folder("log") / "crashes.log"
    make_folder(path.parent)
    mode = os.O_WRONLY | os.O_APPEND
    if path.exists() and path.stat().st_size > LARGEST:
        mode |= os.O_TRUNC
    with os.fdopen(open_private(path, mode), "a", encoding="utf-8") as file:
        file.write(redact(_crash_entry(error)))
    return path


def crash_location(error: BaseException) -> str:
    """Return the type of an error and its place: `KeyError in chatkit_tui/x.py:12`."""
    package = f"{os.sep}chatkit_tui{os.sep}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if package in frame.filename]
    if not ours:
        return type(error).__name__
    name = ours[-1].filename.rpartition(package)[2]
    return f"{type(error).__name__} in chatkit_tui/{name}:{ours[-1].lineno}"


def _crash_entry(error: BaseException) -> str:
    import platform
    from datetime import UTC, datetime

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
    """Yield an error and its causes, at most ten."""
    link: BaseException | None = error
    for _ in range(10):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
