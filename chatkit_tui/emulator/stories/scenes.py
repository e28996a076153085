"""The scenes of the endless script, in the order in which they are played."""

from __future__ import annotations

from itertools import chain, zip_longest

from chatkit_tui.emulator.stories.scenes_desk import DESK_SCENES
from chatkit_tui.emulator.stories.scenes_people import PEOPLE_SCENES
from chatkit_tui.emulator.stories.scenes_shop import SHOP_SCENES
from chatkit_tui.emulator.stories.telling import Scene

SCENES: tuple[Scene, ...] = tuple(
    scene
    for scene in chain.from_iterable(zip_longest(SHOP_SCENES, DESK_SCENES, PEOPLE_SCENES))
    if scene is not None
)
"""A scene of the shop, one of the desk, one of the letters, and again."""
