"""Programs that the user runs on the terminal of the screen, such as a pager.

A child has the terminal as it was before the screen, in the program's own process group: Ctrl+Z
stops both, and `fg` continues both. Ctrl+C reaches the child alone.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from textual.events import Event

from chatkit_tui.secrets import redact_known
from chatkit_tui.storage.temporary_folder import temporary_folder, temporary_place
from chatkit_tui.terminal.signals import SignalWatcher
from chatkit_tui.ui.confirmation import ConfirmationGate, Guarded

if TYPE_CHECKING:
    from textual.screen import Screen

DONE: Final = "done"
"""How a child ended well."""
NO_COMMAND: Final = 127
"""The exit status of a shell that does not find a command."""
NOT_EXECUTABLE: Final = 126

_CREDENTIALS: Final = re.compile(r"OPENAI_.*|CHATKIT_TUI_TOKEN|PGPASSWORD", re.IGNORECASE)
_PROXY: Final = re.compile(r"(?:https?|all|ftp)_proxy", re.IGNORECASE)
_FULL_SCREEN: Final = frozenset({
    "less", "most", "view", "vi", "vim", "nvim", "nano", "pico", "emacs", "emacsclient", "micro",
    "hx", "helix", "kak", "joe", "jed", "mcedit", "ne", "fzf", "lnav", "vd", "visidata",
})  # fmt: skip
"""Programs that leave the screen as it was, so that nothing of them remains to be read."""
_LESS_STAYS: Final = re.compile(r"(?:^|\s)-\w*[FX]|--quit-if-one-screen|--no-init")
_PATIENCE: Final = 1.0
"""Seconds that a child has to end when the program leaves, before it is killed."""


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a child: without the credentials that this process uses.

    Also without proxies whose address has a password, and without each variable whose value
    contains a known credential.
    """
    return {
        name: value
        for name, value in environ.items()
        if not _CREDENTIALS.fullmatch(name)
        and not (_PROXY.fullmatch(name) and "@" in value)
        and redact_known(value.encode("utf-8", "replace")) == value.encode("utf-8", "replace")
    }


def name_of(command: str) -> str:
    """Return the first word of a shell command that names a program; "" if there is none."""
    words = (word for word in command.split() if not re.match(r"\w+=", word))
    return Path(next(words, "").strip("\"'")).name


def why_not_installed(command: str, variable: str) -> str:
    """Return why the program of a variable such as PAGER cannot be run; "" if it can."""
    words = [word for word in command.split() if not re.match(r"\w+=", word)]
    if words and not re.search(r"[\"'$`\\~;&|]", words[0]) and shutil.which(words[0]) is None:
        return f"{words[0]}, which {variable} names, is not installed"
    return ""


def is_full_screen(command: str, environ: Mapping[str, str]) -> bool:
    """Return whether nothing of a command stays on the terminal after it ended without an error."""
    last = command.rpartition("|")[2]
    name = name_of(last)
    if name == "less" and _LESS_STAYS.search(f"{last} {environ.get('LESS', '')}"):
        return False
    return name in _FULL_SCREEN and not re.search(r"[;&]", command)


def ending(status: int) -> str:
    """Return how a child ended, from its exit status; negative for a signal."""
    number = -status if status < 0 else status - 128
    with suppress(ValueError):
        return f"ended by {signal.Signals(number).name}"
    words = {0: DONE, NO_COMMAND: "no such command", NOT_EXECUTABLE: "cannot be run"}
    return words.get(status, f"exit status {status}")


# -- files -----------------------------------------------------------------------------------------


def unnamed_file(make: Callable[[], Iterable[bytes]]) -> IO[bytes]:
    """Write pieces to a file without a name, which is gone however the program ends."""
    file = tempfile.TemporaryFile(dir=temporary_place())  # noqa: SIM115 - the caller closes it
    file.writelines(make())
    file.seek(0)
    return file


@contextmanager
def private_folder(app: ChildHost) -> Iterator[Path]:
    """Yield a private folder, which is removed with the context, or when the program is ended."""
    with temporary_folder() as folder:
        app.signals.before_end = partial(shutil.rmtree, folder, ignore_errors=True)
        try:
            yield folder
        finally:
            app.signals.before_end = None


