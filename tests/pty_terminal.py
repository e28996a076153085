"""A terminal for a program to run in, with the time of every byte that it writes.

Nothing is parsed while the clock runs: what was written is kept with its time, and made into a
screen afterwards when somebody asks for one.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from operator import is_
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import NamedTuple, Self

import pyte

from tests.fork_server import ENVIRONMENT, KEPT, Program, fork

_ESCAPES = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # operating system commands: title, links, clipboard
    rb"|\x1b[P_^][^\x1b]*\x1b\\"
    rb"|\x1b\[[0-9;:<=>?]*[ -/]*[@-~]"  # colors, movements, modes
    rb"|\x1b[ -/]*[0-~]"
)
_UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*(?:\$p|[mu])")
_BEGUN = re.compile(r"(?:\x1b(?:\[[<=>?0-9;]*\$?)?)?\Z")
"""What may be the beginning of one of these, at the end of a text; empty where nothing is."""
_ANSWERS: tuple[tuple[re.Pattern[bytes], bytes], ...] = (
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[>0?c"), b"\x1b[>41;330;0c"),
)
"""What xterm answers when a program asks what it can do."""

_WHOLE_SCREEN = 300
"""Bytes that it takes at least to draw one."""
_LONGEST_QUIET = 2.4
"""Seconds after which whatever was begun is over, on a slow connection too."""
_PAUSE = 0.05
"""Seconds without a byte after which it is worth while to look at the screen."""
_FRAME_GAP = 0.02
"""Seconds without a byte after which what comes next belongs to another frame."""


class Written(NamedTuple):
    """Bytes that came from the program, and when, as `perf_counter` has it."""

    at: float
    data: bytes


class _Picture:
    """The screen of what was written so far; what comes after it is drawn onto it."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._drawn: list[Written] = []
        self._lines: list[str] = []
        """The lines of what is drawn; none before the first look."""
        self._rest = ""
        """The beginning of a sequence that is not whole yet."""

    def goes_on_to(self, written: Sequence[Written], size: tuple[int, int]) -> bool:
        """Whether this is a picture of that size, of how that was begun to be written."""
        return (
            size == self._size
            and all(map(is_, self._drawn, written))
            and (len(self._drawn) <= len(written))
        )

    def lines(self, written: Sequence[Written]) -> Sequence[str]:
        """The lines when all of it is drawn."""
        new = written[len(self._drawn) :]
        if self._lines and not new:
            return self._lines
        self._drawn += new
        text = self._rest + self._decoder.decode(b"".join(data for _, data in new))
        whole = len(text) - len(_BEGUN.findall(text)[0])
        self._rest = text[whole:]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text[:whole]))
        # As `display`, which raises for a wide character that is half overwritten as yet.
        rows, columns = self._screen.buffer, range(self._screen.columns)
        self._lines = [
            "".join(rows[line][column].data for column in columns)
            for line in range(self._screen.lines)
        ]
        return self._lines


