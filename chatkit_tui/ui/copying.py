"""Copy text to a clipboard, by the terminal or by a program."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from tempfile import TemporaryFile
from typing import Final, NamedTuple

from chatkit_tui.terminal.clipboard import clipboard_sequence, why_no_clipboard
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.options import Copy

SENT: Final = "sent to the terminal's clipboard"
COPIED: Final = "copied to the clipboard"
PATIENCE: Final = 5.0
"""Seconds that a program has to read the text."""
MOST_SAID: Final = 200
"""Bytes of a program's error message that are reported."""

_TMUX: Final = ("tmux", "load-buffer", "-w", "-")
"""The only way out of tmux that is enabled by default (3.2 and newer)."""


class CopyResult(NamedTuple):
    """The result of copying a text."""

    words: str
    reached: bool
    """Whether the text was copied; if not, `words` is the reason."""


class Tool(NamedTuple):
    """A program of this machine that copies its standard input."""

    command: tuple[str, ...]
    encoding: str = "utf-8"


def machine_tool(
    environ: Mapping[str, str],
    *,
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> Tool | None:
    """Return the program for the display of this machine; None without display or program."""
    tools: list[Tool] = []
    if platform == "darwin":
        tools.append(Tool(("pbcopy",)))
    if environ.get("WAYLAND_DISPLAY"):
        tools.append(Tool(("wl-copy",)))
    if environ.get("DISPLAY"):
        tools.append(Tool(("xclip", "-selection", "clipboard")))
        tools.append(Tool(("xsel", "--clipboard", "--input")))
    if platform == "win32" or environ.get("WSL_DISTRO_NAME"):
        tools.append(Tool(("clip.exe",), "utf-16"))  # bytes without a mark are of a code page
    return next((tool for tool in tools if which(tool.command[0])), None)


def is_distant(environ: Mapping[str, str]) -> bool:
    """Return whether the user works at another machine."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


class Copying:
    """Copies text in the way that the user chose."""

    def __init__(
        self, choice: Copy, environ: Mapping[str, str], send: Callable[[str], None]
    ) -> None:
        """`send` writes a sequence to the terminal."""
        self._choice = choice
        self._environ = environ
        self._send = send

    async def copy(self, text: str) -> CopyResult:
        """Copy a text that has no controls in it."""
        if self._choice is Copy.OFF:
            return CopyResult("copying is off", reached=False)
        if self._choice is Copy.NATIVE or (
            self._choice is Copy.AUTO and not is_distant(self._environ)
        ):
            tool = machine_tool(self._environ)
            why = await hand_over(tool, text) if tool else "no program for it is here"
            if not why:
                return CopyResult(COPIED, reached=True)
            if self._choice is Copy.NATIVE:
                return CopyResult(why, reached=False)
        return await self._to_terminal(text)

    async def _to_terminal(self, text: str) -> CopyResult:
        if why := why_no_clipboard(text, self._environ):
            return CopyResult(why, reached=False)
        if not self._environ.get("TMUX") or await hand_over(Tool(_TMUX), text):
            self._send(clipboard_sequence(text, self._environ))
        return CopyResult(SENT, reached=True)


async def hand_over(tool: Tool, text: str) -> str:
    """Write a text to the standard input of a program; return why that failed, or nothing.

    No shell is involved, and the text is on no command line.
    """
    name = tool.command[0]
    # Not a pipe: a program that stays to serve the text would keep it open.
    with TemporaryFile() as said:
        try:
            process = await asyncio.create_subprocess_exec(
                *tool.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=said,
            )
        except OSError as error:
            return f"{name} does not start: {error.strerror}"
        try:
            async with asyncio.timeout(PATIENCE):
                await process.communicate(text.encode(tool.encoding))
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            return f"{name} took longer than {PATIENCE:.0f} s"
        if not process.returncode:
            return ""
        said.seek(0)
        words = said.read(MOST_SAID).decode("utf-8", "replace").strip().partition("\n")[0]
    return sanitize(
        f"{name} failed: {words.removeprefix(f'{name}:').strip() or process.returncode}"
    )
