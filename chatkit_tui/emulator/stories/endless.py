"""A script that goes on for as long as anyone listens.

It is a round of scenes. Each time round, the orders, people, places and figures in them are
others, chosen by the number of the round alone, so that any step can be made without the ones
before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate
from string import Template

from chatkit_tui.emulator.stories.scenes import SCENES
from chatkit_tui.emulator.stories.telling import HOUR, JSON, Step
from chatkit_tui.emulator.stories.words import words_for

_PAUSE = 5 * HOUR
"""Seconds between the end of a scene and the next one."""

_SCRIPT: tuple[tuple[int, Step], ...] = tuple(
    (number, step) for number, scene in enumerate(SCENES) for step in scene.steps
)
"""Every step with the number of its scene."""

LENGTH = len(_SCRIPT)
"""Steps in a round."""

_GAPS = tuple(
    0
    if position == 0
    else _PAUSE
    if _SCRIPT[position - 1][0] != scene
    else (8 if step.gap is None else step.gap)
    for position, (scene, step) in enumerate(_SCRIPT)
)

OFFSETS: tuple[int, ...] = tuple(accumulate(_GAPS))
"""Seconds from the beginning of a round to each of its steps."""

DURATION = OFFSETS[-1] + _PAUSE
"""Seconds that a round takes."""


def endless_step(number: int, seed: str) -> Step:
    """Step `number` (from 0) of the script; other seeds tell of other orders and people."""
    whole, position = divmod(number, LENGTH)
    scene, step = _SCRIPT[position]
    words = _words(seed, whole, scene)
    return Step(step.type, {name: _filled(value, words) for name, value in step.fields.items()})


def first_step_of_scene(number: int) -> int:
    """Where a scene begins in the script; past the last scene one starts from the first."""
    wanted = number % len(SCENES)
    return next(position for position, (scene, _) in enumerate(_SCRIPT) if scene == wanted)


def scene_title(number: int, seed: str) -> str:
    """What a thread that begins with that scene is called, in the words that it uses."""
    scene = number % len(SCENES)
    return Template(SCENES[scene].title).safe_substitute(_words(seed, 0, scene))


@lru_cache(maxsize=64)
def _words(seed: str, whole: int, scene: int) -> Mapping[str, str]:
    digest = blake2b(f"{seed}\0{whole}\0{scene}".encode(), digest_size=32).digest()
    return words_for(digest)


def _filled(value: JSON, words: Mapping[str, str]) -> JSON:
    if isinstance(value, str):
        return Template(value).safe_substitute(words) if "$" in value else value
    if isinstance(value, list):
        return [_filled(entry, words) for entry in value]
    if isinstance(value, dict):
        return {name: _filled(entry, words) for name, entry in value.items()}
    return value