def write_private(path: Path, make: Callable[[], Iterable[bytes]]) -> Path:
    """Write pieces to a new file that only the user can read."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(make())
    return path


# -- the terminal ----------------------------------------------------------------------------------


class ChildHost(Protocol):
    """What lending the terminal needs of the app."""

    returning: Guarded | None
    signals: SignalWatcher

    @property
    def is_headless(self) -> bool: ...
    @property
    def screen(self) -> Screen[Any]: ...
    def new_gate(self) -> ConfirmationGate: ...
    def terminal_changed(self) -> None: ...
    def batch_update(self) -> AbstractContextManager[None]: ...
    def suspend(self) -> AbstractContextManager[None]: ...


class ReturnGuard:
    """Drops input until the terminal shows the screen again: it was meant for the child."""

    def __init__(self, app: ChildHost, gate: ConfirmationGate) -> None:
        """`gate` decides which events the terminal sent after it showed the screen."""
        self._app = app
        self._gate = gate
        self._is_due = True
        gate.close()

    def lets(self, event: Event) -> bool:
        """Return whether an event is later than the screen; then the guard is done."""
        if self._gate.lets(event):
            self._app.returning = None
            return True
        if self._gate.is_closed and not self._is_due:
            self.ask_again()
        return False

    def drawn(self) -> None:
        if self._is_due:
            self._is_due = False
            self._gate.ask()

    def ask_again(self) -> None:
        self._gate.close()
        self._is_due = True
        self._app.screen.refresh()


class Child(NamedTuple):
    """A command for the shell."""

    command: str
    arguments: Sequence[str] = ()
    """What the command has as `$1`, `$2`, …"""
    input: IO[bytes] | None = None
    """Its standard input; None for the terminal."""


async def run_child(app: ChildHost, child: Child, *, may_return: bool) -> str:
    """Run a command on the terminal; return how it ended.

    What it wrote stays until a key, unless it ended well and `may_return`. A test without a
    terminal gives the child none.
    """
    with lent_terminal(app) as terminal:
        try:
            status = await _run(child, has_terminal=terminal is not None)
            words = ending(status)
        except OSError as error:
            status, words = NO_COMMAND, f"the shell does not start: {error.strerror}"
        if terminal is not None and not (may_return and status == 0):
            await _wait_for_key(terminal, f"[{words}; any key returns to the conversation]")
    return words


async def _run(child: Child, *, has_terminal: bool) -> int:
    nothing = asyncio.subprocess.DEVNULL
    output = sys.__stdout__ if has_terminal else nothing
    process = await asyncio.create_subprocess_exec(
        "/bin/sh",
        "-c",
        child.command,
        "sh",
        *child.arguments,
        stdin=child.input or (sys.__stdin__ if has_terminal else nothing),
        stdout=output,
        stderr=output,
        env=child_environment(os.environ),
    )
    try:
        return await process.wait()
    finally:  # the program leaves
        if process.returncode is None:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    for end in (process.terminate, process.kill):
        with suppress(ProcessLookupError):
            end()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await process.wait()
                return


@contextmanager
def lent_terminal(app: ChildHost) -> Iterator[int | None]:
    """Give the terminal away until the context ends; yield its descriptor, None without one."""
    if app.is_headless or sys.__stdin__ is None:
        yield None
        return
    import termios

    terminal = sys.__stdin__.fileno()
    failure: Exception | None = None
    app.signals.spares_keyboard = True
    try:
        # Nothing is drawn meanwhile. The app itself continues, and answers to signals.
        with app.batch_update(), app.suspend():
            modes = termios.tcgetattr(terminal)
            try:
                yield terminal
            except Exception as error:  # noqa: BLE001 - `suspend` does not resume after one
                failure = error
            termios.tcsetattr(terminal, termios.TCSADRAIN, modes)  # a killed child leaves others
            app.terminal_changed()
            app.returning = ReturnGuard(app, app.new_gate())
            termios.tcflush(terminal, termios.TCIFLUSH)
    finally:
        app.signals.spares_keyboard = False
    app.screen.refresh(layout=True)
    if failure is not None:
        raise failure


async def _wait_for_key(terminal: int, words: str) -> None:
    """Write a line and wait for a key that is typed after it."""
    import termios

    modes = termios.tcgetattr(terminal)
    quiet = list(modes)
    quiet[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG)
    loop = asyncio.get_running_loop()
    pressed = asyncio.Event()
    termios.tcsetattr(terminal, termios.TCSAFLUSH, quiet)
    loop.add_reader(terminal, pressed.set)
    try:
        os.write(terminal, f"\x1b[m\x1b[?25h\r\n{words}\r\n".encode())
        await pressed.wait()
    finally:
        loop.remove_reader(terminal)
        termios.tcsetattr(terminal, termios.TCSAFLUSH, modes)
