"""Bytes on the line: what each key costs over a slow connection, beside `less`."""

from __future__ import annotations

from typing import Final

from chatkit_tui.emulator import Emulator
from tests.benchmarks import less
from tests.benchmarks.opening import opened
from tests.benchmarks.programs import screen
from tests.benchmarks.report import Figure
from tests.benchmarks.server import Api, serving
from tests.benchmarks.starting import FIRST_THREAD
from tests.terminal import Terminal

TIMES: Final = 15
IDLE: Final = 10.0
"""Seconds."""
COUNTDOWN: Final = 5
"""Seconds of a countdown that are looked at."""

DOWN, PAGE_DOWN = "\x1b[B", "\x1b[6~"


def line() -> list[Figure]:
    """The screen at 80×24, in a thread of 2,000 items."""
    with serving(Emulator(items=2_000)) as api:
        return [_start(api), *_keys(api), _countdown()]


def _start(api: Api) -> Figure:
    with screen(environment=api.environment) as terminal:
        terminal.wait_for(FIRST_THREAD)
        terminal.rest(0.5)
        return Figure("bytes of the start", terminal.bytes_since(0), "bytes")


def _keys(api: Api) -> list[Figure]:
    with opened(api) as terminal:
        item = _bytes(terminal, "j")
        row = _bytes(terminal, DOWN)
        page = _bytes(terminal, PAGE_DOWN)
        idle = _idle(terminal)
        terminal.send("/")
        terminal.rest(0.5)
        idle_in_input = _idle(terminal)
    figures = [Figure("bytes of j", item, "bytes", 700)]
    if less.has_less():
        with less.transcript(api) as path, less.less(path) as terminal:
            its_row, its_page = _bytes(terminal, less.DOWN), _bytes(terminal, less.PAGE_DOWN)
        figures += [
            Figure("bytes of a line", row / its_row, "×", 3, beside=_beside(row, its_row)),
            Figure("bytes of a page", page / its_page, "×", 2, beside=_beside(page, its_page)),
        ]
    else:
        figures += [
            Figure("bytes of a line", row, "bytes", beside="no less here"),
            Figure("bytes of a page", page, "bytes", beside="no less here"),
        ]
    return [
        *figures,
        Figure(f"bytes of {IDLE:.0f} idle seconds", idle, "bytes", 0),
        Figure(f"bytes of {IDLE:.0f} idle seconds in an input", idle_in_input, "bytes", 0),
    ]


def _beside(ours: float, theirs: float) -> str:
    return f"{ours:.0f} bytes; less {theirs:.0f}"


def _bytes(terminal: Terminal, key: str) -> float:
    """Bytes for one press, in the mean of several."""
    before = len(terminal.written)
    for _ in range(TIMES):
        since = len(terminal.written)
        terminal.send(key)
        terminal.rest(0.08, since=since)
    return terminal.bytes_since(before) / TIMES


def _idle(terminal: Terminal) -> int:
    terminal.rest(0.5)
    quiet = len(terminal.written)
    terminal.listen(IDLE)
    return terminal.bytes_since(quiet)


def _countdown() -> Figure:
    """Seconds are counted on the screen until a request is made again."""
    with (
        serving(Emulator(faults=["rate-limit-long"])) as api,
        screen(environment=api.environment) as terminal,
    ):
        terminal.wait_for("by itself in")
        terminal.rest(0.5, seconds=0.9)
        before = len(terminal.written)
        terminal.listen(COUNTDOWN)
        each = terminal.bytes_since(before) / COUNTDOWN
        times = len(terminal.written) - before
    beside = f"{times} writes in {COUNTDOWN} s"
    return Figure("bytes a second of a countdown", each, "bytes", 40, beside=beside)
