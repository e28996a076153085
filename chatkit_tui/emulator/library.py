"""All threads: those of the sample data, preceded by as many as are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chatkit_tui.emulator import script
from chatkit_tui.emulator.calls import JSON
from chatkit_tui.emulator.conversations import Conversation
from chatkit_tui.emulator.demo import DEMO_NOW
from chatkit_tui.emulator.identifiers import Identifiers
from chatkit_tui.emulator.sample_data import Story, load_script, load_stories

_EPOCH: Final = 1_325_376_000
"""1 January 2012: no thread is older, however many there are."""
_SPACING: Final = 1800
"""Seconds between archived threads, while there is room for it."""
_ARCHIVE: Final = 1 << 40
"""The first number of the stories, so that their ids do not depend on the size of the archive."""
_STATUSES: Final[tuple[Mapping[str, JSON], ...]] = (
    {"type": "closed", "reason": "Resolved"},
    {"type": "closed", "reason": None},
    {"type": "closed", "reason": "No answer for 14 days"},
    {"type": "active"},
    {"type": "closed", "reason": "Resolved"},
    {"type": "locked", "reason": "Waiting for the warehouse"},
    {"type": "closed", "reason": "Duplicate of a newer conversation"},
)
"""Statuses of archived threads, in turn."""


class Library:
    """Threads in the order in which they began.

    The newest are the stories of the sample data; they are preceded by an archive of closed
    threads. Thread `i` is computed from `i` alone.
    """

    def __init__(self, threads: int, items: int | None = None) -> None:
        """Create `threads` threads; with `items`, each has exactly as many items."""
        self.made = 0
        """How many thread rows were computed so far."""
        stories = load_stories()
        self._left_out = max(0, len(stories) - threads)
        self._stories = stories[self._left_out :]
        self._archived = threads - len(self._stories)
        self._items = items
        self._deleted: set[int] = set()
        self._ids = Identifiers("cthr", "threads")
        self._script = script.load()
        self._users = load_script().users
        self._newest_archived: int = stories[0].thread["created_at"]
        room = self._newest_archived - _EPOCH
        self._spacing = min(_SPACING, room // self._archived) if self._archived else 0

    def __len__(self) -> int:
        return self._archived + len(self._stories)

    def row(self, index: int) -> dict[str, JSON]:
        """Return the JSON object of a thread; 0 is the oldest."""
        self.made += 1
        identified = {"id": self.identifier(index), "object": "chatkit.thread"}
        if index >= self._archived:
            return {**identified, **self._stories[index - self._archived].thread}
        number = self._archived - 1 - index
        return {
            **identified,
            "created_at": self.created_at(index),
            "title": None if number % 11 == 10 else self._script.title(number, _seed(number)),
            "status": dict(_STATUSES[number % len(_STATUSES)]),
            "user": self.user(index),
        }

    def index_of(self, identifier: str) -> int | None:
        """Return the index of a thread, or None if no thread, or no longer one, has that id."""
        number = self._ids.number(identifier)
        if number is None:
            return None
        if number >= _ARCHIVE:
            index = self._archived + number - _ARCHIVE - self._left_out
        else:
            index = self._archived - 1 - number
        if not 0 <= index < len(self) or index in self._deleted:
            return None
        return index if self.identifier(index) == identifier else None

    def identifier(self, index: int) -> str:
        """Return the id of a thread."""
        archived = self._archived - 1 - index
        number = archived if archived >= 0 else _ARCHIVE + self._left_out - archived - 1
        return self._ids.make(self.created_at(index), number)

    def created_at(self, index: int) -> int:
        """Return the time of a thread in Unix seconds, never before that of the previous one."""
        if index >= self._archived:
            created_at: int = self._stories[index - self._archived].thread["created_at"]
            return created_at
        slot = self._archived - index
        jitter = slot * 7919 % self._spacing if self._spacing else 0
        return self._newest_archived - slot * self._spacing + jitter

    def user(self, index: int) -> str:
        """Return the owner of a thread."""
        if index >= self._archived:
            user: str = self._stories[index - self._archived].thread["user"]
            return user
        return self._users[(self._archived - 1 - index) % len(self._users)]

    def index_of_title(self, title: str) -> int:
        """Return the index of the newest story with a title. Raise `KeyError` if there is none."""
        for number in reversed(range(len(self._stories))):
            if self._stories[number].thread["title"] == title:
                return self._archived + number
        raise KeyError(title)

    def knows(self, user: str) -> bool:
        """Return whether a user has ever had a thread."""
        return user in self._users

    def exists(self, index: int) -> bool:
        """Return whether a thread was not deleted."""
        return index not in self._deleted

    def delete(self, index: int) -> None:
        """Delete a thread and its items."""
        self._deleted.add(index)

    def conversation(self, index: int) -> Conversation:
        """Return the items of a thread."""
        scene, seed = 0, ""
        if index >= self._archived:
            story = self._stories[index - self._archived]
        else:
            number = self._archived - 1 - index
            story = Story({}, (), 3 + number * 31 % 27)
            scene, seed = self._script.start_of_scene(number), _seed(number)
        return Conversation(
            self.identifier(index),
            self.created_at(index),
            story.items,
            story.length if self._items is None else self._items,
            until=DEMO_NOW,
            scene=scene,
            seed=seed,
        )


def _seed(number: int) -> str:
    """Return what chooses the orders and people of an archived thread."""
    return f"archive {number}"
