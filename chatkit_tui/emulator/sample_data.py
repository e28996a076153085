"""The sample data in `data/`: conversations, widgets, and a script that extends conversations.

`responses.json` and `changes.json` describe faults. `self_hosted.json` has the conversations that
only a self-hosted server has.

A file of conversations is a list of objects. `thread` and `items` are rows as the API sends them,
without what depends on the place in the account: ids, and the thread that an item belongs to.
`length`, where given, is the number of items that the script extends the thread to. `widget` is the
name of a file in `data/widgets/`; the API sends the widget as a JSON string.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from string import Template
from typing import Final, NamedTuple, TypeAlias

from chatkit_tui.emulator.requests import JSON, Row

Clock: TypeAlias = Callable[[], float]
"""Returns the time in Unix seconds."""

DEMO_KEY: Final = "sk-demo-not-a-real-key"
"""The key that every emulator accepts."""
DEMO_URL: Final = "http://demo.invalid/v1"
"""The base URL of the emulator in this process; no network can resolve the name."""
DEMO_NOW: Final = 1_773_307_800
"""12 March 2026, 09:30:00 UTC: the present of the sample data."""
WORKFLOWS: Final = ("wf_support", "wf_travel", "wf_billing", "wf_onboarding")
"""The workflows that the emulator knows; sessions for others are rejected with 404."""

LONG_TITLE: Final = "Glasswerk shop desk, day by day"
"""The title of the thread of 2,000 items."""
EMPTY_TITLE: Final = "Opened and never used"
"""The title of the thread without items."""

_DATA: Final = Path(__file__).with_name("data")


class Story(NamedTuple):
    """A thread of the sample data and its own items, oldest first."""

    thread: Row
    items: tuple[Row, ...]
    length: int
    """The number of items of the thread; those beyond `items` come from the script."""


@cache
def load_stories() -> tuple[Story, ...]:
    """Return every conversation, the oldest thread first."""
    files = sorted((_DATA / "conversations").glob("*.json"))
    stories = [_story(row) for path in files for row in load_data(f"conversations/{path.stem}")]
    return tuple(sorted(stories, key=lambda story: int(story.thread["created_at"])))


@cache
def load_self_hosted_stories() -> tuple[Story, ...]:
    """Return the conversations that only a self-hosted server has, the oldest thread first.

    Their items are as the package `openai-chatkit` spells them, but for ids and times.
    """
    rows = load_data("self_hosted")
    return tuple(Story(row["thread"], tuple(row["items"]), len(row["items"])) for row in rows)


def _story(row: Row) -> Story:
    items = _items(row["items"])
    return Story(row["thread"], items, row.get("length", len(items)))


def _items(rows: list[Row]) -> tuple[Row, ...]:
    for row in rows:
        if "widget" in row:
            row["widget"] = json.dumps(load_data(f"widgets/{row['widget']}"), ensure_ascii=False)
    return tuple(rows)


def load_data(name: str) -> JSON:
    """Return the content of a file in `data/`. Raise `OSError` if there is none."""
    return json.loads((_DATA / f"{name}.json").read_bytes())


def fixed_clock() -> float:
    """Return `DEMO_NOW`, for tests and screenshots."""
    return float(DEMO_NOW)


def running_clock() -> Clock:
    """Return a clock that starts at `DEMO_NOW`."""
    started = time.monotonic()
    return lambda: DEMO_NOW + time.monotonic() - started


# -- the script ------------------------------------------------------------------------------------

_PAUSE: Final = 5 * 3600
"""Seconds between two scenes."""


class Script:
    """An endless sequence of items for threads that are longer than their own conversation.

    It repeats a round of scenes. The placeholders of a scene are filled from a seed and the number
    of the round, so that any item is computed without those before it. In the file, an item has
    `gap`, the seconds since the previous item, instead of `created_at`.
    """

    def __init__(self) -> None:
        data = load_data("script")
        self.users: tuple[str, ...] = tuple(data["users"])
        """The owners of the sample threads; their forms differ as in real accounts."""
        self.words: Mapping[str, tuple[str, ...]] = data["words"]
        """The values of each placeholder that has a fixed choice."""
        self._titles = [scene["title"] for scene in data["scenes"]]
        self._steps: list[tuple[int, Row]] = []
        gaps: list[int] = []
        for number, scene in enumerate(data["scenes"]):
            for position, item in enumerate(_items(scene["items"])):
                gap = item.pop("gap", 0)
                gaps.append(gap if position else _PAUSE)
                self._steps.append((number, item))
        gaps[0] = 0
        self.offsets = tuple(accumulate(gaps))
        """Seconds from the beginning of a round to each of its items."""
        self.duration = self.offsets[-1] + _PAUSE
        """Seconds of a round."""

    def __len__(self) -> int:
        return len(self._steps)

    def item(self, number: int, seed: str) -> Row:
        """Return item `number`, counted from 0 over all rounds, without ids and time."""
        round_number, position = divmod(number, len(self))
        scene, item = self._steps[position]
        filled: Row = fill(item, _words(seed, round_number, scene))
        return filled

    def start_of_scene(self, number: int) -> int:
        """Return the position of a scene's first item; the numbers of scenes wrap around."""
        wanted = number % len(self._titles)
        return next(place for place, (scene, _) in enumerate(self._steps) if scene == wanted)

    def title(self, number: int, seed: str) -> str:
        """Return the title of a thread that begins with a scene."""
        scene = number % len(self._titles)
        return Template(self._titles[scene]).safe_substitute(_words(seed, 0, scene))


@cache
def load_script() -> Script:
    """Return the script that extends conversations."""
    return Script()


@lru_cache(maxsize=64)
def _words(seed: str, round_number: int, scene: int) -> Mapping[str, str]:
    """Return a value for each placeholder, chosen by a digest of the arguments."""
    digest = blake2b(f"{seed}\0{round_number}\0{scene}".encode(), digest_size=32).digest()
    words = {
        name: choices[digest[position] % len(choices)]
        for position, (name, choices) in enumerate(load_script().words.items())
    }
    number = int.from_bytes(digest[12:20], "big")
    words["order"] = str(40_000 + number % 59_999)
    words["count"] = str(2 + digest[20] % 17)
    words["percent"] = str(5 + digest[21] % 60)
    words["amount"] = f"{8 + number % 181}.{digest[22] % 100:02d}"
    words["day"] = str(1 + digest[23] % 28)
    words["tracking"] = f"{words['carrier'][:2].upper()}{number % 10**11:011d}"
    words["trace"] = digest[24:32].hex()
    return words


def fill(value: JSON, words: Mapping[str, str]) -> JSON:
    """Return a JSON value with the placeholders in its texts replaced, such as `$order`."""
    if isinstance(value, str):
        return Template(value).safe_substitute(words) if "$" in value else value
    if isinstance(value, list):
        return [fill(entry, words) for entry in value]
    if isinstance(value, dict):
        return {name: fill(entry, words) for name, entry in value.items()}
    return value
