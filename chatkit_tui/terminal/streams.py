"""Standard streams: those that are closed, and the one that the screen is drawn on."""

from __future__ import annotations

import os
import sys
from typing import TextIO

_STANDARD = (0, 1, 2)


def fill_closed_descriptors() -> None:
    """Open the null device in place of standard streams that are closed.

    Otherwise the next file that is opened gets the number of one of them, and what libraries and
    child processes write there lands in that file.
    """
    for number in _STANDARD:
        try:
            os.fstat(number)
        except OSError:
            lowest = os.open(os.devnull, os.O_RDWR)  # this one: those before it are open
            os.set_inheritable(lowest, True)  # noqa: FBT003 # has no keyword


def screen_stream() -> TextIO:
    """Return the stream that the screen is drawn on: standard output.

    `browse` opens the screen only if it is a terminal. Textual would draw on standard error, which
    nothing has checked. Raise `OSError` if it is closed.
    """
    if sys.__stdout__ is None:
        raise OSError("Standard output is closed.")
    return sys.__stdout__
