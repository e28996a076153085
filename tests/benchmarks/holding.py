"""A key held down on a slow line, as when somebody leafs through a thread over SSH."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from time import perf_counter
from typing import Final

from chatkit_tui.emulator import Emulator
from chatkit_tui.terminal.renderer import SWITCH
from tests.benchmarks import less
from tests.benchmarks.line import DOWN, PAGE_DOWN
from tests.benchmarks.opening import opened
from tests.benchmarks.report import Figure, typical
from tests.benchmarks.server import Api, serving
from tests.distant_terminal import Line
from tests.pty_terminal import Terminal

PRESSES: Final = 60
REPEAT: Final = 30.0
"""Presses a second, as keyboards repeat."""
ROUNDS: Final = 3
QUIET: Final = 1.0
"""Seconds without a byte after which the screen is at rest: it is a slow line."""
ENDLESS: Final = 120.0
"""Seconds after which rest is no longer waited for."""
ITEMS: Final = 2_000
SLOW: Final = Line(delay=0.05, rate=7_000)
MODEM: Final = Line(delay=0.05, rate=56_000)
NAMES: Final = {"page": (PAGE_DOWN, less.PAGE_DOWN), "line": (DOWN, less.DOWN)}
"""What is held: the key here and the same in `less`."""


def holding() -> list[Figure]:
    """Milliseconds from the last press until the screen rests; beside it `less` in the same text
    and the program with the output stage switched off, which is how the toolkit does it."""
    with ExitStack() as stack:
        api = stack.enter_context(serving(Emulator(items=ITEMS)))
        path = stack.enter_context(less.transcript(api)) if less.has_less() else None
        return [
            _figure(api, path, name, line, 0.3 if (name, line) == ("page", SLOW) else None)
            for line in (SLOW, MODEM)
            for name in NAMES
        ]


def _figure(api: Api, path: Path | None, name: str, line: Line, bar: float | None) -> Figure:
    here, there = NAMES[name]
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        ours.append(_rest_after(opened(api, line=line), here))
        if path is not None:
            theirs.append(_rest_after(less.less(path, line), there))
    stock = _rest_after(opened(api, line=line, environment={SWITCH: "off"}), here)
    what = f"{name} held 2 s at {line.rate / 1000:g} kB/s, then rest"
    beside = f"without the stage {stock * 1000:,.0f} ms"
    if not theirs:
        return Figure(what, typical(ours), "ms", beside=f"no less here; {beside}")
    beside = f"{typical(ours):,.0f} ms; less {typical(theirs):,.0f} ms; {beside}"
    return Figure(what, typical(ours) / typical(theirs), "×", bar, beside=beside)


def _rest_after(program: AbstractContextManager[Terminal], key: str) -> float:
    """Seconds."""
    with program as terminal:
        pressed = begun = perf_counter()
        for number in range(PRESSES):
            terminal.listen(begun + number / REPEAT - perf_counter())
            pressed = terminal.send(key)
        return terminal.rest(QUIET, seconds=ENDLESS) - pressed
