"""Opening a thread, and going to its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from chatkit_tui.emulator import DEMO_KEY, Emulator
from tests.benchmarks.programs import screen
from tests.benchmarks.report import Figure, ratio, typical
from tests.benchmarks.server import Api, serving
from tests.benchmarks.starting import FIRST_THREAD
from tests.distant_terminal import Line
from tests.pty_terminal import Terminal

ROUNDS = 7
SHORT, LONG = 20, 100_000


def opening() -> list[Figure]:
    """A thread of 20 items against one of 100,000, until the first item shows."""
    timings: dict[int, list[float]] = {SHORT: [], LONG: []}
    with serving(Emulator(items=SHORT)) as short, serving(Emulator(items=LONG)) as long:
        servers = {SHORT: short, LONG: long}
        words = {items: first_words(api) for items, api in servers.items()}
        for _ in range(ROUNDS):
            for items, api in servers.items():
                timings[items].append(_open(api, words[items]))
        requests = _requests_for_the_end(long)
    beside = f"{SHORT} items"
    return [
        ratio(f"open {LONG:,} items", typical(timings[LONG]), typical(timings[SHORT]), 1.2, beside),
        Figure(f"End in {LONG:,} items, first page loaded", requests, "requests", 1),
    ]


def _open(api: Api, words: str) -> float:
    """Seconds from Enter on the first thread until its first item shows."""
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


@contextmanager
def opened(
    api: Api, *, environment: Mapping[str, str] | None = None, line: Line | None = None
) -> Iterator[Terminal]:
    """The program with the newest thread open, at rest."""
    variables = {**api.environment, **(environment or {})}
    with screen(environment=variables, line=line) as terminal:
        terminal.wait_for(FIRST_THREAD)
        terminal.rest(0.5)
        before = len(terminal.written)
        terminal.send("\r")
        terminal.wait_for(first_words(api), since=before)
        terminal.rest(0.8)
        yield terminal


def first_thread(api: Api) -> str:
    """The id of the newest thread."""
    found: str = _answer(api, "/chatkit/threads?limit=1")["data"][0]["id"]
    return found


def first_words(api: Api) -> str:
    """The beginning of what the user said first in the newest thread."""
    path = f"/chatkit/threads/{first_thread(api)}/items?order=asc&limit=1"
    items = _answer(api, path)["data"]
    text: str = items[0]["content"][0]["text"]
    return " ".join(text.split())[:30]


def _answer(api: Api, path: str) -> Any:
    headers = {"Authorization": f"Bearer {DEMO_KEY}", "OpenAI-Beta": "chatkit_beta=v1"}
    with urlopen(Request(api.base_url + path, headers=headers)) as answer:  # noqa: S310 # loopback
        return json.load(answer)
