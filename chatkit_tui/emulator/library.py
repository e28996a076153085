"""All threads: the stories, and as many older ones as are asked for, made when looked at."""

from __future__ import annotations

from chatkit_tui.emulator.calls import JSON
from chatkit_tui.emulator.conversations import Conversation
from chatkit_tui.emulator.demo import DEMO_NOW
from chatkit_tui.emulator.identifiers import Identifiers
from chatkit_tui.emulator.stories import STORIES
from chatkit_tui.emulator.stories.archive import archive_seed, archived_story
from chatkit_tui.emulator.stories.endless import first_step_of_scene
from chatkit_tui.emulator.stories.people import PEOPLE
from chatkit_tui.emulator.stories.telling import Story

_EPOCH = 1_325_376_000
"""1 January 2012: no thread is older, however many there are."""
_SPACING = 1800
"""Seconds between archived threads, while there is room for it."""


class Library:
    """Threads in the order in which they began.

    The newest are the stories; before them stands an archive of closed threads. Thread `i` is
    computed from `i` alone.
    """

    def __init__(self, threads: int, items: int | None = None) -> None:
        """`threads` of them; with `items`, each thread has exactly as many items."""
        self.made = 0
        """How many thread rows were computed so far."""
        told = sorted(STORIES, key=lambda story: -story.ago)
        self._untold = max(0, len(told) - threads)
        self._stories = told[self._untold :]
        self._archived = threads - len(self._stories)
        self._items = items
        self._deleted: set[int] = set()
        self._ids = Identifiers("cthr", "threads")
        self._newest_archived = DEMO_NOW - told[0].ago
        room = self._newest_archived - _EPOCH
        self._spacing = min(_SPACING, room // self._archived) if self._archived else 0

    def __len__(self) -> int:
        return self._archived + len(self._stories)

    def row(self, index: int) -> dict[str, JSON]:
        """The JSON object of a thread; 0 is the oldest."""
        self.made += 1
        story = self.story(index)
        return {
            "id": self.identifier(index),
            "object": "chatkit.thread",
            "created_at": self.created_at(index),
            "title": story.title,
            "status": dict(story.status),
            "user": story.user,
        }

    def index_of(self, identifier: str) -> int | None:
        """The index of a thread, or None when there is none of that id, or none any more."""
        number = self._ids.number(identifier)
        if number is None:
            return None
        if number >= _ARCHIVE:
            index = self._archived + number - _ARCHIVE - self._untold
        else:
            index = self._archived - 1 - number
        if not 0 <= index < len(self) or index in self._deleted:
            return None
        return index if self.identifier(index) == identifier else None

    def identifier(self, index: int) -> str:
        """The id of a thread."""
        archived = self._archived - 1 - index
        number = archived if archived >= 0 else _ARCHIVE + self._untold - archived - 1
        return self._ids.make(self.created_at(index), number)

    def created_at(self, index: int) -> int:
        """Unix seconds; never less than that of the thread before."""
        if index >= self._archived:
            return DEMO_NOW - self._stories[index - self._archived].ago
        slot = self._archived - index
        jitter = slot * 7919 % self._spacing if self._spacing else 0
        return self._newest_archived - slot * self._spacing + jitter

    def user(self, index: int) -> str:
        """Whose thread it is."""
        if index >= self._archived:
            return self._stories[index - self._archived].user
        return PEOPLE[(self._archived - 1 - index) % len(PEOPLE)]

    def story(self, index: int) -> Story:
        """What the thread is about; an archived one without its steps."""
        if index >= self._archived:
            return self._stories[index - self._archived]
        return archived_story(self._archived - 1 - index, self.user(index))

    def index_of_title(self, title: str) -> int:
        """The index of the newest story with a title. Raises `KeyError` when there is none."""
        for number in reversed(range(len(self._stories))):
            if self._stories[number].title == title:
                return self._archived + number
        raise KeyError(title)

    def knows(self, user: str) -> bool:
        """Whether anyone of that name has ever had a thread."""
        return user in PEOPLE

    def exists(self, index: int) -> bool:
        """Whether a thread was not deleted."""
        return index not in self._deleted

    def delete(self, index: int) -> None:
        """Delete a thread and its items for good."""
        self._deleted.add(index)

    def conversation(self, index: int) -> Conversation:
        """The items of a thread."""
        story = self.story(index)
        length = self._items
        if length is None:
            length = max(len(story.steps), story.runs_on_to)
        scene, seed = 0, ""
        if index < self._archived:
            number = self._archived - 1 - index
            scene, seed = first_step_of_scene(number), archive_seed(number)
        return Conversation(
            self.identifier(index),
            self.created_at(index),
            story.steps,
            length,
            until=DEMO_NOW,
            scene=scene,
            seed=seed,
        )


_ARCHIVE = 1 << 40
"""What the numbers of stories begin at, so that an archive of any length keeps their ids."""
