"""The sample data: sixty conversations of eight people, each told in a file by subject."""

from __future__ import annotations

from chatkit_tui.emulator.stories.orders import ORDER_STORIES
from chatkit_tui.emulator.stories.telling import Story

STORIES: tuple[Story, ...] = (*ORDER_STORIES,)