class Terminal:
    """A pseudo-terminal with a program in it; the program is ended when the block is left.

    A command line is executed; a `Program` is forked, which is quicker, where that can be done.
    """

    answers = _ANSWERS
    """What is answered when the program asks."""

    def __init__(
        self,
        command: Sequence[str] | Program,
        *,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.size = (columns, rows)
        self.written: list[Written] = []
        self._picture = _Picture(self.size)
        self._asked = b""
        self._over = False
        self._ended: int | None = None
        variables = {name: os.environ[name] for name in KEPT if name in os.environ}
        variables |= ENVIRONMENT | dict(environment or {})
        self.started = perf_counter()
        if isinstance(command, Program) and sys.platform != "linux":
            command = command.command
        if isinstance(command, Program):
            self._line, other = pty.openpty()
            self._set_size()
            self.untouched = self.attributes()
            self.process = fork(command, variables, [other] * 3, on_terminal=True)
            os.close(other)
            return
        self.process, self._line = pty.fork()
        if self.process == 0:  # the child
            os.execvpe(command[0], list(command), variables)  # noqa: S606 # no shell is wanted
        self.untouched = self.attributes()
        """How the line was before the program had it."""
        self._set_size()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._ended is None:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        if self._line >= 0:
            os.close(self._line)

    def resize(self, columns: int, rows: int) -> float:
        """Give the window another size, as a person pulling at its corner; gives the time."""
        self.size = (columns, rows)
        self._set_size()
        return perf_counter()

    def send(self, keys: str) -> float:
        """Press keys, as the bytes that a terminal sends for them; gives the time."""
        now = perf_counter()
        self._type(keys.encode(), now)
        return now

    def send_bytes(self, data: bytes) -> None:
        """Send the program what a terminal sends, be it UTF-8 or not."""
        self._type(data, perf_counter())

    def wait_for(self, text: str, *, since: int = 0, seconds: float = 60) -> float:
        """The time at which `text` had been written, looking at what came from `since` on.

        `since` is an index into `written`; without it the text may also be on the screen without
        ever having been written in one piece, as only the cells that differ are. Raises
        `TimeoutError` with the screen when it does not come.
        """
        wanted = text.encode()
        looked_at = since
        words = b""
        end = perf_counter() + seconds
        while True:
            while looked_at < len(self.written):
                at, data = self.written[looked_at]
                words = words + data
                if wanted in _ESCAPES.sub(b"", words):
                    return at
                looked_at += 1
            if self._read(min(_PAUSE, end - perf_counter())):
                continue
            if not since and self.written and any(text in line for line in self.screen()):
                return self.written[-1].at
            if self._over or perf_counter() >= end:
                raise TimeoutError(f"{text!r} was not written:\n" + "\n".join(self.screen()))

    def wait_until(self, shown: Callable[[Sequence[str]], bool], *, seconds: float = 60) -> None:
        """Wait for a screen that satisfies `shown`, looking whenever nothing comes for a moment.

        Raises `TimeoutError`.
        """
        end = perf_counter() + seconds
        while not shown(self.screen()):
            if perf_counter() > end:
                raise TimeoutError("not shown:\n" + "\n".join(self.screen()))
            self.rest(_FRAME_GAP, seconds=1)

    def send_until(self, done: Callable[[], bool], keys: str) -> None:
        """Press keys until they count, as where the program alone knows since when they do.

        Raises `TimeoutError`.
        """
        for seconds in (0.25, 0.5, 1, 2, 4, 8, 16, 32):
            self.send(keys)
            with suppress(TimeoutError):
                self.wait_until(lambda _: done(), seconds=seconds)
                return
        raise TimeoutError(f"{keys!r} had no effect:\n" + "\n".join(self.screen()))

    def listen(self, seconds: float) -> None:
        """Take what the program writes for so long."""
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0:
            self._read(left)

    def rest(self, quiet: float = 0.06, *, seconds: float = 60, since: int | None = None) -> float:
        """Wait until nothing was written for `quiet` seconds; gives the time of the last byte.

        With `since`, an index into `written`, at least one byte must come after it. Raises
        `TimeoutError` when there is none within `seconds`.
        """
        end = perf_counter() + seconds
        if since is not None:
            while len(self.written) == since:
                if not self._read(end - perf_counter()):
                    raise TimeoutError("nothing was written:\n" + "\n".join(self.screen()))
        while perf_counter() < end and self._read(quiet):
            pass
        return self.written[-1].at if self.written else self.started

    def catch_up(self, quiet: float = 0.15) -> None:
        """Wait until the program has handled all that was typed, as the next key shows.

        Ctrl+L draws the whole screen again. What follows an unfinished sequence is dropped until
        nothing comes for a while, so that it is pressed after ever longer pauses, of `quiet`
        seconds at first. Raises `TimeoutError`.
        """
        end = perf_counter() + 60
        while perf_counter() < end:
            self.rest(quiet)
            since = len(self.written)
            self.send("\x0c")
            heard = perf_counter() + 4 * quiet
            while perf_counter() < heard and self.bytes_since(since) < _WHOLE_SCREEN:
                self._read(heard - perf_counter())
            if self.bytes_since(since) >= _WHOLE_SCREEN:
                self.rest(quiet)
                return
            quiet = min(2 * quiet, _LONGEST_QUIET)
        raise TimeoutError("no key has an effect:\n" + "\n".join(self.screen()))

    def exit_code(self, *, seconds: float = 60) -> int:
        """Wait for the program to end by itself; gives what it left with.

        Raises `TimeoutError` when it goes on.
        """
        end = perf_counter() + seconds
        while self._read(end - perf_counter()):
            pass
        if perf_counter() >= end:
            raise TimeoutError("it goes on:\n" + "\n".join(self.screen()))
        if self._ended is None:
            self._ended = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        return self._ended

    def exit_code_unread(self, *, seconds: float = 60) -> int:
        """As `exit_code`, reading nothing of what it writes meanwhile. On Linux alone."""
        handle = os.pidfd_open(self.process)
        try:
            if not select.select([handle], [], [], seconds)[0]:
                raise TimeoutError("it goes on")
        finally:
            os.close(handle)
        self._ended = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        return self._ended

    def stall(self) -> None:
        """Take nothing more that the program writes, and leave it waiting."""
        line = os.open(f"/proc/{self.process}/fd/0", os.O_RDWR | os.O_NOCTTY)
        termios.tcflow(line, termios.TCOOFF)
        os.close(line)

    def hang_up(self) -> None:
        """Take the terminal away from the program, as a connection that breaks does."""
        os.close(self._line)
        self._line = -1

    def signal(self, number: int) -> None:
        """Send a signal to the program; where it stops it, wait until it has."""
        os.kill(self.process, number)
        if number in (signal.SIGSTOP, signal.SIGTSTP):
            self.wait_stopped()

    def wait_stopped(self) -> None:
        """Wait until the program is stopped, as by Ctrl+Z, taking what it writes until then."""
        while os.waitpid(self.process, os.WUNTRACED | os.WNOHANG) == (0, 0):
            self._read(_PAUSE)

    def attributes(self) -> list[object]:
        """How the line treats what is typed and written, as `termios.tcgetattr` has it."""
        return list(termios.tcgetattr(self._line))

    def bytes_since(self, index: int) -> int:
        """How many bytes were written from an index into `written` on."""
        return sum(len(data) for _, data in self.written[index:])

    def screen(self) -> Sequence[str]:
        """The lines of the screen as they are now."""
        if not self._picture.goes_on_to(self.written, self.size):
            self._picture = _Picture(self.size)
        return self._picture.lines(self.written)

    def memory(self) -> int:
        """Bytes of memory that the program has to itself, as Linux counts them."""
        status = Path(f"/proc/{self.process}/smaps_rollup").read_text()
        return sum(
            int(kilobytes) * 1024
            for kilobytes in re.findall(r"^Private_\w+: +(\d+) kB", status, re.MULTILINE)
        )

    def _set_size(self) -> None:
        columns, rows = self.size
        fcntl.ioctl(self._line, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, seconds: float) -> bool:
        """Take what the program wrote, waiting for it; False when nothing came or it ended."""
        ready, _, _ = select.select([self._line], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            data = os.read(self._line, 65_536)
        except OSError:  # what Linux says when the program has ended
            data = b""
        if not data:
            self._over = True
            return False
        self._show(Written(perf_counter(), data))
        return True

    def _show(self, written: Written) -> None:
        """Take what has come to the terminal, and answer what it asks."""
        self.written.append(written)
        asked = self._asked + written.data
        for question, answer in self.answers:
            for _ in question.findall(asked):
                self._type(answer, written.at)
                asked = question.sub(b"", asked)
        self._asked = asked[-16:]

    def _type(self, data: bytes, now: float) -> None:
        """Send the program what the terminal sends at this time."""
        del now
        os.write(self._line, data)
