"""The log of `--log-file`: what happened when, and nobody's secrets.

Everything is logged below the name `chatkit_tui`. The parts that log leave out keys, client
secrets and user names; here a traceback is kept without its message, in which any of them could
stand.
"""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path

from chatkit_tui.errors import ConfigError

ROOT = logging.getLogger("chatkit_tui")
ROOT.addHandler(logging.NullHandler())


class _WithoutMessages(logging.Formatter):
    """Formats an exception as its type and the places it came through."""

    def formatException(self, ei: object) -> str:  # noqa: N802 # the name is logging's
        kind, _, places = ei if isinstance(ei, tuple) else (None, None, None)
        name = kind.__name__ if isinstance(kind, type) else "error"
        return "".join(traceback.format_tb(places)) + name


def start_log(path: Path) -> None:
    """Append to the file from now on; a new one can be read by its owner alone.

    Raises `ConfigError` when it cannot be written.
    """
    try:
        stream = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a")
    except OSError as error:
        raise ConfigError(f"The log {path} cannot be written: {error.strerror}.") from None
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_WithoutMessages("%(asctime)s %(levelname)s %(name)s %(message)s"))
    ROOT.addHandler(handler)
    ROOT.setLevel(logging.DEBUG)
    ROOT.propagate = False
