"""From the command line to the first thread and the first key; opening a thread."""

from __future__ import annotations

import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage

from chatkit_tui.emulator import Emulator
from tests.benchmarks.programs import (
    FIRST_THREAD,
    Api,
    minimal,
    screen,
    serving,
    serving_self_hosted,
)
from tests.benchmarks.report import Figure, ratio, typical

ROUNDS = 9
HELP = "Stop loading."
"""A line of the help screen."""
SELF_HOSTED_THREAD = "Can the move on"
"""The title of the newest thread of a self-hosted server."""
SECOND = "▌ ● (untitled)"
"""The second thread with the bar of the cursor, which `j` moves. The position beside the number of
all threads would come later, after the last page of the list."""
SHORT, LONG = 20, 100_000


def starting() -> list[Figure]:
    """Measure the start against the first paint of a minimal Textual app."""
    baseline: list[float] = []
    times: dict[str, list[float]] = {
        "first paint, --demo": [],
        "first thread, --demo": [],
        "first thread, loopback": [],
        "first thread, self-hosted": [],
        "first key answered (j), --demo": [],
        "help answered (?), --demo": [],
    }
    targets = (0.5, 1.0, 1.1, 1.1, 1.6, 2.0)
    painted, demo, loopback, self_hosted, key, help_key = times.values()
    with serving(Emulator()) as api, serving_self_hosted() as address:
        for _ in range(ROUNDS):
            with minimal() as terminal:
                baseline.append(terminal.wait_for("pressed 0") - terminal.started)
            with screen("--demo") as terminal:  # keys are pressed as soon as anything is visible
                painted.append(terminal.wait_for("ChatKit") - terminal.started)
                terminal.send("j")
                demo.append(terminal.wait_for(FIRST_THREAD) - terminal.started)
                key.append(terminal.wait_for(SECOND) - terminal.started)
            with screen("--demo") as terminal:
                terminal.wait_for("ChatKit")
                terminal.send("?")
                help_key.append(terminal.wait_for(HELP) - terminal.started)
            with screen(environment=api.environment) as terminal:
                loopback.append(terminal.wait_for(FIRST_THREAD) - terminal.started)
            with screen("--server", address) as terminal:
                self_hosted.append(terminal.wait_for(SELF_HOSTED_THREAD) - terminal.started)
    least = typical(baseline)
    return [
        *(
            ratio(f"start: {what}", typical(seconds), least, target, "minimal app")
            for (what, seconds), target in zip(times.items(), targets, strict=True)
        ),
        _listing(),
    ]


def _listing() -> Figure:
    """Measure `threads list --json` in processor time, which other programs do not take."""
    listing = [sys.executable, "-m", "chatkit_tui", "--demo", "threads", "list", "--json"]
    least = [sys.executable, "-c", "import httpx"]
    times = [(_processor_seconds(listing), _processor_seconds(least)) for _ in range(ROUNDS)]
    ours, theirs = (typical(seconds) for seconds in zip(*times, strict=True))
    return ratio("threads list --json", ours, theirs, 1.4, "import httpx")


def _processor_seconds(command: list[str]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 # this program
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def opening() -> list[Figure]:
    """Measure how long a thread of 20 items and one of 100,000 take to open."""
    times: dict[int, list[float]] = {SHORT: [], LONG: []}
    with serving(Emulator(items=SHORT)) as short, serving(Emulator(items=LONG)) as long:
        servers = {SHORT: short, LONG: long}
        words = {items: api.first_words() for items, api in servers.items()}
        for _ in range(ROUNDS):
            for items, api in servers.items():
                times[items].append(_open(api, words[items]))
        requests = _requests_for_the_end(long)
    beside = f"{SHORT} items"
    return [
        ratio(f"open {LONG:,} items", typical(times[LONG]), typical(times[SHORT]), 1.1, beside),
        Figure(f"End in {LONG:,} items, first page loaded", requests, "requests", 1),
    ]


def _open(api: Api, words: str) -> float:
    """Return the seconds from Enter on the first thread until its first item shows."""
    with screen(environment=api.environment) as terminal:
        terminal.wait_for(FIRST_THREAD)
        terminal.rest(0.3)
        before = len(terminal.written)
        pressed = terminal.send("\r")
        return terminal.wait_for(words, since=before) - pressed


def _requests_for_the_end(api: Api) -> int:
    with screen(environment=api.environment) as terminal:
        terminal.wait_for(FIRST_THREAD)
        terminal.rest(0.3)
        terminal.send("\r")
        terminal.rest(0.5)
        before = len(api.emulator.requests)
        terminal.send("G")
        terminal.rest(0.5)
        return len(api.emulator.requests) - before
