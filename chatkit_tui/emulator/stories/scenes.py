"""The scenes of the endless script, in the order in which they are played."""

from __future__ import annotations

from chatkit_tui.emulator.stories.scenes_desk import DESK_SCENES
from chatkit_tui.emulator.stories.scenes_shop import SHOP_SCENES
from chatkit_tui.emulator.stories.telling import Scene

SCENES: tuple[Scene, ...] = (*SHOP_SCENES, *DESK_SCENES)
