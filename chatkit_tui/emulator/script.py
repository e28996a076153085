"""Items without end, for threads that are longer than their own conversation.

The script repeats a round of scenes. The orders, people, places and figures of a scene depend on
a seed and the number of the round alone, so that any item is made without those before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import accumulate
from string import Template
from typing import Final

from chatkit_tui.emulator.sample_data import JSON, Row, load_script

_HOUR: Final = 3600
_PAUSE: Final = 5 * _HOUR
"""Seconds between the end of a scene and the next one."""


class Script:
    """The round of scenes, as a sequence of items."""

    def __init__(self) -> None:
        """Read the scenes of the sample data."""
        self._data = load_script()
        self._steps = [
            (number, {name: value for name, value in item.items() if name != "gap"})
            for number, scene in enumerate(self._data.scenes)
            for item in scene.items
        ]
        gaps = [
            _PAUSE if position == 0 else item["gap"]
            for scene in self._data.scenes
            for position, item in enumerate(scene.items)
        ]
        gaps[0] = 0
        self.offsets = tuple(accumulate(gaps))
        """Seconds from the beginning of a round to each of its items."""
        self.duration = self.offsets[-1] + _PAUSE
        """Seconds that a round takes."""

    def __len__(self) -> int:
        """Return the number of items in a round."""
        return len(self._steps)

    def item(self, number: int, seed: str) -> Row:
        """Return item `number`, counted from 0 over all rounds, without ids and time."""
        round_number, position = divmod(number, len(self))
        scene, item = self._steps[position]
        filled: Row = _filled(item, _words(seed, round_number, scene))
        return filled

    def start_of_scene(self, number: int) -> int:
        """Return the place of a scene's first item; numbers past the last scene start over."""
        wanted = number % len(self._data.scenes)
        return next(place for place, (scene, _) in enumerate(self._steps) if scene == wanted)

    def title(self, number: int, seed: str) -> str:
        """Return the title of a thread that begins with a scene."""
        scene = number % len(self._data.scenes)
        return Template(self._data.scenes[scene].title).safe_substitute(_words(seed, 0, scene))


@cache
def load() -> Script:
    """Return the script; it is read once."""
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


def _filled(value: JSON, words: Mapping[str, str]) -> JSON:
    """Replace the placeholders in every string of a JSON value."""
    if isinstance(value, str):
        return Template(value).safe_substitute(words) if "$" in value else value
    if isinstance(value, list):
        return [_filled(entry, words) for entry in value]
    if isinstance(value, dict):
        return {name: _filled(entry, words) for name, entry in value.items()}
    return value
