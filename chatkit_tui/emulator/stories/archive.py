"""What the threads before the stories are about."""

from __future__ import annotations

from chatkit_tui.emulator.stories.endless import scene_title
from chatkit_tui.emulator.stories.telling import ACTIVE, Story, closed, locked

_STATUSES = (
    closed("Resolved"),
    closed(),
    closed("No answer for 14 days"),
    ACTIVE,
    closed("Resolved"),
    locked("Waiting for the warehouse"),
    closed("Duplicate of a newer conversation"),
)


def archived_story(number: int, user: str) -> Story:
    """The thread that is `number` places older than the newest archived one, without its steps."""
    return Story(
        title=None if number % 11 == 10 else scene_title(number, archive_seed(number)),
        user=user,
        ago=0,
        steps=(),
        status=_STATUSES[number % len(_STATUSES)],
        runs_on_to=3 + number * 31 % 27,
    )


def archive_seed(number: int) -> str:
    """What decides the orders and people of an archived thread."""
    return f"archive {number}"
