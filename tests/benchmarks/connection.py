"""Bytes that each key sends, and keys that are held down over a slow connection."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from operator import ne
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

from chatkit_tui.emulator import Emulator
from chatkit_tui.terminal.renderer import SWITCH
from tests.benchmarks.programs import (
    DOWN,
    LESS_DOWN,
    LESS_PAGE_DOWN,
    PAGE_DOWN,
    WIDE,
    Api,
    has_less,
    less,
    opened,
    screen,
    serving,
    transcript,
    wait_for_list,
)
from tests.benchmarks.report import Figure, typical
from tests.distant_terminal import Line
from tests.pty_terminal import Terminal
from tests.terminal.two_screens import Terminal as Shown

ITEMS: Final = 2_000
STOCK: Final = {SWITCH: "off"}
"""The environment in which Textual writes to the terminal itself."""

# -- bytes -----------------------------------------------------------------------------------------

TIMES: Final = 15
IDLE: Final = 10.0
"""Seconds."""
COUNTDOWN: Final = 5
"""Seconds of a countdown to measure."""
COLORFUL: Final = {"CHATKIT_TUI_THEME": "nord", "COLORTERM": "truecolor"}


class Moves(NamedTuple):
    """Bytes of a key in a transcript."""

    item: float
    """For `j`."""
    row: float
    page: float


class Idle(NamedTuple):
    """Bytes while no key is pressed."""

    reading: int
    in_input: int


def sizes() -> list[Figure]:
    """Count bytes in a thread of 2,000 items."""
    with serving(Emulator(items=ITEMS)) as api:
        return [_start(api), _thread_key(api), *_keys(api), *_wide_keys(api), _countdown()]


def _start(api: Api) -> Figure:
    beside = _stock(_bytes_of_start(api, STOCK))
    return Figure("bytes of the start", _bytes_of_start(api, {}), "bytes", 3_200, beside=beside)


def _bytes_of_start(api: Api, environment: Mapping[str, str]) -> int:
    with screen(environment={**api.environment, **environment}) as terminal:
        wait_for_list(terminal)
        return terminal.bytes_since(0)


def _thread_key(api: Api) -> Figure:
    with screen(environment=api.environment) as terminal:
        wait_for_list(terminal)
        return Figure("bytes of j in the list", _bytes(terminal, "j"), "bytes", 280)


def _keys(api: Api) -> list[Figure]:
    ours, idle = _moves_and_idle(api, {})
    stock, stock_idle = _moves_and_idle(api, STOCK)
    with opened(api, environment=COLORFUL) as terminal:
        colorful = _moves(terminal)
    figures = [
        Figure("bytes of j in a transcript", ours.item, "bytes", 480, beside=_stock(stock.item))
    ]
    if has_less():
        with transcript(api) as path, less(path) as terminal:
            row, page = _bytes(terminal, LESS_DOWN), _bytes(terminal, LESS_PAGE_DOWN)
        figures += [
            _beside_less("bytes of a line", ours.row, row, stock.row, 1.65),
            _beside_less("bytes of a page", ours.page, page, stock.page, 1.0),
        ]
    else:
        figures += [
            Figure("bytes of a line", ours.row, "bytes", beside="less is not installed"),
            Figure("bytes of a page", ours.page, "bytes", beside="less is not installed"),
        ]
    for what, theirs, own in zip(("j", "a line", "a page"), colorful, ours, strict=True):
        beside = f"{theirs:.0f} bytes; the default theme {own:.0f}"
        name = f"bytes of {what} in truecolor"
        figures.append(Figure(name, theirs / own, "×", 1.5, beside=beside))
    what = f"bytes of {IDLE:.0f} idle seconds"
    inside = _stock(stock_idle.in_input)
    return [
        *figures,
        Figure(what, idle.reading, "bytes", 0, beside=_stock(stock_idle.reading)),
        Figure(f"{what} in an input", idle.in_input, "bytes", 0, beside=inside),
    ]


def _moves_and_idle(api: Api, environment: Mapping[str, str]) -> tuple[Moves, Idle]:
    with opened(api, environment=environment) as terminal:
        moves = _moves(terminal)
        reading = _idle(terminal)
        terminal.send("/")
        terminal.rest(0.5)
        return moves, Idle(reading, _idle(terminal))


def _moves(terminal: Terminal) -> Moves:
    return Moves(*(_bytes(terminal, key) for key in ("j", DOWN, PAGE_DOWN)))


def _wide_keys(api: Api) -> list[Figure]:
    """Count the same beside the list, in which previews are off: they follow a rest, not a key."""
    columns, rows = WIDE
    where = f"at {columns}×{rows}"
    with opened(api, "--no-slow", "--no-preview", size=WIDE) as terminal:
        tab = _bytes(terminal, "\t")
        terminal.send("\x1b")
        terminal.rest(0.5)
        in_list = _bytes(terminal, "j")
    with opened(api, "--no-slow", size=WIDE) as terminal:
        before = len(terminal.written)
        item = _bytes(terminal, "j")
        cells = _changed_cells(terminal, before) / TIMES
        row, page = _bytes(terminal, DOWN), _bytes(terminal, PAGE_DOWN)
    beside = f"{item:,.0f} bytes; {cells:,.0f} cells"
    return [
        Figure(f"bytes of j {where}, a changed cell", item / cells, "bytes", 1.4, beside=beside),
        Figure(f"bytes of a line {where}", row, "bytes"),
        Figure(f"bytes of a page {where}", page, "bytes"),
        Figure(f"bytes of j in the list {where}", in_list, "bytes"),
        Figure(f"bytes of Tab {where}", tab, "bytes"),
    ]


def _changed_cells(terminal: Terminal, since: int) -> int:
    """Count the cells that each write from an index into `written` on has changed."""
    shown = Shown(*terminal.size)
    decoder = getincrementaldecoder("utf-8")()
    count, before = 0, shown.seen()
    for number, (_, data) in enumerate(terminal.written):
        shown.write(decoder.decode(data).replace("\ufe0f", " "))
        if number < since - 1:
            continue
        after = shown.seen()
        if number >= since:
            rows = zip(before, after, strict=True)
            count += sum(sum(map(ne, *row)) for row in rows)
        before = after
    return count


def _beside_less(what: str, ours: float, theirs: float, stock: float, target: float) -> Figure:
    beside = f"{ours:.0f} bytes; less {theirs:.0f}; {_stock(stock)}"
    return Figure(what, ours / theirs, "×", target, beside=beside)


def _stock(count: float) -> str:
    return f"Textual alone {count:,.0f}"


def _bytes(terminal: Terminal, key: str) -> float:
    """Return the mean number of bytes for a key."""
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
    """Measure a countdown to the next attempt of a request."""
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


# -- held keys -------------------------------------------------------------------------------------

PRESSES: Final = (58, 59, 60, 61, 62)
"""Presses in each round: what the last one draws differs, here and in `less`, by up to a tenth of
the time over the slow connection."""
REPEAT: Final = 30.0
"""Presses a second, as keyboards repeat."""
QUIET: Final = 1.0
"""Seconds without a byte after which the screen is at rest, on a slow connection."""
MAX_WAIT: Final = 120.0
SLOW: Final = Line(delay=0.05, rate=7_000)
MODEM: Final = Line(delay=0.05, rate=56_000)
HELD: Final = {"page": (PAGE_DOWN, LESS_PAGE_DOWN), "line": (DOWN, LESS_DOWN)}
"""The key, and the key for the same in `less`."""


def holding() -> list[Figure]:
    """Measure milliseconds from the last press until the screen is at rest.

    Beside it, `less` with the same text, and Textual writing to the terminal itself.
    """
    with ExitStack() as stack:
        api = stack.enter_context(serving(Emulator(items=ITEMS)))
        path = stack.enter_context(transcript(api)) if has_less() else None
        return [
            _held(api, path, name, line, 0.1 if (name, line) == ("page", SLOW) else 1.1)
            for line in (SLOW, MODEM)
            for name in HELD
        ]


def _held(api: Api, path: Path | None, name: str, line: Line, target: float) -> Figure:
    our_key, their_key = HELD[name]
    ours: list[float] = []
    theirs: list[float] = []
    for presses in PRESSES:
        ours.append(_rest_after(opened(api, line=line), our_key, presses))
        if path is not None:
            theirs.append(_rest_after(less(path, line), their_key, presses))
    stock = _rest_after(opened(api, line=line, environment=STOCK), our_key, PRESSES[0])
    what = f"{name} held 2 s at {line.rate / 1000:g} kB/s, then rest"
    beside = f"Textual alone {stock * 1000:,.0f} ms"
    if not theirs:
        return Figure(what, typical(ours), "ms", beside=f"less is not installed; {beside}")
    beside = f"{typical(ours):,.0f} ms; less {typical(theirs):,.0f} ms; {beside}"
    return Figure(what, typical(ours) / typical(theirs), "×", target, beside=beside)


def _rest_after(program: AbstractContextManager[Terminal], key: str, presses: int) -> float:
    """Return the seconds."""
    with program as terminal:
        pressed = begun = perf_counter()
        for number in range(presses):
            terminal.listen(begun + number / REPEAT - perf_counter())
            pressed = terminal.send(key)
        return terminal.rest(QUIET, seconds=MAX_WAIT) - pressed
