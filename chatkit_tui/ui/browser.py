"""Open an address in the browser of the user, if that is on this machine."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from chatkit_tui.text.links import safe_link
from chatkit_tui.ui.child_process import child_environment
from chatkit_tui.ui.copying import is_distant

PATIENCE: Final = 3.0
"""Seconds in which an opener that fails is expected to say so."""


def opener(
    environ: Mapping[str, str],
    *,
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> str | None:
    """Return the program that opens addresses on the display of this machine; None without one.

    Not the `webbrowser` of Python: without a display it starts a browser in the terminal.
    """
    if is_distant(environ):
        return None
    if platform == "darwin":
        return "open"
    names = ["wslview"] if environ.get("WSL_DISTRO_NAME") else []
    if environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY"):
        names.append("xdg-open")
    return next((name for name in names if which(name)), None)


def why_not_open(environ: Mapping[str, str]) -> str:
    """Return why no address can be opened here, in a few words; empty if one can be."""
    if is_distant(environ):
        return "the browser is at the other end of SSH"
    return "" if opener(environ) else "this machine has no browser to show"


async def open_in_browser(address: str) -> str:
    """Open an address; return a report. Refuse all but http, https and mailto."""
    program = opener(os.environ)
    if program is None or safe_link(address) != address:
        return "not opened"
    nothing = asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            address,
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            env=child_environment(os.environ),
            start_new_session=True,
        )
    except OSError as error:
        return f"{program} does not start: {error.strerror}"
    with suppress(TimeoutError):  # some openers stay until the browser ends
        async with asyncio.timeout(PATIENCE):
            if status := await process.wait():
                return f"{program} failed: exit status {status}"
    return "opened in the browser"
