"""The log of `--log-file`: what happened when, and nobody's secrets.

Everything is logged below the name `chatkit_tui`. The parts that log leave out user names; here
keys and client secrets are redacted, and a traceback is kept without its message, in which any of
them could stand.
"""

from __future__ import annotations

import errno
import logging
import os
import traceback
from pathlib import Path

from chatkit_tui.cli.failures import complain
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import redact
from chatkit_tui.text.sanitize import sanitize

ROOT = logging.getLogger("chatkit_tui")
ROOT.addHandler(logging.NullHandler())


class _WithoutMessages(logging.Formatter):
    """Formats a message on one line with nothing hidden in it, whatever of the wire it tells, and
    an exception as its type and the places it came through."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 # the name is logging's
        record.message = sanitize(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 # the name is logging's
        kind, _, places = ei if isinstance(ei, tuple) else (None, None, None)
        name = kind.__name__ if isinstance(kind, type) else "error"
        return "".join(traceback.format_tb(places)) + name


class _LogFile(logging.Handler):
    """Appends to an open file, a line at a time, whatever is in it.

    When the file takes no more, that is said once and nothing more is logged.
    """

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
            complain(f"The log {self._path} cannot be written: {error.strerror}. It ends here.")

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        super().close()


def start_log(path: Path) -> None:
    """Append to the file from now on; it can be read by its owner alone.

    Raises `ConfigError` when it cannot be opened.
    """
    from chatkit_tui.storage.private_file import open_private

    try:
        descriptor = open_private(path, os.O_WRONLY | os.O_APPEND, only_files=False)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is no name of a file"
        if getattr(error, "errno", None) == errno.ENXIO:
            reason = "nothing reads from it"
        raise ConfigError(f"The log {path} cannot be written: {reason}.") from None
    ROOT.addHandler(_LogFile(descriptor, path))
    ROOT.setLevel(logging.DEBUG)
    ROOT.propagate = False
