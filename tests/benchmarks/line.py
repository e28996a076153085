"""Bytes on the line: what each key costs over a slow connection, beside `less`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from chatkit_tui.emulator import Emulator
from chatkit_tui.terminal.renderer import SWITCH
from tests.benchmarks import less
from tests.benchmarks.opening import opened
from tests.benchmarks.programs import screen
from tests.benchmarks.report import Figure
from tests.benchmarks.server import Api, serving
from tests.benchmarks.starting import FIRST_THREAD
from tests.pty_terminal import Terminal

TIMES: Final = 15
IDLE: Final = 10.0
"""Seconds."""
COUNTDOWN: Final = 5
"""Seconds of a countdown that are looked at."""

DOWN, PAGE_DOWN = "\x1b[B", "\x1b[6~"


STOCK: Final = {SWITCH: "off"}
"""The environment in which the toolkit writes to the terminal itself."""


class Costs(NamedTuple):
    """Bytes on the line for each of these."""

    item: float
    """For `j`."""
    row: float
    page: float
    idle: int
    idle_in_input: int


def line() -> list[Figure]:
    """The screen at 80×24, in a thread of 2,000 items."""
    with serving(Emulator(items=2_000)) as api:
        return [_start(api), *_keys(api), _countdown()]


def _start(api: Api) -> Figure:
    beside = _without_the_stage(_bytes_of_start(api, STOCK))
    return Figure("bytes of the start", _bytes_of_start(api, {}), "bytes", beside=beside)


def _bytes_of_start(api: Api, environment: Mapping[str, str]) -> int:
    with screen(environment={**api.environment, **environment}) as terminal:
        terminal.wait_for(FIRST_THREAD)
        terminal.rest(1.0)
        return terminal.bytes_since(0)


def _keys(api: Api) -> list[Figure]:
    ours, stock = _costs(api, {}), _costs(api, STOCK)
    figures = [Figure("bytes of j", ours.item, "bytes", 700, beside=_without_the_stage(stock.item))]
    if less.has_less():
        with less.transcript(api) as path, less.less(path) as terminal:
            its_row, its_page = _bytes(terminal, less.DOWN), _bytes(terminal, less.PAGE_DOWN)
        figures += [
            _beside_less("bytes of a line", ours.row, its_row, stock.row, 3),
            _beside_less("bytes of a page", ours.page, its_page, stock.page, 2),
        ]
    else:
        figures += [
            Figure("bytes of a line", ours.row, "bytes", beside="no less here"),
            Figure("bytes of a page", ours.page, "bytes", beside="no less here"),
        ]
    return [
        *figures,
        Figure(
            f"bytes of {IDLE:.0f} idle seconds",
            ours.idle,
            "bytes",
            0,
            beside=_without_the_stage(stock.idle),
        ),
        Figure(
            f"bytes of {IDLE:.0f} idle seconds in an input",
            ours.idle_in_input,
            "bytes",
            0,
            beside=_without_the_stage(stock.idle_in_input),
        ),
    ]


def _costs(api: Api, environment: Mapping[str, str]) -> Costs:
    with opened(api, environment=environment) as terminal:
        item = _bytes(terminal, "j")
        row = _bytes(terminal, DOWN)
        page = _bytes(terminal, PAGE_DOWN)
        idle = _idle(terminal)
        terminal.send("/")
        terminal.rest(0.5)
        return Costs(item, row, page, idle, _idle(terminal))


def _beside_less(what: str, ours: float, theirs: float, stock: float, bar: float) -> Figure:
    beside = f"{ours:.0f} bytes; less {theirs:.0f}; {_without_the_stage(stock)}"
    return Figure(what, ours / theirs, "×", bar, beside=beside)


def _without_the_stage(count: float) -> str:
    return f"without the stage {count:,.0f}"


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
