"""Keys, resizes, memory and loading with very many items loaded."""

from __future__ import annotations

import asyncio
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter

from chatkit_tui.emulator import DEMO_KEY
from chatkit_tui.emulator.requests import THREADS_LIST_ITEMS
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.ui.threads.list import FIRST_ITEMS
from tests.benchmarks.programs import WIDE, Api, loaded, minimal, screen, serving, wait_for_list
from tests.benchmarks.repeating import RepeatingEmulator
from tests.benchmarks.report import Figure, ratio, spread, typical
from tests.pty_terminal import Terminal

FEW, MANY = 100, 100_000
KEYS, RESIZES, PREVIEWS = 60, 9, 20
HELD, REPEAT = 30, 30.0
"""Presses of a key that is held, and how many of them a second, as keyboards repeat."""
SELECTED = "▌"
"""The bar beside the selected item, and nowhere else in a transcript."""
QUIET = 0.06
"""Seconds without a byte after which a screen is at rest."""
LOADS = 3
"""How often everything is loaded, for enough keys meanwhile. The bare client takes its turn after
each, since a single figure can be off by half on a busy machine."""


def reading() -> list[Figure]:
    """Measure the screen with few and with many items loaded, beside a minimal Textual app."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        api = stack.enter_context(serving(RepeatingEmulator(MANY)))
        echo = stack.enter_context(minimal())
        few = stack.enter_context(loaded(api.base_url, FEW, folder / "few"))
        _wait(few, folder / "few")
        loads = Loads()
        for number in range(LOADS - 1):
            report = folder / f"load {number}"
            with loaded(api.base_url, MANY, report) as loading:
                loads.measure(api, loading, echo, report)
        many = stack.enter_context(loaded(api.base_url, MANY, folder / "many"))
        loads.measure(api, many, echo, folder / "many")
        for terminal in (echo, few, many):
            terminal.rest(1.0)
        return [
            *loads.figures(),
            *_keys(echo, few, many),
            _memory(few, many),
            _resizes(few, many),
            _previews(api),
            *_preview_requests(api),
        ]


async def _bare_rate(api: Api) -> float:
    """Return the items a second that the client alone loads."""
    async with ChatKitClient(api_key=DEMO_KEY, base_url=api.base_url) as client:
        [thread] = (await client.threads.list(limit=1)).data
        count = 0
        begun = perf_counter()
        async for page in client.threads.list_items(thread.id, limit=100, order="asc").pages():
            count += len(page)
        return count / (perf_counter() - begun)


def _wait(terminal: Terminal, report: Path) -> None:
    """Wait until everything is loaded, at most four minutes."""
    end = perf_counter() + 240
    while not report.exists():
        if perf_counter() > end:
            raise TimeoutError("not loaded:\n" + "\n".join(terminal.screen()))
        terminal.rest(0.1, seconds=0.2)


def _press(terminal: Terminal, key: str = "j") -> float:
    before = len(terminal.written)
    pressed = terminal.send(key)
    return terminal.rest(QUIET, since=before) - pressed


class Loads:
    """The speed of loading everything, and of keys meanwhile."""

    def __init__(self) -> None:
        self._rates: list[tuple[float, float]] = []
        """Items a second of the screen, and of the bare client after it."""
        self._moving: list[float] = []
        self._asking: list[float] = []
        self._echo: list[float] = []

    def measure(self, api: Api, many: Terminal, echo: Terminal, report: Path) -> None:
        """Press keys until `many` has loaded everything: moves, prompts, each before a baseline.

        Every page may change the screen, so each key is recognized by its own effect.
        """
        many.wait_for(api.first_words())
        echo.rest(0.3)
        while not report.exists():
            for key in "jk":
                self._moving.append(_move(many, key))
                self._echo.append(_press(echo))
            self._asking.append(_ask(many))
            self._echo.append(_press(echo))
        _wait(many, report)
        result = json.loads(report.read_text())
        self._rates.append((result["items"] / result["seconds"], asyncio.run(_bare_rate(api))))

    def figures(self) -> list[Figure]:
        """Compare the speed with the bare client, and keys with the minimal app."""
        moving, asking, base = (
            spread(timings) for timings in (self._moving, self._asking, self._echo)
        )
        screen, bare = (median(rates) for rates in zip(*self._rates, strict=True))
        return [
            Figure(
                f"load all of {MANY:,} items",
                median(ours / theirs for ours, theirs in self._rates),
                "×",
                0.9,
                least=True,
                beside=f"{screen:,.0f}/s; bare client {bare:,.0f}/s",
            ),
            ratio("key while loading, p50", moving.p50, base.p50, 2, "minimal app"),
            ratio("key while loading, p95", moving.p95, base.p95, 3, "minimal app"),
            ratio("prompt while loading, p50", asking.p50, base.p50, 3, "minimal app"),
            ratio("prompt while loading, p95", asking.p95, base.p95, 5, "minimal app"),
        ]


def _move(terminal: Terminal, key: str) -> float:
    """Return the seconds until the bar beside the selected item is drawn in its new place."""
    before = len(terminal.written)
    pressed = terminal.send(key)
    shown = terminal.wait_for(SELECTED, since=before)
    terminal.rest(QUIET, seconds=0.1)
    return shown - pressed


def _ask(terminal: Terminal) -> float:
    """Return the seconds until the colon opens the prompt; close it again."""
    before = len(terminal.written)
    pressed = terminal.send(":")
    shown = terminal.wait_for("leave", since=before)
    terminal.rest(QUIET, seconds=0.1)
    before = len(terminal.written)
    terminal.send("\x1b")
    terminal.wait_for(SELECTED, since=before)  # the transcript has the focus again
    terminal.rest(QUIET, seconds=0.1)
    return shown - pressed


def _keys(echo: Terminal, few: Terminal, many: Terminal) -> list[Figure]:
    """Measure moves from item to item."""
    timings: dict[str, list[float]] = {"echo": [], "few": [], "many": []}
    for _ in range(KEYS):
        timings["echo"].append(_press(echo))
        timings["few"].append(_press(few))
        timings["many"].append(_press(many))
    base, at_few, at_many = (spread(timings[name]) for name in ("echo", "few", "many"))
    return [
        ratio(f"key at {MANY:,} items, p50", at_many.p50, base.p50, 2, "minimal app"),
        ratio(f"key at {MANY:,} items, p95", at_many.p95, base.p95, 3, "minimal app"),
        ratio(f"key at {MANY:,} items, p50", at_many.p50, at_few.p50, 1.3, f"{FEW} items"),
    ]


def _previews(api: Api) -> Figure:
    """Press a key in the list with and without previews: before, while and after one is loaded."""
    timings: tuple[list[float], list[float]] = ([], [])
    with ExitStack() as stack:
        terminals = [
            stack.enter_context(screen(*options, environment=api.environment, size=WIDE))
            for options in (("--no-slow",), ("--no-slow", "--no-preview"))
        ]
        for terminal in terminals:
            wait_for_list(terminal)
        for number in range(PREVIEWS):
            for terminal, measured in zip(terminals, timings, strict=True):
                terminal.send("j")
                terminal.listen(0.1 + 0.05 * (number % 5))
                before = len(terminal.written)
                pressed = terminal.send("k")
                measured.append(terminal.wait_for(SELECTED, since=before) - pressed)
                terminal.listen(0.6)  # the other program must not wait for this one
    ours, theirs = map(typical, timings)
    return ratio("key in the list with previews", ours, theirs, 1.1, "without")


def _preview_requests(api: Api) -> list[Figure]:
    """Count the threads that are requested for previews while `j` is held, and at the rest."""
    with screen("--no-slow", environment=api.environment, size=WIDE) as terminal:
        wait_for_list(terminal)
        terminal.rest(1.0)
        before = _previewed(api)
        begun = perf_counter()
        for number in range(HELD):
            terminal.listen(begun + number / REPEAT - perf_counter())
            terminal.send("j")
        held = _previewed(api)
        terminal.rest(1.0)
        rested = _previewed(api)
    return [
        Figure("previews while j is held 1 s", held - before, "requests", 0),
        Figure("previews at the rest after it", rested - held, "requests", 1),
    ]


def _previewed(api: Api) -> int:
    """Count the pages of items that were requested, but for the first words of a thread."""
    few = str(FIRST_ITEMS)
    return sum(
        request.operation == THREADS_LIST_ITEMS and request.query.get("limit") != few
        for request in api.emulator.requests
    )


def _memory(few: Terminal, many: Terminal) -> Figure:
    more = (many.memory() - few.memory()) / ((MANY - FEW) / 1000) / 1e6
    return Figure(
        "memory of 1,000 loaded items",
        more,
        "MB",
        0.35,
        beside=f"{many.memory() / 1e6:.0f} MB in all; {FEW} items {few.memory() / 1e6:.0f} MB",
    )


def _resize(terminal: Terminal) -> float:
    columns, rows = terminal.size
    before = len(terminal.written)
    begun = terminal.resize(200 - columns, rows)
    return terminal.rest(0.15, since=before) - begun


def _resizes(few: Terminal, many: Terminal) -> Figure:
    """Resize from 80 columns to 120 and back."""
    timings: dict[str, list[float]] = {"few": [], "many": []}
    for _ in range(RESIZES):
        timings["few"].append(_resize(few))
        timings["many"].append(_resize(many))
    return ratio(
        f"resize at {MANY:,} items",
        typical(timings["many"]),
        typical(timings["few"]),
        1.1,
        f"{FEW} items",
    )
